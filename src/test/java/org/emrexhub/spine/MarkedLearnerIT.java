package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.OutsideWorld.answer;
import static org.emrexhub.spine.OutsideWorld.envelope;
import static org.emrexhub.spine.OutsideWorld.fault;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.DivertConfiguration;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ComponentConfigurationRoutingType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.awaitility.Awaitility;
import org.emrexhub.spine.RunningHub.Answer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.ClassUtils;

/**
 * A learner whose every datum bears a mark goes every way through a hub, and nothing of it is found where no learner
 * data may be. Tracing is not on the class path; should it come, this test asks to be extended.
 */
@Tag("slow")
class MarkedLearnerIT {

    /** In every text that may be of any form. */
    private static final String MARK = "Zq7Merkki";

    private static final String STUDENT_NUMBER = "Q86429";
    private static final String IDENTITY_CODE = "131190-918U";
    private static final String BORN = "1990-11-13";
    private static final String TARGET = "hy-hlo-" + MARK;

    private static final String FAMILY_NAME = MARK + "nen";

    /** In the words of those who work with the hub; whom they are for may read them, but they stand encrypted. */
    private static final String REASON = "Xj4Peruste";

    private static final String[] OF_THE_LEARNER = {MARK, STUDENT_NUMBER, IDENTITY_CODE, BORN, "19901113"};
    private static final Marks TOLD = new Marks(OF_THE_LEARNER);
    private static final Marks MARKS = new Marks(
            Stream.concat(Stream.of(OF_THE_LEARNER), Stream.of(REASON)).toArray(String[]::new));

    private static final Set<String> ENDED = Set.of("DEAD_LETTERED", "DELIVERED", "EXPIRED");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String COPIES = "copies";
    private static final List<String> SENT_TO_OTHERS = List.of("content-type", "authorization", "accept", "soapaction");

    private final List<String> told = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private OutsideWorld outside;
    private RunningHub hub;

    @Test
    void leavesNothingWhereNoLearnerDataMayBe(@TempDir Path temp) throws Exception {
        Instant start = Instant.now().minusSeconds(1);
        Path data = temp.resolve("data");
        HomeCopy home = HomeCopy.in(temp.resolve("home"));
        home.add(Path.of("src/test/resources/newcomers"), home.path());
        home.edit(
                "mappings/registers/zz-campus/code-tables.xml",
                "<row code=\"A\" label=\"A\"",
                "<row code=\"" + MARK + "Arvosana\" label=\"" + MARK
                        + "Arvosana\" status=\"passed\"/><row code=\"A\" label=\"A\"");
        try (OutsideWorld world = new OutsideWorld()) {
            outside = world;
            hub = RunningHub.start(data, settings(home));
            try {
                copyEveryMessage();
                goEveryWay();
                askForNonsense();
                assertAll(
                        this::lookAtAnswers,
                        this::lookAtRequests,
                        this::lookAtMetrics,
                        this::lookAtMessages,
                        this::lookAtTables);
            } finally {
                hub.close();
            }
        }
        lookAtFiles(data, start);
        assertThat(ClassUtils.isPresent("io.micrometer.tracing.Tracer", null)).isFalse();
        assertThat(ClassUtils.isPresent("io.opentelemetry.api.trace.Tracer", null))
                .isFalse();
    }

    @Test
    void wouldFindAMark() throws IOException {
        String told = "the learner " + STUDENT_NUMBER + " was not found";
        assertThat(MARKS.in(told)).isPresent();
        assertThat(MARKS.in(told.toLowerCase(Locale.ROOT))).isPresent();
        for (int before = 0; before < 3; before++) {
            byte[] shifted = ("x".repeat(before) + told).getBytes(StandardCharsets.UTF_8);
            assertThat(MARKS.in(Base64.getEncoder().encode(shifted))).isPresent();
        }
        assertThat(MARKS.in(told.getBytes(StandardCharsets.UTF_16LE))).isPresent();
        assertThat(MARKS.in("/students/%51%38%36%34%32%39")).isPresent();
        assertThat(MARKS.in("131190%2D918U")).isPresent();
        assertThat(MARKS.in("\\u0051\\u0038\\u0036\\u0034\\u0032\\u0039")).isPresent();
        assertThat(MARKS.in("&#x51;&#x38;&#x36;&#x34;&#x32;&#x39;")).isPresent();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(new byte[100]);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(told.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(MARKS.in(packed.toByteArray())).isPresent();
        assertThat(MARKS.in("3d2b4f9c8a7e Base64+text/of=nothing Q86428 131190-918T"))
                .isEmpty();
    }

    private String[] settings(HomeCopy home) {
        List<String> settings = new ArrayList<>(List.of(outside.settings()));
        settings.addAll(outside.newcomers());
        settings.addAll(List.of(
                "emrexhub.home=" + home.path(),
                "emrexhub.registers.zz-campus.timeout=30s",
                "emrexhub.registers.fi-virta.timeout=30s",
                "emrexhub.sis.zz-archive.timeout=30s",
                "emrexhub.sis.sisu.timeout=30s",
                "emrexhub.sis.sisu.settle=200ms",
                // Each case by itself: none waits because others failed before.
                "emrexhub.breaker.failures=1000000",
                "emrexhub.retry.first=200ms",
                "emrexhub.retry.max=500ms",
                "emrexhub.retry.give-up-after=3s",
                // As in production, and more: whoever looks for a fault turns this on.
                "logging.level.root=INFO",
                "logging.level.org.emrexhub=DEBUG",
                "logging.level.org.apache.camel=DEBUG",
                "logging.threshold.console=WARN"));
        return settings.toArray(String[]::new);
    }

    // The ways.

    private void goEveryWay() throws Exception {
        campus(okJson(credits()));
        archive(
                okJson(
                        "{\"items\":[{\"ref\":\"1\",\"status\":\"ACCEPTED\",\"targetId\":\"p-77\"},{\"ref\":\"2\",\"status\":\"DUPLICATE\"}]}"));
        awaitEnd(send(fromCampus()), "DELIVERED");
        registersThatEcho();
        targetsThatEcho();
        people();
    }

    private void registersThatEcho() throws Exception {
        String echo = MARK + " " + STUDENT_NUMBER + " " + IDENTITY_CODE + " " + BORN;
        List<ResponseDefinitionBuilder> answers = List.of(
                aResponse().withStatus(404).withBody(echo),
                aResponse().withStatus(403).withStatusMessage(echo).withHeader("X-Learner", echo),
                aResponse().withStatus(500).withBody("<html><h1>" + echo + "</h1></html>"),
                aResponse().withStatus(302).withHeader("Location", outside.baseUrl() + "/students/" + STUDENT_NUMBER),
                aResponse()
                        .withStatus(200)
                        .withHeader("Content-Type", echo)
                        .withHeader("Set-Cookie", "learner=" + MARK),
                aResponse().withStatus(200).withHeader("Content-Encoding", MARK).withBody(echo),
                okJson("{\"" + echo + "\": \"" + echo),
                okJson("{\"number\": \"" + echo + "\", \"credits\": [{\"id\": \"" + echo + "\"}]}"),
                okJson(credits().replace("\"2026-", "\"" + echo + "-")),
                okJson(credits().replace("\"5.0\"", "\"" + MARK + "\"")),
                okJson(credits().replace("\"A\"", "\"" + STUDENT_NUMBER + "\"")),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
                aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
        List<String> ids = new ArrayList<>();
        for (ResponseDefinitionBuilder answer : answers) {
            campus(answer);
            String id = send(fromCampus());
            ids.add(id);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !hub.details(id).path("attempts").isEmpty());
            outside.server()
                    .removeStub(get(urlEqualTo("/students/" + STUDENT_NUMBER)).build());
        }
        String mapped = answer("liisa-moniopisto.xml")
                .replace(LIISA, IDENTITY_CODE)
                .replaceAll("<virta:Nimi([^>]*)>[^<]*<", "<virta:Nimi$1>" + MARK + "<");
        for (ResponseDefinitionBuilder answer : List.of(
                fault("Henkilö " + echo + " on liikaa"),
                fault("Kutsujan avain on virheellinen: " + echo),
                envelope(echo),
                envelope("<luku:OpiskelijanKaikkiTiedotResponse><virta:Virta><!-- " + echo
                        + " --></virta:Virta></luku:OpiskelijanKaikkiTiedotResponse>"),
                envelope(mapped.replace(">4<", ">" + IDENTITY_CODE + "<")),
                envelope(mapped.replace("<virta:Laji>2<", "<virta:Laji>" + MARK + IDENTITY_CODE + "<")
                        .replace(MARK + "1", "1")),
                envelope(mapped.replace("2021-05-21", BORN + MARK)))) {
            outside.virta(answer);
            String id = send(fromVirta("file-drop"));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !hub.details(id).path("attempts").isEmpty());
            ids.add(id);
        }
        ids.forEach(this::awaitEnd);
        outside.virta(envelope(mapped));
        awaitEnd(send(fromVirta("file-drop")), "DELIVERED");
        // One of each kind of end.
        campus(okJson(credits()));
        archive(okJson(
                "{\"items\":[{\"ref\":\"1\",\"status\":\"ACCEPTED\"},{\"ref\":\"2\",\"status\":\"ACCEPTED\"}]}"));
        ask("operator", "POST", "/dead-letters/" + ids.get(0) + "/replay", "{\"from\":\"PULL\"}");
        ask("operator", "POST", "/dead-letters/" + ids.get(1) + "/discard", "{\"reason\":\"" + REASON + "\"}");
        ask(
                "operator",
                "POST",
                "/dead-letters/replay",
                "{\"filter\":{\"stage\":\"PULL\"},\"limit\":3,\"perSecond\":100}");
        awaitEnd(ids.get(1), "DISCARDED");
        awaitEnd(ids.get(0));
    }

    private void targetsThatEcho() throws Exception {
        campus(okJson(credits()));
        String items = "{\"items\":[{\"ref\":\"1\",\"status\":\"REJECTED\",\"code\":\"%s\",\"targetId\":\"%s\"},"
                + "{\"ref\":\"2\",\"status\":\"REJECTED\",\"code\":\"%s\",\"message\":\"%s\"}]}";
        List<ResponseDefinitionBuilder> answers = List.of(
                okJson(String.format(items, "unknown_person_" + STUDENT_NUMBER, STUDENT_NUMBER, FAMILY_NAME, MARK)),
                okJson(String.format(
                        items, FAMILY_NAME.toUpperCase(Locale.ROOT) + "_rejected", "p-" + FAMILY_NAME, BORN, MARK)),
                okJson("{\"items\":[{\"ref\":\"" + MARK + "\",\"status\":\"" + MARK + "\"}]}"),
                okJson("{\"items\":\"" + MARK),
                aResponse().withStatus(400).withStatusMessage(MARK).withBody(MARK),
                aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic realm=" + MARK),
                aResponse().withStatus(500).withBody("<html>" + MARK + "</html>"));
        for (ResponseDefinitionBuilder answer : answers) {
            archive(answer);
            // Another learner's id at the target each time, so that no credit was there before.
            ObjectNode request = fromCampus();
            ((ObjectNode) request.path("learner")).put("targetId", TARGET + UUID.randomUUID());
            String id = send(request);
            awaitEnd(id);
        }
        outside.sisu(
                aResponse().withStatus(422).withStatusMessage(MARK).withBody("{\"violations\":[\"" + MARK + "\"]}"));
        awaitEnd(send(fromVirta("sisu")));
    }

    /** Who decides, submits, searches and withdraws. */
    private void people() throws Exception {
        ObjectNode held = fromVirta("file-drop");
        held.put("hold", "decision").remove("decision");
        String id = send(held);
        awaitEnd(id, "AWAITING_DECISION");
        ask(
                "officer",
                "POST",
                "/imports/search",
                "{\"identifier\":{\"type\":\"nationalIdentifier\",\"value\":\"" + IDENTITY_CODE + "\"}}");
        hub.post("client", "/imports/" + id + "/submit", "{\"fields\":{\"wish\":\"" + MARK + "\"}}");
        ask(
                "officer",
                "POST",
                "/imports/" + id + "/decision",
                "{\"decision\":\"APPROVED\",\"acceptor\":{\"name\":\"" + MARK + "\",\"title\":\"" + MARK
                        + "\",\"personId\":\"" + MARK + "\"}}");
        awaitEnd(id, "DELIVERED");
        String refused = send(held);
        awaitEnd(refused, "AWAITING_DECISION");
        ask(
                "officer",
                "POST",
                "/imports/" + refused + "/decision",
                "{\"decision\":\"REJECTED\",\"reason\":\"" + REASON + "\"}");
        awaitEnd(refused, "REJECTED");
        String withdrawn = send(held);
        awaitEnd(withdrawn, "AWAITING_DECISION");
        ask("client", "POST", "/transfers/" + withdrawn + "/cancel", "");
        awaitEnd(withdrawn, "CANCELLED");
        // What a stranger drops: names and contents.
        Path inbox = hub.data().resolve("drop/inbox");
        Files.writeString(inbox.resolve(MARK + ".ack.json"), MARK);
        Files.writeString(inbox.resolve(UUID.randomUUID() + ".ack.json"), "{\"items\":[{\"ref\":\"" + MARK);
        Files.writeString(
                inbox.resolve(id + ".ack.json.part"),
                "{\"items\":[{\"ref\":\"1\",\"status\":\"REJECTED\",\"code\":\"" + FAMILY_NAME + "\"}]}");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Files.exists(hub.data().resolve("drop/unreadable/" + MARK + ".ack.json")));
    }

    private void awaitEnd(String id) {
        awaitEnd(id, "DEAD_LETTERED", "DELIVERED", "DISCARDED");
    }

    private void awaitEnd(String id, String... ends) {
        Awaitility.await("the end of " + id)
                .atMost(PATIENCE)
                .failFast(() -> {
                    String now = hub.status(id);
                    return ENDED.contains(now) && !List.of(ends).contains(now);
                })
                .until(() -> List.of(ends).contains(hub.status(id)));
        for (String path : List.of("/transfers/" + id, "/transfers/" + id + "/report")) {
            ask("admin", "GET", path, "");
        }
    }

    private void campus(ResponseDefinitionBuilder answer) {
        outside.server().stubFor(get(urlEqualTo("/students/" + STUDENT_NUMBER)).willReturn(answer));
    }

    private void archive(ResponseDefinitionBuilder answer) {
        outside.server().stubFor(post("/proposals").willReturn(answer));
        outside.server().stubFor(get(urlMatching("/proposals/.*")).willReturn(okJson("{\"items\":[]}")));
    }

    private static String credits() {
        return "{\"number\": \"" + STUDENT_NUMBER + "\", \"given\": \"" + MARK + "Virpi\", \"family\": \"" + FAMILY_NAME
                + "\", \"born\": \"" + BORN + "\", \"credits\": ["
                + "{\"id\": \"1\", \"code\": \"" + MARK + "-1\", \"name\": \"" + MARK
                + "oppi\", \"points\": \"5.0\", \"grade\": \"" + MARK + "Arvosana\", \"date\": \"2025-05-05\"},"
                + "{\"id\": \"2\", \"code\": \"" + MARK + "-2\", \"name\": \"" + MARK
                + "tiede\", \"points\": \"3.0\", \"grade\": \"A\", \"date\": \"2025-05-06\"}]}";
    }

    private static ObjectNode fromCampus() {
        return marked(new TransferRequest(
                "zz-archive", List.of("zz-campus"), "studentNumber", STUDENT_NUMBER, BORN, TARGET, true, ""));
    }

    private static ObjectNode fromVirta(String sis) {
        return marked(new TransferRequest(
                sis, List.of("fi-virta"), "nationalIdentifier", IDENTITY_CODE, BORN, TARGET, true, ""));
    }

    private static ObjectNode marked(TransferRequest request) {
        ObjectNode body = request.tree();
        body.put("purpose", MARK + " to be recognised".repeat(5));
        ((ObjectNode) body.path("learner")).put("givenNames", MARK + "Virpi").put("familyName", FAMILY_NAME);
        ((ObjectNode) body.path("consent")).put("reference", MARK + "/55");
        ((ObjectNode) body.at("/decision/acceptor"))
                .put("name", MARK + "Sihteeri")
                .put("title", MARK + "Päällikkö")
                .put("personId", "otm-" + MARK);
        return body;
    }

    private String send(JsonNode request) {
        Answer answer =
                ask("client", "POST", "/transfers", request.toString(), "Idempotency-Key", MARK + UUID.randomUUID());
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asText();
    }

    // Requests that nobody should make.

    private void askForNonsense() throws Exception {
        ObjectNode sound = fromCampus();
        List<String> pointers = new ArrayList<>();
        leaves(sound, "", pointers);
        for (String pointer : pointers) {
            for (JsonNode wrong : List.of(
                    TextNode.valueOf(MARK + "\u0007"),
                    RunningHub.JSON.createArrayNode().add(MARK),
                    RunningHub.JSON.createObjectNode().put(MARK, MARK))) {
                refuse(with(sound, pointer, wrong), UUID.randomUUID().toString());
            }
        }
        ObjectNode unknown = sound.deepCopy();
        unknown.put(MARK, MARK).putObject(MARK + "x").put(MARK, 1);
        ((ObjectNode) unknown.path("learner")).put(MARK, MARK);
        refuse(unknown, UUID.randomUUID().toString());
        refuse(sound, MARK + " with blanks");
        refuse(sound, MARK.repeat(100));
        refuse(with(sound, "/learner/identifier/value", TextNode.valueOf(MARK)), MARK);
        refuse(with(sound, "/sis", TextNode.valueOf(MARK)), MARK);
        refuse(with(sound, "/registers/0", TextNode.valueOf(MARK)), MARK);
        for (String body :
                List.of(MARK, "{\"" + MARK, "{\"a\":\"" + MARK + "\",\"a\":1}", "\"" + MARK + "\"", "[" + MARK)) {
            assertThat(ask("client", "POST", "/transfers", body, "Idempotency-Key", MARK)
                            .status())
                    .isEqualTo(400);
        }
        for (String path : List.of(
                "/transfers/" + MARK,
                "/transfers/" + MARK + "/elmo",
                "/imports/" + IDENTITY_CODE,
                "/replays/" + MARK,
                "/" + MARK + "/" + STUDENT_NUMBER,
                "/transfers?after=" + MARK,
                "/transfers?status=" + MARK + "&register=" + MARK + "&" + MARK + "=" + MARK,
                "/dead-letters?destination=" + MARK + "&from=" + BORN,
                "/dead-letters/groups?sis=" + MARK)) {
            assertThat(ask("admin", "GET", path, "").status()).isBetween(400, 404);
        }
        for (String path : List.of(
                "/dead-letters/" + MARK + "/replay",
                "/dead-letters/" + MARK + "/discard",
                "/registers/" + MARK + "/pause",
                "/sis/" + MARK + "/resume",
                "/imports/" + MARK + "/decision",
                "/imports/search")) {
            assertThat(ask("admin", "POST", path, "{\"reason\":\"" + MARK + "\",\"" + MARK + "\":1}")
                            .status())
                    .isBetween(400, 404);
        }
        // Well-formed, and of nobody: a system's id may look like a learner's.
        ask(
                "operator",
                "POST",
                "/dead-letters/replay",
                "{\"filter\":{\"destination\":\"" + STUDENT_NUMBER.toLowerCase(Locale.ROOT) + "\"}}");
        ask("operator", "GET", "/dead-letters?destination=" + STUDENT_NUMBER.toLowerCase(Locale.ROOT), "");
        ask(MARK, "GET", "/transfers", "");
        ask(
                "client",
                "GET",
                "/transfers",
                "",
                "Accept",
                "application/" + MARK,
                "User-Agent",
                MARK,
                "Origin",
                "https://" + MARK + ".example",
                "Referer",
                "https://a.example/" + IDENTITY_CODE,
                "Cookie",
                "a=" + MARK,
                "X-Request-Id",
                MARK);
        ask("client", "POST", "/transfers", MARK, "Content-Type", "text/" + MARK);
        ask("client", MARK.toUpperCase(Locale.ROOT), "/transfers", "");
        String host = " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
        for (String raw : List.of(
                "GET /" + MARK + "{}|" + host + "\r\n",
                "GET /api/v1/transfers/..%2f" + MARK + host + "\r\n",
                "GET /api/v1/transfers/%00" + MARK + host + "\r\n",
                "GET /api/v1/transfers/;" + MARK + "=1" + host + "\r\n",
                "GET /" + MARK + " " + MARK + host + "\r\n",
                MARK + " /v3/api-docs" + host + "\r\n",
                "TRACE /" + MARK + host + "X-Learner: " + MARK + "\r\n\r\n",
                "G{}T /" + MARK + host + "\r\n",
                "GET /v3/api-docs" + host + MARK + "(): " + MARK + "\r\n\r\n",
                "GET /v3/api-docs" + host + "X: " + MARK + "\u0001\r\n\r\n",
                "GET /v3/api-docs" + host + "Cookie: a=\"" + MARK + "\u0080\r\n\r\n",
                "GET /v3/api-docs HTTP/1.1\r\nHost: " + MARK + "_{}\r\n\r\n",
                "GET /v3/api-docs HTTP/" + MARK + "\r\n\r\n",
                "POST /api/v1/transfers" + host + "Content-Type: application/json\r\nTransfer-Encoding: " + MARK
                        + "\r\n\r\n",
                "POST /api/v1/transfers" + host + "Content-Length: " + MARK + "\r\n\r\n",
                "GET /actuator/" + MARK + host + "\r\n",
                "GET /" + MARK.repeat(2_000) + host + "\r\n")) {
            told.add(raw(raw));
        }
    }

    private void refuse(JsonNode request, String key) {
        Answer answer = ask("client", "POST", "/transfers", request.toString(), "Idempotency-Key", key);
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
    }

    private static void leaves(JsonNode node, String at, List<String> pointers) {
        node.properties().forEach(property -> leaves(property.getValue(), at + "/" + property.getKey(), pointers));
        for (int index = 0; node.isArray() && index < node.size(); index++) {
            leaves(node.get(index), at + "/" + index, pointers);
        }
        if (node.isValueNode()) {
            pointers.add(at);
        }
    }

    private static ObjectNode with(ObjectNode request, String pointer, JsonNode value) {
        ObjectNode copy = request.deepCopy();
        int end = pointer.lastIndexOf('/');
        JsonNode parent = end == 0 ? copy : copy.at(pointer.substring(0, end));
        String name = pointer.substring(end + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), value);
        } else {
            ((ObjectNode) parent).set(name, value);
        }
        return copy;
    }

    /** Asks the API and keeps what was told, whatever it was. */
    private Answer ask(String user, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.address() + "/api/v1" + path))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int n = 0; n < headers.length; n += 2) {
            request.header(headers[n], headers[n + 1]);
        }
        if (!body.isEmpty() && Arrays.stream(headers).noneMatch("Content-Type"::equals)) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            Answer answer = new Answer(response.statusCode(), response);
            told.add(response.statusCode() + "\n" + response.headers().map() + "\n" + answer.text());
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String raw(String request) throws IOException {
        URI address = URI.create(hub.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).as(request).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 5");
            return answer;
        }
    }

    // Where nothing may be.

    private void lookAtAnswers() {
        for (String path : List.of(
                "/transfers?size=200", "/dead-letters?size=200", "/dead-letters/groups", "/registers", "/sis")) {
            ask("admin", "GET", path, "");
        }
        assertThat(told)
                .hasSizeGreaterThan(150)
                .allSatisfy(answer -> assertThat(TOLD.in(answer)).as(answer).isEmpty());
    }

    /** What the hub asks others for: nothing of the learner in a header; in an address only where its interface is so. */
    private void lookAtRequests() {
        outside.server().getAllServeEvents().forEach(event -> {
            String url = event.getRequest().getUrl();
            if (!url.equals("/students/" + STUDENT_NUMBER)) {
                assertThat(MARKS.in(url)).as("an address").isEmpty();
            }
            event.getRequest().getHeaders().all().stream()
                    .filter(header -> !SENT_TO_OTHERS.contains(header.key().toLowerCase(Locale.ROOT)))
                    .forEach(header -> assertThat(MARKS.in(header.toString()))
                            .as("the header %s", header.key())
                            .isEmpty());
        });
    }

    private void lookAtMetrics() throws Exception {
        HttpResponse<String> metrics = http.send(
                HttpRequest.newBuilder(URI.create(hub.address() + "/actuator/prometheus"))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("operator:demo".getBytes(StandardCharsets.UTF_8)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("http_server_requests_seconds_count");
        metrics.body()
                .lines()
                .forEach(line -> assertThat(MARKS.in(line)).as(line).isEmpty());
    }

    /** A copy of each message of every queue, so that those are seen that were consumed since. */
    private void copyEveryMessage() throws Exception {
        ActiveMQServer broker = hub.bean(EmbeddedActiveMQ.class).getActiveMQServer();
        for (SimpleString address : broker.getPostOffice().getAddresses()) {
            if (address.toString().startsWith("hub.")) {
                broker.deployDivert(new DivertConfiguration()
                        .setName("copy-of-" + address)
                        .setAddress(address.toString())
                        .setForwardingAddress(COPIES)
                        .setExclusive(false)
                        .setRoutingType(ComponentConfigurationRoutingType.ANYCAST));
            }
        }
        broker.createQueue(QueueConfiguration.of(COPIES)
                .setAddress(COPIES)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(true));
    }

    private void lookAtMessages() throws Exception {
        ActiveMQServer broker = hub.bean(EmbeddedActiveMQ.class).getActiveMQServer();
        int copies = 0;
        int dead = 0;
        try (JMSContext jms = hub.bean(ConnectionFactory.class).createContext()) {
            for (String name : broker.getActiveMQServerControl().getQueueNames()) {
                if (!name.startsWith("hub.") && !name.equals(COPIES)) {
                    continue;
                }
                try (QueueBrowser browser = jms.createBrowser(jms.createQueue(name))) {
                    for (Object each : Collections.list(browser.getEnumeration())) {
                        assertThat(MARKS.in(described((Message) each)))
                                .as("a message in %s", name)
                                .isEmpty();
                        copies += name.equals(COPIES) ? 1 : 0;
                        dead += name.endsWith(".dead") ? 1 : 0;
                    }
                }
            }
        }
        assertThat(copies).isGreaterThan(50);
        assertThat(dead).isGreaterThan(5);
    }

    private static byte[] described(Message message) throws JMSException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        StringBuilder text = new StringBuilder(message.getJMSCorrelationID() + " " + message.getJMSType() + " "
                + message.getJMSReplyTo() + " " + message.getJMSMessageID());
        for (Object name : Collections.list(message.getPropertyNames())) {
            text.append(' ').append(name).append('=').append(message.getObjectProperty(name.toString()));
        }
        all.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
        if (message instanceof BytesMessage bytes) {
            byte[] body = new byte[(int) bytes.getBodyLength()];
            bytes.readBytes(body);
            all.writeBytes(body);
        } else if (message instanceof TextMessage words) {
            String body = words.getText();
            all.writeBytes(String.valueOf(body).getBytes(StandardCharsets.UTF_8));
        }
        return all.toByteArray();
    }

    /** Every column of every row, those too that are encrypted: they must not bear it either. */
    private void lookAtTables() throws SQLException {
        int rows = 0;
        try (Connection ledger = hub.bean(DataSource.class).getConnection()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found =
                    ledger.getMetaData().getTables(null, "public", "%", new String[] {"TABLE", "BASE TABLE"})) {
                while (found.next()) {
                    tables.add(found.getString("TABLE_NAME"));
                }
            }
            assertThat(tables).contains("transfer", "document", "application", "event", "delivery_item", "consent");
            for (String table : tables) {
                try (ResultSet row = ledger.createStatement().executeQuery("select * from \"" + table + "\"")) {
                    while (row.next()) {
                        rows++;
                        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                            Object value = row.getObject(column);
                            byte[] bytes = value instanceof byte[] binary
                                    ? binary
                                    : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
                            assertThat(MARKS.in(bytes))
                                    .as("%s.%s", table, row.getMetaData().getColumnName(column))
                                    .isEmpty();
                        }
                    }
                }
            }
        }
        assertThat(rows).isGreaterThan(100);
    }

    /** Everything the hub wrote, and what is new where temporary files go; not what it dropped for others to read. */
    private static void lookAtFiles(Path data, Instant start) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var all = Files.walk(data)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(data.resolve("drop")))
                    .forEach(files::add);
        }
        assertThat(files).anyMatch(file -> file.endsWith("logs/hub.log")).anyMatch(file -> file.endsWith("hub.mv.db"));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (var all = Files.list(temporary)) {
            all.filter(file -> !data.startsWith(file))
                    .filter(file -> !file.getFileName().toString().startsWith("junit"))
                    .forEach(file -> addNew(file, start, files));
        }
        for (Path file : files) {
            try {
                for (int at = 0; at <= Files.size(file); at += PIECE - 100) {
                    assertThat(MARKS.in(piece(file, at))).as("%s", file).isEmpty();
                }
            } catch (NoSuchFileException gone) {
                assertThat(file.startsWith(data)).as("%s is gone", file).isFalse();
            }
        }
        for (Path file : files) {
            assertThat(MARKS.in(file.toString())).as("the name of a file").isEmpty();
        }
        assertThat(Files.readString(data.resolve("logs/hub.log"))).contains("DEBUG");
    }

    private static final int PIECE = 16 * 1024 * 1024;

    private static byte[] piece(Path file, long at) throws IOException {
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(at);
            return in.readNBytes(PIECE);
        }
    }

    private static void addNew(Path top, Instant start, List<Path> files) {
        try (var all = Files.walk(top, 4)) {
            all.filter(file -> {
                        try {
                            return Files.isRegularFile(file)
                                    && Files.getLastModifiedTime(file)
                                            .toInstant()
                                            .isAfter(start)
                                    && Files.size(file) < PIECE;
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .forEach(files::add);
        } catch (IOException | UncheckedIOException notOurs) {
            // Somebody else's, gone or closed to us.
        }
    }
}
