package org.emrexhub.pipeline;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Pulls;
import org.emrexhub.transfer.Pulls.PullWork;
import org.springframework.stereotype.Component;

/** What {@code routes/hub/3-pull} calls before and after it asks a register. */
@Component("pull")
class PullStep {

    static final String WORK = "pullWork";

    private final Pulls pulls;
    private final Destinations destinations;
    private final Catalog catalog;

    PullStep(Pulls pulls, Destinations destinations, Catalog catalog) {
        this.pulls = pulls;
        this.destinations = destinations;
        this.catalog = catalog;
    }

    /** Asks the ledger whether the message is due, and lays out for the register's route what it needs. */
    public void begin(Exchange exchange) {
        Message message = Message.of(exchange);
        Register register = register(exchange);
        Optional<PullWork> work = pulls.begin(register, message.transferId(), message.revision());
        exchange.setVariable("due", work.isPresent());
        work.ifPresent(due -> {
            NewTransfer.Learner learner = due.learner();
            exchange.setVariable(WORK, due);
            exchange.setVariable("stage", "PULL");
            exchange.setVariable("party", "register");
            exchange.setVariable("identifierType", learner.identifierType());
            exchange.setVariable("identifier", learner.identifier());
            exchange.setVariable("givenNames", learner.givenNames());
            exchange.setVariable("familyName", learner.familyName());
            exchange.setVariable("birthDate", learner.birthDate().toString());
            exchange.setVariable("timeout", register.timeout().toMillis());
            exchange.setVariable("asking", true);
            Outside.begin(exchange);
            exchange.getMessage().setBody(null);
        });
    }

    /** Stores the answer that the register's route left, or the failure. */
    public void store(Exchange exchange) {
        PullWork work = exchange.getVariable(WORK, PullWork.class);
        exchange.setVariable("asking", false);
        Outside.requireNone(exchange);
        byte[] answer = exchange.getMessage().getBody(byte[].class);
        if (answer == null || answer.length == 0) {
            throw new HubFailure(FailureCode.ANSWER_UNREADABLE, "the register's answer is empty");
        }
        pulls.succeed(work, answer);
        destinations.succeeded(Destinations.Kind.REGISTER, work.register());
        exchange.getMessage().setBody(null);
    }

    private Register register(Exchange exchange) {
        String id = exchange.getVariable("register", String.class);
        return catalog.register(id).orElseThrow(() -> new IllegalStateException("no register '" + id + "'"));
    }
}
