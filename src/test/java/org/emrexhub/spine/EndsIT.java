package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.UNKNOWN;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.transfer.Queues;
import org.emrexhub.transfer.Retention;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jms.core.JmsTemplate;

/** Ends that nobody brings about: a hold that nobody decides, a message that no consumer could take, data too old to keep. */
class EndsIT {

    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path data) {
        hub = RunningHub.start(data, "emrexhub.transfer.hold-limit=2s", "emrexhub.retention.learner-data=2h");
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

    @Test
    void erasesTheLearnerDataOfWhatEndedLongAgo() {
        String old = hub.transfer(to("file-drop", MAIJA));
        String young = hub.transfer(to("file-drop", LIISA));
        String dead = hub.transfer(to("file-drop", UNKNOWN));
        String decided = hub.transfer(to("sisu", LIISA).undecided().withoutTarget());
        hub.await(old, "DELIVERED");
        hub.await(young, "DELIVERED");
        hub.await(dead, "DEAD_LETTERED");
        hub.await(decided, "EXPIRED");
        JsonNode itemsBefore = hub.details(old).path("items");
        JdbcTemplate ledger = hub.bean(JdbcTemplate.class);
        for (String id : List.of(old, dead, decided)) {
            ledger.update("update transfer set updated_at = updated_at - interval '3' hour where id = ?", uuid(id));
            ledger.update(
                    "update document set created_at = created_at - interval '3' hour where transfer_id = ?", uuid(id));
        }

        hub.bean(Retention.class).erase();

        assertThat(documents(ledger, old)).isZero();
        assertThat(documents(ledger, decided)).isZero();
        assertThat(documents(ledger, young)).isPositive();
        assertThat(documents(ledger, dead)).isPositive();
        JsonNode after = hub.details(old);
        assertThat(after.path("timeline").findValuesAsText("type")).contains("delivered", "erased");
        assertThat(after.path("items")).isEqualTo(itemsBefore);
        assertThat(hub.get("client", "/transfers/" + old + "/elmo").code()).isEqualTo("erased");
        assertThat(hub.get("client", "/transfers/" + old + "/report").status()).isEqualTo(410);
        assertThat(hub.get("client", "/transfers/" + young + "/elmo").status()).isEqualTo(200);
        assertThat(hub.get("officer", "/imports/" + decided).status()).isEqualTo(404);

        hub.bean(Deliveries.class).answerLater("file-drop", UUID.fromString(old), Map.of("1", late("kampus-7")));
        assertThat(hub.details(old).path("timeline").findValuesAsText("type")).endsWith("answered");
        assertThat(hub.details(old).toString()).doesNotContain("kampus-7");
    }

    private static ItemResult late(String targetId) {
        return new ItemResult(ItemResult.Said.ACCEPTED, null, targetId);
    }

    private static UUID uuid(String id) {
        return UUID.fromString(id);
    }

    private static int documents(JdbcTemplate ledger, String id) {
        return ledger.queryForList("select kind from document where transfer_id = ?", uuid(id))
                        .size()
                + ledger.queryForList("select status from application where transfer_id = ?", uuid(id))
                        .size();
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
