package org.emrexhub.transfer;

/** Where a transfer stands inside its stage. */
public enum Status {
    /** Its next step is due or on its way. */
    QUEUED,
    /** A step failed for the time being and will be tried again. */
    WAITING_RETRY,
    /** Waits for the learner to select. */
    AWAITING_SELECTION,
    /** Waits for an officer to decide. */
    AWAITING_DECISION,
    /** Failed for good; waits for a replay or a discard. */
    DEAD_LETTERED,
    /** The target has it. */
    DELIVERED,
    /** An officer decided against it. */
    REJECTED,
    /** An operator gave the dead letter up. */
    DISCARDED,
    /** Withdrawn by the client. */
    CANCELLED,
    /** A hold ended undecided. */
    EXPIRED;

    /** Whether nothing can follow. */
    public boolean isFinal() {
        return switch (this) {
            case DELIVERED, REJECTED, DISCARDED, CANCELLED, EXPIRED -> true;
            case QUEUED, WAITING_RETRY, AWAITING_SELECTION, AWAITING_DECISION, DEAD_LETTERED -> false;
        };
    }

    /** Whether the transfer waits for a person's decision or selection. */
    public boolean isHold() {
        return this == AWAITING_SELECTION || this == AWAITING_DECISION;
    }
}
