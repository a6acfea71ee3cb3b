package org.emrexhub.pipeline;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;
import org.emrexhub.transfer.Outbox;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Calls the dispatcher after each commit that wrote an outbox row, so that a hop costs milliseconds, and each second for
 * rows whose time has come. One thread: commits that come while it works are one more round.
 */
@Component
class DispatchBell implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DispatchBell.class);

    private final ProducerTemplate template;
    private final DispatchSettings settings;
    private final Semaphore rung = new Semaphore(0);
    private volatile boolean running;
    private volatile boolean failing;
    private @Nullable Thread thread;

    DispatchBell(ProducerTemplate template, DispatchSettings settings) {
        this.template = template;
        this.settings = settings;
    }

    @EventListener
    void ring(Outbox.RowCommitted row) {
        rung.release();
    }

    @Override
    public void start() {
        running = true;
        Thread starting = new Thread(this::rounds, "dispatch");
        starting.setDaemon(true);
        starting.start();
        thread = starting;
    }

    private void rounds() {
        while (running) {
            try {
                // The time-out is the timer: rows with a due time that nobody rings for.
                boolean ignoredWhetherRung = rung.tryAcquire(1, TimeUnit.SECONDS);
                rung.drainPermits();
                boolean more = true;
                while (running && more) {
                    more = round();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Dispatches once; {@code true} if as many rows were due as one round takes. */
    private boolean round() throws InterruptedException {
        if (template.getCamelContext().getStatus() != ServiceStatus.Started) {
            return false;
        }
        Exchange answer = template.send("direct:hub-dispatch", exchange -> {});
        if (answer.getException() != null) {
            if (!failing) {
                log.warn(
                        "The outbox can't be dispatched ({}); what is due waits in the ledger and is sent when broker"
                                + " and database are back.",
                        answer.getException().getClass().getSimpleName());
                log.debug("The dispatcher failed.", answer.getException());
            }
            failing = true;
            Thread.sleep(1000);
            return false;
        }
        if (failing) {
            log.info("The outbox is dispatched again.");
            failing = false;
        }
        Object rows = answer.getVariable("rows");
        return rows instanceof List<?> list && list.size() >= settings.batch();
    }

    /** Whether the last round failed: broker or database is away. */
    boolean isFailing() {
        return failing;
    }

    @Override
    public void stop() {
        running = false;
        rung.release();
        Thread stopping = thread;
        if (stopping != null) {
            try {
                stopping.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After Camel, before it stops. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
