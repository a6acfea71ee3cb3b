package org.emrexhub.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document of 20 MB goes all the way through a hub with a heap of 512 MB, be it of long texts or of many courses. */
@Tag("fire")
class LargeDocumentIT {

    private static final int SIZE = 20_000_000;

    @ParameterizedTest
    @ValueSource(ints = {3, 9_900})
    void goesThroughAHubOf512Megabytes(int courses, @TempDir Path temp) throws Exception {
        Path home = BenchHome.in(temp.resolve("home"));
        try (LoopbackSystems systems = new LoopbackSystems()) {
            systems.records(Records.described(courses, SIZE));
            List<String> settings = new ArrayList<>(List.of(systems.settings()));
            settings.add("emrexhub.transcript.attach=false");
            settings.add("emrexhub.registers.zz-bench.timeout=5m");
            settings.add("emrexhub.sis.zz-bench.timeout=5m");
            try (BenchHub hub = BenchHub.start(home, temp.resolve("data"), List.of("-Xmx512m"), settings)) {
                String id = hub.transfer(LoopbackSystems.ARCHIVE, 1);

                Awaitility.await("the transfer ends")
                        .atMost(Duration.ofMinutes(15))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> !List.of("QUEUED", "WAITING_RETRY")
                                .contains(hub.details(id).path("status").asText()));

                assertThat(hub.details(id).path("status").asText())
                        .as("%s%n%s", hub.details(id).path("failure"), hub.output())
                        .isEqualTo("DELIVERED");
                assertThat(systems.largestDocument()).isGreaterThan(SIZE * 9L / 10);
            }
        }
    }
}
