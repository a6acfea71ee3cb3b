package org.emrexhub.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a delivery is claimed.
 *
 * @param leaseMargin by how much a lease outlasts the time-out of the request it covers
 * @param busyLook how soon a transfer looks again whose credit another transfer is sending at this moment
 */
@ConfigurationProperties("emrexhub.delivery")
public record DeliverySettings(
        @DefaultValue("10s") Duration leaseMargin,
        @DefaultValue("500ms") Duration busyLook) {}
