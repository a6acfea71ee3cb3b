package org.emrexhub.transfer;

import java.time.Instant;
import java.util.UUID;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Withdraws a transfer before delivery. */
@Component
public class Cancellation {

    private final Transfers transfers;
    private final Consents consents;
    private final Attempts attempts;
    private final Events events;
    private final Steps steps;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Cancellation(
            Transfers transfers,
            Consents consents,
            Attempts attempts,
            Events events,
            Steps steps,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.consents = consents;
        this.attempts = attempts;
        this.events = events;
        this.steps = steps;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Cancels; withdraws the consent even where it is too late for the transfer itself, so that nothing more is sent. */
    public void cancel(UUID id, Caller caller) {
        // The refusal is thrown after the commit: the withdrawal of the consent stays.
        Boolean cancelled = transaction.execute(status -> withdraw(id, caller));
        if (!Boolean.TRUE.equals(cancelled)) {
            throw new Problem(
                    ProblemCode.NOT_CANCELLABLE,
                    "The transfer has ended, or something of it is or may be at the target. Nothing more is sent; ask the"
                            + " target to remove what it has.");
        }
    }

    private boolean withdraw(UUID id, Caller caller) {
        Transfer transfer = transfers
                .lock(id)
                .filter(found -> caller.seesAll() || found.institution().equals(caller.institution()))
                .orElseThrow(() ->
                        new Problem(ProblemCode.NOT_FOUND, "There is no transfer with this id in your institution."));
        if (transfer.status() == Status.CANCELLED) {
            return true;
        }
        Instant now = transfers.now();
        if (transfer.status().isFinal()) {
            return false;
        }
        consents.withdraw(id, now);
        if (attempts.openClaim(id).isPresent() || somethingMayBeThere(id)) {
            events.add(id, now, caller.actor(), Events.Type.CONSENT_WITHDRAWN, null, null);
            return false;
        }
        steps.end(transfer, Status.CANCELLED, now);
        events.add(id, now, caller.actor(), Events.Type.CANCELLED, null, null);
        return true;
    }

    private boolean somethingMayBeThere(UUID id) {
        Integer count = jdbc.queryForObject("""
                select count(*) from delivery_item
                where transfer_id = ? and (outcome in ('ACCEPTED', 'UNKNOWN') or supersedes is not null)""", Integer.class, id);
        return count != null && count > 0;
    }
}
