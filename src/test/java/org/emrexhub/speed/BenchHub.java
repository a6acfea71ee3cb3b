package org.emrexhub.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.emrexhub.EmrexHub;

/** A hub in a process of its own, with a heap of its own, talked to through its API. */
final class BenchHub implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final String address;
    private final Path output;
    private final HttpClient http = HttpClient.newHttpClient();

    private BenchHub(Process process, String address, Path output) {
        this.process = process;
        this.address = address;
        this.output = output;
    }

    static BenchHub start(Path home, Path data, List<String> jvm, List<String> settings) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                EmrexHub.class.getName(),
                "--spring.profiles.active=demo",
                "--emrexhub.demo.first-transfer=false",
                "--emrexhub.home=" + home,
                "--emrexhub.data=" + data,
                // A busy machine is no reason to give a transfer up.
                "--emrexhub.retry.give-up-after=2h",
                "--server.port=" + port));
        settings.forEach(setting -> command.add("--" + setting));
        Path output = data.resolveSibling(data.getFileName() + ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        BenchHub hub = new BenchHub(builder.start(), "http://127.0.0.1:" + port, output);
        // A run that is broken off leaves no hub behind.
        Runtime.getRuntime().addShutdownHook(new Thread(hub.process::destroy));
        Awaitility.await("hub is ready")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .failFast("the hub ended", () -> !hub.process.isAlive())
                .until(() -> hub.get("/actuator/health/readiness").statusCode() == 200);
        return hub;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands a transfer in for the student of this number and gives its id. */
    String transfer(String sis, long number) {
        String student = String.format("%09d", number);
        String decision = sis.equals(LoopbackSystems.SISU)
                ? ",\"decision\":{\"acceptor\":{\"name\":\"Olli Opintoasiat\"},\"decidedAt\":\"2026-11-02T10:00:00Z\"}"
                : "";
        String body = "{\"registers\":[\"zz-bench\"],\"sis\":\"" + sis + "\",\"learner\":{\"identifier\":"
                + "{\"type\":\"studentNumber\",\"value\":\"" + student + "\"},\"targetId\":\"bench-" + student
                + "\",\"givenNames\":\"Testi Mittari\",\"familyName\":\"Esimerkki\",\"birthDate\":\"2000-01-02\"},"
                + "\"consent\":{\"reference\":\"c-1\",\"textVersion\":\"2026-1\",\"recipient\":\"" + sis
                + "\",\"givenAt\":\"2026-11-01T10:00:00Z\"}" + decision + "}";
        HttpResponse<byte[]> answer = send(request("client", "/api/v1/transfers")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(body)));
        if (answer.statusCode() != 202) {
            throw new IllegalStateException(
                    answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return json(answer).path("id").asText();
    }

    JsonNode details(String id) {
        HttpResponse<byte[]> answer = get("/api/v1/transfers/" + id);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8) + "\n" + output());
        }
        return json(answer);
    }

    /** How many transfers wait for each target, as operators see it. */
    JsonNode targets() {
        return json(get("/api/v1/sis"));
    }

    /** How many died of what. */
    JsonNode deadLetters() {
        return json(get("/api/v1/dead-letters/groups"));
    }

    void operate(String call) {
        send(request("operator", "/api/v1" + call).POST(BodyPublishers.noBody()));
    }

    private HttpResponse<byte[]> get(String path) {
        return send(request("operator", path).GET());
    }

    private HttpRequest.Builder request(String user, String path) {
        String credentials = Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.US_ASCII));
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", "Basic " + credentials);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes on the heap that are still in use after a full collection. */
    long liveHeap() {
        try {
            Process histogram = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(process.pid()),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String[] total = Arrays.stream(text.split("\n"))
                    .filter(line -> line.startsWith("Total"))
                    .reduce("", (first, last) -> last)
                    .trim()
                    .split("\\s+");
            return total.length == 3 ? Long.parseLong(total[2]) : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the hub has written to its console. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
