package org.emrexhub.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.transfer.Breakers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/** What the hub does by the clock, in one instance at a time: replay jobs, probes of open breakers, reconciliation; and its own heartbeat. */
@Component
class Schedules implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Schedules.class);
    private static final Duration REPLAY_EVERY = Duration.ofMillis(500);
    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);
    private static final Duration RECONCILE_AT_MOST = Duration.ofMinutes(1);
    /** After that another instance takes over from one that was killed; two at once would only be in each other's way. */
    private static final Duration LOCK_AT_MOST = Duration.ofSeconds(20);

    private final TaskScheduler scheduler;
    private final LockProvider locks;
    private final Breakers breakers;
    private final Replays replays;
    private final Reconciliation reconciliation;
    private final Instances instances;
    private final DispatchSettings settings;
    private final Clock clock;
    private final List<ScheduledFuture<?>> running = new ArrayList<>();

    Schedules(
            TaskScheduler scheduler,
            LockProvider locks,
            Breakers breakers,
            Replays replays,
            Reconciliation reconciliation,
            Instances instances,
            DispatchSettings settings,
            Clock clock) {
        this.scheduler = scheduler;
        this.locks = locks;
        this.breakers = breakers;
        this.replays = replays;
        this.reconciliation = reconciliation;
        this.instances = instances;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void start() {
        Duration half = settings.lostAfter().dividedBy(2);
        Duration reconcileEvery = half.compareTo(RECONCILE_AT_MOST) < 0 ? half : RECONCILE_AT_MOST;
        every(PROBE_EVERY, "probes of breakers", breakers::probe, true);
        every(REPLAY_EVERY, "replays", replays::advance, true);
        // Each instance remembers by itself since when it misses a message, so each compares; rows are added once.
        every(reconcileEvery, "reconciliation", reconciliation::run, false);
        every(Instances.HEARTBEAT, "heartbeat", instances::beat, false);
    }

    private void every(Duration period, String name, Runnable task, boolean alone) {
        running.add(scheduler.scheduleWithFixedDelay(
                () -> {
                    SimpleLock lock = alone ? lock(name) : null;
                    if (alone && lock == null) {
                        return;
                    }
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        log.warn(
                                "The {} could not run now ({}); it runs again.",
                                name,
                                e.getClass().getSimpleName());
                        log.debug("The {} failed.", name, e);
                    } finally {
                        if (lock != null) {
                            lock.unlock();
                        }
                    }
                },
                clock.instant().plus(period),
                period));
    }

    private @Nullable SimpleLock lock(String name) {
        try {
            return locks.lock(new LockConfiguration(clock.instant(), name, LOCK_AT_MOST, Duration.ZERO))
                    .orElse(null);
        } catch (RuntimeException e) {
            log.debug("The lock {} can't be asked for now.", name, e);
            return null;
        }
    }

    @Override
    public void stop() {
        running.forEach(task -> task.cancel(false));
        running.clear();
    }

    @Override
    public boolean isRunning() {
        return !running.isEmpty();
    }
}
