package org.emrexhub.delivery;

import java.util.UUID;

/** The owner's time is over before it sent: it does not send, and does not acknowledge. */
public class LeaseLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeaseLost(UUID transferId) {
        super("The lease on transfer " + transferId + " is over; whoever takes its message next goes on.");
    }
}
