package org.emrexhub.transfer;

import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When an outside system counts as down, and how long it is left alone.
 *
 * @param failures failed calls in succession that open a system's breaker
 * @param first how long it stays open the first time
 * @param max the longest time; it doubles with each probe that fails
 */
@ConfigurationProperties("emrexhub.breaker")
public record BreakerSettings(
        @DefaultValue("5") int failures,
        @DefaultValue("10s") Duration first,
        @DefaultValue("5m") Duration max) {

    private static final int MOST_DOUBLINGS = 30;

    /** Until when a breaker stays open that opens for the {@code opened}th time in succession, counted from 1. */
    Instant until(Instant now, int opened) {
        double millis = first.toMillis() * Math.pow(2, Math.min(opened - 1, MOST_DOUBLINGS));
        return now.plusMillis(Math.round(Math.min(millis, max.toMillis())));
    }
}
