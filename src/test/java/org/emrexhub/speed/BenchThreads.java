package org.emrexhub.speed;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The threads of a yardstick: what one of them meets ends the run instead of letting it wait for ever. */
final class BenchThreads {

    private static final int PATIENCE_MINUTES = 2;

    private BenchThreads() {}

    interface Work {
        void run() throws Exception;
    }

    static Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    /** Waits until what was begun is finished, so that the next round finds empty queues. */
    static void awaitAll(Semaphore room, int window) throws InterruptedException {
        if (!room.tryAcquire(window, PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Not everything that was begun came to its end.");
        }
    }
}
