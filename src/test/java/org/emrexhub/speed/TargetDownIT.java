package org.emrexhub.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sisu is down while many transfers for it come in; the archive gets its own all the while. The hub is started anew, then
 * Sisu comes back and gets what waited, the oldest first. The run draws how many waited and what the heap held:
 * {@code mvn -Pbench verify -Dit.test=TargetDownIT -Dtarget-down.transfers=10000} made the picture in {@code docs}.
 */
@Tag("fire")
@Tag("bench")
class TargetDownIT {

    private static final int TRANSFERS = Integer.getInteger("target-down.transfers", 300);
    /** One transfer for the archive after so many for Sisu. */
    private static final int ARCHIVE_EVERY = 10;

    private static final int CONSUMERS = 4;
    private static final int CLIENTS = 4;
    private static final double MEGABYTE = 1e6;

    @Test
    void keepsWhatWaitsAndDrainsTheOldestFirst(@TempDir Path temp) throws Exception {
        Path home = BenchHome.in(temp.resolve("home"));
        try (LoopbackSystems systems = new LoopbackSystems()) {
            systems.records(Records.courses(25));
            List<String> settings = new ArrayList<>(List.of(systems.settings()));
            settings.add("emrexhub.transcript.attach=false");
            settings.add("emrexhub.pipeline.consumers=" + CONSUMERS);
            List<Long> atSisu = Collections.synchronizedList(new ArrayList<>());
            AtomicLong atArchive = new AtomicLong();
            systems.onArrival((sis, student) -> {
                if (sis.equals(LoopbackSystems.SISU)) {
                    atSisu.add(Long.parseLong(student));
                } else {
                    atArchive.incrementAndGet();
                }
            });
            Picture picture = new Picture();
            long begin = System.nanoTime();
            systems.stop(LoopbackSystems.SISU);
            long emptyHeap;
            long fullHeap;
            try (BenchHub hub = BenchHub.start(home, temp.resolve("data"), List.of("-Xmx512m"), settings)) {
                // What the hub loads and compiles for its first transfers is not what waiting costs.
                for (int n = 0; n < 20; n++) {
                    hub.transfer(LoopbackSystems.ARCHIVE, 900_000_000L + n);
                }
                Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> atArchive.get() >= 20);
                emptyHeap = hub.liveHeap();
                try (Sampler ignored = new Sampler(picture, hub, begin)) {
                    handIn(hub);
                    Awaitility.await("all wait at Sisu")
                            .atMost(Duration.ofMinutes(60))
                            .pollInterval(Duration.ofSeconds(1))
                            .failFast("a transfer is dead", () -> isAnyDead(hub))
                            .until(() -> waiting(hub, LoopbackSystems.SISU) == TRANSFERS
                                    && waiting(hub, LoopbackSystems.ARCHIVE) == 0);
                }
                assertThat(atArchive.get()).isEqualTo(20 + TRANSFERS / ARCHIVE_EVERY);
                assertThat(atSisu).isEmpty();
                fullHeap = hub.liveHeap();
            }
            picture.mark(seconds(begin), "hub stopped");
            try (BenchHub hub = BenchHub.start(home, temp.resolve("data"), List.of("-Xmx512m"), settings)) {
                picture.mark(seconds(begin), "hub started");
                try (Sampler ignored = new Sampler(picture, hub, begin)) {
                    assertThat(waiting(hub, LoopbackSystems.SISU)).isEqualTo(TRANSFERS);
                    systems.start(LoopbackSystems.SISU);
                    picture.mark(seconds(begin), "Sisu is back");
                    Awaitility.await("Sisu has everything")
                            .atMost(Duration.ofMinutes(60))
                            .pollInterval(Duration.ofSeconds(1))
                            .failFast("a transfer is dead", () -> isAnyDead(hub))
                            .until(() -> waiting(hub, LoopbackSystems.SISU) == 0);
                }
                assertThat(isAnyDead(hub)).isFalse();
            }
            Files.createDirectories(Path.of("target/speed"));
            Files.writeString(Path.of("target/speed/target-down.svg"), picture.svg(TRANSFERS));
            System.out.printf(
                    "%d waiting: %.1f MB of live heap, %.1f MB without; largest step back in the order: %d%n",
                    TRANSFERS, fullHeap / MEGABYTE, emptyHeap / MEGABYTE, furthestBehind(atSisu));
            assertThat(atSisu).doesNotHaveDuplicates().hasSize(TRANSFERS);
            assertThat(furthestBehind(atSisu)).isLessThan(Math.max(100, TRANSFERS / 20));
            assertThat((fullHeap - emptyHeap) / MEGABYTE).isLessThan(64);
        }
    }

    private static void handIn(BenchHub hub) throws InterruptedException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        AtomicLong number = new AtomicLong();
        for (int client = 0; client < CLIENTS; client++) {
            clients.execute(() -> {
                for (long n = number.incrementAndGet(); n <= TRANSFERS; n = number.incrementAndGet()) {
                    hub.transfer(LoopbackSystems.SISU, n);
                    if (n % ARCHIVE_EVERY == 0) {
                        hub.transfer(LoopbackSystems.ARCHIVE, 800_000_000L + n);
                    }
                }
            });
        }
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.MINUTES)).isTrue();
    }

    private static long waiting(BenchHub hub, String sis) {
        for (JsonNode target : hub.targets().path("items")) {
            if (target.path("id").asText().equals(sis)) {
                return target.path("waiting").asLong();
            }
        }
        throw new IllegalStateException("The hub does not know " + sis);
    }

    private static boolean isAnyDead(BenchHub hub) {
        for (JsonNode target : hub.targets().path("items")) {
            if (target.path("dead").asLong() > 0) {
                System.out.println(hub.deadLetters());
                return true;
            }
        }
        return false;
    }

    /** By how many places a transfer came after a younger one at most. */
    private static long furthestBehind(List<Long> arrived) {
        long youngest = 0;
        long furthest = 0;
        for (long number : arrived) {
            youngest = Math.max(youngest, number);
            furthest = Math.max(furthest, youngest - number);
        }
        return furthest;
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Looks at a hub again and again. */
    private static final class Sampler implements AutoCloseable {

        private final Thread thread;

        Sampler(Picture picture, BenchHub hub, long begin) {
            thread = new Thread(() -> {
                try {
                    while (true) {
                        picture.add(
                                seconds(begin),
                                waiting(hub, LoopbackSystems.SISU),
                                waiting(hub, LoopbackSystems.ARCHIVE),
                                hub.liveHeap() / MEGABYTE);
                        Thread.sleep(2000);
                    }
                } catch (InterruptedException | RuntimeException e) {
                    // The hub or the run is at its end.
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }
}
