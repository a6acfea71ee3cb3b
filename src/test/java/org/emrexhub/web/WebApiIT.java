package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyDouble;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.emrexhub.deadletter.DeadLetters;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.demo.Simulators;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.imports.ImportViews;
import org.emrexhub.imports.Imports;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Cancellation;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Retention;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.TransferDetails;
import org.emrexhub.transfer.TransferFilter;
import org.emrexhub.transfer.TransferPage;
import org.emrexhub.transfer.TransferViews;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.security.core.userdetails.UserDetailsPasswordService;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The API over HTTP with its real routes and rules; what stands behind them is stubbed. */
@SpringBootTest(
        classes = WebApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {WebApp.ROUTES, WebApp.HOME, WebApp.PART})
@ActiveProfiles("demo")
class WebApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.fromString("6f3f9a1c-58a5-4d0b-9c5e-2f1a6a1b7c01");
    private static final Instant AT = Instant.parse("2026-02-02T12:00:00Z");
    private static final Contract CONTRACT = Contract.read(Systems.HOME.resolve("routes/api/openapi.yaml"));
    private static final Contract DEMO = Contract.read(Systems.HOME.resolve("routes/api/demo-openapi.yaml"));

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @MockitoBean
    private Acceptance acceptance;

    @MockitoBean
    private Outages outages;

    @MockitoBean
    private TransferViews views;

    @MockitoBean
    private Documents documents;

    @MockitoBean
    private Cancellation cancellation;

    @MockitoBean
    private Destinations destinations;

    @MockitoBean
    private DeadLetters deadLetters;

    @MockitoBean
    private Replays replays;

    @MockitoBean
    private Retention retention;

    @MockitoBean
    private Imports imports;

    @MockitoBean
    private ImportViews importViews;

    @MockitoBean
    private Simulators simulators;

    @BeforeEach
    void standIn() {
        when(acceptance.accept(any(), any(), any(), any()))
                .thenReturn(new Acceptance.Accepted(ID, Stage.PULL, Status.QUEUED));
        when(views.details(any(), any())).thenReturn(Optional.of(details()));
        when(views.page(any(), any(), anyInt())).thenReturn(new TransferPage(List.of(row()), "next-1"));
        when(documents.find(any(), eq(DocumentKind.ELMO), any()))
                .thenReturn(Optional.of("<elmo>ä\r\n</elmo>".getBytes(StandardCharsets.UTF_8)));
        when(documents.find(any(), eq(DocumentKind.REPORT), any()))
                .thenReturn(Optional.of("""
                                {"sources":[{"register":"north","records":15,"mapped":12,
                                 "skipped":[{"ref":"3","rule":"internal-attainment","text":"It stays inside."}],
                                 "findings":[{"ref":"4","rule":"names-differ","severity":"info"}]}],
                                 "missing":[{"register":"south","code":"register_fault"}],"names":"register"}
                                """.getBytes(StandardCharsets.UTF_8)));
        when(destinations.states(any()))
                .thenReturn(List.of(new Destinations.DestinationState("north", "UP", AT, null, 1, 2)));
        when(deadLetters.groups(any()))
                .thenReturn(List.of(new DeadLetters.Group(
                        Stage.DELIVER, "deciding", FailureCode.SIS_UNAVAILABLE, 3, AT, AT.plusSeconds(1))));
        when(replays.replay(any(UUID.class), any(), any())).thenReturn(ID);
        when(replays.replay(any(TransferFilter.class), any(), anyInt(), anyDouble(), any()))
                .thenReturn(ID);
        when(replays.find(any()))
                .thenReturn(Optional.of(new Replays.Progress(
                        ID, "operator:operator", Stage.DELIVER, "RUNNING", 3, 1, 1, 0, 1, AT, null)));
        when(importViews.search(any(), any()))
                .thenReturn(new ImportViews.ImportPage(
                        List.of(new ImportViews.ImportSummary(ID, "SUBMITTED", "deciding", AT, null)), "next-1"));
        when(importViews.find(any(), any()))
                .thenReturn(Optional.of(new ImportViews.ImportDetails(
                        ID,
                        "SUBMITTED",
                        "deciding",
                        AT,
                        AT,
                        AT.plusSeconds(60),
                        new ImportViews.Decision(AT, "officer:officer", "Fits the programme"),
                        Map.of("learner.familyName", "Esimerkki"),
                        List.of(new ImportViews.Credit(
                                "1", "Invented course", "Example university", "5.0", "4", null)))));
        when(simulators.received(any()))
                .thenReturn(List.of(new Simulators.Received("emrex-1", 1, AT, Map.of("state", "SUBSTITUTED"))));
    }

    /** Every call as every role and as nobody: who may not is told so before anything else is looked at. */
    @TestFactory
    List<DynamicTest> letsEachRoleDoWhatTheContractSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Contract contract : List.of(CONTRACT, DEMO)) {
            for (Operation operation : contract.all()) {
                for (Caller.Role role : Caller.Role.values()) {
                    boolean may = operation.roles().contains(role);
                    tests.add(DynamicTest.dynamicTest(operation.id() + (may ? " by " : " not by ") + role, () -> {
                        HttpResponse<byte[]> answer =
                                send(sample(operation, role.name().toLowerCase(Locale.ROOT)));
                        if (may) {
                            assertThat(answer.statusCode()).as(text(answer)).isBetween(200, 299);
                            assertAsDescribed(contract, operation, answer);
                        } else {
                            assertProblem(answer, ProblemCode.FORBIDDEN);
                        }
                    }));
                }
                tests.add(DynamicTest.dynamicTest(operation.id() + " not by nobody", () -> {
                    HttpResponse<byte[]> answer = send(sample(operation, null));
                    assertProblem(answer, ProblemCode.UNAUTHENTICATED);
                    assertThat(answer.headers().firstValue("WWW-Authenticate"))
                            .hasValueSatisfying(
                                    challenge -> assertThat(challenge).startsWith("Basic"));
                }));
            }
        }
        return tests;
    }

    @Test
    void handsARequestOverToTheHub() throws Exception {
        byte[] body = request().toString().getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> answer =
                send(post("/api/v1/transfers", "client", body).header("Idempotency-Key", "key-1"));

        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(202);
        assertThat(answer.headers().firstValue("Location")).hasValue("/api/v1/transfers/" + ID);
        assertThat(json(answer))
                .isEqualTo(JSON.readTree("{\"id\":\"" + ID + "\",\"stage\":\"PULL\",\"status\":\"QUEUED\"}"));
        ArgumentCaptor<Caller> caller = ArgumentCaptor.forClass(Caller.class);
        ArgumentCaptor<byte[]> raw = ArgumentCaptor.forClass(byte[].class);
        verify(acceptance).accept(caller.capture(), eq("key-1"), raw.capture(), any());
        assertThat(caller.getValue()).isEqualTo(new Caller("client", "demo.example", Set.of(Caller.Role.CLIENT)));
        assertThat(raw.getValue()).isEqualTo(body);
    }

    @Test
    void sendsNoHeaderOfTheRequestBack() throws Exception {
        HttpResponse<byte[]> answer = send(get("/api/v1/transfers/" + ID, "client")
                .header("Cookie", "a=MARKER")
                .header("X-Marker", "MARKER")
                .header("HubTransferId", "MARKER"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map().toString()).doesNotContain("MARKER", "Basic ", "Camel", "authorization");
        assertThat(answer.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void handsTheDocumentOutAsItIs() throws Exception {
        HttpResponse<byte[]> answer = send(get("/api/v1/transfers/" + ID + "/elmo", "client"));

        assertThat(answer.body()).isEqualTo("<elmo>ä\r\n</elmo>".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/xml");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"elmo-" + ID + ".xml\"");
    }

    @Test
    void saysThatADocumentIsNotReady() throws Exception {
        when(documents.find(any(), any(), any())).thenReturn(Optional.empty());

        assertProblem(send(get("/api/v1/transfers/" + ID + "/elmo", "client")), ProblemCode.NOT_READY);
        assertProblem(send(get("/api/v1/transfers/" + ID + "/report", "client")), ProblemCode.NOT_READY);
        assertProblem(send(get("/api/v1/imports/" + ID + "/elmo", "officer")), ProblemCode.NOT_READY);
    }

    @Test
    void saysThatADocumentWasErased() throws Exception {
        when(documents.find(any(), any(), any())).thenReturn(Optional.empty());
        when(retention.isErased(ID)).thenReturn(true);

        assertProblem(send(get("/api/v1/transfers/" + ID + "/elmo", "client")), ProblemCode.ERASED);
        assertProblem(send(get("/api/v1/transfers/" + ID + "/report", "client")), ProblemCode.ERASED);
    }

    @Test
    void hidesWhatBelongsToAnotherInstitution() throws Exception {
        when(views.details(any(), any())).thenReturn(Optional.empty());
        when(importViews.find(any(), any())).thenReturn(Optional.empty());

        for (String path : List.of("transfers/" + ID, "transfers/" + ID + "/elmo", "transfers/" + ID + "/report")) {
            assertProblem(send(get("/api/v1/" + path, "client")), ProblemCode.NOT_FOUND);
        }
        assertProblem(send(get("/api/v1/imports/" + ID, "officer")), ProblemCode.NOT_FOUND);
        assertProblem(send(get("/api/v1/imports/" + ID + "/elmo", "officer")), ProblemCode.NOT_FOUND);
    }

    @Test
    void showsAClientItsInstitutionAndAnOperatorAll() throws Exception {
        send(get("/api/v1/transfers", "client"));
        send(get(
                "/api/v1/transfers?size=7&after=a1&stage=MAP&failureCode=unknown_code&from=2026-01-01T00:00:00Z",
                "operator"));

        ArgumentCaptor<TransferFilter> filter = ArgumentCaptor.forClass(TransferFilter.class);
        verify(views).page(filter.capture(), eq(null), eq(50));
        assertThat(filter.getValue().institution()).isEqualTo("demo.example");
        verify(views).page(filter.capture(), eq("a1"), eq(7));
        assertThat(filter.getValue())
                .isEqualTo(new TransferFilter(
                        null,
                        Stage.MAP,
                        null,
                        null,
                        null,
                        null,
                        FailureCode.UNKNOWN_CODE,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        null,
                        List.of()));
    }

    @Test
    void replaysAFilterAtARate() throws Exception {
        send(post(
                "/api/v1/dead-letters/replay",
                "operator",
                ("{\"filter\":{\"destination\":\"deciding\",\"ids\":[\"" + ID
                                + "\"]},\"from\":\"MAP\",\"limit\":3,\"perSecond\":0.5}")
                        .getBytes(StandardCharsets.UTF_8)));

        ArgumentCaptor<TransferFilter> filter = ArgumentCaptor.forClass(TransferFilter.class);
        verify(replays).replay(filter.capture(), eq(Stage.MAP), eq(3), eq(0.5), any());
        assertThat(filter.getValue().status()).isEqualTo(Status.DEAD_LETTERED);
        assertThat(filter.getValue().destination()).isEqualTo("deciding");
        assertThat(filter.getValue().ids()).containsExactly(ID);
    }

    /** Nothing but an absent filter, or an empty one, means all. */
    @Test
    void replaysNothingForAnEmptyListOfIds() throws Exception {
        HttpResponse<byte[]> answer = send(post(
                "/api/v1/dead-letters/replay",
                "operator",
                "{\"filter\":{\"ids\":[]}}".getBytes(StandardCharsets.UTF_8)));

        assertProblem(answer, ProblemCode.REQUEST_INVALID);
        assertThat(json(answer).path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/filter/ids\",\"code\":\"too_few\"}]");
    }

    @Test
    void tellsAFailureInWords() throws Exception {
        JsonNode failure = json(send(get("/api/v1/transfers/" + ID, "client"))).path("failure");

        assertThat(failure.path("message").asText())
                .isEqualTo("A code has no row in its code table: table 'grades' has no row for code 'X'.");
        assertThat(failure.path("next").asText()).isEqualTo(FailureCode.UNKNOWN_CODE.next());
    }

    @Test
    void makesTheSimulatedSystemBehave() throws Exception {
        send(post(
                "/api/v1/demo/sis/deciding/behaviour",
                "operator",
                "{\"delay\":\"5s\",\"loseAnswers\":true}".getBytes(StandardCharsets.UTF_8)));

        verify(simulators).behave("deciding", new Simulators.Behaviour(Duration.ofSeconds(5), true, null));
    }

    /** Each caller is told apart although Camel answers on a pool of threads that Spring Security does not know. */
    @Test
    void tellsTwoCallersAtOnceApart() throws Exception {
        when(views.details(any(), any())).thenAnswer(call -> {
            Caller caller = call.getArgument(1);
            Thread.sleep(20);
            return caller.roles().contains(Caller.Role.CLIENT) ? Optional.of(details()) : Optional.empty();
        });

        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(http.sendAsync(
                    get("/api/v1/transfers/" + ID, i % 2 == 0 ? "client" : "operator")
                            .build(),
                    BodyHandlers.ofByteArray()));
        }

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join().statusCode()).isEqualTo(i % 2 == 0 ? 200 : 404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /api/v1/transfers/MARKER,            client,   not_found",
        "GET,  /api/v1/MARKER,                      client,   not_found",
        "GET,  /MARKER,                             client,   not_found",
        "GET,  /api/v1/transfers/,                  client,   not_found",
        "POST, /api/v1/registers/west/pause,        operator, not_found",
        "POST, /api/v1/registers/NORTH/pause,       operator, not_found",
        "POST, /api/v1/sis/north/pause,             operator, not_found",
        "PUT,  /api/v1/transfers,                   client,   method_not_allowed",
        "DELETE, /api/v1/transfers/6f3f9a1c-58a5-4d0b-9c5e-2f1a6a1b7c01, client, method_not_allowed",
        "GET,  /api/v1/transfers?size=201,          client,   request_invalid",
        "GET,  /api/v1/transfers?size=MARKER,       client,   request_invalid",
        "GET,  /api/v1/transfers?stage=MARKER,      client,   request_invalid",
        "GET,  /api/v1/transfers?MARKER=MARKER,     client,   request_invalid",
        "GET,  /api/v1/transfers?size=1&size=2,     client,   request_invalid",
        "GET,  /api/v1/transfers?failureCode=marker, client,  request_invalid",
        "GET,  /api/v1/transfers?from=2026-13-01T00:00:00Z, client, request_invalid",
        "GET,  /api/v1/transfers?after=%00MARKER,   client,   request_invalid",
        "GET,  /api/v1/transfers?after=%zz,         client,   request_invalid",
        "POST, /api/v1/transfers,                   client,   request_invalid",
        "GET,  /api/v1/transfers/a%2Fb,             client,   request_invalid"
    })
    void refusesWithAProblem(String method, String path, String user, String code) throws Exception {
        HttpResponse<byte[]> answer =
                send(to(path, user).method(method, BodyPublishers.noBody()).header("X-Marker", "MARKER"));

        assertProblem(answer, ProblemCode.valueOf(code.toUpperCase(Locale.ROOT)));
    }

    @Test
    void namesTheParametersThatAreWrong() throws Exception {
        JsonNode errors = json(send(get("/api/v1/transfers?size=0&stage=X&from=y&extra=1", "client")))
                .path("errors");

        assertThat(errors.toString())
                .contains(
                        "{\"pointer\":\"query:size\",\"code\":\"too_small\"}",
                        "{\"pointer\":\"query:stage\",\"code\":\"value_unknown\"}",
                        "{\"pointer\":\"query:from\",\"code\":\"format_invalid\"}",
                        "{\"pointer\":\"query:\",\"code\":\"parameter_unknown\"}");
    }

    @Test
    void offersTheMethodsOfAnAddress() throws Exception {
        HttpResponse<byte[]> answer = send(to("/api/v1/transfers", "client").method("DELETE", BodyPublishers.noBody()));

        assertThat(answer.headers().firstValue("Allow"))
                .hasValueSatisfying(allow -> assertThat(allow.split(", ?")).contains("GET", "POST"));
    }

    @Test
    void refusesWhatIsNotJson() throws Exception {
        HttpRequest.Builder request = to("/api/v1/transfers", "client")
                .header("Idempotency-Key", "key-1")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("MARKER"));

        assertProblem(send(request), ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void refusesToAnswerInAFormThatItDoesNotHave() throws Exception {
        assertProblem(
                send(get("/api/v1/transfers/" + ID, "client").header("Accept", "text/html")),
                ProblemCode.NOT_ACCEPTABLE);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void countsTheBody(boolean chunked) throws Exception {
        byte[] body = "x".repeat(256 * 1024 + 1).getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = to("/api/v1/transfers", "client")
                .header("Idempotency-Key", "key-1")
                .header("Content-Type", "application/json")
                .POST(
                        chunked
                                ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                                : BodyPublishers.ofByteArray(body));

        assertProblem(send(request), ProblemCode.BODY_TOO_LARGE);
    }

    @Test
    void saysThatTheChunksOfABodyAreBroken() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /api/v1/transfers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic "
                                    + base64("client:demo")
                                    + "\r\nIdempotency-Key: key-1\r\nContent-Type: application/json\r\n"
                                    + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nMARKER\r\n{}\r\n0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json", "The body is not framed as HTTP has it.")
                    .doesNotContain("MARKER");
        }
    }

    @Test
    void takesAChunkedBodyWithinTheLimit() throws Exception {
        byte[] body = request().toString().getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = to("/api/v1/transfers", "client")
                .header("Idempotency-Key", "key-1")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        assertThat(send(request).statusCode()).isEqualTo(202);
    }

    @Test
    void repeatsNothingOfARefusedRequest() throws Exception {
        ObjectNode request = request();
        request.put("sis", "MARKER").put("purpose", "MARKER\u0007");
        ((ObjectNode) request.at("/learner/identifier")).put("value", "MARKER");
        ((ObjectNode) request.at("/learner")).put("birthDate", "MARKER").put("MARKER", "MARKER");
        ((ObjectNode) request.at("/consent")).put("recipient", "MARKER").put("givenAt", "MARKER");

        HttpResponse<byte[]> answer =
                send(post("/api/v1/transfers", "client", request.toString().getBytes(StandardCharsets.UTF_8))
                        .header("Idempotency-Key", "MARKER"));

        assertProblem(answer, ProblemCode.REQUEST_INVALID);
        assertThat(json(answer).path("errors").size()).isGreaterThan(4);
    }

    @Test
    void passesOnWhatTheHubRefuses() throws Exception {
        when(acceptance.accept(any(), any(), any(), any()))
                .thenThrow(new Problem(ProblemCode.IDEMPOTENCY_CONFLICT, "Take another key."));
        doThrow(new Problem(ProblemCode.NOT_CANCELLABLE, "It is too late."))
                .when(cancellation)
                .cancel(any(), any());

        assertProblem(
                send(post("/api/v1/transfers", "client", request().toString().getBytes(StandardCharsets.UTF_8))
                        .header("Idempotency-Key", "key-1")),
                ProblemCode.IDEMPOTENCY_CONFLICT);
        assertProblem(
                send(to("/api/v1/transfers/" + ID + "/cancel", "client").POST(BodyPublishers.noBody())),
                ProblemCode.NOT_CANCELLABLE);
    }

    @Test
    void saysThatTheDatabaseIsAway() throws Exception {
        when(views.details(any(), any())).thenThrow(new DataAccessResourceFailureException("MARKER"));

        HttpResponse<byte[]> answer = send(get("/api/v1/transfers/" + ID, "client"));

        assertProblem(answer, ProblemCode.HUB_UNAVAILABLE);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
    }

    @Test
    void keepsADefectToItself() throws Exception {
        when(views.details(any(), any())).thenThrow(new IllegalStateException("MARKER"));

        assertProblem(send(get("/api/v1/transfers/" + ID, "client")), ProblemCode.HUB_DEFECT);
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(uri("/api/v1/transfers"))
                .header("Authorization", "Basic " + base64("client:MARKER")));

        assertProblem(answer, ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void comparesTheDemosPasswordWithoutHashingItFirst(@Autowired ApplicationContext context) {
        assertThat(context.getBeansOfType(UserDetailsPasswordService.class)).isEmpty();
    }

    @Test
    void approvesOnlyWithAnAcceptor() throws Exception {
        HttpResponse<byte[]> answer = send(post(
                "/api/v1/imports/" + ID + "/decision",
                "officer",
                "{\"decision\":\"APPROVED\"}".getBytes(StandardCharsets.UTF_8)));

        assertProblem(answer, ProblemCode.REQUEST_INVALID);
        assertThat(json(answer).at("/errors/0/pointer").asText()).isEqualTo("/acceptor");
    }

    @Test
    void refusesWhatAnotherSitesPageSendsFromABrowser() throws Exception {
        HttpRequest.Builder request = to("/api/v1/demo/sis/deciding/stop", "operator")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(BodyPublishers.noBody());

        assertProblem(send(request), ProblemCode.FORBIDDEN);
    }

    @Test
    void showsItsContractsToAnybody() throws Exception {
        JsonNode api = json(send(HttpRequest.newBuilder(uri("/v3/api-docs"))));
        JsonNode demo = json(send(HttpRequest.newBuilder(uri("/v3/api-docs/demo"))));

        assertThat(api).isEqualTo(CONTRACT.document());
        assertThat(demo).isEqualTo(DEMO.document());
    }

    @Test
    void showsItsHealthToAnybodyAndNothingElse() throws Exception {
        assertThat(send(HttpRequest.newBuilder(uri("/actuator/health"))).statusCode())
                .isEqualTo(200);
        assertProblem(send(HttpRequest.newBuilder(uri("/actuator/info"))), ProblemCode.UNAUTHENTICATED);
        assertProblem(send(get("/actuator/info", "client")), ProblemCode.FORBIDDEN);
    }

    private HttpRequest.Builder sample(Operation operation, @Nullable String user) {
        String path = operation.address().getPatternString();
        path = path.contains("/registers/{id}")
                ? path.replace("{id}", "north")
                : path.contains("/sis/{id}") ? path.replace("{id}", "deciding") : path;
        path = path.replace("{id}", ID.toString()).replace("{transferId}", ID.toString());
        HttpRequest.Builder request = to(path, user);
        if (operation.method().name().equals("GET")) {
            return request.GET();
        }
        if (operation.id().equals("createTransfer")) {
            return request.header("Idempotency-Key", "key-1")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(request().toString()));
        }
        Contract contract = path.startsWith("/api/v1/demo") ? DEMO : CONTRACT;
        String base = contract.document().at("/servers/0/url").asText();
        String pointer = "/paths/"
                + operation
                        .address()
                        .getPatternString()
                        .substring(base.length())
                        .replace("/", "~1") + "/post/requestBody/content/application~1json/example";
        JsonNode example = contract.document().at(pointer);
        return example.isMissingNode()
                ? request.POST(BodyPublishers.noBody())
                : request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(example.toString()));
    }

    private static void assertAsDescribed(Contract contract, Operation operation, HttpResponse<byte[]> answer)
            throws IOException {
        String base = contract.document().at("/servers/0/url").asText();
        String pointer = "/paths/"
                + operation
                        .address()
                        .getPatternString()
                        .substring(base.length())
                        .replace("/", "~1") + "/" + operation.method().name().toLowerCase(Locale.ROOT)
                + "/responses";
        JsonNode described = contract.schema(pointer).path(String.valueOf(answer.statusCode()));
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(described.path("content").has(type)).as(type).isTrue();
        if (type.equals("application/json")) {
            SchemaCheck schema =
                    new SchemaCheck(described.path("content").path(type).path("schema"));
            assertThat(schema.faults(json(answer))).as(text(answer)).isEmpty();
        }
    }

    private static void assertProblem(HttpResponse<byte[]> answer, ProblemCode code) throws IOException {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(code.status());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(new SchemaCheck(CONTRACT.schema("/components/schemas/Problem")).faults(problem))
                .isEmpty();
        assertThat(problem.path("code").asText()).isEqualTo(code.wireName());
        assertThat(problem.path("title").asText()).isEqualTo(code.title());
        assertThat(problem.path("status").asInt()).isEqualTo(code.status());
        assertThat(text(answer)).doesNotContainIgnoringCase("marker").doesNotContain("Exception", "\tat ");
    }

    private static ObjectNode request() {
        ObjectNode request = TransferRequestsTests.sound();
        request.remove("decision");
        return request;
    }

    private static TransferDetails details() {
        return new TransferDetails(
                ID,
                "API",
                "demo.example",
                "deciding",
                Stage.MAP,
                Status.DEAD_LETTERED,
                FailureCode.UNKNOWN_CODE,
                "table 'grades' has no row for code 'X'",
                7,
                AT,
                AT,
                AT,
                null,
                List.of(new TransferDetails.Source("north", "PULLED", null, "abc", 12, 3)),
                List.of(new TransferDetails.Attempt(
                        1, Stage.DELIVER, "deciding", AT, null, "FAILED", "items_rejected", null)),
                List.of(new TransferDetails.Item("7", "k".repeat(43), "REJECTED", "BAD", "emrex-1")),
                List.of(new TransferDetails.Event(AT, "hub", "accepted", null, Map.of(), "Accepted.")));
    }

    private static TransferPage.Row row() {
        return new TransferPage.Row(
                ID,
                Stage.DELIVER,
                Status.DEAD_LETTERED,
                "deciding",
                List.of("north"),
                FailureCode.SIS_UNAVAILABLE,
                AT,
                AT);
    }

    private HttpRequest.Builder get(String path, String user) {
        return to(path, user).GET();
    }

    private HttpRequest.Builder post(String path, String user, byte[] body) {
        return to(path, user).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body));
    }

    private HttpRequest.Builder to(String path, @Nullable String user) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return user == null ? request : request.header("Authorization", "Basic " + base64(user + ":demo"));
    }

    private URI uri(String path) {
        String safe = path.replace("%zz", "%25zz");
        return URI.create("http://127.0.0.1:" + port + safe);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
