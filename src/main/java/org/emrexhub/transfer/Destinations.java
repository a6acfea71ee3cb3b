package org.emrexhub.transfer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The outside systems as the ledger knows them: paused by an operator or not, and what past calls said. */
@Component
public class Destinations implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(Destinations.class);

    /** How soon a message that met a pause or an open breaker looks again, at least; what ends the wait hastens it. */
    private static final Duration LOOK = Duration.ofMinutes(5);

    private static final Duration HEALTH_RESOLUTION = Duration.ofSeconds(1);

    /** What kind of system. */
    public enum Kind {
        REGISTER("Register"),
        SIS("System");

        private final String called;

        Kind(String called) {
            this.called = called;
        }

        /** A system of this kind in a line of the log. */
        String called(String id) {
            return called + " " + id;
        }
    }

    /**
     * How a system stands, from past calls, never from a probe.
     *
     * @param state {@code UP}, {@code DOWN}, {@code PAUSED} or {@code UNKNOWN}
     * @param heldBackUntil when an open breaker lets one transfer try the system again
     */
    public record DestinationState(
            String id,
            String state,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant heldBackUntil,
            long waiting,
            long dead) {}

    private record Noted(boolean success, Instant at) {}

    private final JdbcTemplate jdbc;
    private final Transfers transfers;
    private final Outbox outbox;
    private final Breakers breakers;
    private final Catalog catalog;
    private final RetrySettings retry;
    private final Clock clock;
    private final Map<String, Noted> lastNoted = new ConcurrentHashMap<>();

    Destinations(
            JdbcTemplate jdbc,
            Transfers transfers,
            Outbox outbox,
            Breakers breakers,
            Catalog catalog,
            RetrySettings retry,
            Clock clock) {
        this.jdbc = jdbc;
        this.transfers = transfers;
        this.outbox = outbox;
        this.breakers = breakers;
        this.catalog = catalog;
        this.retry = retry;
        this.clock = clock;
    }

    /** Whether neither an operator nor its breaker holds this system back. Locks nothing. */
    public boolean isFree(Kind kind, String id) {
        return jdbc.queryForList("""
                        select id from destination
                        where kind = ? and id = ? and (paused_at is not null or open_until is not null)""", String.class, kind.name(), id).isEmpty();
    }

    /**
     * Whether an operator holds this system back. If so, its row is locked until the transaction ends, so that what is
     * put back is there before a resume looks for what to hasten.
     */
    public boolean isPaused(Kind kind, String id) {
        return isPaused(kind, id, "") && isPaused(kind, id, " for update");
    }

    private boolean isPaused(Kind kind, String id, String lock) {
        return !jdbc.queryForList(
                        "select id from destination where kind = ? and id = ? and paused_at is not null" + lock,
                        String.class,
                        kind.name(),
                        id)
                .isEmpty();
    }

    /** When a message looks again that met a pause or an open breaker; spread, since thousands may wait. */
    public Instant look(Instant now) {
        return now.plus(LOOK).plusMillis(ThreadLocalRandom.current().nextLong(LOOK.toMillis()));
    }

    /** Holds back everything for this system. */
    @Transactional
    public void pause(Kind kind, String id, Caller caller) {
        requireKnown(kind, id);
        int paused = jdbc.update(
                "update destination set paused_at = ? where kind = ? and id = ? and paused_at is null",
                Sql.at(transfers.now()),
                kind.name(),
                id);
        if (paused > 0) {
            log.info("{} is paused by {}.", kind.called(id), caller.actor());
        }
    }

    /**
     * Lets everything for this system go on; the give-up age stood still and counts anew. Is it its breaker that holds
     * back, then one transfer tries the system at once.
     */
    @Transactional
    public void resume(Kind kind, String id, Caller caller) {
        requireKnown(kind, id);
        Instant now = transfers.now();
        if (isPaused(kind, id, "")) {
            // Transfers before the destination: in that order a consumer locks them too.
            countGiveUpAgeAnew(kind, id, now);
            jdbc.update("update destination set paused_at = null where kind = ? and id = ?", kind.name(), id);
            outbox.hasten(kind == Kind.REGISTER ? Queues.pull(id) : Queues.deliver(id), now);
            log.info("{} goes on, by {}.", kind.called(id), caller.actor());
        }
        breakers.tryNow(kind, id);
    }

    /** What has its turn in a replay later than now keeps the age that counts from there. */
    private void countGiveUpAgeAnew(Kind kind, String id, Instant now) {
        OffsetDateTime anew = Sql.at(now.plus(retry.giveUpAfter()));
        if (kind == Kind.REGISTER) {
            jdbc.update("""
                    update transfer_source set give_up_at = ?
                    where register = ? and status in ('QUEUED', 'WAITING_RETRY') and give_up_at < ?""", anew, id, anew);
        } else {
            jdbc.update("""
                    update transfer set give_up_at = ?
                    where sis = ? and stage = 'DELIVER' and status in ('QUEUED', 'WAITING_RETRY') and give_up_at < ?""", anew, id, anew);
        }
    }

    /** A call of this system went well. */
    public void succeeded(Kind kind, String id) {
        if (breakers.suspects(kind, id) || !wasNoted(kind, id, true)) {
            note(kind, id, true);
            breakers.succeeded(kind, id);
        }
    }

    /**
     * A call of this system failed in a way that speaks against the system.
     *
     * @param code a permanent one says that it answered all the same, for instance that the hub's credentials are wrong
     */
    public void failed(Kind kind, String id, FailureCode code) {
        note(kind, id, false);
        if (code.kind() == FailureKind.PERMANENT) {
            breakers.succeeded(kind, id);
        } else {
            breakers.failed(kind, id, code);
        }
    }

    /** A step that would have called this system ended before it did. */
    public void notAsked(Kind kind, String id) {
        breakers.undecided(kind, id);
    }

    private boolean wasNoted(Kind kind, String id, boolean success) {
        Noted last = lastNoted.get(kind + "/" + id);
        return last != null
                && last.success() == success
                && Duration.between(last.at(), clock.instant()).compareTo(HEALTH_RESOLUTION) < 0;
    }

    private void note(Kind kind, String id, boolean success) {
        lastNoted.put(kind + "/" + id, new Noted(success, clock.instant()));
        String column = success ? "last_success_at" : "last_failure_at";
        jdbc.update(
                "update destination set " + column + " = current_timestamp where kind = ? and id = ?", kind.name(), id);
    }

    /** Makes a row for every system of the catalogue, so that later nobody races to make one. */
    @Override
    public void afterSingletonsInstantiated() {
        catalog.registers().forEach(register -> ensureRow(Kind.REGISTER, register.id()));
        catalog.sis().forEach(sis -> ensureRow(Kind.SIS, sis.id()));
    }

    private void ensureRow(Kind kind, String id) {
        try {
            jdbc.update("""
                    insert into destination (kind, id)
                    select cast(? as varchar), cast(? as varchar)
                    where not exists (select 1 from destination where kind = ? and id = ?)""", kind.name(), id, kind.name(), id);
        } catch (DuplicateKeyException e) {
            log.debug("Another instance made the row of {} {} at this moment.", kind, id, e);
        }
    }

    private void requireKnown(Kind kind, String id) {
        boolean known = kind == Kind.REGISTER
                ? catalog.register(id).isPresent()
                : catalog.sis(id).isPresent();
        if (!known) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    kind == Kind.REGISTER
                            ? "There is no such register; GET /registers lists them."
                            : "There is no such student information system; GET /sis lists them.");
        }
    }

    /** Every system of this kind. */
    public List<DestinationState> states(Kind kind) {
        List<String> ids = kind == Kind.REGISTER
                ? catalog.registers().stream().map(register -> register.id()).toList()
                : catalog.sis().stream().map(sis -> sis.id()).toList();
        return ids.stream().map(id -> state(kind, id)).toList();
    }

    private DestinationState state(Kind kind, String id) {
        String waitingSql = kind == Kind.REGISTER ? """
                  select count(*) from transfer_source s join transfer t on t.id = s.transfer_id
                  where s.register = ? and s.status in ('QUEUED', 'WAITING_RETRY') and t.stage = 'PULL'
                      and t.status = 'QUEUED'""" : """
                  select count(*) from transfer
                  where sis = ? and stage = 'DELIVER' and status in ('QUEUED', 'WAITING_RETRY')""";
        long waiting = count(waitingSql, id);
        long dead = count(
                "select count(*) from transfer where status = 'DEAD_LETTERED' and dead_destination = ? and stage = '"
                        + (kind == Kind.REGISTER ? Stage.PULL : Stage.DELIVER) + "'",
                id);
        List<DestinationState> rows = jdbc.query(
                "select * from destination where kind = ? and id = ?",
                (row, no) -> {
                    Instant success = Sql.instantOrNull(row, "last_success_at");
                    Instant failure = Sql.instantOrNull(row, "last_failure_at");
                    Instant openUntil = Sql.instantOrNull(row, "open_until");
                    String state;
                    if (Sql.instantOrNull(row, "paused_at") != null) {
                        state = "PAUSED";
                    } else if (openUntil != null) {
                        state = "DOWN";
                    } else if (success == null && failure == null) {
                        state = "UNKNOWN";
                    } else {
                        state = failure != null && (success == null || failure.isAfter(success)) ? "DOWN" : "UP";
                    }
                    return new DestinationState(id, state, success, openUntil, waiting, dead);
                },
                kind.name(),
                id);
        return rows.isEmpty() ? new DestinationState(id, "UNKNOWN", null, null, waiting, dead) : rows.get(0);
    }

    private long count(String sql, String id) {
        Long count = jdbc.queryForObject(sql, Long.class, id);
        return count == null ? 0 : count;
    }
}
