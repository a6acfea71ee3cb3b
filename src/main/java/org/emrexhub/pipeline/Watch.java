package org.emrexhub.pipeline;

import jakarta.jms.ConnectionFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Outages.Part;
import org.springframework.context.SmartLifecycle;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Looks every second whether database and broker do what the hub needs of them. Each has threads of its own: a part that
 * is away may also say nothing at all.
 */
@Component
class Watch implements SmartLifecycle {

    private static final long EVERY_MILLIS = 1000;
    private static final long PATIENCE_SECONDS = 15;
    private static final int LONGEST_REASON = 200;

    private final Outages outages;
    private final Map<Part, Probe> probes;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    Watch(Outages outages, DataSource ledger, ConnectionFactory broker) {
        this.outages = outages;
        this.probes =
                Map.of(Part.DATABASE, new DatabaseProbe(ledger), Part.BROKER, new BrokerProbe(withoutCache(broker)));
    }

    /** The connection that everybody shares is busy recovering during an outage. */
    private static ConnectionFactory withoutCache(ConnectionFactory broker) {
        return broker instanceof CachingConnectionFactory caching && caching.getTargetConnectionFactory() != null
                ? caching.getTargetConnectionFactory()
                : broker;
    }

    @Override
    public void start() {
        running = true;
        probes.forEach((part, probe) -> {
            Thread thread = daemon(() -> watch(part, probe), "watch-" + part);
            thread.start();
            threads.add(thread);
        });
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void watch(Part part, Probe probe) {
        ExecutorService eye = Executors.newSingleThreadExecutor(work -> daemon(work, "look-" + part));
        try {
            while (running) {
                look(part, probe, eye);
                TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            eye.shutdown();
            probe.close();
        }
    }

    private void look(Part part, Probe probe, ExecutorService eye) throws InterruptedException {
        Future<?> look = eye.submit(() -> {
            probe.look();
            return null;
        });
        try {
            look.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            outages.end(part);
        } catch (TimeoutException e) {
            outages.begin(part, probe.silence());
            boolean ignoredWhetherItRan = look.cancel(true);
        } catch (ExecutionException e) {
            outages.begin(part, reason(e));
        }
    }

    /** What lies at the bottom. Nothing was asked but whether somebody is there, so no message holds learner data. */
    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        String reason = root.getClass().getSimpleName() + ": " + message;
        return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    }

    @Override
    public void stop() {
        running = false;
        outages.stop();
        threads.forEach(Thread::interrupt);
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After Camel, before it stops: what waits for the database must not keep the hub from stopping. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
