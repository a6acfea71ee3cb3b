package org.emrexhub.transfer;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long learner data is kept.
 *
 * @param learnerData how long after its end a transfer keeps its documents and application; {@code null} for ever
 */
@Validated
@ConfigurationProperties("emrexhub.retention")
public record RetentionSettings(
        @DurationMin(seconds = 1, message = "must be at least 1s; leave it out to keep learner data for ever") @Nullable
        Duration learnerData) {}
