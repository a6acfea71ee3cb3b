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
import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Outages.Part;
import org.emrexhub.transfer.Retention;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/**
 * What the hub does by the clock: replay jobs, probes of open breakers and the erasure of learner data in one instance
 * at a time; reconciliation and its own heartbeat in each.
 */
@Component
class Schedules implements SmartLifecycle {

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
    private final Retention retention;
    private final Instances instances;
    private final DispatchSettings settings;
    private final Clock clock;
    private final Outages outages;
    private final Accidents accidents;
    private final List<ScheduledFuture<?>> running = new ArrayList<>();

    Schedules(
            TaskScheduler scheduler,
            LockProvider locks,
            Breakers breakers,
            Replays replays,
            Reconciliation reconciliation,
            Retention retention,
            Instances instances,
            DispatchSettings settings,
            Clock clock,
            Outages outages,
            Accidents accidents) {
        this.scheduler = scheduler;
        this.locks = locks;
        this.breakers = breakers;
        this.replays = replays;
        this.reconciliation = reconciliation;
        this.retention = retention;
        this.instances = instances;
        this.settings = settings;
        this.clock = clock;
        this.outages = outages;
        this.accidents = accidents;
    }

    @Override
    public void start() {
        Duration half = settings.lostAfter().dividedBy(2);
        Duration reconcileEvery = half.compareTo(RECONCILE_AT_MOST) < 0 ? half : RECONCILE_AT_MOST;
        every(PROBE_EVERY, "probes of breakers", breakers::probe, true);
        every(REPLAY_EVERY, "replays", replays::advance, true);
        every(retention.every(), "retention", retention::erase, true);
        // Each instance remembers by itself since when it misses a message, so each compares; rows are added once.
        every(reconcileEvery, "reconciliation", this::reconcile, false);
        every(Instances.HEARTBEAT, "heartbeat", instances::beat, false);
    }

    private void reconcile() {
        if (!outages.isAway(Part.BROKER)) {
            reconciliation.run();
        }
    }

    private void every(Duration period, String name, Runnable task, boolean alone) {
        running.add(scheduler.scheduleWithFixedDelay(
                () -> {
                    if (outages.isAway(Part.DATABASE)) {
                        return;
                    }
                    SimpleLock lock = alone ? lock(name) : null;
                    if (alone && lock == null) {
                        return;
                    }
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        accidents.note("the " + name, e);
                    } finally {
                        if (lock != null) {
                            unlock(lock, name);
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
            accidents.note("the " + name, e);
            return null;
        }
    }

    private void unlock(SimpleLock lock, String name) {
        try {
            lock.unlock();
        } catch (RuntimeException e) {
            // It ends by itself.
            accidents.note("the " + name, e);
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
