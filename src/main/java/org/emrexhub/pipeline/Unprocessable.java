package org.emrexhub.pipeline;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.transfer.Attempts;
import org.emrexhub.transfer.MessageReferences;
import org.emrexhub.transfer.Pulls;
import org.emrexhub.transfer.Queues;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.Transfers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Messages that the broker gave up on: written into the ledger as a failure like any, if their step is still due. */
@Component("unprocessable")
class Unprocessable {

    private static final Logger log = LoggerFactory.getLogger(Unprocessable.class);

    private static final String DETAIL = "the broker could not deliver the message to a consumer";

    private final Transfers transfers;
    private final MessageReferences references;
    private final Pulls pulls;
    private final Steps steps;
    private final Attempts attempts;

    Unprocessable(Transfers transfers, MessageReferences references, Pulls pulls, Steps steps, Attempts attempts) {
        this.transfers = transfers;
        this.references = references;
        this.pulls = pulls;
        this.steps = steps;
        this.attempts = attempts;
    }

    /** Writes the failure; never over an open attempt, whose message comes again when its lease is over. */
    @Transactional
    public void write(Exchange exchange) {
        String queue = exchange.getVariable("originalQueue", String.class);
        String id = exchange.getVariable("transferId", String.class);
        Integer revision = exchange.getVariable("revision", Integer.class);
        if (queue == null || id == null || revision == null || Queues.isDead(queue)) {
            log.warn("A message in {} is not one of the hub's; it is dropped.", Queues.UNPROCESSABLE);
            return;
        }
        UUID transferId = UUID.fromString(id);
        if (Queues.stage(queue) == Stage.PULL) {
            pulls.unprocessable(Queues.destination(queue), transferId, revision, DETAIL);
            return;
        }
        Transfer transfer = references.lock(queue, transferId, revision).orElse(null);
        if (transfer == null || steps.turn(transfer, queue, revision) != Steps.Turn.DUE) {
            return;
        }
        Instant now = transfers.now();
        Optional<Attempts.Claim> open = attempts.openClaim(transferId);
        if (open.isPresent()) {
            Instant leaseUntil = open.get().leaseUntil();
            steps.putBack(transfer, queue, revision, leaseUntil.isAfter(now) ? leaseUntil : now);
            return;
        }
        steps.die(transfer, Queues.destination(queue), FailureCode.HUB_DEFECT, DETAIL, now);
    }
}
