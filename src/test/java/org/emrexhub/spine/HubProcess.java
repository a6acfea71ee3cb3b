package org.emrexhub.spine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.emrexhub.EmrexHub;

/** A hub in a process of its own, so that it can be killed. */
final class HubProcess implements AutoCloseable {

    private final Process process;
    private final RunningHub api;

    private HubProcess(Process process, RunningHub api) {
        this.process = process;
        this.api = api;
    }

    static HubProcess start(Path data, int port, String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // A life is short: the second compiler would cost twice the time of a start and never pay it back.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                EmrexHub.class.getName(),
                "--spring.profiles.active=demo",
                "--emrexhub.data=" + data,
                "--emrexhub.home=" + Path.of("").toAbsolutePath(),
                "--emrexhub.demo.first-transfer=false",
                "--server.port=" + port));
        Arrays.stream(settings).map(setting -> "--" + setting).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("hub-" + port + ".out").toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        String address = "http://127.0.0.1:" + port;
        HubProcess hub = new HubProcess(builder.start(), RunningHub.at(address, data));
        try {
            hub.awaitReady(address);
        } catch (RuntimeException | AssertionError notReady) {
            hub.process.destroyForcibly();
            throw notReady;
        }
        return hub;
    }

    private void awaitReady(String address) {
        HttpRequest ready = HttpRequest.newBuilder(URI.create(address + "/actuator/health/readiness"))
                .build();
        HttpClient http = HttpClient.newHttpClient();
        Awaitility.await("hub is ready")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .failFast("the hub ended", () -> !process.isAlive())
                .until(() -> http.send(ready, BodyHandlers.discarding()).statusCode() == 200);
    }

    RunningHub api() {
        return api;
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
