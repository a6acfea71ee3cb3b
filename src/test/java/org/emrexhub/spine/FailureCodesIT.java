package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.OutsideWorld.answer;
import static org.emrexhub.spine.OutsideWorld.envelope;
import static org.emrexhub.spine.OutsideWorld.fault;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.emrexhub.spine.OutsideWorld.Import;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each failure code as somebody meets it who asks the hub's API, and what the hub does about it. */
class FailureCodesIT {

    /** Stands in what outside systems answer, and must never come out of the hub. */
    private static final String ECHO = "Kaiku" + LIISA;

    private static final String MAPPING = "mappings/registers/fi-virta/to-elmo.xsl";

    private static HomeCopy home;
    private static OutsideWorld outside;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        outside = new OutsideWorld();
        home = HomeCopy.in(temp.resolve("home"));
        home.edit(
                "routes/sis/sisu/resolve.camel.yaml", "${variable.targetId} != ''", "${variable.targetId} != 'nobody'");
        home.edit("routes/registers/fi-virta/ask.camel.yaml", "expression: register_unavailable", "expression: broken");
        List<String> settings = new ArrayList<>(List.of(outside.settings()));
        settings.addAll(List.of(
                "emrexhub.home=" + home.path(),
                "emrexhub.registers.fi-virta.timeout=4s",
                "emrexhub.registers.sql-view.row-limit=2",
                "emrexhub.sis.sisu.timeout=2s",
                "emrexhub.sis.sisu.settle=300ms",
                "emrexhub.retry.first=500ms",
                "emrexhub.retry.max=1s",
                "emrexhub.retry.give-up-after=2s"));
        hub = RunningHub.start(temp.resolve("data"), settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        hub.close();
        outside.close();
    }

    @BeforeEach
    void recover() {
        outside.recover();
    }

    static Stream<Arguments> registers() {
        return Stream.of(
                Arguments.of("a fault", fault("Henkilöllä " + ECHO + " on liikaa tietoa"), FailureCode.REGISTER_FAULT),
                Arguments.of("not found", aResponse().withStatus(404).withBody(ECHO), FailureCode.REGISTER_FAULT),
                Arguments.of(
                        "a wrong key",
                        fault("Kutsujan avain on virheellinen: " + ECHO),
                        FailureCode.REGISTER_CREDENTIALS_REFUSED),
                Arguments.of(
                        "no access",
                        aResponse().withStatus(401).withBody(ECHO),
                        FailureCode.REGISTER_CREDENTIALS_REFUSED),
                Arguments.of(
                        "a notice", aResponse().withBody("<html>" + ECHO + "</html>"), FailureCode.ANSWER_UNREADABLE),
                Arguments.of(
                        "half an answer",
                        aResponse().withBody("<Envelope><Henkilotunnus>" + ECHO),
                        FailureCode.ANSWER_UNREADABLE),
                Arguments.of(
                        "nobody",
                        envelope("<luku:OpiskelijanKaikkiTiedotResponse><virta:Virta><!-- " + ECHO
                                + " --></virta:Virta></luku:OpiskelijanKaikkiTiedotResponse>"),
                        FailureCode.LEARNER_NOT_FOUND),
                Arguments.of("closed", aResponse().withStatus(503).withBody(ECHO), FailureCode.REGISTER_UNAVAILABLE),
                Arguments.of(
                        "a lost answer", aResponse().withFault(Fault.EMPTY_RESPONSE), FailureCode.REGISTER_TIMEOUT),
                Arguments.of("a late answer", envelope(ECHO).withFixedDelay(6_000), FailureCode.REGISTER_TIMEOUT));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("registers")
    void saysWhyARegisterGaveNothing(String name, ResponseDefinitionBuilder answer, FailureCode code)
            throws IOException {
        outside.virta(answer);

        String id = hub.transfer(to("file-drop", LIISA));

        JsonNode dead = assertDeath(id, "PULL", code);
        JsonNode source = dead.path("sources").get(0);
        assertThat(source.path("status").asText()).isEqualTo("FAILED");
        assertThat(source.path("failureCode").asText()).isEqualTo(code.wireName());
        assertThat(dead.path("attempts")).allSatisfy(attempt -> {
            assertThat(attempt.path("destination").asText()).isEqualTo("fi-virta");
            assertThat(attempt.path("outcome").asText()).isEqualTo("FAILED");
            assertThat(attempt.path("code").asText()).isEqualTo(code.wireName());
        });
        assertTold(id, ECHO, LIISA);
    }

    @Test
    void namesTheCodeThatItsTablesDoNotKnow() throws IOException {
        outside.virta(envelope(answer("liisa-moniopisto.xml").replace(">4<", ">Erinomainen<")));

        String id = hub.transfer(to("file-drop", LIISA));

        JsonNode dead = assertDeath(id, "MAP", FailureCode.UNKNOWN_CODE);
        assertThat(dead.path("failure").path("message").asText())
                .contains("grades")
                .contains("Viisiportainen/Erinomainen");
        assertThat(dead.path("failure").path("next").asText()).contains("replay from MAP");
        assertTold(id, LIISA, "Moniopisto");
    }

    @Test
    void namesNoLearnerWhereARegisterPutOneInACode() throws IOException {
        outside.virta(envelope(answer("liisa-moniopisto.xml").replace(">4<", ">" + LIISA + "<")));

        String id = hub.transfer(to("file-drop", LIISA));

        assertDeath(id, "MAP", FailureCode.UNKNOWN_CODE);
        assertTold(id, LIISA);
    }

    @Test
    void tellsRecordsThatTheMappingForgot() throws IOException {
        JsonNode dead = dieOf("<hub:mapped ref=\"{f:ref(.)}\"/>", "<hub:mapped ref=\"another\"/>");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("record_unaccounted");
        assertThat(dead.path("failure").path("message").asText()).contains("first: record 1");
    }

    @Test
    void tellsWhereAStylesheetStopped() throws IOException {
        JsonNode dead = dieOf("<hub:mapped ref=\"{f:ref(.)}\"/>", "<hub:mapped ref=\"{1 idiv 0}\"/>");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("mapping_failed");
        assertThat(dead.path("failure").path("message").asText()).contains("to-elmo.xsl");
    }

    @Test
    void refusesToSignWhatBreaksTheSchema() throws IOException {
        JsonNode dead = dieOf("<issueDate>{$today}T00:00:00Z</issueDate>", "<issueDate>yesterday</issueDate>");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("schema_violation");
        assertThat(dead.path("failure").path("message").asText()).contains("issueDate");
    }

    /** The transfer that dies of an edited mapping; once that is mended, a replay delivers it. */
    private static JsonNode dieOf(String from, String to) throws IOException {
        String mended = home.edit(MAPPING, from, to);
        String id;
        JsonNode dead;
        try {
            id = hub.transfer(to("file-drop", LIISA));
            dead = hub.await(id, "DEAD_LETTERED");
        } finally {
            home.restore(MAPPING, mended);
        }
        assertThat(dead.path("stage").asText()).isEqualTo("MAP");
        assertThat(hub.post("operator", "/dead-letters/" + id + "/replay", "{}").status())
                .isEqualTo(202);
        hub.await(id, "DELIVERED");
        return dead;
    }

    @Test
    void callsADefectItsOwn() throws IOException {
        // The copy of the route names a code that the hub does not know.
        outside.virta(aResponse().withStatus(500).withBody(ECHO));

        String id = hub.transfer(to("file-drop", LIISA));

        assertDeath(id, "PULL", FailureCode.HUB_DEFECT);
        assertTold(id, ECHO, LIISA);
    }

    @Test
    void refusesALearnerWithTooManyRows() {
        String id = hub.transfer(to("file-drop", MAIJA, "sql-view"));

        JsonNode dead = assertDeath(id, "PULL", FailureCode.ROW_LIMIT_EXCEEDED);
        assertThat(dead.path("failure").path("next").asText()).contains("row limit");
    }

    @Test
    void isDeadIfOneRegisterOfTwoFailsForGood() {
        String id = hub.transfer(to("file-drop", MAIJA, "fi-virta", "sql-view"));

        JsonNode dead = assertDeath(id, "PULL", FailureCode.ROW_LIMIT_EXCEEDED);
        Awaitility.await("the other register's answer is kept")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> hub.details(id).path("sources").findValuesAsText("status"),
                        List.of("PULLED", "FAILED")::equals);
        assertThat(dead.path("items")).isEmpty();
        assertThat(hub.get("client", "/transfers/" + id + "/elmo").code()).isEqualTo("not_ready");
    }

    @Test
    void asksAgainLessAndLessOftenUntilItGivesUp() {
        outside.virta(aResponse().withStatus(503));
        String id = hub.transfer(to("file-drop", LIISA));

        Awaitility.await("a next attempt")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> waitsForItsNextAttempt(hub.details(id)));

        JsonNode dead = assertDeath(id, "PULL", FailureCode.REGISTER_UNAVAILABLE);
        assertThat(dead.path("attempts")).hasSizeBetween(3, 4);
        assertThat(dead.has("nextAttemptAt")).isFalse();
        assertThat(hub.get("operator", "/registers").text()).contains("\"DOWN\"");
        outside.recover();
        hub.post("operator", "/dead-letters/" + id + "/replay", "{}");
        JsonNode delivered = hub.await(id, "DELIVERED");
        assertThat(delivered.has("failure")).isFalse();
    }

    private static boolean waitsForItsNextAttempt(JsonNode details) {
        if (details.path("attempts").isEmpty() || !details.has("nextAttemptAt")) {
            return false;
        }
        Instant next = Instant.parse(details.path("nextAttemptAt").asText());
        return next.isAfter(Instant.parse(details.path("createdAt").asText()))
                && !next.isAfter(Instant.parse(details.path("giveUpAt").asText()));
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of(
                        "a wrong request", aResponse().withStatus(400).withBody(ECHO), FailureCode.SIS_REQUEST_REFUSED),
                Arguments.of(
                        "no right", aResponse().withStatus(403).withBody(ECHO), FailureCode.SIS_CREDENTIALS_REFUSED),
                Arguments.of("closed", aResponse().withStatus(503).withBody(ECHO), FailureCode.SIS_UNAVAILABLE));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("targets")
    void saysWhyATargetTookNothing(String name, ResponseDefinitionBuilder answer, FailureCode code) throws IOException {
        outside.sisu(answer);

        String id = hub.transfer(to("sisu", LIISA).target("hy-hlo-" + name.replace(' ', '-')));

        JsonNode dead = assertDeath(id, "DELIVER", code);
        assertThat(dead.path("items").findValuesAsText("outcome")).containsOnly("PENDING");
        assertTold(id, ECHO, LIISA);
        outside.recover();
        hub.post("operator", "/dead-letters/" + id + "/replay", "{}");
        JsonNode delivered = hub.await(id, "DELIVERED");
        assertThat(delivered.path("items").findValuesAsText("outcome")).containsOnly("ACCEPTED");
        assertThat(outside.imports()).hasSize(1);
    }

    static Stream<Arguments> lostAnswers() {
        return Stream.of(
                Arguments.of("too late", ok().withFixedDelay(4_000), FailureCode.SIS_TIMEOUT),
                Arguments.of("cut off", aResponse().withFault(Fault.EMPTY_RESPONSE), FailureCode.SIS_TIMEOUT),
                Arguments.of(
                        "a gateway", aResponse().withStatus(502).withBody(ECHO), FailureCode.SIS_ANSWER_UNREADABLE));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("lostAnswers")
    void settlesWhatMayHaveLandedUnderTheSameIds(String name, ResponseDefinitionBuilder answer, FailureCode code)
            throws IOException {
        outside.sisu(answer);

        String id = hub.transfer(to("sisu", LIISA).target("hy-hlo-" + name.replace(' ', '-')));

        JsonNode dead = assertDeath(id, "DELIVER", code);
        assertThat(dead.path("items").findValuesAsText("outcome")).containsOnly("UNKNOWN");
        assertThat(dead.path("attempts"))
                .filteredOn(attempt -> attempt.path("stage").asText().equals("DELIVER"))
                .allSatisfy(
                        attempt -> assertThat(attempt.path("outcome").asText()).isEqualTo("UNKNOWN"));
        assertTold(id, ECHO, LIISA);
        List<String> sent = outside.imports().get(0).ids();
        outside.recover();
        hub.post("operator", "/dead-letters/" + id + "/replay", "{}");
        JsonNode delivered = hub.await(id, "DELIVERED");
        assertThat(delivered.path("items").findValuesAsText("outcome")).containsOnly("ACCEPTED");
        assertThat(delivered.path("items").findValuesAsText("targetId")).containsExactlyElementsOf(sent);
        assertThat(outside.imports()).extracting(Import::ids).containsExactly(sent);
    }

    @Test
    void findsTheOneCreditThatATargetRefusesAndLaterSendsOnlyThat() {
        outside.sisuRefuses("KONE.120");
        String id = hub.transfer(to("sisu", KAARLO).target("hy-hlo-422"));

        JsonNode dead = assertDeath(id, "DELIVER", FailureCode.ITEMS_REJECTED);

        JsonNode refused = only(dead, "REJECTED");
        assertThat(refused.path("code").asText()).isEqualTo("validation_failed");
        List<String> landed = outside.imports().stream()
                .filter(sent -> sent.status() == 200)
                .flatMap(sent -> sent.ids().stream())
                .toList();
        assertThat(landed).doesNotHaveDuplicates().hasSize(dead.path("items").size() - 1);
        outside.recover();
        hub.post("operator", "/dead-letters/" + id + "/replay", "{}");
        JsonNode delivered = hub.await(id, "DELIVERED");
        assertThat(delivered.path("items").findValuesAsText("outcome")).containsOnly("ACCEPTED");
        assertThat(outside.imports())
                .extracting(Import::ids)
                .singleElement()
                .satisfies(ids -> assertThat(ids)
                        .singleElement()
                        .asString()
                        .startsWith("emrex-")
                        .isNotIn(landed));
    }

    private static JsonNode only(JsonNode details, String outcome) {
        List<JsonNode> found = new ArrayList<>();
        details.path("items").forEach(item -> {
            if (item.path("outcome").asText().equals(outcome)) {
                found.add(item);
            }
        });
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void tellsAPersonWhomTheTargetDoesNotKnow() {
        String id = hub.transfer(to("sisu", LIISA).target("nobody"));

        assertDeath(id, "DELIVER", FailureCode.TARGET_PERSON_UNKNOWN);
        assertThat(outside.imports()).isEmpty();
    }

    @Test
    void asksNoRegisterOnceTheConsentIsOver() {
        hub.post("operator", "/registers/fi-virta/pause", "");
        Instant end = Instant.now().plusSeconds(3);
        String id = hub.transfer(expiring(to("file-drop", LIISA), end));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> Instant.now().isAfter(end));
        assertThat(hub.status(id)).isEqualTo("QUEUED");

        hub.post("operator", "/registers/fi-virta/resume", "");

        assertDeath(id, "PULL", FailureCode.CONSENT_EXPIRED);
        assertThat(outside.server().getAllServeEvents()).isEmpty();
        assertThat(hub.post("operator", "/dead-letters/" + id + "/replay", "{}").code())
                .isEqualTo("consent_expired");
    }

    @Test
    void deliversNothingOnceTheConsentIsOver() {
        hub.post("operator", "/sis/sisu/pause", "");
        Instant end = Instant.now().plusSeconds(5);
        String id = hub.transfer(expiring(to("sisu", LIISA).target("hy-hlo-expired"), end));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Instant.now().isAfter(end)
                        && hub.details(id).path("stage").asText().equals("DELIVER"));

        hub.post("operator", "/sis/sisu/resume", "");

        assertDeath(id, "DELIVER", FailureCode.CONSENT_EXPIRED);
        assertThat(outside.imports()).isEmpty();
    }

    private static ObjectNode expiring(TransferRequest request, Instant end) {
        ObjectNode body = request.tree();
        ((ObjectNode) body.path("consent")).put("expiresAt", end.toString());
        return body;
    }

    /** Waits for the end; what is only for the time being was tried more than once, all else exactly once. */
    private static JsonNode assertDeath(String id, String stage, FailureCode code) {
        JsonNode dead = hub.await(id, "DEAD_LETTERED");
        assertThat(dead.path("stage").asText()).isEqualTo(stage);
        JsonNode failure = dead.path("failure");
        assertThat(failure.path("code").asText()).isEqualTo(code.wireName());
        assertThat(failure.path("kind").asText()).isEqualTo(code.kind().name());
        assertThat(failure.path("message").asText()).startsWith(code.message().replaceFirst("\\.$", ""));
        assertThat(failure.path("next").asText()).isEqualTo(code.next());
        assertThat(dead.path("attempts"))
                .filteredOn(attempt -> attempt.path("code").asText().equals(code.wireName()))
                .hasSizeBetween(
                        code == FailureCode.CONSENT_EXPIRED ? 0 : 1, code.kind() == FailureKind.PERMANENT ? 1 : 5);
        JsonNode group = hub.get("operator", "/dead-letters/groups?failureCode=" + code.wireName())
                .json()
                .path("groups");
        assertThat(group.findValuesAsText("stage")).contains(stage);
        return dead;
    }

    /** No answer of the API and no line of the log holds what must stay outside. */
    private static void assertTold(String id, String... secrets) throws IOException {
        for (String path : List.of(
                "/transfers/" + id,
                "/transfers/" + id + "/report",
                "/transfers",
                "/dead-letters",
                "/dead-letters/groups",
                "/registers",
                "/sis")) {
            assertThat(hub.get("admin", path).text()).as(path).doesNotContain(secrets);
        }
        assertThat(hub.data().resolve("logs/hub.log")).exists();
        assertThat(Files.readString(hub.data().resolve("logs/hub.log"))).doesNotContain(secrets);
    }
}
