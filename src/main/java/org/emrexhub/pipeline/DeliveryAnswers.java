package org.emrexhub.pipeline;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.delivery.ItemResult.Said;
import org.emrexhub.failure.HubFailure;
import org.springframework.stereotype.Component;

/** Answers that come after the delivery: for instance a file beside the one that was dropped. */
@Component("deliveryAnswers")
class DeliveryAnswers {

    /** Nobody waits for this answer: it can't ask for another try. */
    private static final Set<Said> FINAL = EnumSet.of(Said.ACCEPTED, Said.DUPLICATE, Said.REJECTED);

    private final Deliveries deliveries;

    DeliveryAnswers(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * Fills in what a target answered for a transfer.
     *
     * @param sis the target's id: nobody answers for what another one got
     * @throws IllegalArgumentException if the answer can't be read or belongs to no transfer to this target; it says so
     *     without payload
     */
    public void late(String sis, String transferId, byte[] answer) {
        Map<String, ItemResult> results;
        try {
            results = TargetAnswer.read(answer, false);
        } catch (HubFailure unreadable) {
            throw new IllegalArgumentException(unreadable.detail(), unreadable);
        }
        if (!results.values().stream().map(ItemResult::said).allMatch(FINAL::contains)) {
            throw new IllegalArgumentException("a later answer says ACCEPTED, DUPLICATE or REJECTED of each item");
        }
        if (!deliveries.answerLater(sis, UUID.fromString(transferId), results)) {
            throw new IllegalArgumentException("no transfer to this system has this id");
        }
    }
}
