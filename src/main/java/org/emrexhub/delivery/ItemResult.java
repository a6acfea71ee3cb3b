package org.emrexhub.delivery;

import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;

/**
 * What the target said of one item.
 *
 * @param code the target's short name for a refusal
 * @param targetId what the target calls the item
 * @param refusedAgain whether an item that may be there from an earlier request was refused when it was sent once more: it
 *     is still not known whether it is there, and to send it again leads nowhere
 */
public record ItemResult(
        Said said, @Nullable String code, @Nullable String targetId, boolean refusedAgain) {

    /** What the target said of an item that was not there before for sure. */
    public ItemResult(Said said, @Nullable String code, @Nullable String targetId) {
        this(said, code, targetId, false);
    }

    /** A refusal of what may be there all the same. */
    public static ItemResult refusedAgain(@Nullable String code) {
        return new ItemResult(Said.UNKNOWN, code, null, true);
    }

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

    /** Stands in for a code that names the learner, or that is no code but a sentence. */
    public static final String WITHHELD = "withheld";

    /** Code of an item that the target's answer left out. */
    public static final String NOT_ANSWERED = "not_answered";

    private static final int MAX_CODE = 64;

    /** The outcome alone: of a learner who is forgotten, nobody can tell whether the target's words name that learner. */
    ItemResult withoutWords() {
        return new ItemResult(said, code == null ? null : WITHHELD, null, refusedAgain);
    }

    /** The same without what names the learner: codes and ids stand in the ledger in the clear. */
    ItemResult without(NewTransfer.Learner learner) {
        String kept = code;
        if (kept != null && learner.isNamedIn(kept)) {
            kept = WITHHELD;
        }
        if (kept != null && kept.length() > MAX_CODE) {
            kept = kept.substring(0, MAX_CODE);
        }
        String id = targetId != null && learner.isNamedInId(targetId) ? null : targetId;
        return new ItemResult(said, kept, id, refusedAgain);
    }
}
