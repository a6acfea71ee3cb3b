package org.emrexhub.transfer;

import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often and how long a temporary failure is tried again.
 *
 * @param first pause after the first failure
 * @param factor by which each further pause is longer
 * @param max longest pause
 * @param giveUpAfter age, counted from entering the stage, at which a transfer is dead
 */
@Validated
@ConfigurationProperties("emrexhub.retry")
public record RetrySettings(
        @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("30s")
        Duration first,

        @DecimalMin("1") @DefaultValue("2") double factor,

        @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("30m")
        Duration max,

        @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("72h")
        Duration giveUpAfter) {

    /** When to try again after the given number of failed tries; never later than {@code giveUpAt}. */
    Instant next(Instant now, int failedTries, Instant giveUpAt) {
        double millis = Math.min(first.toMillis() * Math.pow(factor, Math.max(0, failedTries - 1)), max.toMillis());
        Instant next = now.plusMillis(Math.max(1, Math.round(millis)));
        return next.isAfter(giveUpAt) && giveUpAt.isAfter(now) ? giveUpAt : next;
    }
}
