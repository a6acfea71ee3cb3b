package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.EINO;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.UNKNOWN;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.emrexhub.elmo.Credits;
import org.emrexhub.spine.RunningHub.Answer;
import org.emrexhub.transfer.Vault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a record through a whole hub: two unlike registers, two unlike targets, holds, failures, replays. */
class SpineIT {

    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path data) {
        hub = RunningHub.start(data);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void mend() {
        hub.post("operator", "/demo/sis/sisu/start", "");
        hub.post("operator", "/demo/sis/sisu/behaviour", "{}");
        hub.post("operator", "/demo/registers/fi-virta/start", "");
        hub.post("operator", "/sis/sisu/resume", "");
    }

    @Test
    void makesOneSignedDocumentOfTwoRegistersAndDropsItByteForByte() throws IOException {
        String id = hub.transfer(to("file-drop", MAIJA, "fi-virta", "sql-view"));

        JsonNode details = hub.await(id, "DELIVERED");

        assertThat(details.path("sources"))
                .allSatisfy(source -> assertThat(source.path("status").asText()).isEqualTo("PULLED"));
        byte[] elmo = hub.get("client", "/transfers/" + id + "/elmo").response().body();
        Path dropped = hub.data().resolve("drop/inbox/" + id + ".xml");
        assertThat(dropped).hasBinaryContent(elmo);
        assertThat(hub.data().resolve("drop/inbox/" + id + ".xml.sha256"))
                .hasContent(Vault.sha256(elmo) + "  " + id + ".xml");
        assertThat(Credits.of(elmo)).hasSize(details.path("items").size());
        assertThat(new String(elmo, StandardCharsets.UTF_8)).contains("EMREX transcript");
        JsonNode report = hub.get("integrator", "/transfers/" + id + "/report").json();
        assertThat(report.path("sources")).hasSize(2);
        assertThat(report.path("names").asText()).isEqualTo("register");
    }

    @Test
    void readsTheAnswerFileOfTheDropFolderBack() throws IOException {
        String id = hub.transfer(to("file-drop", KAARLO));
        hub.await(id, "DELIVERED");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> timeline(id).contains("answered"));

        String item = "{\"items\":[{\"ref\":\""
                + hub.details(id).path("items").get(0).path("ref").asText() + "\",\"status\":";
        answer(id, item + "\"REJECTED\",\"code\":\"too_old\"}]}", "done");
        JsonNode refused = hub.details(id).path("items").get(0);
        answer(id, item + "\"RETRY\"}]}", "unreadable");
        answer(id, item + "\"UNKNOWN\"}]}", "unreadable");
        JsonNode details = hub.details(id);

        assertThat(refused.path("outcome").asText()).isEqualTo("REJECTED");
        assertThat(refused.path("code").asText()).isEqualTo("too_old");
        assertThat(details.path("items").get(0)).isEqualTo(refused);
        assertThat(details.path("status").asText()).isEqualTo("DELIVERED");
    }

    /** Drops the target's answer to a transfer, and waits until the hub has put it into one of its folders. */
    private static void answer(String id, String json, String ends) throws IOException {
        Path folder = hub.data().resolve("drop");
        Path read = folder.resolve(ends).resolve(id + ".ack.json");
        Files.deleteIfExists(read);
        Files.writeString(folder.resolve(id + ".ack.json"), json);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(read));
    }

    @Test
    void postsEachCreditOnceToSisuUnderItsOwnId() {
        String first = hub.transfer(to("sisu", LIISA));
        JsonNode details = hub.await(first, "DELIVERED");
        String again = hub.transfer(to("sisu", LIISA));
        JsonNode repeated = hub.await(again, "DELIVERED");

        Set<String> ids = targetIds(details);
        assertThat(ids).isNotEmpty().allSatisfy(target -> assertThat(target).matches("emrex-[A-Za-z0-9_-]{43}"));
        assertThat(hub.received("sisu"))
                .filteredOn(item -> ids.contains(item.path("id").asText()))
                .hasSize(ids.size())
                .allSatisfy(item -> assertThat(item.path("count").asInt()).isEqualTo(1));
        assertThat(repeated.path("items"))
                .allSatisfy(item -> assertThat(item.path("outcome").asText()).isEqualTo("DUPLICATE"));
    }

    @Test
    void holdsAnUndecidedTransferUntilAnOfficerApprovesIt() {
        String id = hub.transfer(to("sisu", MAIJA).undecided().withoutTarget());
        hub.await(id, "AWAITING_DECISION");
        String found = hub.post(
                        "officer",
                        "/imports/search",
                        "{\"identifier\":{\"type\":\"nationalIdentifier\",\"value\":\"" + MAIJA + "\"}}")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asText();
        assertThat(found).isEqualTo(id);
        JsonNode application = hub.get("officer", "/imports/" + id).json();
        assertThat(application.path("fields").path("creditsTotal").asText()).isNotEmpty();
        String acceptor = "\"acceptor\":{\"name\":\"Olli Opintoasiat\"}";

        Answer withoutTarget =
                hub.post("officer", "/imports/" + id + "/decision", "{\"decision\":\"APPROVED\"," + acceptor + "}");
        Answer approved = hub.post(
                "officer",
                "/imports/" + id + "/decision",
                "{\"decision\":\"APPROVED\",\"targetId\":\"hy-hlo-held\"," + acceptor + "}");

        assertThat(withoutTarget.code()).isEqualTo("target_person_unknown");
        assertThat(approved.status()).as(approved.text()).isEqualTo(200);
        hub.await(id, "DELIVERED");
        assertThat(hub.post(
                                "officer",
                                "/imports/" + id + "/decision",
                                "{\"decision\":\"REJECTED\",\"reason\":\"late\"}")
                        .code())
                .isEqualTo("already_decided");
    }

    @Test
    void endsARejectedImport() {
        String id = hub.transfer(to("file-drop", LIISA).held());
        hub.await(id, "AWAITING_DECISION");

        hub.post("officer", "/imports/" + id + "/decision", "{\"decision\":\"REJECTED\",\"reason\":\"not ours\"}");

        hub.await(id, "REJECTED");
        assertThat(hub.data().resolve("drop/inbox/" + id + ".xml")).doesNotExist();
    }

    @Test
    void replaysWhatDiedWhileSisuWasAwayWithoutADouble() {
        hub.post("operator", "/demo/sis/sisu/stop", "");
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            ids.add(hub.transfer(to("sisu", KAARLO).target("hy-hlo-away-" + n)));
        }
        ids.forEach(id -> hub.await(id, "DEAD_LETTERED"));
        JsonNode group = StreamSupport.stream(
                        hub.get("operator", "/dead-letters/groups")
                                .json()
                                .path("groups")
                                .spliterator(),
                        false)
                .filter(each -> each.path("failureCode").asText().equals("sis_unavailable"))
                .findFirst()
                .orElseThrow();
        assertThat(group.path("destination").asText()).isEqualTo("sisu");
        assertThat(group.path("count").asInt()).isEqualTo(3);
        assertThat(hub.get("operator", "/sis").text()).contains("\"DOWN\"");
        hub.post("operator", "/demo/sis/sisu/start", "");

        Answer replay = hub.post(
                "operator",
                "/dead-letters/replay",
                "{\"filter\":{\"stage\":\"DELIVER\",\"destination\":\"sisu\",\"failureCode\":\"sis_unavailable\"},\"limit\":100,\"perSecond\":50}");

        assertThat(replay.status()).as(replay.text()).isEqualTo(202);
        // A job starts them in its own time: until then each is still dead.
        JsonNode progress = hub.awaitReplay(
                replay.response().headers().firstValue("Location").orElseThrow());
        ids.forEach(id -> assertThat(hub.status(id)).isEqualTo("DELIVERED"));
        assertThat(progress.path("delivered").asInt()).isEqualTo(3);
        Set<String> targets = new HashSet<>();
        ids.forEach(id -> targets.addAll(targetIds(hub.details(id))));
        assertThat(hub.received("sisu"))
                .filteredOn(item -> targets.contains(item.path("id").asText()))
                .hasSize(targets.size())
                .allSatisfy(item -> assertThat(item.path("count").asInt()).isEqualTo(1));
    }

    @Test
    void leavesTheGiveUpAgeAloneThatCountsFromALaterTurnWhenASystemGoesOn() {
        hub.post("operator", "/demo/sis/sisu/stop", "");
        List<String> ids = List.of(
                hub.transfer(to("sisu", KAARLO).target("hy-hlo-turn-1")),
                hub.transfer(to("sisu", KAARLO).target("hy-hlo-turn-2")));
        ids.forEach(id -> hub.await(id, "DEAD_LETTERED"));
        hub.post("operator", "/demo/sis/sisu/start", "");
        hub.post("operator", "/sis/sisu/pause", "");
        Answer replay = hub.post(
                "operator",
                "/dead-letters/replay",
                "{\"filter\":{\"stage\":\"DELIVER\",\"destination\":\"sisu\",\"failureCode\":\"sis_unavailable\"},\"limit\":2,\"perSecond\":0.2}");
        assertThat(replay.status()).as(replay.text()).isEqualTo(202);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> ids.stream().allMatch(id -> hub.status(id).equals("QUEUED")));
        List<Instant> before = ids.stream().map(this::giveUpAt).toList();
        Instant later = before.stream().max(Comparator.naturalOrder()).orElseThrow();
        String last = ids.get(before.indexOf(later));

        hub.post("operator", "/sis/sisu/resume", "");

        assertThat(giveUpAt(last)).isEqualTo(later);
        ids.forEach(id -> hub.await(id, "DELIVERED"));
    }

    private Instant giveUpAt(String id) {
        return Instant.parse(hub.details(id).path("giveUpAt").asText());
    }

    @Test
    void findsTheOneItemThatSisuRefusesAndLaterSendsOnlyThat() {
        String code = "KONE.120";
        hub.post("operator", "/demo/sis/sisu/behaviour", "{\"refuse\":\"" + code + "\"}");
        String id = hub.transfer(to("sisu", KAARLO).target("hy-hlo-refused"));

        JsonNode dead = hub.await(id, "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("items_rejected");
        assertThat(outcomes(dead))
                .filteredOn(outcome -> outcome.equals("REJECTED"))
                .hasSize(1);
        assertThat(outcomes(dead))
                .filteredOn(outcome -> outcome.equals("ACCEPTED"))
                .hasSize(dead.path("items").size() - 1);
        assertThat(hub.post("client", "/transfers/" + id + "/cancel", "").code())
                .isEqualTo("not_cancellable");
        hub.post("operator", "/demo/sis/sisu/behaviour", "{}");
        // The refused cancel has withdrawn the consent, so nothing more may be sent: a new transfer is needed.
        assertThat(hub.post("operator", "/dead-letters/" + id + "/replay", "{}").code())
                .isEqualTo("consent_expired");

        hub.post("operator", "/demo/sis/sisu/behaviour", "{\"refuse\":\"" + code + "\"}");
        String other = hub.transfer(to("sisu", KAARLO).target("hy-hlo-refused-2"));
        JsonNode otherDead = hub.await(other, "DEAD_LETTERED");
        Set<String> accepted = new HashSet<>();
        otherDead.path("items").forEach(item -> {
            if (item.path("outcome").asText().equals("ACCEPTED")) {
                accepted.add(item.path("targetId").asText());
            }
        });
        hub.post("operator", "/demo/sis/sisu/behaviour", "{}");
        hub.post("operator", "/dead-letters/" + other + "/replay", "{}");
        hub.await(other, "DELIVERED");
        assertThat(hub.received("sisu"))
                .filteredOn(item -> accepted.contains(item.path("id").asText()))
                .hasSize(accepted.size())
                .allSatisfy(item -> assertThat(item.path("count").asInt()).isEqualTo(1));
    }

    @Test
    void settlesALostAnswerUnderTheSameIdsBeforeItCountsAsDelivered() {
        hub.post("operator", "/demo/sis/sisu/behaviour", "{\"loseAnswers\":true}");
        String id = hub.transfer(to("sisu", LIISA).target("hy-hlo-lost"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> outcomes(hub.details(id)).contains("UNKNOWN")
                        && hub.status(id).equals("WAITING_RETRY"));
        assertThat(hub.post("client", "/transfers/" + id + "/cancel", "").code())
                .isEqualTo("not_cancellable");
        hub.post("operator", "/demo/sis/sisu/behaviour", "{}");

        JsonNode dead = hub.await(id, "DEAD_LETTERED");

        // The cancel was refused, since something may be there; the consent it withdrew stops the next sending.
        assertThat(dead.path("failure").path("code").asText()).isEqualTo("consent_expired");
        hub.post("operator", "/demo/sis/sisu/behaviour", "{\"loseAnswers\":true}");
        String other = hub.transfer(to("sisu", LIISA).target("hy-hlo-lost-2"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> hub.status(other).equals("WAITING_RETRY"));
        hub.post("operator", "/demo/sis/sisu/behaviour", "{}");
        JsonNode delivered = hub.await(other, "DELIVERED");
        assertThat(hub.received("sisu"))
                .filteredOn(
                        item -> targetIds(delivered).contains(item.path("id").asText()))
                .hasSize(targetIds(delivered).size());
    }

    @Test
    void doesNotSayThatALostItemIsAbsentBecauseItIsRefusedLater() {
        hub.post("operator", "/demo/sis/sisu/behaviour", "{\"loseAnswers\":true}");
        String id = hub.transfer(to("sisu", KAARLO).target("hy-hlo-lost-3"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> hub.status(id).equals("WAITING_RETRY"));
        hub.post("operator", "/demo/sis/sisu/behaviour", "{\"refuse\":\"KONE.120\"}");

        JsonNode dead = hub.await(id, "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("items_rejected");
        assertThat(outcomes(dead)).containsOnlyOnce("UNKNOWN").doesNotContain("REJECTED");
        assertThat(dead.path("items"))
                .filteredOn(item -> item.path("outcome").asText().equals("UNKNOWN"))
                .allSatisfy(item -> assertThat(item.path("code").asText()).isEqualTo("validation_failed"));
        hub.post("operator", "/demo/sis/sisu/behaviour", "{}");
        hub.post("operator", "/dead-letters/" + id + "/replay", "{}");
        assertThat(outcomes(hub.await(id, "DELIVERED"))).containsOnly("ACCEPTED");
    }

    @Test
    void waitsWhileTheTargetIsPausedAndCanBeCancelledThen() {
        hub.post("operator", "/sis/sisu/pause", "");
        String waits = hub.transfer(to("sisu", MAIJA).target("hy-hlo-paused"));
        String cancelled = hub.transfer(to("sisu", MAIJA).target("hy-hlo-paused-2"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> hub.details(waits).path("stage").asText().equals("DELIVER")
                        && hub.details(cancelled).path("stage").asText().equals("DELIVER"));

        Answer cancel = hub.post("client", "/transfers/" + cancelled + "/cancel", "");

        assertThat(cancel.status()).as(cancel.text()).isEqualTo(200);
        assertThat(hub.status(waits)).isEqualTo("QUEUED");
        assertThat(hub.details(waits).path("attempts"))
                .noneSatisfy(
                        attempt -> assertThat(attempt.path("stage").asText()).isEqualTo("DELIVER"));
        hub.post("operator", "/sis/sisu/resume", "");
        hub.await(waits, "DELIVERED");
        assertThat(hub.status(cancelled)).isEqualTo("CANCELLED");
    }

    @Test
    void saysInItsCodeWhyARegisterGaveNothing() {
        assertDeath(hub.transfer(to("sisu", UNKNOWN)), "PULL", "learner_not_found");
        assertDeath(hub.transfer(to("sisu", EINO)), "MAP", "nothing_to_transfer");
        assertDeath(hub.transfer(to("sisu", MAIJA).born("1999-05-18")), "MAP", "learner_mismatch");
        hub.post("operator", "/demo/registers/fi-virta/stop", "");
        assertDeath(hub.transfer(to("sisu", MAIJA)), "PULL", "register_unavailable");
    }

    @Test
    void answersTheSameRequestWithTheSameTransfer() {
        String key = UUID.randomUUID().toString();
        TransferRequest request = to("file-drop", LIISA);

        Answer first = hub.tryTransfer(request, key);
        Answer same = hub.tryTransfer(request, key);
        Answer other = hub.tryTransfer(to("file-drop", MAIJA), key);

        assertThat(same.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("idempotency_conflict");
    }

    @Test
    void discardsADeadLetterForAReason() {
        String id = hub.transfer(to("sisu", UNKNOWN));
        hub.await(id, "DEAD_LETTERED");

        Answer refused = hub.post("operator", "/dead-letters/" + id + "/discard", "{}");
        hub.post("operator", "/dead-letters/" + id + "/discard", "{\"reason\":\"asked for the wrong person\"}");

        assertThat(refused.code()).isEqualTo("request_invalid");
        hub.await(id, "DISCARDED");
        assertThat(hub.post("operator", "/dead-letters/" + id + "/replay", "{}").code())
                .isEqualTo("not_dead");
    }

    @Test
    void refusesAReplayFromAStageWhoseInputIsNotThere() {
        String id = hub.transfer(to("sisu", UNKNOWN));
        hub.await(id, "DEAD_LETTERED");

        assertThat(hub.post("operator", "/dead-letters/" + id + "/replay", "{\"from\":\"MAP\"}")
                        .code())
                .isEqualTo("replay_stage_unavailable");
        assertThat(hub.post("operator", "/dead-letters/" + id + "/replay", "{\"from\":\"DELIVER\"}")
                        .code())
                .isEqualTo("replay_stage_unavailable");
    }

    @Test
    void writesNoLearnerDataInTheClear() throws IOException {
        String id = hub.transfer(to("sisu", KAARLO).target("hy-hlo-marked"));
        hub.await(id, "DELIVERED");

        try (var files = Files.walk(hub.data())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(hub.data().resolve("drop")))
                    .toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(content.contains(KAARLO))
                        .as("%s holds an identifier", file)
                        .isFalse();
                assertThat(content.contains("Koivunen"))
                        .as("%s holds a name", file)
                        .isFalse();
            }
        }
    }

    private static void assertDeath(String id, String stage, String code) {
        JsonNode dead = hub.await(id, "DEAD_LETTERED");
        assertThat(dead.path("stage").asText()).isEqualTo(stage);
        assertThat(dead.path("failure").path("code").asText()).isEqualTo(code);
    }

    private static List<String> outcomes(JsonNode details) {
        List<String> outcomes = new ArrayList<>();
        details.path("items").forEach(item -> outcomes.add(item.path("outcome").asText()));
        return outcomes;
    }

    private static Set<String> targetIds(JsonNode details) {
        Set<String> ids = new HashSet<>();
        details.path("items").forEach(item -> ids.add(item.path("targetId").asText()));
        return ids;
    }

    private static String timeline(String id) {
        StringBuilder types = new StringBuilder();
        hub.details(id)
                .path("timeline")
                .forEach(event -> types.append(event.path("type").asText()).append(' '));
        return types.toString();
    }
}
