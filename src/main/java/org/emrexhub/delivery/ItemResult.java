package org.emrexhub.delivery;

import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;

/** What the target said of one item. */
public record ItemResult(
        Said said, @Nullable String code, @Nullable String targetId) {

    /** The words of the integrator's contract. */
    public enum Said {
        ACCEPTED,
        DUPLICATE,
        REJECTED,
        /** Not taken now; may be sent again. */
        RETRY,
        /** It may have landed. */
        UNKNOWN
    }

    /** Stands in for a code that names the learner. */
    private static final String WITHHELD = "withheld";

    private static final int MAX_CODE = 64;

    /** The same without what names the learner: codes and ids stand in the ledger in the clear. */
    ItemResult without(NewTransfer.Learner learner) {
        String kept = code;
        if (kept != null && learner.isNamedIn(kept)) {
            kept = WITHHELD;
        }
        if (kept != null && kept.length() > MAX_CODE) {
            kept = kept.substring(0, MAX_CODE);
        }
        return new ItemResult(said, kept, targetId != null && learner.isNamedInId(targetId) ? null : targetId);
    }
}
