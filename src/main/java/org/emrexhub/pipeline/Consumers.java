package org.emrexhub.pipeline;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Queues;
import org.springframework.stereotype.Component;

/**
 * The consumers of the hub's queues, one for each register and system of the catalogue. Each only takes the reference
 * out of the message and calls the step's route; a message is acknowledged when that route has come to its end, which
 * is after the ledger's commit.
 */
@Component
class Consumers extends RouteBuilder {

    /** After every other route: a message that waits at start finds the routes that it needs. */
    private static final int LAST = 100_000;

    private static final int RECOVER_EVERY_MILLIS = 2000;

    /** Asking again costs a broker more than waiting: with a second, idle consumers took a quarter of a core. */
    private static final int WAIT_MILLIS = 10_000;

    private final Catalog catalog;
    private final PipelineSettings settings;
    private final Outages outages;
    private int order = LAST;

    Consumers(Catalog catalog, PipelineSettings settings, Outages outages) {
        this.catalog = catalog;
        this.settings = settings;
        this.outages = outages;
    }

    @Override
    public void configure() {
        // What a step's own failure policy could not write down rolls the message back, and it comes again.
        errorHandler(noErrorHandler());
        for (Register register : catalog.registers()) {
            consume(Queues.pull(register.id()), "hub-pull", Map.of("register", register.id()));
        }
        consume(Queues.MAP, "hub-map", Map.of());
        for (Sis sis : catalog.sis()) {
            consume(Queues.deliver(sis.id()), "hub-deliver", Map.of("sis", sis.id()));
        }
        consume(Queues.EXPIRE, "hub-expire", 1, Map.of());
        consume(Queues.UNPROCESSABLE, "hub-unprocessable", 1, Map.of());
    }

    private void consume(String queue, String route, Map<String, String> variables) {
        consume(queue, route, settings.consumers(), variables);
    }

    private void consume(String queue, String route, int many, Map<String, String> variables) {
        RouteDefinition consumer = from("jms:queue:" + queue
                        + "?transacted=true&cacheLevelName=CACHE_CONSUMER&disableReplyTo=true"
                        // Else each message would get a session of its own besides.
                        + "&exposeListenerSession=true"
                        + "&receiveTimeout=" + WAIT_MILLIS
                        + "&asyncStopListener=true&errorHandler=#accidents&exceptionListener=#accidents&recoveryInterval="
                        + RECOVER_EVERY_MILLIS
                        + "&concurrentConsumers=" + many)
                .routeId("consumer-" + queue)
                .group("consumers")
                .startupOrder(order++)
                // A message that fails because the database is away comes again ten times and is then given up: it
                // waits.
                .process(message -> outages.awaitDatabase())
                .setVariable("queue", constant(queue))
                .setVariable("transferId", header(HubHeaders.TRANSFER_ID))
                .setVariable("revision", header(HubHeaders.REVISION))
                .setVariable("originalQueue", header("_AMQ_ORIG_ADDRESS"))
                .removeHeaders("*");
        variables.forEach((name, value) -> consumer.setVariable(name, constant(value)));
        consumer.to("direct:" + route);
    }
}
