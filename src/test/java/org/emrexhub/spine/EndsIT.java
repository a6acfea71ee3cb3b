package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.awaitility.Awaitility;
import org.emrexhub.transfer.Queues;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jms.core.JmsTemplate;

/** Ends that nobody brings about: a hold that nobody decides, and a message that no consumer could take. */
class EndsIT {

    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path data) {
        hub = RunningHub.start(data, "emrexhub.transfer.hold-limit=2s");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void expiresWhatNobodyDecides() {
        String id = hub.transfer(to("sisu", MAIJA).undecided().withoutTarget());

        JsonNode details = hub.await(id, "EXPIRED");

        assertThat(details.path("timeline").findValuesAsText("type")).containsSequence("held", "expired");
        assertThat(hub.get("officer", "/imports/" + id).json().path("status").asText())
                .isEqualTo("EXPIRED");
        assertThat(hub.post(
                                "officer",
                                "/imports/" + id + "/decision",
                                "{\"decision\":\"APPROVED\",\"targetId\":\"hy-hlo-late\",\"acceptor\":{\"name\":\"Olli\"}}")
                        .code())
                .isEqualTo("already_decided");
    }

    @Test
    void writesDownThatNoConsumerCouldTakeAMessageThatIsDue() {
        hub.post("operator", "/sis/sisu/pause", "");
        String id = hub.transfer(to("sisu", LIISA));
        Awaitility.await().until(() -> hub.details(id).path("stage").asText().equals("DELIVER"));
        int revision = hub.details(id).path("revision").asInt();

        giveUp(id, revision - 1);
        String afterTheStaleOne = hub.details(id).path("status").asText();
        giveUp(id, revision);
        JsonNode dead = hub.await(id, "DEAD_LETTERED");
        hub.post("operator", "/sis/sisu/resume", "");
        hub.post("operator", "/dead-letters/" + id + "/replay", "{}");

        assertThat(afterTheStaleOne).isEqualTo("QUEUED");
        assertThat(dead.path("failure").path("code").asText()).isEqualTo("hub_defect");
        assertThat(dead.path("failure").path("message").asText()).contains("could not deliver the message");
        hub.await(id, "DELIVERED");
    }

    /** What the broker does after the last try of a message; comes back once the hub has taken note of it. */
    private static void giveUp(String id, int revision) {
        JmsTemplate jms = hub.bean(JmsTemplate.class);
        jms.send(Queues.UNPROCESSABLE, session -> {
            var message = session.createMessage();
            message.setStringProperty("_AMQ_ORIG_ADDRESS", Queues.deliver("sisu"));
            message.setStringProperty("HubTransferId", id);
            message.setIntProperty("HubRevision", revision);
            return message;
        });
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Boolean.TRUE.equals(jms.browse(
                        Queues.UNPROCESSABLE,
                        (session, browser) ->
                                Collections.list(browser.getEnumeration()).isEmpty())));
    }
}
