package org.emrexhub.pipeline.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What every call to a register or student information system can meet, over a real socket. */
class HttpCallTests {

    private static final WireMockServer OTHER_SIDE =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static final HttpCallClient CLIENT = new HttpCallClient(List.of());

    @BeforeAll
    static void start() throws Exception {
        OTHER_SIDE.start();
        CAMEL.getRegistry().bind("httpCall", new HttpCall());
        CAMEL.getRegistry().bind("httpCallClient", CLIENT);
        PluginHelper.getRoutesLoader(CAMEL)
                .loadRoutes(
                        ResourceHelper.resolveResource(CAMEL, "file:" + Path.of("routes/shared/http-call.camel.yaml")));
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
        CLIENT.destroy();
        OTHER_SIDE.stop();
    }

    @BeforeEach
    void forget() {
        OTHER_SIDE.resetAll();
    }

    @Test
    void returnsStatusAndBytesAndNoHeader() {
        answer(ok("{\"ä\":1}").withHeader("X-Theirs", "1").withHeader("Set-Cookie", "a=b"));

        Exchange exchange = call(Map.of());

        assertThat(failure(exchange)).isNull();
        assertThat(exchange.getVariable("httpStatus")).isEqualTo(200);
        assertThat(exchange.getMessage().getBody()).isEqualTo("{\"ä\":1}".getBytes(StandardCharsets.UTF_8));
        assertThat(exchange.getMessage().getHeaders()).isEmpty();
    }

    @Test
    void sendsWhatTheRouteSaysAndNothingElse() {
        answer(ok());

        call(
                Map.of(
                        "method", "POST",
                        "contentType", "application/json",
                        "accept", "application/json",
                        "username", "hub",
                        "password", "geheim:ö"),
                "[\"Åström\"]",
                "/in%20put?name=a%2Bb%26c");

        LoggedRequest request = OTHER_SIDE.getAllServeEvents().get(0).getRequest();
        assertThat(request.getUrl()).isEqualTo("/in%20put?name=a%2Bb%26c");
        assertThat(request.getMethod().getName()).isEqualTo("POST");
        assertThat(request.getBodyAsString()).isEqualTo("[\"Åström\"]");
        assertThat(request.getHeaders().all().stream().map(HttpHeader::key).map(String::toLowerCase))
                .containsExactlyInAnyOrder(
                        "accept",
                        "authorization",
                        "content-type",
                        "content-length",
                        "host",
                        "connection",
                        "user-agent");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        // Or the other side would wait for another request, and tell its log of a connection that was broken off.
        assertThat(request.getHeader("Connection")).isEqualTo("close");
        assertThat(request.getHeader("Authorization")).isEqualTo("Basic aHViOmdlaGVpbTrDtg==");
    }

    @Test
    void sendsOneMoreHeaderOfAnyName() {
        answer(ok());

        call(Map.of("headerName", "X-Api-Key", "headerValue", "abc"), "", "/");
        call(Map.of("headerName", "X-Api-Key", "headerValue", ""), "", "/");

        assertThat(OTHER_SIDE.getAllServeEvents())
                .extracting(event -> event.getRequest().getHeader("X-Api-Key"))
                .containsExactlyInAnyOrder("abc", null);
    }

    @ParameterizedTest
    @CsvSource({
        "401,register,register_credentials_refused", "401,sis,sis_credentials_refused",
        "403,register,register_credentials_refused", "403,sis,sis_credentials_refused",
        "302,register,register_fault", "302,sis,sis_request_refused",
        "400,register,register_fault", "400,sis,sis_request_refused",
        "404,register,register_fault", "404,sis,sis_request_refused",
        "409,register,register_fault", "409,sis,sis_request_refused",
        "422,register,register_fault", "422,sis,sis_request_refused",
        "408,register,register_unavailable", "408,sis,sis_unavailable",
        "425,register,register_unavailable", "425,sis,sis_unavailable",
        "429,register,register_unavailable", "429,sis,sis_unavailable",
        "500,register,register_unavailable", "500,sis,sis_answer_unreadable",
        "503,register,register_unavailable", "503,sis,sis_unavailable"
    })
    void namesEachStatusByItsMeaning(int status, String party, String code) {
        answer(aResponse()
                .withStatus(status)
                .withHeader("Location", "/elsewhere")
                .withBody("a learner's name"));

        Exchange exchange = call(Map.of("party", party));

        assertThat(failure(exchange)).isEqualTo(code);
        assertThat(exchange.getVariable("failureDetail")).isEqualTo("HTTP " + status);
        assertThat(exchange.getMessage().getBody()).isNull();
        assertThat(OTHER_SIDE.getAllServeEvents()).hasSize(1);
    }

    @Test
    void leavesToTheRouteWhatItHandlesItself() {
        answer(aResponse().withStatus(422).withBody("why"));

        Exchange exchange = call(Map.of("handles", "200|422"));

        assertThat(failure(exchange)).isNull();
        assertThat(exchange.getVariable("httpStatus")).isEqualTo(422);
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("why");
    }

    @Test
    void knowsThatNothingWasSentWhenTheConnectionIsRefused() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        Exchange exchange = call(Map.of("url", "http://127.0.0.1:" + free + "/010190-123A"));

        assertThat(failure(exchange)).isEqualTo("register_unavailable");
        assertThat(exchange.getVariable("failureDetail")).isEqualTo("no connection");
    }

    @Test
    void knowsThatNothingWasSentWhenTheHostIsUnknown() {
        Exchange exchange = call(Map.of("url", "http://nowhere.invalid/", "party", "sis"));

        assertThat(failure(exchange)).isEqualTo("sis_unavailable");
    }

    @Test
    void knowsThatNothingWasSentWhenTlsFails() {
        Exchange exchange = call(Map.of("url", OTHER_SIDE.baseUrl().replace("http:", "https:"), "party", "sis"));

        assertThat(failure(exchange)).isEqualTo("sis_unavailable");
        assertThat(exchange.getVariable("failureDetail")).isEqualTo("no TLS connection");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE"})
    void knowsThatTheRequestMayHaveLandedWhenTheConnectionIsLost(Fault fault) {
        answer(aResponse().withFault(fault));

        assertThat(failure(call(Map.of("party", "sis", "method", "POST")))).isEqualTo("sis_timeout");
        assertThat(OTHER_SIDE.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"register,register_timeout", "sis,sis_timeout"})
    void doesNotWaitLongerThanItsTimeForTheAnswer(String party, String code) {
        answer(ok().withFixedDelay(20_000));

        assertThat(cutOffInTime(party)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"register,register_timeout", "sis,sis_timeout"})
    void doesNotWaitLongerThanItsTimeForABodyThatDrips(String party, String code) {
        answer(ok("x".repeat(1000)).withChunkedDribbleDelay(200, 20_000));

        assertThat(cutOffInTime(party)).isEqualTo(code);
    }

    @Test
    void sendsNothingWhenNoTimeIsLeft() {
        answer(ok());

        assertThat(failure(call(Map.of("timeout", 0L, "party", "sis")))).isEqualTo("sis_unavailable");
        assertThat(OTHER_SIDE.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"register,answer_unreadable", "sis,sis_answer_unreadable"})
    void refusesAnAnswerThatIsNotHttp(String party, String code) throws Exception {
        assertThat(failure(callRaw("SSH-2.0-example\r\n".repeat(3), party))).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"register,answer_unreadable", "sis,sis_answer_unreadable"})
    void refusesAnAnswerBeyondTheLimit(String party, String code) {
        answer(ok().withBody(new byte[HttpCallClient.ANSWER_LIMIT + 1]));

        assertThat(failure(call(Map.of("party", party)))).isEqualTo(code);
    }

    @Test
    void takesAnAnswerUpToTheLimit() {
        answer(ok().withBody(new byte[HttpCallClient.ANSWER_LIMIT]));

        Exchange exchange = call(Map.of());

        assertThat(failure(exchange)).isNull();
        assertThat(exchange.getMessage().getBody(byte[].class)).hasSize(HttpCallClient.ANSWER_LIMIT);
    }

    @Test
    void refusesASmallAnswerThatUnpacksBeyondTheLimit() throws IOException {
        answer(ok().withBody(gzip(new byte[HttpCallClient.ANSWER_LIMIT + 1])).withHeader("Content-Encoding", "gzip"));

        assertThat(failure(call(Map.of()))).isEqualTo("answer_unreadable");
    }

    @Test
    void unpacksAnAnswerThatNobodyAskedToPack() throws IOException {
        answer(ok().withBody(gzip("records".getBytes(StandardCharsets.UTF_8))).withHeader("Content-Encoding", "gzip"));

        assertThat(call(Map.of()).getMessage().getBody(String.class)).isEqualTo("records");
    }

    @Test
    void refusesAnAnswerThatBreaksOffInItsBody() throws Exception {
        Exchange exchange = callRaw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "register");

        assertThat(failure(exchange)).isEqualTo("register_timeout");
        assertThat(exchange.getMessage().getBody()).isNull();
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                arguments("a body", "HTTP/1.1 200 OK\r\n\r\n", "x".repeat(8192), "answer_unreadable"),
                arguments(
                        "chunks",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "1000\r\n" + "x".repeat(4096) + "\r\n",
                        "answer_unreadable"),
                arguments(
                        "a chunk's extension",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                        "x".repeat(8192),
                        "register_timeout"),
                arguments(
                        "trailers",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                        "X-Flood: x\r\n".repeat(500),
                        "register_timeout"),
                arguments("headers", "HTTP/1.1 200 OK\r\n", "X-Flood: x\r\n".repeat(500), "answer_unreadable"),
                arguments("one header", "HTTP/1.1 200 OK\r\nX-Flood: ", "x".repeat(8192), "answer_unreadable"),
                arguments("a status line", "HTTP/1.1 200 ", "x".repeat(8192), "answer_unreadable"),
                arguments("notes on the way", "", "HTTP/1.1 100 Continue\r\n\r\n".repeat(300), "register_timeout"),
                arguments("no HTTP", "", "\u0000".repeat(8192), "answer_unreadable"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void endsWhatNeverEnds(String name, String start, String rest, String code) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicLong sent = new AtomicLong();
            Thread thread = new Thread(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().read(new byte[8192]);
                    socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
                    byte[] piece = rest.getBytes(StandardCharsets.US_ASCII);
                    while (sent.addAndGet(piece.length) < NEVER) {
                        socket.getOutputStream().write(piece);
                    }
                } catch (IOException hungUp) {
                    // As it should be.
                }
            });
            thread.start();

            Exchange exchange =
                    call(Map.of("url", "http://127.0.0.1:" + server.getLocalPort() + "/", "timeout", 6_000L));

            thread.join();
            assertThat(failure(exchange)).isEqualTo(code);
            assertThat(exchange.getMessage().getBody()).isNull();
            assertThat(sent.get()).isLessThan(NEVER);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n\nx',answer_unreadable",
        "'HTTP/1.1 200 OK\nContent-Length: -1\n\nx',answer_unreadable",
        "'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nffffffffffffffff\nx',register_timeout",
        "'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n-1\nx',register_timeout",
        "'HTTP/1.1 99999999999 OK\n\n',answer_unreadable",
        "'HTTP/1.1 -1 OK\n\n',answer_unreadable",
        "'HTTP/9.9 200 OK\n\n',answer_unreadable",
        "'HTTP/1.1 200 OK\nno colon\n\nx',answer_unreadable",
        "'HTTP/1.1 200 OK\nContent-Encoding: gzip\n\nx',answer_unreadable",
        "'HTTP/1.1 200 OK\nContent-Encoding: br, gzip\n\nx',answer_unreadable",
        "'HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\nx',answer_unreadable",
        "'HTTP/1.1 101 Switching Protocols\nUpgrade: x\n\n',answer_unreadable",
        "'HTTP/1.1 204 No Content\n\n',",
        "'HTTP/1.1 304 Not Modified\n\n',register_fault"
    })
    void takesABrokenAnswerForNone(String answer, String code) throws Exception {
        assertThat(failure(callRaw(answer.replace("\n", "\r\n"), "register"))).isEqualTo(code);
    }

    @Test
    void writesTheAddressNowhere() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        Level before = root.getLevel();
        root.setLevel(Level.INFO);
        try {
            answer(aResponse().withStatus(500));
            Exchange refused = call(Map.of(), null, "/students/010190-123A");
            answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
            Exchange lost = call(Map.of(), null, "/students/010190-123A");
            Exchange malformed = call(Map.of("url", "no address 010190-123A"));

            assertThat(malformed.getException()).isNotNull().hasNoCause();
            for (Exchange exchange : List.of(refused, lost, malformed)) {
                assertThat(String.valueOf(exchange.getException())).doesNotContain("010190-123A");
                assertThat(exchange.getAllProperties().toString()).doesNotContain("010190-123A");
                assertThat(exchange.getVariable("failureDetail", String.class)).isNotEqualTo("010190-123A");
            }
            assertThat(log.list)
                    .extracting(event -> event.getFormattedMessage() + event.getThrowableProxy())
                    .noneMatch(line -> line.contains("010190-123A"));
            assertThat(CAMEL.getEndpoints().toString()).doesNotContain("010190-123A");
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
    }

    /** More than any machine sends while the call lasts. */
    private static final long NEVER = 1L << 40;

    private static String cutOffInTime(String party) {
        Instant start = Instant.now();
        String failure = failure(call(Map.of("party", party, "timeout", 700L)));
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(600), Duration.ofSeconds(5));
        return String.valueOf(failure);
    }

    private static void answer(ResponseDefinitionBuilder response) {
        OTHER_SIDE.resetMappings();
        OTHER_SIDE.stubFor(any(anyUrl()).willReturn(response));
    }

    private static Exchange call(Map<String, Object> variables) {
        return call(variables, null, "/records");
    }

    private static Exchange call(Map<String, Object> variables, @Nullable Object body, String path) {
        Map<String, Object> all = new HashMap<>(
                Map.of("url", OTHER_SIDE.baseUrl() + path, "method", "GET", "party", "register", "timeout", 60_000L));
        all.putAll(variables);
        Exchange exchange = new DefaultExchange(CAMEL);
        all.forEach(exchange::setVariable);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader("X-From-Elsewhere", "must not leak");
        exchange.getMessage().setHeader("HubTransferId", "must not leak");
        return CAMEL.createProducerTemplate().send("direct:shared-http-call", exchange);
    }

    /** A call to a server that answers with exactly this text and closes. */
    private static Exchange callRaw(String answer, String party) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().read(new byte[8192]);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            Exchange exchange = call(Map.of("url", "http://127.0.0.1:" + server.getLocalPort() + "/", "party", party));
            thread.join();
            return exchange;
        }
    }

    private static @Nullable String failure(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getVariable("failure", String.class);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
