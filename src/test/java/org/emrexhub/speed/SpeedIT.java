package org.emrexhub.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the hub is beside the yardstick {@link Yardstick A}, both in turns, so that what else the machine does hits
 * both. {@code mvn -Pbench verify} runs it at length and prints the table that {@code docs/performance.md} keeps; without
 * that profile it is so short that it only shows that the benchmark still runs.
 */
@Tag("fire")
@Tag("bench")
class SpeedIT {

    private static final int ROUNDS = Integer.getInteger("speed.rounds", 1);
    private static final long SLICE = Integer.getInteger("speed.slice", 1000);
    private static final long LEAD_IN = Integer.getInteger("speed.lead-in", 500);
    private static final int WARM_UP = Integer.getInteger("speed.warm-up", 20);
    private static final int LATENCIES = Integer.getInteger("speed.latencies", 5);
    private static final Pattern VARIANTS = Pattern.compile(System.getProperty("speed.variants", "h2 16 off"));
    private static final int COURSES = Integer.getInteger("speed.courses", 25);
    private static final String JVM = System.getProperty("speed.jvm", "-Xmx512m");
    private static final int MESSAGE = 20_087;

    private record Variant(String database, int consumers, String pdf, String sis) {

        @Override
        public String toString() {
            return database + " " + consumers + " " + pdf + (sis.equals(LoopbackSystems.ARCHIVE) ? "" : " " + sis);
        }

        int window() {
            return 8 + 4 * consumers;
        }
    }

    private static List<Variant> variants() {
        List<Variant> all = new ArrayList<>();
        for (String database : List.of("h2", "postgresql")) {
            for (String pdf : List.of("off", "on")) {
                for (int consumers : List.of(16, 1)) {
                    all.add(new Variant(database, consumers, pdf, LoopbackSystems.ARCHIVE));
                }
            }
            all.add(new Variant(database, 16, "off", LoopbackSystems.SISU));
        }
        return all.stream()
                .filter(variant -> VARIANTS.matcher(variant.toString()).matches())
                .toList();
    }

    private record Round(Rate hub, Rate yardstick) {

        double ratio() {
            return hub.perSecond() / yardstick.perSecond();
        }

        double cpuRatio() {
            return yardstick.cpuMillis() / hub.cpuMillis();
        }
    }

    @Test
    void measuresTheHubBesideTheYardstick(@TempDir Path temp) throws Exception {
        Path home = BenchHome.in(temp.resolve("home"));
        List<String> table = new ArrayList<>(List.of(
                "| ledger | consumers | PDF | target | hub, transfers/s | A, messages/s | hub/A, median [min..max] | by"
                        + " CPU | CPU ms: hub, A | idle hub, ms: p50 p95 p99 | live heap, MB |",
                "|---|---|---|---|---|---|---|---|---|---|---|"));
        try (LoopbackSystems systems = new LoopbackSystems();
                Yardstick yardstick = new Yardstick(temp.resolve("yardstick"), MESSAGE);
                BenchPostgres postgres = new BenchPostgres()) {
            systems.records(Records.courses(COURSES));
            for (Variant variant : variants()) {
                List<String> settings = new ArrayList<>(List.of(systems.settings()));
                settings.add("emrexhub.pipeline.consumers=" + variant.consumers());
                settings.add("emrexhub.transcript.attach=" + variant.pdf().equals("on"));
                if (variant.database().equals("postgresql")) {
                    settings.addAll(postgres.settings());
                }
                Path data = temp.resolve(variant.toString().replace(' ', '-'));
                try (BenchHub hub = BenchHub.start(home, data, List.of(JVM.split(" ")), settings)) {
                    Load load = new Load(hub, systems, variant.database().equals("h2") ? () -> 0 : postgres::cpuNanos);
                    String row = measure(variant, hub, load, yardstick);
                    table.add(row);
                    System.out.println(row);
                }
            }
            System.out.println("Largest document: " + systems.largestDocument() + " bytes");
        }
        Path report = Path.of("target/speed/table.md");
        Files.createDirectories(report.getParent());
        Files.write(report, table);
        System.out.println(String.join("\n", table));
    }

    private static String measure(Variant variant, BenchHub hub, Load load, Yardstick yardstick) throws Exception {
        load.warmUp(variant.sis(), variant.window(), WARM_UP);
        yardstick.run(variant.consumers(), variant.window(), LEAD_IN, SLICE);
        List<Round> rounds = new ArrayList<>();
        for (int n = 0; n < ROUNDS; n++) {
            Rate hubRate = load.run(variant.sis(), variant.window(), LEAD_IN, SLICE);
            Round round = new Round(
                    hubRate, yardstick.run(variant.consumers(), variant.window(), LEAD_IN, Math.max(500, SLICE / 2)));
            rounds.add(round);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.0f/s at %.1f ms of processor time each, %.2f of A%n",
                    variant,
                    hubRate.perSecond(),
                    hubRate.cpuMillis(),
                    round.ratio());
        }
        List<Double> latencies = load.latencies(variant.sis(), LATENCIES);
        hub.targets()
                .path("items")
                .forEach(target -> assertThat(target.path("dead").asLong()).isZero());
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %.0f | %.0f | **%.2f** [%.2f..%.2f] | %.2f | %.1f, %.2f | %.0f %.0f %.0f | %.0f |",
                variant.database(),
                variant.consumers(),
                variant.pdf(),
                variant.sis().equals(LoopbackSystems.SISU) ? "Sisu" : "document",
                median(rounds, round -> round.hub().perSecond()),
                median(rounds, round -> round.yardstick().perSecond()),
                median(rounds, Round::ratio),
                rounds.stream().mapToDouble(Round::ratio).min().orElse(0),
                rounds.stream().mapToDouble(Round::ratio).max().orElse(0),
                median(rounds, Round::cpuRatio),
                median(rounds, round -> round.hub().cpuMillis()),
                median(rounds, round -> round.yardstick().cpuMillis()),
                percentile(latencies, 50),
                percentile(latencies, 95),
                percentile(latencies, 99),
                hub.liveHeap() / 1e6);
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return percentile(rounds.stream().mapToDouble(figure).sorted().boxed().toList(), 50);
    }

    private static double percentile(List<Double> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
