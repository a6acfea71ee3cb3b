package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.emrexhub.spine.SisuTarget.Mood;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hub that ends without warning at the worst moments delivers everything after the next start, each credit under one
 * id. Each test leaves its next start to the one after it: a hub is killed, comes again, makes good, and is killed at
 * another point.
 */
@Tag("slow")
class KillPointsIT {

    private static final int EACH = 2;

    private static SisuTarget sisu;
    private static Path data;
    private static int port;
    private static HubProcess hub;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws IOException {
        data = folder.resolve("data");
        port = RunningHub.freePort();
        sisu = new SisuTarget();
        start();
    }

    @BeforeEach
    void startAgain() throws IOException {
        sisu.is(Mood.WELL);
        if (!hub.isAlive()) {
            start();
        }
    }

    private static void start() throws IOException {
        hub = HubProcess.start(data, port, HubProcess.restless(sisu));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        hub.close();
        sisu.close();
    }

    @ParameterizedTest
    @CsvSource({
        "before:hub-dispatch-delete-rows",
        "after:hub-pull-store-answer",
        "after:hub-sign-sign-document",
        "after:hub-deliver-claim-delivery",
        "after:hub-push-push-to-target",
        "before:hub-deliver-record-delivery",
        "before:commit Deliveries.record"
    })
    void deliversWhatAKillInterrupted(String point) throws IOException, InterruptedException {
        // The second pass: something of the same kind has gone well before, and something else is under way.
        hub.killAt(point, 2);
        Map<String, TransferRequest> requests = requests();
        requests.forEach(KillPointsIT::sendQuietly);
        hub.awaitKilled();

        start();

        assertDelivered(requests);
    }

    @Test
    void answersAClientAgainWhoseRequestWasCommittedAndNotAnswered() throws IOException, InterruptedException {
        hub.killAt("after:commit task", 2);
        Map<String, TransferRequest> requests = requests();
        requests.forEach(KillPointsIT::sendQuietly);
        hub.awaitKilled();

        start();

        assertThat(hub.query("select id from transfer where created_at > current_timestamp - interval '10' minute"))
                .hasSizeGreaterThanOrEqualTo(2);
        assertDelivered(requests);
    }

    @Test
    void mirrorsADeathThatTheBrokerWasNotToldOf() throws IOException, InterruptedException {
        sisu.is(Mood.REFUSES);
        hub.killAt("after:hub-deliver-record-delivery", 1);
        Map<String, TransferRequest> requests = requests();
        requests.forEach(KillPointsIT::sendQuietly);
        hub.awaitKilled();

        start();

        List<String> ids = sendAll(requests);
        Agreement.awaitRest(hub);
        List<String> dead = ids.stream()
                .filter(id -> hub.api().status(id).equals("DEAD_LETTERED"))
                .toList();
        assertThat(dead).hasSize(EACH);
        assertThat(hub.queues().get("hub.deliver.sisu.dead")).hasSize(EACH);
        sisu.is(Mood.WELL);
        dead.forEach(id -> hub.api().post("operator", "/dead-letters/" + id + "/replay", "{}"));
        assertDelivered(requests);
    }

    @Test
    void goesOnWithAReplayThatWasInterrupted() throws IOException, InterruptedException {
        sisu.is(Mood.REFUSES);
        Map<String, TransferRequest> requests = new LinkedHashMap<>();
        for (int n = 0; n < 6; n++) {
            requests.put(UUID.randomUUID().toString(), to("sisu", LIISA).target("hy-hlo-" + UUID.randomUUID()));
        }
        List<String> ids = sendAll(requests);
        Agreement.awaitRest(hub);
        ids.forEach(id -> assertThat(hub.api().status(id)).isEqualTo("DEAD_LETTERED"));
        sisu.is(Mood.WELL);

        // The third transfer is started by a transaction of the schedule's thread; three are left.
        hub.killAt("after:commit schedule", 3);
        String replay = hub.api()
                .post(
                        "operator",
                        "/dead-letters/replay",
                        "{\"filter\":{\"destination\":\"sisu\"},\"limit\":100,\"perSecond\":2}")
                .response()
                .headers()
                .firstValue("Location")
                .orElseThrow();
        hub.awaitKilled();
        start();

        JsonNode progress = hub.api().awaitReplay(replay);
        assertThat(progress.path("queued").asInt()).isEqualTo(6);
        assertThat(progress.path("delivered").asInt()).isEqualTo(6);
        assertDelivered(requests);
    }

    /** Requests to both systems, each for a student of its own, by idempotency key. */
    private static Map<String, TransferRequest> requests() {
        Map<String, TransferRequest> requests = new LinkedHashMap<>();
        for (int n = 0; n < EACH; n++) {
            requests.put(UUID.randomUUID().toString(), to("sisu", KAARLO).target("hy-hlo-" + UUID.randomUUID()));
            requests.put(UUID.randomUUID().toString(), to("file-drop", LIISA).target("hy-hlo-" + UUID.randomUUID()));
        }
        return requests;
    }

    /** As a client does that hears nothing: it will ask again under the same key. */
    private static void sendQuietly(String key, TransferRequest request) {
        try {
            hub.api().tryTransfer(request, key);
        } catch (UncheckedIOException killed) {
            assertThat(killed.getCause()).isInstanceOf(IOException.class);
        }
    }

    private static List<String> sendAll(Map<String, TransferRequest> requests) {
        List<String> ids = new ArrayList<>();
        requests.forEach((key, request) -> {
            RunningHub.Answer answer = hub.api().tryTransfer(request, key);
            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            ids.add(answer.json().path("id").asText());
        });
        return ids;
    }

    private static void assertDelivered(Map<String, TransferRequest> requests) throws IOException {
        Map<String, JsonNode> delivered = new LinkedHashMap<>();
        List<String> ids = sendAll(requests);
        ids.forEach(id -> delivered.put(id, hub.api().await(id, "DELIVERED")));
        Agreement.awaitRest(hub);
        assertThat(sisu.doubles()).isEmpty();
        Set<String> expected = new TreeSet<>();
        for (Map.Entry<String, JsonNode> each : delivered.entrySet()) {
            JsonNode details = each.getValue();
            if (details.path("sis").asText().equals("sisu")) {
                details.path("items")
                        .forEach(item -> expected.add(item.path("targetId").asText()));
            } else {
                assertThat(data.resolve("drop/inbox/" + each.getKey() + ".xml"))
                        .hasBinaryContent(hub.api()
                                .get("client", "/transfers/" + each.getKey() + "/elmo")
                                .response()
                                .body());
            }
        }
        assertThat(sisu.ids()).containsAll(expected);
    }
}
