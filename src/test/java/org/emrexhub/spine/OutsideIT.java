package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;

import com.github.tomakehurst.wiremock.client.WireMock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.emrexhub.spine.OutsideWorld.Import;
import org.emrexhub.spine.RunningHub.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hubs on one PostgreSQL and one Artemis in a process of its own, as in production and by configuration alone: they
 * share the work, one takes over from the other, and the broker may lose all that it has.
 */
@Tag("fire")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutsideIT {

    private static final int SHARED = Integer.getInteger("outside.transfers", 500);
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    private static Path temp;

    private static Databases databases;
    private static OutsideBroker broker;
    private static OutsideWorld world;
    private static HubProcess first;
    private static HubProcess second;

    @BeforeAll
    static void start() throws Exception {
        databases = new Databases();
        broker = new OutsideBroker(temp.resolve("broker"));
        broker.start();
        world = new OutsideWorld();
        first = hub("first");
        second = hub("second");
    }

    @AfterAll
    static void stop() throws Exception {
        first.close();
        second.close();
        world.close();
        broker.close();
        databases.close();
    }

    private static HubProcess hub(String name) throws IOException {
        List<String> settings = new ArrayList<>(List.of(databases.settings()));
        settings.addAll(List.of(OutsideBroker.settings(broker.port())));
        settings.addAll(List.of(
                "emrexhub.sis.sisu.url=" + world.sisuUrl(),
                "emrexhub.encryption.key=" + KEY,
                // The demo's patience is shorter than a start of the hub.
                "emrexhub.retry.give-up-after=15m"));
        return HubProcess.start(temp.resolve(name), RunningHub.freePort(), settings.toArray(String[]::new));
    }

    @Test
    @Order(1)
    void twoHubsShareTheWorkAndDoNothingTwice() throws Exception {
        world.recover();
        List<String> ids = transfers(SHARED, List.of(first, second));

        awaitDelivered(ids);

        assertThat(databases.ledger().queryForList("""
                select transfer_id, stage, destination from attempt
                group by transfer_id, stage, destination having count(*) > 1""")).isEmpty();
        assertThat(timesAtSisu().values()).isNotEmpty().containsOnly(1);
        Set<String> byFirst = dropped("first");
        Set<String> bySecond = dropped("second");
        assertThat(byFirst).isNotEmpty().doesNotContainAnyElementsOf(bySecond);
        assertThat(bySecond).isNotEmpty();
        Set<String> all = new HashSet<>(byFirst);
        all.addAll(bySecond);
        assertThat(ids).filteredOn(all::contains).hasSize(all.size());
    }

    @Test
    @Order(2)
    void oneHubTakesOverWhenTheOtherIsKilled() throws Exception {
        world.recover();
        // Slow enough that requests are on their way when the hub dies.
        world.sisu(WireMock.ok().withFixedDelay(3_000));
        List<String> ids = transfers(40, List.of(first, second));
        Awaitility.await("deliveries are under way")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> openAttempts() >= 2);

        first.kill();
        long killed = System.nanoTime();

        awaitDelivered(ids);
        System.out.printf(
                "taken over and done %d s after the kill%n",
                Duration.ofNanos(System.nanoTime() - killed).toSeconds());
        // What the killed hub had sent and not written down was sent again under the same id.
        assertThat(timesAtSisu().values()).allMatch(times -> times <= 2);
        assertThat(timesAtSisu().keySet()).containsExactlyInAnyOrderElementsOf(targetIds(ids));
    }

    @Test
    @Order(3)
    void everythingArrivesAfterHubAndBrokerWereKilledAndTheBrokerLostAllItHad() throws Exception {
        world.recover();
        world.sisu(WireMock.aResponse().withStatus(401));
        List<String> dead = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            dead.add(second.api().transfer(to("sisu", LIISA).target("hy-hlo-" + UUID.randomUUID())));
        }
        dead.forEach(id -> second.api().await(id, "DEAD_LETTERED"));
        world.recover();
        List<String> underWay = transfers(40, List.of(second));

        second.kill();
        broker.kill();
        broker.wipe();
        broker.start();
        second = hub("second");

        awaitDelivered(underWay);
        Answer replay = second.api()
                .post(
                        "operator",
                        "/dead-letters/replay",
                        "{\"filter\":{\"failureCode\":\"sis_credentials_refused\"},\"limit\":100,\"perSecond\":10}");
        assertThat(replay.status()).as(replay.text()).isEqualTo(202);
        String location = replay.response().headers().firstValue("Location").orElseThrow();
        assertThat(second.api().awaitReplay(location).path("delivered").asInt()).isEqualTo(dead.size());
        List<String> all = new ArrayList<>(dead);
        all.addAll(underWay);
        assertThat(timesAtSisu().keySet()).containsExactlyInAnyOrderElementsOf(targetIds(all));
    }

    /** Every second transfer is for Sisu, the others for the drop folder of whichever hub delivers them. */
    private static List<String> transfers(int count, List<HubProcess> hubs) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                RunningHub hub = hubs.get(n / 2 % hubs.size()).api();
                TransferRequest request = to(n % 2 == 0 ? "sisu" : "file-drop", n % 4 < 2 ? KAARLO : LIISA)
                        .target("hy-hlo-" + UUID.randomUUID());
                answers.add(clients.submit(() -> hub.transfer(request)));
            }
            List<String> ids = new ArrayList<>();
            for (Future<String> answer : answers) {
                ids.add(answer.get());
            }
            return ids;
        } finally {
            clients.shutdownNow();
        }
    }

    private static void awaitDelivered(List<String> ids) {
        Set<String> open = new HashSet<>(ids);
        Awaitility.await("all are delivered")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    open.removeAll(databases
                            .ledger()
                            .queryForList("select id::text from transfer where status = 'DELIVERED'", String.class));
                    assertThat(open).isEmpty();
                });
    }

    private static int openAttempts() {
        Integer count = databases
                .ledger()
                .queryForObject(
                        "select count(*) from attempt where stage = 'DELIVER' and destination = 'sisu' and ended_at is null",
                        Integer.class);
        return count == null ? 0 : count;
    }

    /** How often Sisu took each id. */
    private static Map<String, Integer> timesAtSisu() {
        Map<String, Integer> times = new HashMap<>();
        for (Import request : world.imports()) {
            if (request.status() == 200) {
                request.ids().forEach(id -> times.merge(id, 1, Integer::sum));
            }
        }
        return times;
    }

    /** The ids that the ledger gave the credits of these transfers at Sisu. */
    private static List<String> targetIds(List<String> ids) {
        List<String> targets = new ArrayList<>();
        for (String id : ids) {
            targets.addAll(databases
                    .ledger()
                    .queryForList(
                            "select i.target_id from delivery_item i join transfer t on t.id = i.transfer_id"
                                    + " where t.id = ?::uuid and t.sis = 'sisu'",
                            String.class,
                            id));
        }
        return targets;
    }

    private static Set<String> dropped(String hub) throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve(hub).resolve("drop/inbox"))) {
            Set<String> ids = new HashSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".xml"))
                    .forEach(name -> ids.add(name.replace(".xml", "")));
            return ids;
        }
    }
}
