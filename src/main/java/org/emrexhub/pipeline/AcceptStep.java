package org.emrexhub.pipeline;

import org.apache.camel.Exchange;
import org.emrexhub.failure.Problem;
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

    /**
     * Takes the checked request in the body into the ledger; the body becomes what the client is told. A refused one is
     * told of the transfer that it made before, if it did.
     */
    public void accept(Exchange exchange) {
        Caller caller = exchange.getVariable("caller", Caller.class);
        String key = exchange.getVariable("idempotencyKey", String.class);
        byte[] rawBody = exchange.getVariable("rawBody", byte[].class);
        Problem refused = exchange.getVariable("refused", Problem.class);
        exchange.getMessage()
                .setBody(
                        refused == null
                                ? acceptance.accept(
                                        caller,
                                        key,
                                        rawBody,
                                        exchange.getMessage().getBody(NewTransfer.class))
                                : acceptance.earlier(caller, key, rawBody).orElseThrow(() -> refused));
    }
}
