package org.emrexhub.transfer;

/** The documents that a transfer keeps, each encrypted. */
public enum DocumentKind {
    /** What the client asked for: learner, consent reference, decision. */
    REQUEST,
    /** A register's answer, one per register. */
    SOURCE,
    /** The signed ELMO document; never touched again. */
    ELMO,
    /** What was mapped and skipped, with findings. */
    REPORT,
    /** The officer's decision. */
    DECISION
}
