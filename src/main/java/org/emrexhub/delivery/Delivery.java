package org.emrexhub.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;

/**
 * A claimed delivery: what one owner may send to one target while its lease lasts.
 *
 * @param attempt number of the open attempt
 * @param request what the client asked for; learner data
 * @param targetId the learner's id at the target, from request or decision
 * @param decision who recognised the credits
 * @param elmo the signed bytes
 * @param toSend what is not at the target for sure
 * @param toSettle those of {@code toSend} that may have landed in an earlier attempt
 * @param toConfirm those of {@code toSend} that this transfer never sent, and that a target that can be asked is asked for
 *     all the same: a ledger that was restored from a backup does not know what it sent after it, and another transfer
 *     may have sent them and lost the answer
 * @param settleOnly whether nothing may be sent any more: the consent is over, what landed is settled all the same
 */
public record Delivery(
        UUID transferId,
        int revision,
        int attempt,
        String sis,
        NewTransfer request,
        @Nullable String targetId,
        Optional<NewTransfer.Decision> decision,
        byte[] elmo,
        List<Item> toSend,
        List<Item> toSettle,
        List<Item> toConfirm,
        boolean settleOnly) {

    @Override
    public String toString() {
        return "Delivery[" + transferId + " #" + attempt + "]";
    }
}
