package org.emrexhub.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What should be on its way according to the ledger: asked by the reconciliation with the broker. */
@Component
public class Expected {

    private static final String NO_ROW =
            " and not exists (select 1 from outbox o where o.transfer_id = t.id and o.queue = %s and o.revision = %s)";

    /** A message that should exist. */
    public record Entry(String queue, UUID transferId, int revision) {}

    private final JdbcTemplate jdbc;
    private final Transfers transfers;
    private final Outbox outbox;
    private final Steps steps;

    Expected(JdbcTemplate jdbc, Transfers transfers, Outbox outbox, Steps steps) {
        this.jdbc = jdbc;
        this.transfers = transfers;
        this.outbox = outbox;
        this.steps = steps;
    }

    /** Every step that is due, held or dead and has no outbox row: its message should be in the broker. */
    public List<Entry> withoutOutboxRow() {
        List<Entry> entries = new ArrayList<>();
        jdbc.query("""
                select t.id, s.register, s.revision from transfer t join transfer_source s on s.transfer_id = t.id
                where t.stage = 'PULL' and t.status in ('QUEUED', 'WAITING_RETRY')
                    and s.status in ('QUEUED', 'WAITING_RETRY')""" + NO_ROW.formatted("'hub.pull.' || s.register", "s.revision"), row -> {
            entries.add(new Entry(Queues.pull(row.getString("register")), Sql.uuid(row, "id"), row.getInt("revision")));
        });
        jdbc.query(
                "select * from transfer t where t.stage in ('MAP', 'DELIVER') and t.status in ('QUEUED', 'WAITING_RETRY')"
                        + NO_ROW.formatted(
                                "case when t.stage = 'MAP' then 'hub.map' else 'hub.deliver.' || t.sis end",
                                "t.revision"),
                row -> {
                    Transfer transfer = Transfers.transfer(row);
                    entries.add(new Entry(Steps.queueOf(transfer), transfer.id(), transfer.revision()));
                });
        jdbc.query(
                "select * from transfer t where t.status in ('AWAITING_SELECTION', 'AWAITING_DECISION')"
                        + NO_ROW.formatted("'hub.expire'", "t.revision"),
                row -> {
                    entries.add(new Entry(Queues.EXPIRE, Sql.uuid(row, "id"), row.getInt("revision")));
                });
        jdbc.query(
                "select * from transfer t where t.status = 'DEAD_LETTERED' and not exists"
                        + " (select 1 from outbox o where o.transfer_id = t.id and o.revision = t.revision)",
                row -> {
                    Transfer transfer = Transfers.transfer(row);
                    entries.add(new Entry(Queues.dead(Steps.deadQueue(transfer)), transfer.id(), transfer.revision()));
                });
        return entries;
    }

    /** Adds the row again, under the same number, unless the step is no longer due or has a row by now. */
    @Transactional
    public boolean addAgain(Entry entry) {
        Optional<Transfer> found = transfers.lock(entry.transferId());
        if (found.isEmpty() || outbox.holds(entry.queue(), entry.transferId(), entry.revision())) {
            return false;
        }
        Transfer transfer = found.get();
        boolean due;
        if (Queues.isDead(entry.queue())) {
            due = transfer.status() == Status.DEAD_LETTERED && transfer.revision() == entry.revision();
        } else if (entry.queue().equals(Queues.EXPIRE)) {
            due = transfer.status().isHold() && transfer.revision() == entry.revision();
        } else {
            due = steps.turn(transfer, entry.queue(), entry.revision()) == Steps.Turn.DUE;
        }
        if (due) {
            outbox.add(entry.queue(), entry.transferId(), entry.revision(), transfer.priority(), transfers.now());
        }
        return due;
    }

    /** Whether this message mirrors a transfer that is dead by this number. */
    public boolean isMirrorOf(String deadQueue, UUID transferId, int revision) {
        return jdbc
                .query(
                        "select * from transfer where id = ? and status = 'DEAD_LETTERED' and revision = ?",
                        (row, no) -> Queues.dead(Steps.deadQueue(Transfers.transfer(row))),
                        transferId,
                        revision)
                .stream()
                .anyMatch(deadQueue::equals);
    }
}
