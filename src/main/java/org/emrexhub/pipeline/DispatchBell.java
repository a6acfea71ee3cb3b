package org.emrexhub.pipeline;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;
import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Outages.Part;
import org.emrexhub.transfer.Outbox;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Calls the dispatcher after each commit that wrote an outbox row, so that a hop costs milliseconds, and each second for
 * rows whose time has come. One thread: commits that come while it works are one more round.
 */
@Component
class DispatchBell implements SmartLifecycle {

    private final ProducerTemplate template;
    private final DispatchSettings settings;
    private final References references;
    private final Outages outages;
    private final Accidents accidents;
    private final Semaphore rung = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;

    DispatchBell(
            ProducerTemplate template,
            DispatchSettings settings,
            References references,
            Outages outages,
            Accidents accidents) {
        this.template = template;
        this.settings = settings;
        this.references = references;
        this.outages = outages;
        this.accidents = accidents;
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
        if (template.getCamelContext().getStatus() != ServiceStatus.Started
                || outages.isAway(Part.DATABASE)
                || outages.isAway(Part.BROKER)) {
            return false;
        }
        Exchange answer = template.send("direct:hub-dispatch", exchange -> {});
        references.over();
        if (answer.getException() != null) {
            accidents.note("the outbox", answer.getException());
            Thread.sleep(1000);
            return false;
        }
        Object rows = answer.getVariable("rows");
        return rows instanceof List<?> list && list.size() >= settings.batch();
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
