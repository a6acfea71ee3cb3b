package org.emrexhub.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.jms.JmsConstants;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/**
 * Turns an outbox row into the message that refers to it: four headers and no body. A broker that is full keeps the
 * sender waiting without end, and with it a transaction of the ledger: a send that takes too long is broken off, and its
 * row waits.
 */
@Component("references")
class References {

    private static final String DUPLICATE_ID = "_AMQ_DUPL_ID";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<Thread, Instant> sending = new HashMap<>();

    References(TaskScheduler scheduler, Clock clock) {
        this.clock = clock;
        scheduler.scheduleWithFixedDelay(this::breakOff, clock.instant(), LOOK_EVERY);
    }

    /** Makes the message of the outbox row in the body. */
    public void write(Exchange exchange) {
        Message message = exchange.getMessage();
        Map<?, ?> row = message.getBody(Map.class);
        message.removeHeaders("*");
        message.setHeader(HubHeaders.TRANSFER_ID, text(row, "transfer_id"));
        message.setHeader(HubHeaders.REVISION, row.get("revision"));
        message.setHeader(DUPLICATE_ID, text(row, "id"));
        message.setHeader("JMSPriority", row.get("priority"));
        message.setHeader(JmsConstants.JMS_DESTINATION_NAME, row.get("queue"));
        message.setBody(null);
        sending();
    }

    /** The send was begun that is interrupted if it takes too long. The ledger's own work never is. */
    private synchronized void sending() {
        sending.put(Thread.currentThread(), clock.instant());
    }

    /** The broker has the message; an interrupt that came too late is forgotten. */
    public synchronized void sent() {
        sending.remove(Thread.currentThread());
        boolean ignoredWhetherInterrupted = Thread.interrupted();
    }

    private synchronized void breakOff() {
        Instant tooLong = clock.instant().minus(PATIENCE);
        sending.entrySet().removeIf(sender -> {
            boolean breaksOff = sender.getValue().isBefore(tooLong);
            if (breaksOff) {
                sender.getKey().interrupt();
            }
            return breaksOff;
        });
    }

    /**
     * The round of this thread is over, whatever came of it. It sends itself only where no sender is free; the others are
     * watched on: one that hangs while another has failed must come back.
     */
    synchronized void over() {
        sent();
    }

    private static String text(Map<?, ?> row, String column) {
        return Objects.requireNonNull(row.get(column), column).toString();
    }
}
