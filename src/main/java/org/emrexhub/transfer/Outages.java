package org.emrexhub.transfer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What the hub can't do without and has not got at the moment: its database, its broker. One line in the log says when
 * an outage begins and one when it ends; whoever meets it meanwhile waits or refuses, and is silent.
 */
@Component
public class Outages {

    private static final Logger log = LoggerFactory.getLogger(Outages.class);

    /** A part outside the hub. */
    public enum Part {
        DATABASE("The hub accepts nothing and waits; it goes on by itself when the database is back."),
        BROKER(
                "The hub accepts requests and keeps them in its ledger; they go on by themselves when the broker is back.");

        private final String effect;

        Part(String effect) {
            this.effect = effect;
        }

        /** What the hub does without it. */
        public String effect() {
            return effect;
        }

        private String called() {
            return this == DATABASE ? "The database" : "The broker";
        }
    }

    /** Since when a part is away, and what was seen. */
    public record Outage(Instant since, String reason) {}

    private final Clock clock;
    private final Map<Part, Outage> now = new EnumMap<>(Part.class);
    private @Nullable Instant lastEnd;
    private boolean stopping;

    Outages(Clock clock) {
        this.clock = clock;
    }

    /** A part is away: told if it was not known; what was seen last stands in {@link #of}. */
    public synchronized void begin(Part part, String reason) {
        Outage known = now.get(part);
        now.put(part, new Outage(known == null ? clock.instant() : known.since(), reason));
        if (known == null) {
            log.warn("{} is away ({}). {}", part.called(), reason, part.effect());
        }
    }

    /** A part is there. */
    public synchronized void end(Part part) {
        Outage over = now.remove(part);
        if (over != null) {
            Instant end = clock.instant();
            lastEnd = end;
            log.info(
                    "{} is back after {} s.",
                    part.called(),
                    Duration.between(over.since(), end).toSeconds());
            notifyAll();
        }
    }

    /** The outage of a part. */
    public synchronized Optional<Outage> of(Part part) {
        return Optional.ofNullable(now.get(part));
    }

    /** Whether a part is away. */
    public synchronized boolean isAway(Part part) {
        return now.containsKey(part);
    }

    /** Whether any part is away, or was so shortly before: what fails then, fails for that reason. */
    public synchronized boolean isOrWasAway(Duration before) {
        Instant end = lastEnd;
        return !now.isEmpty() || (end != null && end.plus(before).isAfter(clock.instant()));
    }

    /** Waits until the database is there. */
    public synchronized void awaitDatabase() throws InterruptedException {
        while (now.containsKey(Part.DATABASE)) {
            if (stopping) {
                throw new InterruptedException("the hub stops");
            }
            wait();
        }
    }

    /** The hub stops: nobody waits any longer. */
    public synchronized void stop() {
        stopping = true;
        notifyAll();
    }
}
