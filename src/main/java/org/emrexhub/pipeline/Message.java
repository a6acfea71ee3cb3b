package org.emrexhub.pipeline;

import java.util.UUID;
import org.apache.camel.Exchange;

/**
 * The reference that a message is.
 *
 * @param queue from which it came
 * @param revision the number that it bears
 */
record Message(String queue, UUID transferId, int revision) {

    static Message of(Exchange exchange) {
        return new Message(
                exchange.getVariable("queue", String.class),
                UUID.fromString(exchange.getVariable("transferId", String.class)),
                exchange.getVariable("revision", Integer.class));
    }
}
