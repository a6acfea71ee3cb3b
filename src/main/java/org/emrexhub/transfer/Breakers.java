package org.emrexhub.transfer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.transfer.Destinations.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * One circuit breaker for each outside system, kept in the ledger and so the same for every instance. After some failed
 * calls in succession it opens: what is for the system waits without a try being counted. When its time is over, one
 * transfer goes ahead as a probe; an answer closes the breaker and lets everything go on, oldest first.
 */
@Component
public class Breakers {

    private static final Logger log = LoggerFactory.getLogger(Breakers.class);

    /** The detail of a failure that an open breaker brought about. */
    public static final String OPEN = "the circuit breaker is open";

    private record Key(Kind kind, String id) {}

    private record Breaker(
            Kind kind,
            String id,
            int failures,
            int opened,
            @Nullable Instant openUntil,
            boolean probing) {

        boolean isOpen() {
            return openUntil != null;
        }

        /** Whether calls are held back now: the breaker is open, or a probe is under way. */
        boolean holdsBack(Instant now) {
            return openUntil != null && openUntil.isAfter(now);
        }

        String name() {
            return kind.called(id);
        }
    }

    private final JdbcTemplate jdbc;
    private final Transfers transfers;
    private final Outbox outbox;
    private final BreakerSettings settings;
    private final Set<Key> suspects = ConcurrentHashMap.newKeySet();

    Breakers(JdbcTemplate jdbc, Transfers transfers, Outbox outbox, BreakerSettings settings) {
        this.jdbc = jdbc;
        this.transfers = transfers;
        this.outbox = outbox;
        this.settings = settings;
    }

    /**
     * Whether a call may be made now, in the transaction that begins it. Who is admitted through an open breaker is its
     * probe: nobody else is for as long as its call may last.
     *
     * @param longest how long the call may last
     */
    public boolean admits(Kind kind, String id, Instant now, Duration longest) {
        Optional<Breaker> seen = find(kind, id, false).filter(Breaker::isOpen);
        if (seen.isEmpty()) {
            return true;
        }
        // Under the row's lock, so that what is put back is there before the breaker closes and wakes what waits.
        Breaker breaker = find(kind, id, true).orElseThrow();
        if (!breaker.isOpen()) {
            return true;
        }
        if (breaker.holdsBack(now)) {
            return false;
        }
        suspects.add(new Key(kind, id));
        jdbc.update(
                "update destination set open_until = ?, probing = true where kind = ? and id = ?",
                Sql.at(now.plus(longest)),
                kind.name(),
                id);
        return true;
    }

    /** Until when the breaker of this queue's destination holds back, if it is open. */
    Optional<Instant> openUntil(String queue) {
        return switch (Queues.stage(queue)) {
            case PULL -> find(Kind.REGISTER, Queues.destination(queue), false).map(Breaker::openUntil);
            case MAP -> Optional.empty();
            case DELIVER -> find(Kind.SIS, Queues.destination(queue), false).map(Breaker::openUntil);
        };
    }

    /** Whether this instance saw the system fail, or probes it: then its next success must reach the ledger. */
    boolean suspects(Kind kind, String id) {
        return suspects.contains(new Key(kind, id));
    }

    /** The system failed in a way that speaks against it. */
    @Transactional
    void failed(Kind kind, String id, FailureCode code) {
        suspects.add(new Key(kind, id));
        Breaker breaker = find(kind, id, true).orElse(null);
        if (breaker == null) {
            return;
        }
        Instant now = transfers.now();
        int failures = breaker.failures() + 1;
        boolean opens =
                breaker.isOpen() ? breaker.probing() || !breaker.holdsBack(now) : failures >= settings.failures();
        int opened = opens ? breaker.opened() + 1 : breaker.opened();
        // A call that was under way when the breaker opened changes nothing.
        Instant openUntil = opens ? settings.until(now, opened) : breaker.openUntil();
        jdbc.update("""
                update destination set failures = ?, opened = ?, open_until = ?, probing = ?
                where kind = ? and id = ?""", failures, opened, Sql.atOrNull(openUntil), !opens && breaker.probing(), kind.name(), id);
        if (opens && !breaker.isOpen()) {
            log.warn(
                    "{} failed {} times in succession, the last time as {}: what is for it waits, and one transfer at a"
                            + " time tries it again.",
                    breaker.name(),
                    failures,
                    code.wireName());
        }
    }

    /** The system answered: failures are forgotten, and an open breaker closes. */
    @Transactional
    void succeeded(Kind kind, String id) {
        suspects.remove(new Key(kind, id));
        Breaker breaker = find(kind, id, true).orElse(null);
        if (breaker == null || (!breaker.isOpen() && breaker.failures() == 0)) {
            return;
        }
        jdbc.update("""
                update destination set failures = 0, opened = 0, open_until = null, probing = false
                where kind = ? and id = ?""", kind.name(), id);
        if (breaker.isOpen()) {
            outbox.hasten(queue(kind, id), transfers.now());
            log.info("{} answers again: what waited for it goes on, oldest first.", breaker.name());
        }
    }

    /** A call ended without the system being asked: if it was the probe, another may go ahead. */
    @Transactional
    void undecided(Kind kind, String id) {
        if (suspects.contains(new Key(kind, id))) {
            jdbc.update(
                    "update destination set open_until = ?, probing = false where kind = ? and id = ? and probing",
                    Sql.at(transfers.now()),
                    kind.name(),
                    id);
        }
    }

    /** Lets a probe go ahead at once, should the breaker be open. */
    void tryNow(Kind kind, String id) {
        jdbc.update(
                "update destination set open_until = ? where kind = ? and id = ? and open_until > ?",
                Sql.at(transfers.now()),
                kind.name(),
                id,
                Sql.at(transfers.now()));
    }

    /** Makes the oldest transfer that waits for it due, for each open breaker whose time is over. */
    @Transactional
    public void probe() {
        Instant now = transfers.now();
        List<Breaker> halfOpen = jdbc.query(
                "select * from destination where open_until is not null and open_until <= ? and paused_at is null",
                Breakers::read,
                Sql.at(now));
        halfOpen.forEach(breaker -> outbox.hastenOldest(queue(breaker.kind(), breaker.id()), now));
    }

    private Optional<Breaker> find(Kind kind, String id, boolean locked) {
        return jdbc
                .query(
                        "select * from destination where kind = ? and id = ?" + (locked ? " for update" : ""),
                        Breakers::read,
                        kind.name(),
                        id)
                .stream()
                .findFirst();
    }

    private static Breaker read(ResultSet row, int no) throws SQLException {
        return new Breaker(
                Kind.valueOf(row.getString("kind")),
                row.getString("id"),
                row.getInt("failures"),
                row.getInt("opened"),
                Sql.instantOrNull(row, "open_until"),
                row.getBoolean("probing"));
    }

    private static String queue(Kind kind, String id) {
        return kind == Kind.REGISTER ? Queues.pull(id) : Queues.deliver(id);
    }
}
