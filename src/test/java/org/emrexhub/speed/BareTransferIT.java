package org.emrexhub.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of {@link Yardstick A} is left when a transfer does only what it can't do without, {@link BareTransfer B}. */
@Tag("fire")
@Tag("bench")
class BareTransferIT {

    private static final int ROUNDS = Integer.getInteger("speed.rounds", 1);
    private static final long SLICE = Integer.getInteger("speed.slice", 1000);
    private static final long LEAD_IN = Integer.getInteger("speed.lead-in", 500);
    private static final long WARM_UP = Integer.getInteger("speed.bare-warm-up", 2000);
    private static final int CONSUMERS = 16;
    private static final int WINDOW = 72;
    private static final int MESSAGE = 20_087;

    @Test
    void measuresTheBarePartsBesideTheYardstick(@TempDir Path temp) throws Exception {
        Path home = BenchHome.in(temp.resolve("home"));
        try (LoopbackSystems systems = new LoopbackSystems();
                Yardstick yardstick = new Yardstick(temp.resolve("yardstick"), MESSAGE);
                BenchPostgres postgres = new BenchPostgres()) {
            systems.records(Records.courses(25));
            List<String> h2 = List.of(
                    "spring.datasource.url=jdbc:h2:file:" + temp.resolve("h2")
                            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;QUERY_CACHE_SIZE=256",
                    "spring.datasource.username=sa",
                    "spring.datasource.password=");
            try (BareTransfer bare = new BareTransfer(temp.resolve("b1"), home, systems, h2)) {
                measure("H2", bare, () -> Rate.cpu(ProcessHandle.current()), yardstick);
            }
            try (BareTransfer bare = new BareTransfer(temp.resolve("b2"), home, systems, postgres.settings())) {
                measure("PostgreSQL", bare, () -> Rate.cpu(ProcessHandle.current()) + postgres.cpuNanos(), yardstick);
            }
        }
    }

    private static void measure(String ledger, BareTransfer bare, LongSupplier cpuNanos, Yardstick yardstick)
            throws Exception {
        bare.run(CONSUMERS, WINDOW, () -> 0, 0, WARM_UP);
        yardstick.run(CONSUMERS, WINDOW, LEAD_IN, SLICE);
        List<Double> ratios = new ArrayList<>();
        for (int n = 0; n < ROUNDS; n++) {
            Rate parts = bare.run(CONSUMERS, WINDOW, cpuNanos, LEAD_IN, SLICE);
            Rate hops = yardstick.run(CONSUMERS, WINDOW, LEAD_IN, Math.max(500, SLICE / 2));
            ratios.add(parts.perSecond() / hops.perSecond());
            System.out.printf(
                    Locale.ROOT,
                    "%s, bare parts: %.0f/s at %.1f ms of processor time each; A: %.0f/s at %.2f ms; %.2f of A%n",
                    ledger,
                    parts.perSecond(),
                    parts.cpuMillis(),
                    hops.perSecond(),
                    hops.cpuMillis(),
                    parts.perSecond() / hops.perSecond());
        }
        assertThat(ratios).allMatch(ratio -> ratio > 0);
    }
}
