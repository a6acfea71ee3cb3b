package org.emrexhub.pipeline;

import org.apache.camel.Exchange;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.NewTransfer;
import org.springframework.stereotype.Component;

/** What {@code routes/hub/1-accept} calls. */
@Component("accept")
class AcceptStep {

    private final Acceptance acceptance;

    AcceptStep(Acceptance acceptance) {
        this.acceptance = acceptance;
    }

    /** Takes the checked request in the body into the ledger; the body becomes what the client is told. */
    public void accept(Exchange exchange) {
        exchange.getMessage()
                .setBody(acceptance.accept(
                        exchange.getVariable("caller", Caller.class),
                        exchange.getVariable("idempotencyKey", String.class),
                        exchange.getVariable("rawBody", byte[].class),
                        exchange.getMessage().getBody(NewTransfer.class)));
    }
}
