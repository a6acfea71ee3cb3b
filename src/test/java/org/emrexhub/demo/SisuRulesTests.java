package org.emrexhub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulated Sisu's rules, held against what the mapping really makes. */
class SisuRulesTests {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDate TODAY = LocalDate.of(2026, 1, 15);
    private static final Path SAMPLES = Path.of("mappings/sis/sisu/samples");

    static Stream<Path> payloads() throws IOException {
        return Files.list(SAMPLES).map(sample -> sample.resolve("payload.json")).filter(Files::exists);
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void acceptsWhatTheMappingMakes(Path payload) throws IOException {
        assertThat(broken(JSON.readTree(payload.toFile()), null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /id                                        | "no id at all"     | [0].id
                    /documentState                             | "GONE"             | [0].documentState
                    /type                                      | "Attainment"       | [0].type
                    /personId                                  | ""                 | [0].personId
                    /attainmentDate                            | "2026-01-16"       | [0].attainmentDate
                    /registrationDate                          | "yesterday"        | [0].registrationDate
                    /attainmentLanguageUrn                     | "fi"               | [0].attainmentLanguageUrn
                    /acceptorPersons                           | []                 | [0].acceptorPersons
                    /acceptorPersons                           | [{"roleUrn":"urn:code:attainment-acceptor-type:approved-by"}] | [0].acceptorPersons[0].text
                    /organisations                             | []                 | [0].organisations
                    /organisations/0/share                     | 0.5                | [0].organisations
                    /creditTransferInfo                        | null               | [0].creditTransferInfo
                    /creditTransferInfo/educationalInstitutionUrn | "helsinki.fi"   | [0].creditTransferInfo.educationalInstitutionUrn
                    /state                                     | "ATTAINED"         | [0].creditTransferInfo
                    /state                                     | "FAILED"           | [0].primary
                    /misregistration                           | true               | [0].primary
                    /credits                                   | "5"                | [0].credits
                    /rdiCredits                                | 99                 | [0].rdiCredits
                    /gradeScaleId                              | "sis-1-3"          | [0].gradeScaleId,[0].gradeId
                    /gradeId                                   | 6                  | [0].gradeId
                    /name                                      | {"de":"Einführung"} | [0].name
                    /code                                      | ""                 | [0].code
                    """)
    void refusesWhatBreaksADocumentedRule(String pointer, String value, String path) throws IOException {
        ArrayNode attainments = (ArrayNode) sample();
        JsonPointer at = JsonPointer.compile(pointer);
        JsonNode parent = attainments.get(0).at(at.head());
        ((ObjectNode) parent).set(at.last().getMatchingProperty(), JSON.readTree(value));

        assertThat(broken(attainments, null)).containsExactlyInAnyOrder(path.split(","));
    }

    @Test
    void refusesTheSameIdTwiceInABatch() throws IOException {
        ArrayNode attainments = (ArrayNode) sample();
        ((ObjectNode) attainments.get(1)).set("id", attainments.get(0).get("id"));

        assertThat(broken(attainments, null)).containsExactly("[1].id");
    }

    @Test
    void refusesTheOneCourseThatItWasToldToRefuse() throws IOException {
        assertThat(broken(sample(), "MAT102")).containsExactly("[1].code");
        assertThat(broken(sample(), "MAT999")).isEmpty();
    }

    private static JsonNode sample() throws IOException {
        return JSON.readTree(
                SAMPLES.resolve("recognised-courses-of-a-module/payload.json").toFile());
    }

    private static List<String> broken(JsonNode attainments, @Nullable String refuse) {
        return new SisuRules(TODAY, refuse)
                .violations(attainments).stream().map(SisuRules.Violation::path).toList();
    }
}
