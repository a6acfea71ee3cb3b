package org.emrexhub.pipeline;

import org.apache.camel.Exchange;
import org.emrexhub.transfer.MessageReferences;
import org.emrexhub.transfer.Steps;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What {@code routes/hub/7-expire} calls. */
@Component("expiry")
class Expiry {

    private final Steps steps;
    private final MessageReferences references;

    Expiry(Steps steps, MessageReferences references) {
        this.steps = steps;
        this.references = references;
    }

    /** Ends the hold that the message announces, unless somebody decided meanwhile. */
    @Transactional
    public void expire(Exchange exchange) {
        Message message = Message.of(exchange);
        references
                .lock(message.queue(), message.transferId(), message.revision())
                .ifPresent(transfer -> steps.expire(transfer, message.revision()));
    }
}
