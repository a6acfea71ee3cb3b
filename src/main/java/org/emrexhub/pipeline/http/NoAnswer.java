package org.emrexhub.pipeline.http;

import java.io.IOException;

/**
 * An HTTP exchange that brought no answer. Its message is a fixed phrase and it has no cause: the HTTP client's own
 * exceptions name the address, and an address may hold a learner's identifier.
 */
final class NoAnswer extends IOException {

    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    NoAnswer(Outcome outcome, String phrase) {
        super(phrase);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
