package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.emrexhub.spine.RunningHub.Answer;
import org.emrexhub.transfer.Retention;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a record with the ledger on PostgreSQL, the database of production. */
class PostgresIT {

    private static Databases databases;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        databases = new Databases();
        List<String> settings = new ArrayList<>(List.of(databases.settings()));
        settings.addAll(
                List.of("emrexhub.retry.first=500ms", "emrexhub.retry.max=1s", "emrexhub.retry.give-up-after=3s"));
        hub = RunningHub.start(data, settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
        databases.close();
    }

    @Test
    void makesOneDocumentOfTwoRegisters() {
        String id = hub.transfer(to("file-drop", MAIJA, "fi-virta", "sql-view"));

        JsonNode details = hub.await(id, "DELIVERED");

        assertThat(details.path("sources").findValuesAsText("status")).containsOnly("PULLED");
        assertThat(details.path("sources").findValuesAsText("mapped")).doesNotContain("0");
        assertThat(hub.data().resolve("drop/inbox/" + id + ".xml"))
                .hasBinaryContent(hub.get("client", "/transfers/" + id + "/elmo")
                        .response()
                        .body());
        assertThat(databases
                        .ledger()
                        .queryForObject("select status from transfer where id = ?::uuid", String.class, id))
                .isEqualTo("DELIVERED");
    }

    @Test
    void erasesTheLearnerDataOfWhatEndedLongAgo() {
        String id = hub.transfer(to("file-drop", MAIJA));
        hub.await(id, "DELIVERED");
        databases
                .ledger()
                .update("update transfer set updated_at = updated_at - interval '31' day where id = ?::uuid", id);
        databases
                .ledger()
                .update(
                        "update document set created_at = created_at - interval '31' day where transfer_id = ?::uuid",
                        id);

        hub.bean(Retention.class).erase();

        assertThat(databases.ledger().queryForList("select kind from document where transfer_id = ?::uuid", id))
                .isEmpty();
        assertThat(hub.get("client", "/transfers/" + id + "/elmo").code()).isEqualTo("erased");
    }

    @Test
    void keepsLearnerDataEncrypted() {
        String id = hub.transfer(to("sisu", LIISA).target("hy-hlo-pg-secret"));
        hub.await(id, "DELIVERED");

        List<byte[]> documents = databases
                .ledger()
                .queryForList("select bytes from document where transfer_id = ?::uuid", byte[].class, id);

        assertThat(documents)
                .hasSizeGreaterThan(2)
                .allSatisfy(bytes -> assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                        .doesNotContain(LIISA, "Moniopisto"));
    }

    /** The system is down for so long that its breaker opens; when it answers the first, the others keep their places. */
    @Test
    void replaysTheDeadLettersOfATargetAtARate() {
        hub.post("operator", "/demo/sis/sisu/stop", "");
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= 4; n++) {
            ids.add(hub.transfer(to("sisu", KAARLO).target("hy-hlo-pg-dead-" + n)));
        }
        ids.forEach(id -> hub.await(id, "DEAD_LETTERED"));
        assertThat(breakerIsOpen()).isTrue();
        hub.post("operator", "/demo/sis/sisu/start", "");
        Instant begin = Instant.now();

        Answer replay = hub.post(
                "operator",
                "/dead-letters/replay",
                "{\"filter\":{\"destination\":\"sisu\",\"failureCode\":\"sis_unavailable\"},\"limit\":100,\"perSecond\":2}");

        assertThat(replay.status()).as(replay.text()).isEqualTo(202);
        JsonNode progress = hub.awaitReplay(
                replay.response().headers().firstValue("Location").orElseThrow());
        assertThat(progress.path("total").asInt()).isEqualTo(4);
        assertThat(progress.path("delivered").asInt()).isEqualTo(4);
        assertThat(Duration.between(begin, Instant.now())).isGreaterThan(Duration.ofMillis(1_400));
        ids.forEach(id -> assertThat(hub.status(id)).isEqualTo("DELIVERED"));
    }

    private static boolean breakerIsOpen() {
        return Boolean.TRUE.equals(databases
                .ledger()
                .queryForObject(
                        "select open_until is not null from destination where kind = 'SIS' and id = 'sisu'",
                        Boolean.class));
    }

    @Test
    void deliversWhatAnOfficerApproved() {
        String id = hub.transfer(to("sisu", MAIJA).undecided());
        hub.await(id, "AWAITING_DECISION");

        Answer approved = hub.post(
                "officer",
                "/imports/" + id + "/decision",
                "{\"decision\":\"APPROVED\",\"acceptor\":{\"name\":\"Olli Opintoasiat\"}}");

        assertThat(approved.status()).as(approved.text()).isEqualTo(200);
        JsonNode details = hub.await(id, "DELIVERED");
        assertThat(details.path("timeline").findValuesAsText("type")).contains("held", "decided", "delivered");
    }

    @Test
    void deliversTwentyAtOnceEachOnce() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(20);
        List<Future<String>> answers = new ArrayList<>();
        try {
            for (int n = 0; n < 20; n++) {
                // Two transfers for each of ten students: the second of them delivers nothing new.
                TransferRequest request =
                        to("sisu", n % 2 == 0 ? KAARLO : LIISA).target("hy-hlo-pg-at-once-" + n % 5);
                answers.add(clients.submit(() -> hub.transfer(request)));
            }
            Set<String> targets = new HashSet<>();
            for (Future<String> answer : answers) {
                hub.await(answer.get(), "DELIVERED")
                        .path("items")
                        .forEach(item -> targets.add(item.path("targetId").asText()));
            }
            assertThat(hub.received("sisu"))
                    .filteredOn(item -> targets.contains(item.path("id").asText()))
                    .hasSize(targets.size())
                    .allSatisfy(item -> assertThat(item.path("count").asInt()).isEqualTo(1));
        } finally {
            clients.shutdownNow();
        }
    }
}
