package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.delivery.ItemResult.Said;
import org.junit.jupiter.api.Test;

class TargetAnswerTests {

    @Test
    void tellsThatThereWasAReasonWhichIsNoCode() {
        assertThat(result("\"code\":\"grade_unknown\""))
                .isEqualTo(new ItemResult(Said.REJECTED, "grade_unknown", null));
        assertThat(result("\"code\":\"Grade X of Esimerkki is unknown\"").code())
                .isEqualTo("withheld");
        assertThat(result("\"code\":\"" + "x".repeat(200) + "\"").code()).isEqualTo("withheld");
        assertThat(result("\"code\":\"" + "x".repeat(100) + "\"").code()).hasSize(64);
        assertThat(result("\"code\":\"\"").code()).isNull();
        assertThat(result("\"targetId\":\"an id with blanks\"").targetId()).isNull();
    }

    private static ItemResult result(String more) {
        String answer = "{\"items\":[{\"ref\":\"1\",\"status\":\"REJECTED\"," + more + "}]}";
        return TargetAnswer.read(answer.getBytes(StandardCharsets.UTF_8), false)
                .values()
                .iterator()
                .next();
    }
}
