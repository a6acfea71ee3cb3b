package org.emrexhub.transfer;

/** The three steps of a transfer that run from a queue. */
public enum Stage {
    /** Ask the registers. */
    PULL,
    /** Map, assemble, validate, sign. */
    MAP,
    /** Claim, push, record. */
    DELIVER
}
