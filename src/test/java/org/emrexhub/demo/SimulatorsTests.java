package org.emrexhub.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.emrexhub.demo.Simulators.Behaviour;
import org.emrexhub.demo.Simulators.Received;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** What the demo may do to its simulators, and what a caller sees of it. */
@SuppressWarnings("NullAway.Init")
class SimulatorsTests {

    private static final Instant NOW = Instant.parse("2026-01-15T10:00:00.123456Z");

    @TempDir
    Path folder;

    private final AtomicInteger worked = new AtomicInteger();
    private volatile boolean takes;
    private Simulators simulators;
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(folder.resolve("drop/inbox"));
        Catalog catalog = new Catalog(
                folder,
                List.of(register("fi-virta")),
                List.of(sis("file-drop", Map.of("folder", folder.resolve("drop").toString())), sis("sisu", Map.of())));
        simulators = new Simulators(catalog, Clock.fixed(NOW, ZoneOffset.UTC), new SimulatedDatabases(catalog));
        TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory("", 0);
        tomcat.setAddress(java.net.InetAddress.getLoopbackAddress());
        // Whoever waits for an answer that is lost waits until the server has waited in vain for the next request.
        tomcat.addConnectorCustomizers(connector -> connector.setProperty("connectionTimeout", "2000"));
        FilterRegistrationBean<SimulatorGate> gate = new SimulatorsConfiguration().simulatorGate(simulators);
        server = tomcat.getWebServer(gate, context -> {
            var servlet = context.addServlet("simulator", new Worker());
            servlet.setAsyncSupported(true);
            servlet.addMapping("/simulators/*");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void answersThatItIsNotAvailableWhileStopped() throws Exception {
        simulators.stopSis("sisu");
        assertThat(call("sisu", "sync").statusCode()).isEqualTo(503);
        assertThat(call("fi-virta", "sync").statusCode()).isEqualTo(200);
        assertThat(worked).hasValue(1);

        simulators.startSis("sisu");
        simulators.stopRegister("fi-virta");
        assertThat(call("sisu", "sync").statusCode()).isEqualTo(200);
        assertThat(call("fi-virta", "sync").statusCode()).isEqualTo(503);
    }

    @Test
    void takesTheInboxAwayWhileStopped() {
        simulators.stopSis("file-drop");
        assertThat(folder.resolve("drop/inbox")).doesNotExist();

        simulators.startSis("file-drop");
        assertThat(folder.resolve("drop/inbox")).isDirectory();
    }

    @Test
    void isSlowWhenToldTo() throws Exception {
        simulators.behave("sisu", new Behaviour(Duration.ofMillis(400), false, null));

        long start = System.nanoTime();
        assertThat(call("sisu", "sync").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(390));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "async-dispatch", "async-complete"})
    void doesItsWorkAndLosesItsAnswerWhenToldTo(String how) {
        simulators.behave("sisu", new Behaviour(Duration.ZERO, true, null));
        takes = true;

        assertThatThrownBy(() -> call("sisu", how)).isInstanceOf(IOException.class);
        assertThat(worked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "async-dispatch", "async-complete"})
    void answersWhatItIsOnlyAsked(String how) throws Exception {
        simulators.behave("sisu", new Behaviour(Duration.ZERO, true, null));

        assertThat(call("sisu", how).body()).isEqualTo("{\"done\":true}");
    }

    @Test
    void countsWhatItReceivedById() {
        simulators.record("sisu", "emrex-1", "first");
        simulators.record("sisu", "emrex-2", "other");
        simulators.record("sisu", "emrex-1", "second");

        Instant at = Instant.parse("2026-01-15T10:00:00.123Z");
        assertThat(simulators.received("sisu"))
                .containsExactly(new Received("emrex-1", 2, at, "second"), new Received("emrex-2", 1, at, "other"));
        assertThat(simulators.received("file-drop")).isEmpty();
    }

    @Test
    void knowsNoOtherSystems() {
        assertThatThrownBy(() -> simulators.received("nowhere"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FOUND));
        assertThatThrownBy(() -> simulators.stopRegister("sisu")).isInstanceOf(Problem.class);
    }

    private HttpResponse<String> call(String system, String how) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getPort() + "/simulators/" + system + "/x?how=" + how);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(3))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Works in the three ways in which a server can end a request. */
    private final class Worker extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String how = request.getParameter("how");
            if (request.getDispatcherType() == jakarta.servlet.DispatcherType.ASYNC) {
                return;
            }
            if (how.equals("sync")) {
                work(response);
                return;
            }
            AsyncContext async = request.startAsync(request, response);
            new Thread(() -> {
                        work((HttpServletResponse) async.getResponse());
                        if (how.equals("async-dispatch")) {
                            async.dispatch();
                        } else {
                            async.complete();
                        }
                    })
                    .start();
        }

        private void work(HttpServletResponse response) {
            worked.incrementAndGet();
            if (takes) {
                simulators.record("sisu", "emrex-1", "taken");
            }
            try {
                response.setContentType("application/json");
                response.getOutputStream().write("{\"done\":true}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                response.flushBuffer();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Register register(String id) {
        return new Register(
                id,
                id,
                Map.of(),
                Map.of(),
                Register.SourceFormat.XML,
                "/*",
                ".",
                Duration.ofSeconds(1),
                false,
                Map.of(),
                Set.of(),
                Path.of("routes"),
                Path.of("mappings"));
    }

    private static Sis sis(String id, Map<String, String> settings) {
        return new Sis(
                id,
                id,
                Sis.Mode.POST,
                Set.of(),
                10,
                true,
                Sis.OnUnknown.VERIFY,
                Duration.ZERO,
                Duration.ofSeconds(1),
                "{creditKey}",
                settings,
                Set.of(),
                Path.of("routes"),
                Optional.empty());
    }
}
