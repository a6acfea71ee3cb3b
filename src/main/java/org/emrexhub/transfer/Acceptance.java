package org.emrexhub.transfer;

import java.util.UUID;

/** Takes a request for a transfer into the ledger: the only door by which one comes to be. */
public class Acceptance {

    /** What the client is told at once. */
    public record Accepted(UUID id, Stage stage, Status status) {}

    /** Writes the transfer, or finds the one that the same request made before. */
    public Accepted accept(Caller caller, String idempotencyKey, byte[] rawBody, NewTransfer request) {
        throw new UnsupportedOperationException();
    }
}
