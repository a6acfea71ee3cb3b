package org.emrexhub.deadletter;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Consents;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.TransferFilter;
import org.emrexhub.transfer.Transfers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts dead letters again, one or many at a rate, and tells how far it got. What a replay is to start stands in the
 * ledger before the first one starts, so a hub that dies in the middle goes on where it was.
 */
@Component
public class Replays {

    private static final Logger log = LoggerFactory.getLogger(Replays.class);

    /** How far a replay got; {@code status} is RUNNING or FINISHED. */
    public record Progress(
            UUID id,
            String actor,
            @Nullable Stage fromStage,
            String status,
            int total,
            int queued,
            int delivered,
            int held,
            int deadAgain,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    private record Job(UUID id, String actor, @Nullable Stage from, double perSecond, Instant startedAt) {}

    private final Transfers transfers;
    private final Steps steps;
    private final Consents consents;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Replays(
            Transfers transfers,
            Steps steps,
            Consents consents,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.steps = steps;
        this.consents = consents;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Replays one dead letter, by default from the stage in which it died. */
    public UUID replay(UUID transferId, @Nullable Stage from, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> {
            Transfer transfer = transfers
                    .lock(transferId)
                    .orElseThrow(() -> new Problem(ProblemCode.NOT_FOUND, "There is no transfer with this id."));
            if (transfer.status() != Status.DEAD_LETTERED) {
                throw new Problem(
                        ProblemCode.NOT_DEAD,
                        "Only a dead letter can be replayed; GET the transfer to see how it stands.");
            }
            Instant now = transfers.now();
            Stage start = from == null ? transfer.stage() : from;
            refuseIfImpossible(transfer, start, now);
            UUID replayId = insert(caller, "{\"ids\":[\"" + transferId + "\"]}", from, 1, 0, now);
            jdbc.update("""
                    insert into replay_transfer (replay_id, transfer_id, position, status)
                    values (?, ?, 1, 'QUEUED')""", replayId, transferId);
            steps.replay(transfer, start, caller.actor(), replayId, now, now);
            return replayId;
        }));
    }

    private void refuseIfImpossible(Transfer transfer, Stage start, Instant now) {
        if (!consents.holds(transfer.id(), Consents.Kind.SEND, transfer.sis(), now)) {
            throw new Problem(
                    ProblemCode.CONSENT_EXPIRED,
                    "The consent of this transfer has run out; ask the learner for a new one and start a new transfer.");
        }
        if (!steps.canReplayFrom(transfer, start)) {
            throw new Problem(
                    ProblemCode.REPLAY_STAGE_UNAVAILABLE,
                    start == Stage.MAP
                            ? "Not every register's answer is stored; replay from PULL."
                            : "There is no signed document to deliver; replay from MAP or PULL.");
        }
    }

    /** Replays the dead letters of a filter, oldest first; the job goes on by itself. */
    public UUID replay(TransferFilter filter, @Nullable Stage from, int limit, double perSecond, Caller caller) {
        return Objects.requireNonNull(transaction.execute(status -> {
            DeadLetterQuery query = new DeadLetterQuery(filter);
            List<UUID> ids = jdbc.query(
                    "select t.id from transfer t" + query.where() + " order by t.created_at, t.id limit " + limit,
                    (row, no) -> Sql.uuid(row, "id"),
                    query.arguments());
            Instant now = transfers.now();
            UUID replayId = insert(caller, describe(filter, ids.isEmpty()), from, ids.size(), perSecond, now);
            for (int position = 0; position < ids.size(); position++) {
                jdbc.update("""
                        insert into replay_transfer (replay_id, transfer_id, position, status)
                        values (?, ?, ?, 'PENDING')""", replayId, ids.get(position), position);
            }
            return replayId;
        }));
    }

    private UUID insert(Caller caller, String filter, @Nullable Stage from, int total, double perSecond, Instant now) {
        UUID id = UUID.randomUUID();
        jdbc.update(
                """
                insert into replay (id, actor, filter, from_stage, per_second, status, total, started_at)
                values (?, ?, ?, ?, ?, 'RUNNING', ?, ?)""",
                id,
                caller.actor(),
                filter.length() > 2000 ? filter.substring(0, 2000) : filter,
                from == null ? null : from.name(),
                perSecond,
                total,
                Sql.at(now));
        return id;
    }

    /** A destination that nothing matched is anybody's text, and is not kept. */
    private static String describe(TransferFilter filter, boolean empty) {
        return "stage=" + filter.stage() + " destination=" + (empty ? null : filter.destination()) + " failureCode="
                + filter.failureCode() + " from=" + filter.from() + " to=" + filter.to() + " ids="
                + filter.ids().size();
    }

    /** Starts what the running jobs have left to start, and closes those whose transfers have all come to rest. */
    public void advance() {
        for (Job job : running()) {
            List<UUID> pending = jdbc.query("""
                    select transfer_id from replay_transfer where replay_id = ? and status = 'PENDING'
                    order by position""", (row, no) -> Sql.uuid(row, "transfer_id"), job.id());
            for (UUID transferId : pending) {
                try {
                    transaction.executeWithoutResult(status -> start(job, transferId));
                } catch (TransactionException | DataAccessResourceFailureException away) {
                    throw away;
                } catch (RuntimeException e) {
                    log.warn("Replay {} could not start transfer {} now; it tries again.", job.id(), transferId, e);
                    break;
                }
            }
            transaction.executeWithoutResult(status -> finish(job));
        }
    }

    private List<Job> running() {
        return jdbc.query("select * from replay where status = 'RUNNING' order by started_at", (row, no) -> {
            String from = row.getString("from_stage");
            return new Job(
                    Sql.uuid(row, "id"),
                    row.getString("actor"),
                    from == null ? null : Stage.valueOf(from),
                    row.getDouble("per_second"),
                    Sql.instant(row, "started_at"));
        });
    }

    private void start(Job job, UUID transferId) {
        Transfer transfer = transfers.lock(transferId).orElseThrow();
        Integer position = jdbc.query(
                "select position from replay_transfer where replay_id = ? and transfer_id = ? and status = 'PENDING'",
                row -> row.next() ? Integer.valueOf(row.getInt("position")) : null,
                job.id(),
                transferId);
        if (position == null) {
            return;
        }
        Instant now = transfers.now();
        Stage from = job.from() == null ? transfer.stage() : job.from();
        boolean possible = transfer.status() == Status.DEAD_LETTERED
                && consents.holds(transferId, Consents.Kind.SEND, transfer.sis(), now)
                && steps.canReplayFrom(transfer, from);
        jdbc.update(
                "update replay_transfer set status = ? where replay_id = ? and transfer_id = ?",
                possible ? "QUEUED" : "SKIPPED",
                job.id(),
                transferId);
        if (possible) {
            // The rate is kept by the outbox: each row is due a little later than the one before.
            Instant dueAt = job.perSecond() > 0
                    ? job.startedAt().plusNanos((long) (position * 1_000_000_000L / job.perSecond()))
                    : now;
            steps.replay(transfer, from, job.actor(), job.id(), dueAt.isBefore(now) ? now : dueAt, now);
        }
    }

    private void finish(Job job) {
        Integer open = jdbc.queryForObject("""
                select count(*) from replay_transfer r join transfer t on t.id = r.transfer_id
                where r.replay_id = ? and (r.status = 'PENDING' or (r.status = 'QUEUED' and t.replay_id = ?
                    and t.status in ('QUEUED', 'WAITING_RETRY')))""", Integer.class, job.id(), job.id());
        if (open != null && open == 0) {
            jdbc.update(
                    "update replay set status = 'FINISHED', ended_at = ? where id = ? and status = 'RUNNING'",
                    Sql.at(transfers.now()),
                    job.id());
        }
    }

    /** How far a replay got. */
    public Optional<Progress> find(UUID replayId) {
        return jdbc
                .query(
                        """
                        select r.*,
                            (select count(*) from replay_transfer x where x.replay_id = r.id
                                and x.status = 'QUEUED') as queued,
                            (select count(*) from replay_transfer x join transfer t on t.id = x.transfer_id
                                where x.replay_id = r.id and x.status = 'QUEUED' and t.status = 'DELIVERED') as delivered,
                            (select count(*) from replay_transfer x join transfer t on t.id = x.transfer_id
                                where x.replay_id = r.id and x.status = 'QUEUED'
                                and t.status in ('AWAITING_SELECTION', 'AWAITING_DECISION')) as held,
                            (select count(*) from replay_transfer x join transfer t on t.id = x.transfer_id
                                where x.replay_id = r.id and x.status = 'QUEUED'
                                and t.status = 'DEAD_LETTERED') as dead_again
                        from replay r where r.id = ?""",
                        (row, no) -> {
                            String from = row.getString("from_stage");
                            return new Progress(
                                    Sql.uuid(row, "id"),
                                    row.getString("actor"),
                                    from == null ? null : Stage.valueOf(from),
                                    row.getString("status"),
                                    row.getInt("total"),
                                    row.getInt("queued"),
                                    row.getInt("delivered"),
                                    row.getInt("held"),
                                    row.getInt("dead_again"),
                                    Sql.instant(row, "started_at"),
                                    Sql.instantOrNull(row, "ended_at"));
                        },
                        replayId)
                .stream()
                .findFirst();
    }
}
