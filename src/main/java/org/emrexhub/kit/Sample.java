package org.emrexhub.kit;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A source document beside a mapping, with what is expected of it.
 *
 * @param input the document
 * @param expected {@code elmo.xml}, if it is there
 * @param failure the wire code of {@code failure.txt}, if the mapping must stop
 * @param parameters what {@code parameters.properties} overrides
 */
public record Sample(Path input, Optional<Path> expected, Optional<String> failure, Map<String, String> parameters) {

    private static final List<String> INPUTS = List.of("input.xml", "input.json", "input.txt");

    /** The folder's name. */
    public String name() {
        return String.valueOf(folder(input).getFileName());
    }

    /** The document's bytes. */
    public byte[] bytes() {
        return read(input);
    }

    /** All samples of a mapping folder, by name. */
    static List<Sample> in(Path mapping) {
        Path samples = mapping.resolve("samples");
        if (!Files.isDirectory(samples)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(samples)) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .flatMap(folder -> INPUTS.stream()
                            .map(folder::resolve)
                            .filter(Files::isRegularFile)
                            .limit(1))
                    .map(Sample::of)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A document; with what lies beside it, if it is called {@code input}. */
    public static Sample of(Path input) {
        if (INPUTS.stream().noneMatch(input::endsWith)) {
            return new Sample(input, Optional.empty(), Optional.empty(), Map.of());
        }
        Path folder = folder(input);
        Map<String, String> parameters = new HashMap<>();
        Path own = folder.resolve("parameters.properties");
        if (Files.isRegularFile(own)) {
            Properties properties = new Properties();
            try {
                properties.load(new StringReader(Files.readString(own)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            properties.stringPropertyNames().forEach(name -> parameters.put(name, properties.getProperty(name)));
        }
        return new Sample(
                input,
                Optional.of(folder.resolve("elmo.xml")).filter(Files::isRegularFile),
                Optional.of(folder.resolve("failure.txt"))
                        .filter(Files::isRegularFile)
                        .map(file -> new String(read(file), StandardCharsets.UTF_8).strip()),
                parameters);
    }

    /** The sample with more parameters. */
    public Sample with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(parameters);
        all.putAll(more);
        return new Sample(input, expected, failure, all);
    }

    private static Path folder(Path input) {
        return input.toAbsolutePath().normalize().resolveSibling("").normalize();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
