package org.emrexhub.transfer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds the transfer that a message refers to. A message that is newer than the ledger, as after the ledger's restoration
 * from a backup, is reported here; its consumer finds nothing due and acknowledges it.
 */
@Component
public class MessageReferences {

    private static final Logger log = LoggerFactory.getLogger(MessageReferences.class);

    private final Transfers transfers;
    private final Counter unknown;

    MessageReferences(Transfers transfers, MeterRegistry meters) {
        this.transfers = transfers;
        this.unknown = Counter.builder("emrexhub.dispatch.unknown")
                .description("Messages whose transfer or revision the ledger does not know")
                .register(meters);
    }

    /** The transfer, locked until the transaction ends; empty if the ledger does not know it. */
    public Optional<Transfer> lock(String queue, UUID transferId, int revision) {
        Optional<Transfer> found = transfers.lock(transferId);
        if (found.isEmpty() || found.get().revision() < revision) {
            unknown.increment();
            log.warn(
                    "A message in {} is newer than the ledger, which does not know transfer {} by revision {}: it is"
                            + " dropped. Was the database restored from a backup?",
                    queue,
                    transferId,
                    revision);
        }
        return found;
    }
}
