package org.emrexhub.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Clients that hand in transfers, as many as keep so many under way; what arrived at a target makes room for the next. */
final class Load {

    private static final int CLIENTS = 6;

    private final BenchHub hub;
    private final LoopbackSystems systems;
    private final LongSupplier cpuNanos;
    private final AtomicLong numbers = new AtomicLong();

    Load(BenchHub hub, LoopbackSystems systems) {
        this(hub, systems, () -> 0);
    }

    /**
     * Load on a hub.
     *
     * @param database processor time of a database that is no child of this process, in nanoseconds
     */
    Load(BenchHub hub, LoopbackSystems systems, LongSupplier database) {
        this.hub = hub;
        this.systems = systems;
        // This process holds clients, register and target; the hub is its child.
        this.cpuNanos = () -> Rate.cpuOfAll(ProcessHandle.current()) + database.getAsLong();
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Lets the hub compile what it will need often. */
    void warmUp(String sis, int window, int count) throws InterruptedException {
        run(sis, window, done -> {
            while (done.get() < count) {
                Thread.sleep(50);
            }
            return new Rate(0, 0);
        });
    }

    /** Transfers from the request to the target's answer in a second. */
    Rate run(String sis, int window, long leadInMillis, long millis) throws InterruptedException {
        return run(sis, window, done -> Rate.of(done::get, cpuNanos, leadInMillis, millis));
    }

    private interface Measuring {
        Rate measure(AtomicLong done) throws InterruptedException;
    }

    private Rate run(String sis, int window, Measuring measuring) throws InterruptedException {
        AtomicLong done = new AtomicLong();
        AtomicBoolean feeding = new AtomicBoolean(true);
        Semaphore room = new Semaphore(window);
        systems.onArrival((target, student) -> {
            done.incrementAndGet();
            room.release();
        });
        List<Thread> clients = new ArrayList<>();
        for (int n = 0; n < CLIENTS; n++) {
            Thread client = new Thread(() -> {
                try {
                    while (feeding.get()) {
                        if (room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                            hub.transfer(sis, nextNumber());
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            client.start();
            clients.add(client);
        }
        Rate rate = measuring.measure(done);
        feeding.set(false);
        for (Thread client : clients) {
            client.join();
        }
        if (!room.tryAcquire(window, 5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Not every transfer arrived at its target.");
        }
        return rate;
    }

    /** Milliseconds from the request until the hub says DELIVERED, one transfer after the other. */
    List<Double> latencies(String sis, int count) throws InterruptedException {
        systems.onArrival((target, student) -> {});
        List<Double> all = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            systems.nanosInside();
            long begin = System.nanoTime();
            String id = hub.transfer(sis, nextNumber());
            while (!hub.details(id).path("status").asText().equals("DELIVERED")) {
                Thread.sleep(2);
            }
            all.add((System.nanoTime() - begin - systems.nanosInside()) / 1e6);
        }
        return all.stream().sorted().toList();
    }
}
