package org.emrexhub.delivery;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How a delivery is claimed.
 *
 * @param leaseMargin by how much a lease outlasts the time-out of the request it covers
 * @param busyLook how soon a transfer looks again whose credit another transfer is sending at this moment
 */
@Validated
@ConfigurationProperties("emrexhub.delivery")
public record DeliverySettings(
        @DurationMin(seconds = 1, message = "must be at least 1s") @DefaultValue("10s")
        Duration leaseMargin,

        @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("500ms")
        Duration busyLook) {}
