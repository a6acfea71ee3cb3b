package org.emrexhub.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.emrexhub.elmo.ElmoSchema;
import org.emrexhub.elmo.Violation;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.mapping.Assembly.Missing;
import org.emrexhub.mapping.Assembly.Request;
import org.emrexhub.mapping.Assembly.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** What the hub writes is valid against its own schema, and whatever that takes is valid against the official one. */
class ElmoSchemaTests {

    private static final Path ELMO = MappingFolders.HOME.resolve("mappings/elmo");
    private static final Stylesheets STYLESHEETS = new Stylesheets(MappingFolders.HOME);
    private static final ElmoSchema SCHEMA = new ElmoSchema(ELMO);

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void everySampleGivesADocumentValidAgainstOurSchemaAndTheOfficialOne(Path sample) throws Exception {
        byte[] document = document(sample);
        assertThat(SCHEMA.validate(document)).isEmpty();
        official().newValidator().validate(new StreamSource(new ByteArrayInputStream(document)));
    }

    @Test
    void aSignedDocumentIsValid() throws Exception {
        byte[] document = edited(text -> text.replace(
                "</elmo>",
                "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo><CanonicalizationMethod"
                        + " Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/><SignatureMethod"
                        + " Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><Reference URI=\"\">"
                        + "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>AAAA"
                        + "</DigestValue></Reference></SignedInfo><SignatureValue>AAAA</SignatureValue></Signature>"
                        + "</elmo>"));
        assertThat(SCHEMA.validate(document)).isEmpty();
        official().newValidator().validate(new StreamSource(new ByteArrayInputStream(document)));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "<scheme>ects</scheme> | <scheme>ECTS</scheme>",
                "<scheme>ects</scheme> | <scheme>Ects</scheme>",
                "<status>passed</status> | <!-- -->",
                "<status>passed</status> | <status>done</status>",
                "<country>FI</country> | <country>XK</country>",
                "type=\"schac\" | type=\"SCHAC\"",
                "<gradingSchemeLocalId>sql-view:0-5< | <gradingSchemeLocalId>elsewhere<",
                "<date>2023-12-15< | <date>2023-12-15Z<",
                "<languageOfInstruction>fi< | <languageOfInstruction>FIN<",
                "</learner> | <gender>3</gender></learner>",
                "<url>https: | <url>javascript:",
                "</elmo> | <other/></elmo>",
            })
    void refusesWhatAStrictWriterDoesNotWrite(String written, String wrong) {
        assertThat(SCHEMA.validate(edited(text -> text.replace(written, wrong))))
                .isNotEmpty();
    }

    /** The last had no star in its pattern before either; each of the others took the validator more than a minute. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"<scheme>", "<url>https://", "<identifier type=\"", "<issueDate>", "<bday>"})
    void refusesAVeryLongValueAtOnce(String before) {
        byte[] document = edited(text -> text.replace(before, before + "a".repeat(2_000_000)));
        assertThat(assertTimeoutPreemptively(Duration.ofMinutes(1), () -> SCHEMA.validate(document)))
                .isNotEmpty();
    }

    @Test
    void takesALongTranscriptAtOnce() {
        byte[] elmo = edited(text -> text.replaceAll("<attachment>.*</attachment>", ""));
        byte[] document = new Attachment(STYLESHEETS).attach(elmo, new byte[6_000_000]);
        assertThat(assertTimeoutPreemptively(Duration.ofMinutes(1), () -> SCHEMA.validate(document)))
                .isEmpty();
    }

    @Test
    void tellsThePlaceAndWhatIsWantedButNoValue() {
        List<Violation> violations = SCHEMA.validate(
                edited(text -> text.replace("<bday>1999-05-17</bday>", "<bday>Maijan syntymäpäivä</bday>")
                        .replace("<familyName>", "<nickName>Maikki</nickName><familyName>")));
        assertThat(violations)
                .hasSize(2)
                .allSatisfy(violation -> assertThat(violation.toString()).doesNotContain("Maija", "Maikki"))
                .allSatisfy(violation -> assertThat(violation.line()).isPositive());
        assertThat(violations.get(0).place()).isEqualTo("/elmo[1]/learner[1]/nickName[1]");
        assertThat(violations.get(0).message()).contains("wanted: familyName");
        assertThat(violations.get(1).place()).isEqualTo("/elmo[1]/learner[1]/bday[1]");
    }

    @Test
    void refusesADoctypeAndWhatIsNotWellFormed() {
        assertThat(SCHEMA.validate(edited(text -> text.replace("<elmo ", "<!DOCTYPE elmo [<!ENTITY x 'y'>]><elmo "))))
                .hasSize(1);
        assertThat(SCHEMA.validate("<elmo>".getBytes(StandardCharsets.UTF_8))).isNotEmpty();
    }

    @Test
    void theCountriesOfTheTablesAreThoseOfTheSchema() throws IOException {
        assertThat(codes("codes.xml", "elmo-countries"))
                .hasSize(197)
                .containsExactlyElementsOf(
                        matches(Files.readString(ELMO.resolve("elmo.xsd")), "enumeration value=\"([A-Z]{2})\""));
    }

    static Stream<Path> samples() throws IOException {
        List<Path> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(MappingFolders.HOME.resolve("mappings/registers"))) {
            files.filter(file -> file.endsWith("elmo.xml"))
                    .map(Path::getParent)
                    .sorted()
                    .forEach(samples::add);
        }
        // A document without records is a failure of its own, not a document.
        samples.removeIf(sample -> !read(sample.resolve("elmo.xml")).contains("<learningOpportunityInstance>"));
        return samples.stream();
    }

    private static byte[] document(Path sample) {
        String register = MappingFolders.HOME
                .resolve("mappings/registers")
                .relativize(sample)
                .getName(0)
                .toString();
        MappingResult result = MappingFolders.register(register)
                .map(STYLESHEETS, sample.getFileName().toString());
        byte[] elmo = new Assembly(STYLESHEETS)
                .assemble(
                        new Request(List.of(), "Testi", "Esimerkki", null),
                        List.of(Source.of(register, result)),
                        List.of(new Missing("other-register", FailureCode.REGISTER_FAULT)),
                        Instant.parse("2026-01-15T10:00:00Z"))
                .elmo();
        return new Attachment(STYLESHEETS).attach(elmo, new byte[] {1, 2, 3, 4});
    }

    private static byte[] edited(Function<String, String> edit) {
        String text = new String(
                document(MappingFolders.HOME.resolve("mappings/registers/sql-view/samples/courses-of-two-issuers")),
                StandardCharsets.UTF_8);
        String changed = edit.apply(text);
        assertThat(changed).isNotEqualTo(text);
        return changed.getBytes(StandardCharsets.UTF_8);
    }

    private static Schema official() throws SAXException {
        String reference = System.getenv("EMREXHUB_REFERENCE");
        assumeTrue(
                reference != null && Files.isDirectory(Path.of(reference)),
                "EMREXHUB_REFERENCE does not name a folder with the official schemas (elmo/1.7.0/schema.xsd, elmo/*.xsd)");
        Path elmo = Path.of(reference, "elmo");
        Map<String, String> local = Map.of(
                "http://www.w3.org/2001/03/xml.xsd", "xml.xsd",
                "https://raw.githubusercontent.com/emrex-eu/elmo-schemas/v1/references/xmldsig-core-schema.xsd",
                        "xmldsig-core-schema.xsd",
                "https://raw.githubusercontent.com/emrex-eu/elmo-schemas/v1/references/EUROPASS_ISOCountries_V1.1.xsd",
                        "EUROPASS_ISOCountries_V1.1.xsd",
                "https://raw.githubusercontent.com/erasmus-without-paper/ewp-specs-types-address/stable-v1/schema.xsd",
                        "ewp-address.xsd",
                "https://raw.githubusercontent.com/erasmus-without-paper/ewp-specs-architecture/stable-v1/common-types.xsd",
                        "ewp-common-types.xsd");
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
            String file = local.get(systemId);
            if (file == null && namespace != null && namespace.endsWith("/namespace")) {
                file = "xml.xsd";
            }
            return file == null ? new LocalInput(systemId, "") : new LocalInput(systemId, read(elmo.resolve(file)));
        });
        return factory.newSchema(elmo.resolve("1.7.0/schema.xsd").toFile());
    }

    private static List<String> codes(String file, String table) {
        String text = read(ELMO.resolve(file));
        int start = text.indexOf("<table name=\"" + table + "\">");
        return matches(text.substring(start, text.indexOf("</table>", start)), "code=\"([^\"]+)\"");
    }

    private static List<String> matches(String text, String pattern) {
        return java.util.regex.Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
