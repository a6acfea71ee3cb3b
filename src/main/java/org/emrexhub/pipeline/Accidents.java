package org.emrexhub.pipeline;

import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.emrexhub.transfer.Outages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;
import org.springframework.util.ErrorHandler;

/**
 * What failed and is tried again by itself, told in one line for all that failed within a third of a minute, another
 * third later: by then it is known whether a part was away, and an outage has its own lines.
 */
@Component("accidents")
class Accidents implements ErrorHandler, ExceptionListener {

    private static final Logger log = LoggerFactory.getLogger(Accidents.class);
    /** Longer than it takes to notice an outage. */
    private static final Duration EVERY = Duration.ofSeconds(20);

    private static final Duration AROUND = EVERY.multipliedBy(2);

    private final Outages outages;
    private Map<String, Integer> before = new TreeMap<>();
    private Map<String, Integer> now = new TreeMap<>();

    Accidents(Outages outages, TaskScheduler scheduler, Clock clock) {
        this.outages = outages;
        scheduler.scheduleWithFixedDelay(this::tell, clock.instant().plus(EVERY), EVERY);
    }

    /** A message that could not be taken, nor its failure written down: it comes again. */
    @Override
    public void handleError(Throwable thrown) {
        note("a message could not be taken", thrown);
    }

    /** A queue that can't be listened to. */
    @Override
    public void onException(JMSException thrown) {
        note("a queue can't be listened to, " + thrown.getMessage(), thrown);
    }

    /** Something was not done now and will be. */
    void note(String what, Throwable thrown) {
        log.debug("Not done now: {}: {}", what, SafeTrace.of(thrown));
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        count(what + " (" + root.getClass().getSimpleName() + ")");
    }

    private synchronized void count(String what) {
        now.merge(what, 1, Integer::sum);
    }

    /** Tells what failed in the time before last. */
    synchronized void tell() {
        if (!before.isEmpty() && !outages.isOrWasAway(AROUND)) {
            log.warn("Not done now, tried again by itself, with how often: {}", before);
        }
        before = now;
        now = new TreeMap<>();
    }
}
