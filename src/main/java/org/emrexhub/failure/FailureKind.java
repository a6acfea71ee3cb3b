package org.emrexhub.failure;

/** What the hub does next with a transfer that failed. */
public enum FailureKind {
    /** Tried again with growing pauses until the give-up age is reached; then dead. */
    TEMPORARY,
    /** Dead at once: trying again without a change would end the same way. */
    PERMANENT,
    /** The request may have landed: verified at the target before anything is sent again. */
    UNKNOWN
}
