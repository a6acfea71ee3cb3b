package org.emrexhub.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The hub's own API as any client sees it: over HTTP, with the credentials of a demo user. */
final class OwnApi {

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String address;
    private final HttpClient http = HttpClient.newBuilder()
            // A proxy of the machine must not stand between the hub and itself.
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(PATIENCE)
            .build();

    /** Calls the API at an address such as {@code http://127.0.0.1:8080/api/v1}. */
    OwnApi(String address) {
        this.address = address;
    }

    /** An answer of the API. */
    record Answer(int status, byte[] body) {

        boolean good() {
            return status / 100 == 2;
        }

        /** The body; a missing node if it is not JSON. */
        JsonNode json() {
            try {
                return JSON.readTree(new String(body, StandardCharsets.UTF_8));
            } catch (JsonProcessingException e) {
                return JSON.missingNode();
            }
        }
    }

    Answer get(String user, String path) throws IOException, InterruptedException {
        return send(request(user, path).GET());
    }

    Answer post(String user, String path, String idempotencyKey, String body) throws IOException, InterruptedException {
        return send(request(user, path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String user, String path) {
        String credentials = user + ":demo";
        return HttpRequest.newBuilder(URI.create(address + path))
                .timeout(PATIENCE)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.body());
    }
}
