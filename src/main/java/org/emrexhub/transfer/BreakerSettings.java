package org.emrexhub.transfer;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When an outside system counts as down, and how long it is left alone.
 *
 * @param failures failed calls in succession that open a system's breaker
 * @param first how long it stays open the first time
 * @param max the longest time; it doubles with each probe that fails
 */
@Validated
@ConfigurationProperties("emrexhub.breaker")
public record BreakerSettings(
        @Min(1) @DefaultValue("5") int failures,

        @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("10s")
        Duration first,

        @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("5m")
        Duration max) {

    private static final int MOST_DOUBLINGS = 30;

    /** Until when a breaker stays open that opens for the {@code opened}th time in succession, counted from 1. */
    Instant until(Instant now, int opened) {
        double millis = first.toMillis() * Math.pow(2, Math.min(opened - 1, MOST_DOUBLINGS));
        return now.plusMillis(Math.round(Math.min(millis, max.toMillis())));
    }
}
