package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.delivery.ItemResult.Said;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.kit.NewFolder;
import org.emrexhub.mapping.Stylesheets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The stylesheet with which a new target's answer is read, as the kit writes it. */
class TransformTests {

    private static final List<Map<String, String>> ITEMS = List.of(
            Map.of("ref", "2", "creditKey", "k2", "version", "v", "targetId", "emrex-k2"),
            Map.of("ref", "5", "creditKey", "k5", "version", "v", "targetId", "emrex-k5"));

    private static Transform transform;

    @BeforeAll
    static void write(@TempDir Path home) throws IOException {
        FileSystemUtils.copyRecursively(Path.of("mappings/elmo"), home.resolve("mappings/elmo"));
        NewFolder.sis(home, "new-sis");
        transform = new Transform(new Stylesheets(home), new Catalog(home, List.of(), List.of()));
    }

    @Test
    void saysOfEachItemWhatTheTargetSaidOfIt() {
        Map<String, ItemResult> results = read("""
                {"results": [{"id": "emrex-k5", "state": "refused", "reason": "too_old"}, {"id": "emrex-k2", "state": "known"}]}""");

        assertThat(results)
                .isEqualTo(Map.of(
                        "2", new ItemResult(Said.DUPLICATE, null, "emrex-k2"),
                        "5", new ItemResult(Said.REJECTED, "too_old", "emrex-k5")));
    }

    @Test
    void leavesOutWhatTheTargetDidNotSpeakOf() {
        assertThat(read("""
                {"results": [{"id": "emrex-k2", "state": "stored"}, {"id": "somebody else's", "state": "stored"}]}""")).containsOnlyKeys("2");
    }

    @Test
    void doesNotKnowWhatHappenedIfTheAnswerIsNotUnderstood() {
        assertThat(code("sis", "{\"results\": [{\"id\": \"emrex-k2\", \"state\": \"pondering\"}]}"))
                .isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(code("sis", "<html/>")).isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(code("sis", "")).isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(code("register", "<html/>")).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    private static FailureCode code(String party, String answer) {
        Exchange exchange = exchange(party, answer);
        HubFailure[] failure = new HubFailure[1];
        assertThatThrownBy(() -> transform.applyToJson("routes/sis/new-sis/answer.xsl", exchange))
                .isInstanceOfSatisfying(HubFailure.class, thrown -> failure[0] = thrown);
        return failure[0].code();
    }

    private static Map<String, ItemResult> read(String answer) {
        Exchange exchange = exchange("sis", answer);
        transform.applyToJson("routes/sis/new-sis/answer.xsl", exchange);
        return TargetAnswer.read(exchange.getMessage().getBody(byte[].class), false);
    }

    private static Exchange exchange(String party, String answer) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable("party", party);
        exchange.setVariable("items", ITEMS);
        exchange.getMessage().setBody(answer.getBytes(StandardCharsets.UTF_8));
        return exchange;
    }
}
