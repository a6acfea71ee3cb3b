package org.emrexhub.pipeline;

import org.apache.camel.Exchange;
import org.emrexhub.transfer.Steps;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What {@code routes/hub/7-expire} calls. */
@Component("expiry")
class Expiry {

    private final Steps steps;

    Expiry(Steps steps) {
        this.steps = steps;
    }

    /** Ends the hold that the message announces, unless somebody decided meanwhile. */
    @Transactional
    public void expire(Exchange exchange) {
        Message message = Message.of(exchange);
        steps.expire(message.transferId(), message.revision());
    }
}
