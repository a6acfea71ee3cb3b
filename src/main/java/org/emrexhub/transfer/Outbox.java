package org.emrexhub.transfer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What is to be sent to a queue, written in the transaction that makes it due. The dispatcher alone sends it, so one
 * mechanism serves accepting, the next hop, back-off, the end of a hold, dead letters and rate-limited replay.
 */
@Component
public class Outbox {

    /** A row was committed that is due now. */
    public record RowCommitted() {}

    private static final RowCommitted ROW_COMMITTED = new RowCommitted();

    private final JdbcTemplate jdbc;
    private final ApplicationEventPublisher events;

    Outbox(JdbcTemplate jdbc, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    /** Adds a row; it is sent once {@code dueAt} has come, by the database's clock. */
    public void add(String queue, UUID transferId, int revision, int priority, Instant dueAt) {
        add(queue, transferId, revision, priority, dueAt, null);
    }

    /** Adds a row that keeps its place in a replay at a rate, even where its system answers again meanwhile. */
    void addAtRate(String queue, UUID transferId, int revision, int priority, Instant dueAt) {
        add(queue, transferId, revision, priority, dueAt, dueAt);
    }

    private void add(
            String queue, UUID transferId, int revision, int priority, Instant dueAt, @Nullable Instant notBefore) {
        jdbc.update("""
                insert into outbox (id, queue, transfer_id, revision, priority, due_at, not_before)
                values (?, ?, ?, ?, ?, ?, ?)""", Ids.at(dueAt), queue, transferId, revision, priority, Sql.at(dueAt), Sql.atOrNull(notBefore));
        ring();
    }

    /** Removes the rows of a transfer that would mirror its death. */
    void removeMirrors(UUID transferId) {
        jdbc.update("delete from outbox where transfer_id = ? and queue like '%.dead'", transferId);
    }

    /** Makes the rows of a queue due: as of the time when their transfers were accepted, so that the oldest goes first. */
    void hasten(String queue, Instant now) {
        jdbc.update("""
                update outbox set due_at = (select t.created_at from transfer t where t.id = outbox.transfer_id)
                where queue = ? and due_at > ? and (not_before is null or not_before <= ?)""", queue, Sql.at(now), Sql.at(now));
        ring();
    }

    /** Makes the row of a queue's oldest transfer due, if its target is not waited for anyway. */
    void hastenOldest(String queue, Instant now) {
        int hastened = jdbc.update("""
                update outbox set due_at = ? where due_at > ? and id = (
                    select o.id from outbox o join transfer t on t.id = o.transfer_id
                    where o.queue = ? and (t.settle_until is null or t.settle_until <= ?)
                    and (o.not_before is null or o.not_before <= ?)
                    order by o.priority desc, t.created_at, o.id limit 1)""", Sql.at(now), Sql.at(now), queue, Sql.at(now), Sql.at(now));
        if (hastened > 0) {
            ring();
        }
    }

    private void ring() {
        if (TransactionSynchronizationManager.isSynchronizationActive()
                && !TransactionSynchronizationManager.getSynchronizations().contains(bell)) {
            TransactionSynchronizationManager.registerSynchronization(bell);
        }
    }

    /** Whether a row with this number waits. */
    boolean holds(String queue, UUID transferId, int revision) {
        Integer count = jdbc.queryForObject(
                "select count(*) from outbox where transfer_id = ? and queue = ? and revision = ?",
                Integer.class,
                transferId,
                queue,
                revision);
        return count != null && count > 0;
    }

    private final TransactionSynchronization bell = new TransactionSynchronization() {
        @Override
        public void afterCommit() {
            events.publishEvent(ROW_COMMITTED);
        }
    };
}
