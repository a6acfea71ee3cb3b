package org.emrexhub.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.emrexhub.failure.HubFailure;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xmlunit.assertj3.XmlAssert;

/**
 * Every sample beside a mapping is a test. {@code -Dsamples.update=true} writes the expected files anew; the difference
 * is for the reviewer.
 */
class MappingSamplesTests {

    private static final boolean UPDATE = Boolean.getBoolean("samples.update");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stylesheets stylesheets = new Stylesheets(MappingFolders.HOME);

    @TestFactory
    Stream<DynamicNode> mapsEverySampleOfRegisters() throws IOException {
        return folders(MappingFolders.HOME.resolve("mappings/registers")).stream()
                .map(this::register);
    }

    @TestFactory
    Stream<DynamicNode> mapsEverySampleOfStudentInformationSystems() throws IOException {
        return folders(MappingFolders.HOME.resolve("mappings/sis")).stream().map(this::sis);
    }

    private DynamicContainer register(Path folder) {
        MappingFolders register = MappingFolders.register(folder.getFileName().toString());
        RegisterMapping mapping = new RegisterMapping(stylesheets);
        return dynamicContainer(register.id(), samples(folder, () -> mapping.check(register.mapping()), sample -> {
            Map<String, String> parameters = parameters(sample, register.parameters());
            byte[] answer = input(sample);
            byte[][] result = new byte[1][];
            judge(
                    sample,
                    () -> result[0] =
                            mapping.map(register.mapping(), answer, parameters).xml());
            if (result[0] != null) {
                expectXml(sample.resolve("elmo.xml"), result[0]);
            }
        }));
    }

    private DynamicContainer sis(Path folder) {
        String id = folder.getFileName().toString();
        Map<String, String> settings =
                MappingFolders.settings(MappingFolders.HOME.resolve("routes/sis/" + id + "/sis.yaml"));
        SisMapping mapping = new SisMapping(stylesheets);
        return dynamicContainer(id, samples(folder, () -> mapping.check(folder), sample -> {
            Map<String, String> parameters = parameters(sample, settings);
            byte[] delivery = input(sample);
            byte[][] result = new byte[1][];
            judge(sample, () -> result[0] = mapping.payload(folder, delivery, parameters));
            if (result[0] != null) {
                expectPayload(mapping.form(folder), sample, result[0]);
            }
        }));
    }

    private interface Check {
        List<StylesheetFault> faults();
    }

    private interface Sample {
        void run(Path sample) throws Exception;
    }

    private static Stream<DynamicTest> samples(Path folder, Check check, Sample run) {
        Stream<DynamicTest> sound = Stream.of(
                dynamicTest("is sound", () -> assertThat(check.faults()).isEmpty()));
        return Stream.concat(
                sound,
                folders(folder.resolve("samples")).stream()
                        .map(sample -> dynamicTest(sample.getFileName().toString(), () -> run.run(sample))));
    }

    /** Expects the code of {@code failure.txt} if the sample has one, else success. */
    private static void judge(Path sample, ThrowingCallable mapping) throws Exception {
        Path failure = sample.resolve("failure.txt");
        if (!Files.exists(failure)) {
            try {
                mapping.call();
            } catch (Throwable e) {
                throw new AssertionError("the sample fails: " + e.getMessage(), e);
            }
            return;
        }
        String code = Files.readString(failure).strip();
        assertThatThrownBy(mapping)
                .isInstanceOfSatisfying(
                        HubFailure.class,
                        e -> assertThat(e.code().wireName()).as(e.getMessage()).isEqualTo(code));
    }

    private static void expectXml(Path expected, byte[] actual) throws IOException {
        if (UPDATE) {
            Files.write(expected, Pretty.xml(actual));
            return;
        }
        assertThat(expected).exists();
        XmlAssert.assertThat(actual)
                .and(Files.readAllBytes(expected))
                .ignoreWhitespace()
                .areIdentical();
    }

    private static void expectPayload(SisMapping.Form form, Path sample, byte[] actual) throws IOException {
        Path expected = sample.resolve("payload." + form.suffix());
        switch (form) {
            case XML -> expectXml(expected, actual);
            case TEXT -> {
                if (UPDATE) {
                    Files.write(expected, actual);
                }
                assertThat(expected).exists();
                assertThat(new String(actual, StandardCharsets.UTF_8)).isEqualTo(Files.readString(expected));
            }
            case JSON -> {
                if (UPDATE) {
                    Files.writeString(expected, JSON.readTree(actual).toPrettyString() + "\n");
                }
                assertThat(expected).exists();
                assertThat(JSON.readTree(actual)).isEqualTo(JSON.readTree(expected.toFile()));
            }
        }
    }

    private static byte[] input(Path sample) throws IOException {
        for (String name : List.of("input.xml", "input.json", "input.txt")) {
            if (Files.exists(sample.resolve(name))) {
                return Files.readAllBytes(sample.resolve(name));
            }
        }
        throw new AssertionError("no input in " + sample);
    }

    private static Map<String, String> parameters(Path sample, Map<String, String> defaults) throws IOException {
        Map<String, String> parameters = new HashMap<>(defaults);
        Path own = sample.resolve("parameters.properties");
        if (Files.exists(own)) {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(own)));
            properties.stringPropertyNames().forEach(name -> parameters.put(name, properties.getProperty(name)));
        }
        return parameters;
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return new ArrayList<>(children.filter(Files::isDirectory).sorted().toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
