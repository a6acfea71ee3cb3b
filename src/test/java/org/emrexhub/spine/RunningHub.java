package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.emrexhub.EmrexHub;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole hub: real broker, real database, real HTTP; talked to through its API alone. */
final class RunningHub implements AutoCloseable {

    static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final @Nullable ConfigurableApplicationContext context;
    private final String address;
    private final Path data;
    private final UnaryOperator<String> authorization;
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningHub(
            @Nullable ConfigurableApplicationContext context,
            String address,
            Path data,
            UnaryOperator<String> authorization) {
        this.context = context;
        this.address = address;
        this.data = data;
        this.authorization = authorization;
    }

    /** Starts a demo hub with its own data folder and port; {@code settings} are {@code key=value}. */
    static RunningHub start(Path data, String... settings) {
        return start(
                data,
                RunningHub::basic,
                List.of("spring.profiles.active=demo", "emrexhub.demo.first-transfer=false"),
                settings);
    }

    /** The same, with beans of the test's own beside the hub's. */
    static RunningHub start(
            Path data, ApplicationContextInitializer<ConfigurableApplicationContext> beans, String... settings) {
        return start(
                data,
                RunningHub::basic,
                List.of("spring.profiles.active=demo", "emrexhub.demo.first-transfer=false"),
                beans,
                settings);
    }

    /** Starts a hub without a profile; {@code authorization} gives a user's credentials as the header has them. */
    static RunningHub production(Path data, UnaryOperator<String> authorization, String... settings) {
        return start(data, authorization, List.of(), settings);
    }

    private static RunningHub start(
            Path data, UnaryOperator<String> authorization, List<String> profile, String... settings) {
        return start(data, authorization, profile, context -> {}, settings);
    }

    private static RunningHub start(
            Path data,
            UnaryOperator<String> authorization,
            List<String> profile,
            ApplicationContextInitializer<ConfigurableApplicationContext> beans,
            String... settings) {
        int port = freePort();
        List<String> arguments = new ArrayList<>(List.of("--emrexhub.data=" + data, "--server.port=" + port));
        profile.stream().map(setting -> "--" + setting).forEach(arguments::add);
        if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith("emrexhub.home="))) {
            arguments.add("--emrexhub.home=" + Path.of("").toAbsolutePath());
        }
        Arrays.stream(settings).map(setting -> "--" + setting).forEach(arguments::add);
        SpringApplication application = new SpringApplication(EmrexHub.class);
        application.addInitializers(beans);
        return new RunningHub(
                application.run(arguments.toArray(String[]::new)), "http://127.0.0.1:" + port, data, authorization);
    }

    /** A demo hub that runs elsewhere. */
    static RunningHub at(String address, Path data) {
        return new RunningHub(null, address, data, RunningHub::basic);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return address;
    }

    Path data() {
        return data;
    }

    <T> T bean(Class<T> type) {
        return Objects.requireNonNull(context, "the hub runs elsewhere").getBean(type);
    }

    /** An answer of the API. */
    record Answer(int status, HttpResponse<byte[]> response) {

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String code() {
            return json().path("code").asText();
        }
    }

    Answer get(String user, String path) {
        return send(request(user, path).GET());
    }

    Answer post(String user, String path, String body) {
        return send(request(user, path)
                .header("Content-Type", "application/json")
                .POST(body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    /** What an operator sees of the hub's health. */
    Answer health() {
        return send(to("operator", "/actuator/health").GET());
    }

    private HttpRequest.Builder request(String user, String path) {
        return to(user, "/api/v1" + path);
    }

    private HttpRequest.Builder to(String user, String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", authorization.apply(user));
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a transfer and gives its id. */
    String transfer(TransferRequest request) {
        return transfer(request.tree());
    }

    String transfer(JsonNode request) {
        Answer answer = tryTransfer(request, UUID.randomUUID().toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asText();
    }

    Answer tryTransfer(TransferRequest request, String idempotencyKey) {
        return tryTransfer(request.tree(), idempotencyKey);
    }

    Answer tryTransfer(JsonNode request, String idempotencyKey) {
        return send(request("client", "/transfers")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(request.toString())));
    }

    JsonNode details(String id) {
        return get("admin", "/transfers/" + id).json();
    }

    String status(String id) {
        return details(id).path("status").asText();
    }

    /** Waits until the transfer has this status, and gives its details. */
    JsonNode await(String id, String status) {
        Awaitility.await("transfer " + id + " " + status)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .failFast("it ended otherwise", () -> {
                    String now = status(id);
                    return !now.equals(status) && ENDS.contains(now);
                })
                .until(() -> status(id).equals(status));
        return details(id);
    }

    private static final Set<String> ENDS =
            Set.of("DELIVERED", "REJECTED", "DISCARDED", "CANCELLED", "EXPIRED", "DEAD_LETTERED");

    JsonNode awaitReplay(String location) {
        Awaitility.await("replay " + location)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> replay(location).path("status").asText().equals("FINISHED"));
        return replay(location);
    }

    private JsonNode replay(String location) {
        return get("operator", location.substring(location.indexOf("/replays/")))
                .json();
    }

    /** What the simulated system received, by id. */
    JsonNode received(String sis) {
        return get("operator", "/demo/sis/" + sis + "/received").json().path("items");
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }
}
