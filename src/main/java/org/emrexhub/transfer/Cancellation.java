package org.emrexhub.transfer;

import java.util.UUID;

/** Withdraws a transfer before delivery. */
public class Cancellation {

    /** Cancels; withdraws the consent even where it is too late for the transfer itself. */
    public void cancel(UUID id, Caller caller) {
        throw new UnsupportedOperationException();
    }
}
