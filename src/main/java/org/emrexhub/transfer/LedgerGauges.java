package org.emrexhub.transfer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What of the ledger monitoring must see: what waits, what is dead, which system is down. Read by the clock and not by
 * who scrapes, so that no scrape waits for a database; while it is away the gauges are not there, rather than old.
 */
@Component
class LedgerGauges implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LedgerGauges.class);

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final String[] OPEN = {"QUEUED", "WAITING_RETRY", "AWAITING_DECISION", "DEAD_LETTERED"};

    /** Rows that stay while their values change: one that is taken away and put back may be missing in a scrape. */
    private static final class Shown {

        private final MultiGauge gauge;
        private volatile Map<Tags, Long> values = Map.of();

        private Shown(MultiGauge gauge) {
            this.gauge = gauge;
        }

        private void show(Map<Tags, Long> now) {
            values = now;
            gauge.register(now.keySet().stream()
                    .map(tags -> MultiGauge.Row.of(tags, () -> values.getOrDefault(tags, 0L)))
                    .toList());
        }
    }

    private final JdbcTemplate jdbc;
    private final Catalog catalog;
    private final Outages outages;
    private final Shown transfers;
    private final Shown deadLetters;
    private final Shown states;
    private final Shown pauses;
    private @Nullable ScheduledExecutorService clock;

    LedgerGauges(JdbcTemplate jdbc, Catalog catalog, Outages outages, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.catalog = catalog;
        this.outages = outages;
        this.transfers = new Shown(MultiGauge.builder("emrexhub.transfers")
                .description("Transfers that are not final, by what they wait for")
                .register(meters));
        this.deadLetters = new Shown(MultiGauge.builder("emrexhub.dead.letters")
                .description("Transfers that wait for a replay or a discard")
                .register(meters));
        this.states = new Shown(MultiGauge.builder("emrexhub.system.state")
                .description("1: the last call of the register or system went well; 0: it failed")
                .register(meters));
        this.pauses = new Shown(MultiGauge.builder("emrexhub.system.paused")
                .description("1: an operator holds the register or system back")
                .register(meters));
    }

    @Override
    public void start() {
        ScheduledExecutorService starting = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "gauges");
            thread.setDaemon(true);
            return thread;
        });
        starting.scheduleWithFixedDelay(this::refresh, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        clock = starting;
    }

    /** Reads the ledger, or takes the gauges away. */
    void refresh() {
        try {
            if (!outages.isAway(Outages.Part.DATABASE)) {
                refreshTransfers();
                refreshSystems();
                return;
            }
        } catch (DataAccessException away) {
            // Told once by who watches the database.
            log.debug("The gauges can't be read", away);
        } catch (RuntimeException defect) {
            // Thrown on, it would end the clock, and the gauges would stand still without a word.
            log.warn("The gauges can't be read: {}", defect.getClass().getName());
        }
        for (Shown shown : List.of(transfers, deadLetters, states, pauses)) {
            shown.show(Map.of());
        }
    }

    private void refreshTransfers() {
        Map<Tags, Long> open = new HashMap<>();
        for (Sis sis : catalog.sis()) {
            for (String status : OPEN) {
                // There from the beginning, so that an alert sees a number grow and not one appear.
                open.put(Tags.of("sis", sis.id(), "status", status), 0L);
            }
        }
        Map<Tags, Long> dead = new HashMap<>();
        jdbc.query("""
                select status, sis, stage, dead_destination, failure_code, count(*) as transfers from transfer
                where status in ('QUEUED', 'WAITING_RETRY', 'AWAITING_DECISION', 'DEAD_LETTERED')
                group by status, sis, stage, dead_destination, failure_code""", row -> {
            long count = row.getLong("transfers");
            String status = row.getString("status");
            open.merge(Tags.of("sis", row.getString("sis"), "status", status), count, Long::sum);
            if (status.equals("DEAD_LETTERED")) {
                dead.merge(
                        Tags.of(
                                "stage",
                                row.getString("stage"),
                                "destination",
                                orNone(row.getString("dead_destination")),
                                "code",
                                orNone(row.getString("failure_code"))),
                        count,
                        Long::sum);
            }
        });
        transfers.show(open);
        deadLetters.show(dead);
    }

    /** A tag without a value would be dropped. */
    private static String orNone(@Nullable String value) {
        return value == null || value.isEmpty() ? "none" : value;
    }

    private void refreshSystems() {
        Map<Tags, Long> up = new HashMap<>();
        Map<Tags, Long> paused = new HashMap<>();
        jdbc.query("select * from destination", row -> {
            String id = row.getString("id");
            boolean register = row.getString("kind").equals(Destinations.Kind.REGISTER.name());
            boolean inUse = register
                    ? catalog.register(id).isPresent()
                    : catalog.sis(id).isPresent();
            if (inUse) {
                Tags tags = Tags.of("kind", register ? "register" : "sis", "system", id);
                Instant success = Sql.instantOrNull(row, "last_success_at");
                Instant failure = Sql.instantOrNull(row, "last_failure_at");
                boolean down = Sql.instantOrNull(row, "open_until") != null
                        || (failure != null && (success == null || failure.isAfter(success)));
                if (success != null || failure != null) {
                    up.put(tags, down ? 0L : 1L);
                }
                paused.put(tags, Sql.instantOrNull(row, "paused_at") == null ? 0L : 1L);
            }
        });
        states.show(up);
        pauses.show(paused);
    }

    @Override
    public void stop() {
        ScheduledExecutorService running = clock;
        clock = null;
        if (running != null) {
            running.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return clock != null;
    }
}
