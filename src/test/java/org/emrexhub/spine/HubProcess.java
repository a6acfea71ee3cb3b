package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.emrexhub.EmrexHub;

/** A hub in a process of its own, so that it can be killed; its {@link SideDoor} shows ledger and queues. */
final class HubProcess implements AutoCloseable {

    private static final TypeReference<List<Map<String, String>>> ROWS = new TypeReference<>() {};
    private static final TypeReference<Map<String, List<String>>> QUEUES = new TypeReference<>() {};
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration END = Duration.ofMinutes(4);

    private static final int LINES = 20;

    private final Process process;
    private final RunningHub api;
    private final URI door;
    private final HttpClient http = HttpClient.newHttpClient();

    private HubProcess(Process process, RunningHub api, int doorPort) {
        this.process = process;
        this.api = api;
        this.door = URI.create("http://127.0.0.1:" + doorPort);
    }

    /**
     * The settings of a hub that is killed and restarted: its transfers outlive a start, and it finds out within seconds
     * what was interrupted or lost.
     */
    static String[] restless(SisuTarget sisu, String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        Stream.concat(
                        Stream.of(
                                sisu.setting(),
                                "emrexhub.retry.give-up-after=5m",
                                "emrexhub.dispatch.lost-after=10s",
                                "emrexhub.sis.sisu.timeout=3s",
                                "emrexhub.sis.sisu.settle=1s",
                                "emrexhub.sis.file-drop.timeout=3s",
                                "emrexhub.sis.file-drop.settle=1s",
                                "emrexhub.delivery.lease-margin=3s"),
                        Arrays.stream(more))
                .forEach(setting -> settings.put(setting.substring(0, setting.indexOf('=')), setting));
        return settings.values().toArray(String[]::new);
    }

    /** Starts a demo hub; {@code settings} are {@code key=value}. */
    static HubProcess start(Path data, int port, String... settings) throws IOException {
        int doorPort = RunningHub.freePort();
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
                "--server.port=" + port,
                "--" + SideDoor.PORT + "=" + doorPort));
        Arrays.stream(settings).map(setting -> "--" + setting).forEach(command::add);
        Path output = data.resolveSibling("hub-" + port + ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        String address = "http://127.0.0.1:" + port;
        HubProcess hub = new HubProcess(builder.start(), RunningHub.at(address, data), doorPort);
        try {
            hub.awaitReady(address);
        } catch (RuntimeException | Error e) {
            hub.process.destroyForcibly();
            List<String> said = Files.readAllLines(output);
            throw new IllegalStateException(
                    "The hub does not start: " + said.subList(Math.max(0, said.size() - LINES), said.size()), e);
        }
        return hub;
    }

    private void awaitReady(String address) {
        HttpRequest ready = HttpRequest.newBuilder(URI.create(address + "/actuator/health/readiness"))
                .build();
        Awaitility.await("hub is ready")
                .atMost(START)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .failFast("the hub ended", () -> !process.isAlive())
                .until(() -> http.send(ready, BodyHandlers.discarding()).statusCode() == 200);
    }

    RunningHub api() {
        return api;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** The process will end by itself when this point of the {@link KillSwitch} is passed for the n-th time. */
    void killAt(String point, int pass) {
        door("/arm", pass + " " + point);
    }

    /** Waits for the end that {@link #killAt} announced. */
    void awaitKilled() throws InterruptedException {
        assertThat(process.waitFor(END.toSeconds(), TimeUnit.SECONDS))
                .as("the point was passed")
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(KillSwitch.EXIT);
    }

    /** Rows of the ledger, by column name in lower case. */
    List<Map<String, String>> query(String sql) {
        return RunningHub.JSON.convertValue(door("/query", sql), ROWS);
    }

    /** Changes the ledger from outside. */
    void execute(String sql) {
        door("/execute", sql);
    }

    /** What stands in the broker: for each queue that is not empty its references, {@code <transfer id>#<revision>}. */
    Map<String, List<String>> queues() {
        return RunningHub.JSON.convertValue(door("/queues", ""), QUEUES);
    }

    /** Messages pile up in this queue from now on. */
    void holdBack(String queue) {
        door("/hold-back", queue);
    }

    /** The queue's consumers work again. */
    void letGo(String queue) {
        door("/let-go", queue);
    }

    private JsonNode door(String path, String body) {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(door.resolve(path))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofByteArray());
            JsonNode answer = RunningHub.JSON.readTree(response.body());
            assertThat(response.statusCode()).as(answer.toString()).isEqualTo(200);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
