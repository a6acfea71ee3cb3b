package org.emrexhub.pipeline.http;

import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * How much is left of the time that a register's or system's route was allowed for all its questions together. The first
 * call of a route begins the count.
 */
@Component("timeLeft")
public final class TimeLeft {

    private static final String TIMEOUT = "timeout";
    private static final String END = "timeoutEnd";

    /** Sets the variable {@code timeout} to the milliseconds that are left, 0 if none are. */
    public void set(Exchange exchange) {
        long now = System.nanoTime();
        Long end = exchange.getVariable(END, Long.class);
        if (end == null) {
            Long allowed = exchange.getVariable(TIMEOUT, Long.class);
            if (allowed == null) {
                throw new IllegalStateException("The time that is left needs the variable 'timeout'");
            }
            exchange.setVariable(END, now + TimeUnit.MILLISECONDS.toNanos(allowed));
            return;
        }
        exchange.setVariable(TIMEOUT, Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - now)));
    }

    /** Whether all of it is used up. */
    public static boolean isUp(Exchange exchange) {
        Long left = exchange.getVariable(TIMEOUT, Long.class);
        return left != null && left <= 0;
    }

    /** Forgets the count of an earlier route. */
    public static void forget(Exchange exchange) {
        exchange.removeVariable(END);
    }
}
