package org.emrexhub.pipeline;

import java.util.UUID;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.failure.HubFailure;
import org.springframework.stereotype.Component;

/** Answers that come after the delivery: for instance a file beside the one that was dropped. */
@Component("deliveryAnswers")
class DeliveryAnswers {

    private final Deliveries deliveries;

    DeliveryAnswers(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * Fills in what the target answered for a transfer.
     *
     * @throws IllegalArgumentException if the answer can't be read or belongs to no transfer; it says so without payload
     */
    public void late(String transferId, byte[] answer) {
        boolean known;
        try {
            known = deliveries.answerLater(UUID.fromString(transferId), TargetAnswer.read(answer, false));
        } catch (HubFailure unreadable) {
            throw new IllegalArgumentException(unreadable.detail(), unreadable);
        }
        if (!known) {
            throw new IllegalArgumentException("no transfer has this id");
        }
    }
}
