package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.OutsideWorld.answer;
import static org.emrexhub.spine.OutsideWorld.envelope;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an enemy would send to each door of a whole hub, each with the code that comes of it. */
@Tag("slow")
class HostileInputIT {

    private static final String CREDITS = """
            {"number": "Z12345", "given": "Testi", "family": "Newcomer", "born": "2000-01-02", "credits": [
              {"id": "1", "code": "ART-1", "name": "Drawing", "points": "5.0", "grade": "A", "date": "2025-05-05"}]}""";

    private static final long GIGABYTE = 1L << 30;

    private static OutsideWorld outside;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        outside = new OutsideWorld();
        HomeCopy home = HomeCopy.in(temp.resolve("home"));
        home.add(Path.of("src/test/resources/newcomers"), home.path());
        List<String> settings = new ArrayList<>(List.of(outside.settings()));
        settings.addAll(outside.newcomers());
        settings.addAll(List.of(
                "emrexhub.home=" + home.path(),
                "emrexhub.registers.zz-campus.timeout=60s",
                "emrexhub.registers.fi-virta.timeout=60s",
                "emrexhub.sis.zz-archive.timeout=30s",
                // Each case by itself: none waits because others failed before.
                "emrexhub.breaker.failures=1000000",
                "emrexhub.retry.first=100ms",
                "emrexhub.retry.give-up-after=500ms",
                "emrexhub.api.body-timeout=2s",
                "server.tomcat.connection-timeout=4s"));
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
        outside.server().stubFor(WireMock.get(urlEqualTo("/students/Z12345")).willReturn(okJson(CREDITS)));
        outside.server().stubFor(WireMock.get(urlMatching("/proposals/.*")).willReturn(okJson("{\"items\":[]}")));
    }

    // The API's door.

    static Stream<Arguments> bodies() {
        String sound = to("file-drop", LIISA).tree().toString();
        return Stream.of(
                arguments("nested deeply", utf8("[".repeat(100_000)), 400),
                arguments(
                        "nested in a property",
                        utf8(sound.replaceFirst("\\{", "{\"a\":" + "{\"a\":".repeat(5_000))),
                        400),
                arguments("a key twice", utf8(sound.replaceFirst("\\{", "{\"sis\":\"sisu\",")), 400),
                arguments("a key twice, escaped", utf8(sound.replaceFirst("\\{", "{\"\\\\u0073is\":\"sisu\",")), 400),
                arguments("a huge number", utf8(sound.replaceFirst("\\{", "{\"a\":" + "9".repeat(100_000) + ",")), 400),
                arguments("a huge exponent", utf8(sound.replaceFirst("\\{", "{\"a\":1e999999999,")), 400),
                arguments("many properties", utf8("{" + "\"a\":1,".repeat(20_000) + "\"b\":1}"), 400),
                arguments(
                        "many registers",
                        utf8(sound.replace("[\"fi-virta\"]", "[" + "\"a\",".repeat(20_000) + "\"b\"]")),
                        400),
                arguments("UTF-16", sound.getBytes(StandardCharsets.UTF_16), 400),
                arguments("UTF-16 without a mark", sound.getBytes(StandardCharsets.UTF_16LE), 400),
                arguments("UTF-32", sound.getBytes(Charset.forName("UTF-32")), 400),
                arguments("a byte order mark", utf8("\ufeff" + sound), 400),
                arguments("Latin-1", sound.replace("Testi", "T\u00e4sti").getBytes(StandardCharsets.ISO_8859_1), 400),
                arguments("overlong UTF-8", replaced(utf8(sound), "Testi", new byte[] {(byte) 0xc0, (byte) 0xaf}), 400),
                arguments(
                        "half a surrogate",
                        replaced(utf8(sound), "Testi", new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}),
                        400),
                arguments("half a surrogate, escaped", utf8(sound.replace("Testi", "\\ud800")), 400),
                arguments("a zero", utf8(sound.replace("Testi", "\\u0000")), 400),
                arguments("two values", utf8(sound + sound), 400),
                arguments("XML", utf8("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"), 400),
                arguments("packed", gzip(utf8(sound)), 400),
                arguments("a path as a register", utf8(sound.replace("[\"fi-virta\"]", "[\"../../sis/sisu\"]")), 422),
                arguments("a path as a system", utf8(sound.replace("\"file-drop\"", "\"/etc\"")), 422),
                arguments(
                        "a route as a register",
                        utf8(sound.replace("[\"fi-virta\"]", "[\"fi-virta-pull?block=true\"]")),
                        422),
                arguments(
                        "an expression as a name",
                        utf8(sound.replace("Testi", "${env:PATH} {{emrexhub.registers.fi-virta.key}}")),
                        202));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("bodies")
    void answersARequestThatNoSoundClientSends(String name, byte[] body, int status) throws IOException {
        Said said = ask(head("POST", "/transfers", body.length), body);

        assertThat(said.status()).as(said.text()).isEqualTo(status);
        if (status != 202) {
            assertProblem(said);
        }
    }

    static Stream<Arguments> heads() {
        String client = authorization("client");
        return Stream.of(
                arguments(
                        "many headers",
                        "GET /api/v1/transfers HTTP/1.1\r\nHost: a\r\n" + client + "X-Flood: x\r\n".repeat(5_000),
                        400),
                arguments(
                        "a long header",
                        "GET /api/v1/transfers HTTP/1.1\r\nHost: a\r\n" + client + "X-Flood: " + "x".repeat(100_000)
                                + "\r\n",
                        400),
                arguments(
                        "a long address",
                        "GET /api/v1/transfers?" + "a=1&".repeat(50_000) + " HTTP/1.1\r\nHost: a\r\n" + client,
                        400),
                arguments(
                        "many parameters",
                        "GET /api/v1/transfers?" + "a=1&".repeat(1_500) + " HTTP/1.1\r\nHost: a\r\n" + client,
                        400),
                arguments("two lengths", head("POST", "/transfers", 4) + "Content-Length: 5\r\n", 400),
                arguments("a length and chunks", head("POST", "/transfers", 4) + "Transfer-Encoding: chunked\r\n", 408),
                arguments("unknown chunks", chunked().replace("chunked", "gzip"), 400),
                arguments("a negative length", head("POST", "/transfers", -1), 400),
                arguments(
                        "a huge length",
                        "POST /api/v1/transfers HTTP/1.1\r\nHost: a\r\n" + client
                                + "Content-Type: application/json\r\nContent-Length: 99999999999999999999\r\n",
                        400),
                arguments(
                        "a gigabyte, promised",
                        "POST /api/v1/transfers HTTP/1.1\r\nHost: a\r\n" + client
                                + "Content-Type: application/json\r\nContent-Length: 1073741824\r\n",
                        413),
                arguments(
                        "a folded header",
                        "GET /api/v1/transfers HTTP/1.1\r\nHost: a\r\n" + client + "X: a\r\n b\r\n",
                        200),
                arguments("no host", "GET /api/v1/transfers HTTP/1.1\r\n" + client, 400),
                arguments("the parent", get("/transfers/../../../etc/passwd"), 400),
                arguments("the parent, encoded", get("/transfers/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), 400),
                arguments("the parent, encoded whole", get("/transfers/..%2f..%2fetc%2fpasswd"), 400),
                arguments("the parent, encoded twice", get("/transfers/%252e%252e%252fetc"), 400),
                arguments("the parent of Windows", get("/transfers/..%5c..%5cwin.ini"), 400),
                arguments("an absolute path", get("/transfers//etc/passwd"), 400),
                arguments("a zero", get("/transfers/%00"), 400),
                arguments("broken UTF-8", get("/transfers/%c0%ae"), 400),
                arguments("a matrix parameter", get("/transfers/;/../x"), 400),
                arguments("a line break", get("/transfers/%0d%0aX-Injected:%20yes"), 400),
                arguments("an id in braces", get("/transfers/%7B00000000-0000-4000-8000-000000000000%7D"), 404),
                arguments("a short id", get("/transfers/1-1-1-1-1"), 404),
                arguments("no such id", get("/transfers/00000000-0000-4000-8000-000000000000"), 404),
                arguments("a path as a register's id", post("/registers/..%2f..%2fsis/pause"), 400),
                arguments("a wild card as a register's id", post("/registers/*/pause"), 404),
                arguments("a route as a system's id", post("/sis/sisu%3Fblock=true/pause"), 404),
                arguments("an unknown method", get("/transfers").replace("GET", "BREW"), 400),
                arguments("TRACE", get("/transfers").replace("GET", "TRACE"), 400));
    }

    private static String get(String path) {
        return "GET /api/v1" + path + " HTTP/1.1\r\nHost: a\r\n" + authorization("admin");
    }

    private static String post(String path) {
        return "POST /api/v1" + path + " HTTP/1.1\r\nHost: a\r\n" + authorization("admin") + "Content-Length: 0\r\n";
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("heads")
    void answersAHeadThatNoSoundClientSends(String name, String head, int status) throws IOException {
        Said said = ask(head, new byte[0]);

        assertThat(said.status()).as(said.text()).isEqualTo(status);
        assertThat(said.head()).doesNotContain("X-Injected");
        if (status >= 400) {
            assertProblem(said);
        }
    }

    @Test
    void stopsReadingABodyThatNeverEnds() throws IOException {
        byte[] piece = utf8("2000\r\n" + " ".repeat(0x2000) + "\r\n");
        long sent = 0;
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(utf8(chunked() + "\r\n"));
            try {
                while (sent < GIGABYTE) {
                    out.write(piece);
                    sent += piece.length;
                }
            } catch (SocketException hungUp) {
                // The hub has said what it had to say.
            }
        }
        assertThat(sent).isLessThan(64 * 1024 * 1024);
    }

    @Test
    void doesNotWaitForABodyThatDrips() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(utf8(head("POST", "/transfers", 1_000) + "\r\n"));
            drip(socket, "{");
            Said said = read(socket);

            assertThat(said.status()).isEqualTo(408);
            assertThat(said.text()).contains("request_timeout");
        }
    }

    @Test
    void doesNotWaitForABodyThatNeverComes() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(utf8(head("POST", "/transfers", 1_000) + "\r\n{"));

            assertThat(read(socket).text()).contains("request_timeout");
        }
    }

    /** Before anybody knows who calls, a body is not read at all, and its rest holds no thread. */
    @Test
    void doesNotWaitForTheBodyOfAStranger() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(utf8(chunked().replaceFirst("Authorization: [^\r]*\r\n", "") + "\r\n"));
            drip(socket, "1\r\n{\r\n");
            Said said = read(socket);

            assertThat(said.status()).isEqualTo(401);
        }
    }

    /** Byte after byte until the other side has enough. */
    private static void drip(Socket socket, String piece) throws IOException, InterruptedException {
        InputStream answer = socket.getInputStream();
        for (int n = 0; n < 400 && answer.available() == 0; n++) {
            try {
                socket.getOutputStream().write(utf8(piece));
            } catch (SocketException hungUp) {
                return;
            }
            Thread.sleep(100);
        }
        assertThat(answer.available()).as("an answer before the body's end").isPositive();
    }

    @Test
    void answersSomeHundredMutatedRequests() throws IOException {
        List<byte[]> samples = List.of(utf8(to("file-drop", LIISA).tree().toString()));
        long seed = Long.getLong("fuzz.seed", 1);
        for (int n = 0; n < 300; n++) {
            Random random = new Random(seed * 1_000_003 + n);
            Mutator mutator = new Mutator(random);
            byte[] body = mutator.mutate(samples);
            Said said = ask(head("POST", "/transfers", body.length), body);
            assertThat(said.status())
                    .as("-Dfuzz.seed=%d, request %d: %s", seed, n, said.text())
                    .isIn(202, 400, 413, 422);
        }
    }

    // The registers' door.

    static Stream<Arguments> answers() throws IOException {
        String sound = text(envelope(answer("liisa-moniopisto.xml")));
        String declared = "<?xml version=\"1.0\" encoding=\"%s\"?>" + sound;
        String external = "<!DOCTYPE a [<!ENTITY b SYSTEM \"" + stolen() + "\">]>";
        return Stream.of(
                arguments("a DOCTYPE", utf8("<!DOCTYPE a>" + sound), "answer_unreadable"),
                arguments(
                        "a bomb of entities",
                        utf8(bomb() + sound.replace("Kirjanpidon perusteet", "&z;")),
                        "answer_unreadable"),
                arguments(
                        "a file",
                        utf8("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
                                + sound.replace("Kirjanpidon perusteet", "&b;")),
                        "answer_unreadable"),
                arguments(
                        "an address",
                        utf8(external + sound.replace("Kirjanpidon perusteet", "&b;")),
                        "answer_unreadable"),
                arguments(
                        "a parameter entity",
                        utf8("<!DOCTYPE a [<!ENTITY % b SYSTEM \"" + stolen() + "\">%b;]>" + sound),
                        "answer_unreadable"),
                arguments(
                        "an external DTD",
                        utf8("<!DOCTYPE a SYSTEM \"" + stolen() + "\">" + sound),
                        "answer_unreadable"),
                arguments("nested deeply", utf8("<a>".repeat(200_000)), "answer_unreadable"),
                arguments(
                        "nested deeply inside",
                        utf8(sound.replaceFirst(
                                "</virta:Opintosuoritus>",
                                "<virta:Nimi>".repeat(100_000) + "</virta:Nimi>".repeat(100_000)
                                        + "</virta:Opintosuoritus>")),
                        "answer_unreadable"),
                arguments("many attributes", utf8(attributes(50_000)), "answer_unreadable"),
                arguments("a long name", utf8("<" + "a".repeat(1_000_000) + "/>"), "answer_unreadable"),
                arguments(
                        "wide",
                        utf8(sound.replaceFirst(
                                "<virta:Opintosuoritukset>",
                                "<virta:Opintosuoritukset>" + record(sound).repeat(12_000))),
                        "row_limit_exceeded"),
                arguments("a bomb of gzip", gzip(new byte[64 * 1024 * 1024]), "answer_unreadable"),
                arguments("UTF-16 without a mark", sound.getBytes(StandardCharsets.UTF_16LE), "answer_unreadable"),
                arguments("declared as UTF-16", utf8(String.format(declared, "UTF-16")), "answer_unreadable"),
                arguments(
                        "declared as something unknown",
                        utf8(String.format(declared, "x-unknown")),
                        "answer_unreadable"),
                arguments(
                        "Latin-1 said to be UTF-8",
                        sound.replace("Kirjanpidon perusteet", "M\u00f6niopisto")
                                .getBytes(StandardCharsets.ISO_8859_1),
                        "answer_unreadable"),
                arguments("a zero", utf8(sound.replace("Kirjanpidon perusteet", "\u0000")), "answer_unreadable"),
                arguments("a zero, escaped", utf8(sound.replace("Kirjanpidon perusteet", "&#0;")), "answer_unreadable"),
                arguments("two roots", utf8(sound + sound), "answer_unreadable"),
                arguments("a path as an institution", utf8(sound.replace(">02509<", ">../../etc<")), "unknown_code"),
                arguments("nothing", new byte[0], "answer_unreadable"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("answers")
    void namesWhatARegisterMustNotAnswer(String name, byte[] body, String code) {
        ResponseDefinitionBuilder answer =
                aResponse().withHeader("Content-Type", "text/xml").withBody(body);
        outside.virta(
                body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b
                        ? answer.withHeader("Content-Encoding", "gzip")
                        : answer);

        JsonNode dead = hub.await(hub.transfer(to("file-drop", LIISA)), "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo(code);
        outside.server().verify(0, getRequestedFor(urlEqualTo("/stolen")));
    }

    /** Names come with a second answer, and are never needed: whatever it is, the records are delivered. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("namesAnswers")
    void goesOnWithoutNamesIfTheirAnswerIsHostile(String name, String body) {
        outside.virta(envelope(
                answer("liisa-moniopisto.xml").replaceAll("<virta:(Sukunimi|Etunimet)>[^<]*</virta:\\1>", "")));
        outside.server()
                .stubFor(WireMock.post(urlEqualTo("/luku106/OpiskelijanTiedot"))
                        .withRequestBody(WireMock.containing("OpiskelijanTiedotRequest"))
                        .willReturn(aResponse()
                                .withHeader("Content-Type", "text/xml")
                                .withBody(body)));

        hub.await(hub.transfer(to("file-drop", LIISA)), "DELIVERED");

        outside.server().verify(0, getRequestedFor(urlEqualTo("/stolen")));
    }

    static Stream<Arguments> namesAnswers() {
        return Stream.of(
                arguments("a bomb of entities", bomb() + "<a>&z;</a>"),
                arguments("an address", "<!DOCTYPE a [<!ENTITY b SYSTEM \"" + stolen() + "\">]><a>&b;</a>"),
                arguments("nested deeply", "<a>".repeat(200_000) + "</a>".repeat(200_000)),
                arguments("nothing", ""),
                arguments("no XML", "\u0000\u0001"));
    }

    static Stream<Arguments> jsonAnswers() {
        return Stream.of(
                arguments("nested deeply", utf8("[".repeat(100_000)), "answer_unreadable"),
                arguments(
                        "nested inside",
                        utf8(CREDITS.replaceFirst("\\{", "{\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + ",")),
                        "answer_unreadable"),
                arguments(
                        "a key twice",
                        utf8(CREDITS.replaceFirst("\\{", "{\"number\":\"Z99999\",")),
                        "answer_unreadable"),
                arguments(
                        "a huge number", utf8(CREDITS.replace("\"5.0\"", "9".repeat(1_000_000))), "answer_unreadable"),
                arguments("a huge exponent", utf8(CREDITS.replace("\"5.0\"", "\"1e999999999\"")), "mapping_failed"),
                arguments(
                        "many credits",
                        utf8(CREDITS.replace("\"credits\": [", "\"credits\": [" + "{\"id\":\"x\"},".repeat(20_000))),
                        "row_limit_exceeded"),
                arguments(
                        "UTF-8 that is none",
                        replaced(utf8(CREDITS), "Drawing", new byte[] {(byte) 0xff, (byte) 0xfe}),
                        "answer_unreadable"),
                arguments("half a surrogate", utf8(CREDITS.replace("Drawing", "\\ud800")), "answer_unreadable"),
                arguments("a zero", utf8(CREDITS.replace("Drawing", "\\u0000")), "answer_unreadable"),
                arguments("two values", utf8(CREDITS + CREDITS), "answer_unreadable"),
                arguments("not a number", utf8(CREDITS.replace("\"5.0\"", "NaN")), "answer_unreadable"),
                arguments("no object", utf8("null"), "learner_mismatch"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("jsonAnswers")
    void namesWhatARegisterMustNotAnswerInJson(String name, byte[] body, String code) {
        outside.server()
                .stubFor(WireMock.get(urlEqualTo("/students/Z12345"))
                        .willReturn(aResponse()
                                .withHeader("Content-Type", "application/json")
                                .withBody(body)));

        JsonNode dead = hub.await(hub.transfer(newcomer()), "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo(code);
    }

    // The systems' door.

    static Stream<Arguments> targetAnswers() {
        return Stream.of(
                arguments("nested deeply", utf8("{\"items\":" + "[".repeat(100_000))),
                arguments("a key twice", utf8("{\"items\":[],\"items\":[]}")),
                arguments("no list", utf8("{\"items\":{\"ref\":\"1\"}}")),
                arguments("an unknown word", utf8("{\"items\":[{\"ref\":\"1\",\"status\":\"FINE\"}]}")),
                arguments("no reference", utf8("{\"items\":[{\"status\":\"ACCEPTED\"}]}")),
                arguments("more than one value", utf8("{\"items\":[]} {\"items\":[]}")),
                arguments(
                        "one item twice",
                        utf8(
                                "{\"items\":[{\"ref\":\"1\",\"status\":\"REJECTED\"},{\"ref\":\"1\",\"status\":\"ACCEPTED\"}]}")),
                arguments("UTF-8 that is none", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}),
                arguments("XML", utf8("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>")),
                arguments("nothing", new byte[0]),
                arguments("too much", new byte[33 * 1024 * 1024]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targetAnswers")
    void takesAHostileAnswerOfATargetForNone(String name, byte[] body) {
        outside.server()
                .stubFor(WireMock.post("/proposals").willReturn(aResponse().withBody(body)));

        JsonNode dead = hub.await(hub.transfer(newcomer()), "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("sis_answer_unreadable");
    }

    @Test
    void takesOfATargetsWordsOnlyWhatIsOne() {
        outside.server()
                .stubFor(
                        WireMock.post("/proposals")
                                .willReturn(
                                        okJson(
                                                "{\"items\":[{\"ref\":\"1\",\"status\":\"REJECTED\",\"code\":\""
                                                        + "x".repeat(100_000)
                                                        + "\",\"targetId\":\"a b\\u0000\"},{\"ref\":\"999999999999\",\"status\":\"ACCEPTED\"}]}")));

        JsonNode dead = hub.await(hub.transfer(newcomer()), "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("items_rejected");
        assertThat(dead.path("items")).hasSize(1);
        assertThat(dead.path("items").get(0).path("code").asText()).isEqualTo("withheld");
        assertThat(dead.path("items").get(0).has("targetId")).isFalse();
    }

    // The drop folder's door.

    @Test
    void setsHostileAnswerFilesAside() throws IOException {
        String id = hub.transfer(to("file-drop", LIISA));
        hub.await(id, "DELIVERED");
        Path folder = hub.data().resolve("drop");
        List<String> names = new ArrayList<>();
        for (byte[] content : List.of(
                utf8("[".repeat(100_000)),
                utf8("{\"items\":[{\"ref\":\"1\",\"status\":\"FINE\"}]}"),
                utf8("{\"items\":[],\"items\":[]}"),
                gzip(utf8("{\"items\":[]}")),
                new byte[3 * 1024 * 1024],
                utf8("{\"items\":[]}"))) {
            String name = UUID.randomUUID() + ".ack.json";
            names.add(name);
            Files.write(folder.resolve("inbox/" + name + ".part"), content);
            Files.move(folder.resolve("inbox/" + name + ".part"), folder.resolve("inbox/" + name));
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .until(() -> names.stream().allMatch(name -> Files.exists(folder.resolve("unreadable/" + name))));
    }

    // What is needed for it.

    private static ObjectNode newcomer() {
        return new TransferRequest(
                        "zz-archive",
                        List.of("zz-campus"),
                        "studentNumber",
                        "Z12345",
                        "2000-01-02",
                        "arc-" + UUID.randomUUID(),
                        false,
                        "")
                .tree();
    }

    /** What a socket said: head and body. */
    private record Said(int status, String head, String text) {}

    private static Said ask(String head, byte[] body) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            try {
                out.write(utf8(head + "Connection: close\r\n\r\n"));
                out.write(body);
            } catch (SocketException hungUp) {
                // The answer may be there all the same.
            }
            return read(socket);
        }
    }

    private static Said read(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // What was not read of the request makes the connection end like this.
        }
        String text = all.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("HTTP/1.1 ");
        int end = text.indexOf("\r\n\r\n");
        return new Said(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }

    private static Socket connect() throws IOException {
        URI address = URI.create(hub.address());
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static String head(String method, String path, int length) {
        return method + " /api/v1" + path + " HTTP/1.1\r\nHost: a\r\n" + authorization("client")
                + "Content-Type: application/json\r\nIdempotency-Key: " + UUID.randomUUID() + "\r\nContent-Length: "
                + length + "\r\n";
    }

    private static String chunked() {
        return head("POST", "/transfers", 0).replaceFirst("Content-Length: 0", "Transfer-Encoding: chunked");
    }

    private static String authorization(String user) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(utf8(user + ":demo")) + "\r\n";
    }

    private static void assertProblem(Said said) {
        assertThat(said.head()).containsIgnoringCase("Content-Type: application/problem+json");
        assertThat(said.text()).contains("\"code\":").doesNotContain("Exception", "\tat ");
    }

    /** An address that nobody asks unless a document makes them. */
    private static String stolen() {
        return outside.baseUrl() + "/stolen";
    }

    private static String text(ResponseDefinitionBuilder answer) {
        return answer.build().getBody();
    }

    private static String record(String sound) {
        int from = sound.indexOf("<virta:Opintosuoritus ");
        return sound.substring(
                from, sound.indexOf("</virta:Opintosuoritus>", from) + "</virta:Opintosuoritus>".length());
    }

    private static String bomb() {
        StringBuilder text = new StringBuilder("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\">");
        for (char name = 'b'; name <= 'z'; name++) {
            text.append("<!ENTITY ")
                    .append(name)
                    .append(" \"")
                    .append(("&" + (char) (name - 1) + ";").repeat(10))
                    .append("\">");
        }
        return text.append("]>").toString();
    }

    private static String attributes(int count) {
        StringBuilder text = new StringBuilder("<a");
        for (int n = 0; n < count; n++) {
            text.append(" a").append(n).append("=\"1\"");
        }
        return text.append("/>").toString();
    }

    private static byte[] replaced(byte[] where, String what, byte[] with) {
        String text = new String(where, StandardCharsets.ISO_8859_1);
        return text.replace(what, new String(with, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
