package org.emrexhub.speed;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much was done in a stretch of time.
 *
 * @param cpuMillis processor time for each, of the processes that were looked at
 */
record Rate(double perSecond, double cpuMillis) {

    /** Counts for a while, after a while. */
    static Rate of(LongSupplier done, ProcessHandle process, long leadInMillis, long millis)
            throws InterruptedException {
        return of(done, () -> cpu(process), leadInMillis, millis);
    }

    static Rate of(LongSupplier done, LongSupplier cpuNanos, long leadInMillis, long millis)
            throws InterruptedException {
        Thread.sleep(leadInMillis);
        long cpu = cpuNanos.getAsLong();
        long before = done.getAsLong();
        long begin = System.nanoTime();
        Thread.sleep(millis);
        long count = done.getAsLong() - before;
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuMillis = (cpuNanos.getAsLong() - cpu) / 1e6;
        return new Rate(count / seconds, count == 0 ? 0 : cpuMillis / count);
    }

    /** Of a process and of those that it started. */
    static long cpuOfAll(ProcessHandle process) {
        return cpu(process) + process.descendants().mapToLong(Rate::cpu).sum();
    }

    static long cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
}
