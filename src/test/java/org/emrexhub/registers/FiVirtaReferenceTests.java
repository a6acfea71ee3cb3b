package org.emrexhub.registers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.catalog.CatalogFeatures;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.Stylesheets;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xml.sax.SAXException;

/**
 * The mock students of VIRTA's test environment, which are not ours to keep in this repository: they are read from the
 * folder named by {@code EMREXHUB_REFERENCE}, together with the official schema of ELMO 1.7.
 */
class FiVirtaReferenceTests {

    private static final Path HOME = Path.of("").toAbsolutePath();

    /** Students of whom VIRTA knows a right to study and no attainment. */
    private static final Set<String> WITHOUT_ATTAINMENTS = Set.of("010190-4473");

    private final Stylesheets stylesheets = new Stylesheets(HOME);

    @TestFactory
    Stream<DynamicTest> makesAnOfficiallyValidDocumentOfEveryMockStudent() throws Exception {
        String reference = System.getenv("EMREXHUB_REFERENCE");
        assumeTrue(
                reference != null,
                "EMREXHUB_REFERENCE is not set: the folder with fi-virta-koski/opintotiedot and elmo/1.7.0");
        Path folder = Path.of(reference);
        Schema official = official(folder.resolve("elmo"));
        List<Path> students;
        try (Stream<Path> files = Files.list(folder.resolve("fi-virta-koski/opintotiedot"))) {
            students = files.filter(file -> file.toString().endsWith(".xml"))
                    .sorted()
                    .toList();
        }
        assertThat(students).isNotEmpty();
        return students.stream().map(student -> {
            String key = student.getFileName().toString().replace(".xml", "");
            return dynamicTest(key, () -> judge(key, Files.readAllBytes(student), official));
        });
    }

    private void judge(String key, byte[] answer, Schema official) throws IOException, SAXException {
        MappingResult result = map(answer);
        assertThat(result.mapped().size() + result.skipped().size()).isEqualTo(result.records());
        assertThat(result.skipped())
                .allSatisfy(skipped -> assertThat(skipped.text()).isNotBlank());
        assertThat(result.findings())
                .allSatisfy(finding -> assertThat(finding.text()).isNotBlank());
        if (WITHOUT_ATTAINMENTS.contains(key)) {
            assertThatThrownBy(() -> assemble(key, result))
                    .isInstanceOfSatisfying(
                            HubFailure.class,
                            failure -> assertThat(failure.code().wireName()).isEqualTo("nothing_to_transfer"));
            return;
        }
        byte[] elmo = assemble(key, result);
        official.newValidator().validate(new StreamSource(new ByteArrayInputStream(elmo)));
    }

    private MappingResult map(byte[] answer) {
        MappingFolder mapping = new MappingFolder(
                HOME.resolve("mappings/registers/fi-virta"),
                MappingFolder.Format.XML,
                "//virta:Opintosuoritus",
                "concat(virta:Myontaja, '/', @avain)",
                Map.of("virta", "urn:mace:funet.fi:virta/2015/09/01"));
        return new RegisterMapping(stylesheets)
                .map(
                        mapping,
                        answer,
                        Map.of(
                                "register", "fi-virta",
                                "identifierType", "nationalIdentifier",
                                "identifier", "",
                                "today", "2026-01-15"));
    }

    private byte[] assemble(String key, MappingResult result) {
        String type = key.contains(".") ? "nationalLearnerId" : "nationalIdentifier";
        return new Assembly(stylesheets)
                .assemble(
                        new Assembly.Request(List.of(new Assembly.Identifier(type, key)), "Testi", "Esimerkki", null),
                        List.of(Assembly.Source.of("fi-virta", result)),
                        List.of(),
                        Instant.parse("2026-01-15T12:00:00Z"))
                .elmo();
    }

    private static Schema official(Path elmo) throws SAXException {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setProperty(
                CatalogFeatures.Feature.FILES.getPropertyName(),
                elmo.resolve("catalog.xml").toUri().toString());
        return factory.newSchema(elmo.resolve("1.7.0/schema.xsd").toFile());
    }
}
