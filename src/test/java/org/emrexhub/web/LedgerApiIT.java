package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.emrexhub.EmrexHub;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the API says of transfers and imports that stand in a real ledger, and what the demo's systems say of nonsense. */
class LedgerApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MAIJA = "170599-902M";
    private static final String KAARLO = "240295-903R";
    private static final String APPROVED =
            "{\"decision\":\"APPROVED\",\"acceptor\":{\"name\":\"Olli Opintosihteeri\"},\"targetId\":\"otm-1\"}";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext hub;
    private static String address;

    private record Answered(int status, JsonNode json) {

        String code() {
            return json.path("code").asText();
        }
    }

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        address = "http://127.0.0.1:" + port + "/api/v1";
        hub = new SpringApplication(EmrexHub.class)
                .run(
                        "--spring.profiles.active=demo",
                        "--emrexhub.demo.first-transfer=false",
                        "--emrexhub.data=" + data,
                        "--emrexhub.home=" + Systems.HOME,
                        "--server.port=" + port);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void answersTheSameRequestWithTheSameTransferThoughItsConsentHasRunOut() throws Exception {
        Instant end = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
        ObjectNode body = request(MAIJA, "1999-05-17");
        ((ObjectNode) body.path("consent")).put("expiresAt", end.toString());
        Answered first = create("key-run-out", body);
        assertThat(first.status()).isEqualTo(202);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Instant.now().isAfter(end.plusMillis(50)));

        Answered again = create("key-run-out", body);

        assertThat(again.status()).as(again.json().toString()).isEqualTo(202);
        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(create("key-other", body).code()).isEqualTo("consent_expired");
        assertThat(create("key-run-out", body.put("purpose", "another")).code()).isEqualTo("consent_expired");
    }

    @Test
    void saysThatAnImportIsCancelledWithItsTransfer() throws Exception {
        String id = held(KAARLO, "1995-02-24");
        assertThat(details(id).path("expiresAt").asText()).isNotEmpty();

        assertThat(call("client", "/transfers/" + id + "/cancel", "").status()).isEqualTo(200);

        assertThat(details(id).path("status").asText()).isEqualTo("CANCELLED");
        assertThat(details(id).has("expiresAt")).isFalse();
        assertThat(ids(search("\"status\":\"CANCELLED\""))).contains(id);
        assertThat(ids(search("\"status\":\"DRAFT\""))).doesNotContain(id);
        assertThat(call("officer", "/imports/" + id + "/decision", APPROVED).code())
                .isEqualTo("already_decided");
        assertThat(call("client", "/imports/" + id + "/submit", "{}").code()).isEqualTo("already_decided");
    }

    @Test
    void takesNoRepeatedApprovalOfACancelledImport() throws Exception {
        String id = held(KAARLO, "1995-02-24");
        assertThat(call("operator", "/sis/file-drop/pause", "").status()).isEqualTo(200);
        try {
            assertThat(call("officer", "/imports/" + id + "/decision", APPROVED).status())
                    .isEqualTo(200);
            assertThat(call("client", "/transfers/" + id + "/cancel", "").status())
                    .isEqualTo(200);

            assertThat(call("officer", "/imports/" + id + "/decision", APPROVED).code())
                    .isEqualTo("already_decided");
        } finally {
            call("operator", "/sis/file-drop/resume", "");
        }
        assertThat(details(id).path("status").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void findsImportsNewestFirstPageByPage() throws Exception {
        List<String> newestFirst = new ArrayList<>();
        for (int count = 0; count < 3; count++) {
            newestFirst.add(0, held("121299-9066", "1999-12-12"));
        }
        String learner = "\"identifier\":{\"type\":\"nationalIdentifier\",\"value\":\"121299-9066\"},\"size\":2";

        JsonNode first = search(learner);
        JsonNode second = search(learner + ",\"after\":\"" + first.path("next").asText() + "\"");

        assertThat(ids(first)).isEqualTo(newestFirst.subList(0, 2));
        assertThat(ids(second)).isEqualTo(newestFirst.subList(2, 3));
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void refusesAPageThatNoPageNamed() throws Exception {
        String after = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("+1000000000-12-31T23:59:59Z/" + new UUID(0, 0)).getBytes(StandardCharsets.US_ASCII));

        Answered list = get("client", "/transfers?after=" + after);
        Answered imports = call("officer", "/imports/search", "{\"after\":\"" + after + "\"}");

        assertThat(list.code()).isEqualTo("request_invalid");
        assertThat(list.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"query:after\",\"code\":\"format_invalid\"}]");
        assertThat(imports.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/after\",\"code\":\"format_invalid\"}]");
    }

    @Test
    void approvesNothingWhoseConsentHasRunOut() throws Exception {
        String id = held(MAIJA, "1999-05-17");
        hub.getBean(JdbcTemplate.class)
                .update(
                        "update consent set expires_at = current_timestamp - interval '1' minute where transfer_id = ?",
                        UUID.fromString(id));

        Answered answer = call("officer", "/imports/" + id + "/decision", APPROVED);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("consent_expired");
        assertThat(call("officer", "/imports/" + id + "/decision", "{\"decision\":\"REJECTED\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void keepsTheReasonAndTakesTheSameDecisionTwiceButNoOther() throws Exception {
        String id = held(MAIJA, "1999-05-17");
        String because = APPROVED.replace("{\"decision", "{\"reason\":\"Fits the programme\",\"decision");
        assertThat(details(id).has("decision")).isFalse();

        assertThat(call("officer", "/imports/" + id + "/decision", because).status())
                .isEqualTo(200);

        JsonNode decision = details(id).path("decision");
        assertThat(decision.path("decidedBy").asText()).isEqualTo("officer:officer");
        assertThat(decision.path("reason").asText()).isEqualTo("Fits the programme");
        assertThat(Instant.parse(decision.path("decidedAt").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(call("officer", "/imports/" + id + "/decision", because).status())
                .isEqualTo(200);
        for (String other : List.of(
                because.replace("Olli", "Outi"),
                because.replace("otm-1", "otm-2"),
                because.replace("Fits", "Suits"),
                because.replace("\"name\"", "\"title\":\"Dean\",\"name\""),
                "{\"decision\":\"REJECTED\"}")) {
            assertThat(call("officer", "/imports/" + id + "/decision", other).code())
                    .as(other)
                    .isEqualTo("already_decided");
        }
    }

    @Test
    void takesNoMoreFieldsThanAnApplicationHas() throws Exception {
        String id = held(MAIJA, "1999-05-17");

        assertThat(submit(id, "first").status()).isEqualTo(200);
        Answered answer = submit(id, "second");

        assertThat(answer.code()).isEqualTo("request_invalid");
        assertThat(answer.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/fields\",\"code\":\"too_many\"}]");
    }

    @Test
    void answersNonsenseToASimulatorWithoutADefect() throws Exception {
        String host = address.replace("/api/v1", "");
        HttpRequest soap = HttpRequest.newBuilder(URI.create(host + "/simulators/fi-virta/luku106/OpiskelijanTiedot"))
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString("<no xml"))
                .build();

        for (String path : List.of("/simulators", "/simulators/", "/simulators/nobody")) {
            assertThat(HTTP.send(HttpRequest.newBuilder(URI.create(host + path)).build(), BodyHandlers.ofString())
                            .statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(HTTP.send(soap, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
    }

    private static Answered submit(String id, String prefix) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode fields = body.putObject("fields");
        for (int no = 0; no < 50; no++) {
            fields.put(prefix + "-" + no, "x");
        }
        return call("client", "/imports/" + id + "/submit", body.toString());
    }

    /** A transfer to the drop folder that waits for an officer. */
    private static String held(String identifier, String birthDate) throws Exception {
        ObjectNode body = request(identifier, birthDate);
        body.put("hold", "decision");
        String id = create(UUID.randomUUID().toString(), body).json().path("id").asText();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> get("client", "/transfers/" + id)
                        .json()
                        .path("status")
                        .asText()
                        .equals("AWAITING_DECISION"));
        return id;
    }

    private static ObjectNode request(String identifier, String birthDate) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("registers").add("fi-virta");
        body.put("sis", "file-drop");
        ObjectNode learner = body.putObject("learner");
        learner.putObject("identifier").put("type", "nationalIdentifier").put("value", identifier);
        learner.put("givenNames", "Testi").put("familyName", "Esimerkki").put("birthDate", birthDate);
        body.putObject("consent")
                .put("reference", "consent-1")
                .put("textVersion", "2026-1")
                .put("recipient", "file-drop")
                .put("givenAt", "2026-01-01T10:00:00Z");
        return body;
    }

    private static JsonNode details(String id) throws Exception {
        return get("officer", "/imports/" + id).json();
    }

    private static JsonNode search(String properties) throws Exception {
        return call("officer", "/imports/search", "{" + properties + "}").json();
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.path("items").forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    private static Answered create(String key, JsonNode body) throws Exception {
        return send(to("client", "/transfers")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private static Answered call(String user, String path, String body) throws Exception {
        HttpRequest.Builder request = to(user, path);
        return send(
                body.isEmpty()
                        ? request.POST(BodyPublishers.noBody())
                        : request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static Answered get(String user, String path) throws Exception {
        return send(to(user, path).GET());
    }

    private static HttpRequest.Builder to(String user, String path) {
        String credentials = Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", "Basic " + credentials);
    }

    private static Answered send(HttpRequest.Builder request) throws Exception {
        var response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        return new Answered(response.statusCode(), JSON.readTree(response.body()));
    }
}
