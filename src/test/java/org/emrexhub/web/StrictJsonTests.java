package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTests {

    @Test
    void readsSoundJson() {
        assertThat(read("{\"a\": [1, \"ä\"]}").at("/a/1").asText()).isEqualTo("ä");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"MARKER\": 1, \"MARKER\": 2}",
                "{\"a\": 1} {\"MARKER\": 2}",
                "{\"a\": \"MARKER",
                "{'a': 'MARKER'}",
                "{\"a\": NaN}",
                "{\"a\": MARKER}",
                "\uFEFF{}",
                "// MARKER\n{}"
            })
    void refusesWhatTwoReadersCouldUnderstandDifferently(String text) {
        Problem refused = refused(text.getBytes(StandardCharsets.UTF_8));

        assertThat(refused.faults()).containsExactly(new Problem.Fault("", "not_json"));
        assertThat(refused.getMessage()).doesNotContain("MARKER").contains("line");
        assertThat(refused.getCause()).isNull();
    }

    @Test
    void refusesAnEmptyBody() {
        assertThat(refused(new byte[0]).faults()).containsExactly(new Problem.Fault("", "required"));
    }

    @Test
    void refusesBrokenUtf8() {
        byte[] latin1 = "{\"a\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(refused(latin1).faults()).containsExactly(new Problem.Fault("", "not_utf8"));
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        assertThat(refused(deep).faults()).containsExactly(new Problem.Fault("", "too_deep"));
    }

    @Test
    void refusesANumberBeyondAllMeasure() {
        byte[] infinite = "{\"a\": [1, {\"b\": -1e999}]}".getBytes(StandardCharsets.UTF_8);

        assertThat(refused(infinite).faults()).containsExactly(new Problem.Fault("", "too_large"));
        assertThat(read("1e300").doubleValue()).isEqualTo(1e300);
    }

    private static com.fasterxml.jackson.databind.JsonNode read(String text) {
        return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Problem refused(byte[] bytes) {
        Problem refused = catchThrowableOfType(Problem.class, () -> StrictJson.read(bytes));
        assertThat(refused.code()).isEqualTo(ProblemCode.REQUEST_INVALID);
        return refused;
    }
}
