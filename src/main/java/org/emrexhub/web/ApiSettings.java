package org.emrexhub.web;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the REST API.
 *
 * @param maxBody the longest body of a request; a longer one is refused before it is read to its end
 * @param bodyTimeout how long the body of a request may take to come, all its pieces together
 */
@Validated
@ConfigurationProperties("emrexhub.api")
record ApiSettings(
        @NotNull @DefaultValue("256KB") DataSize maxBody,

        @NotNull @DurationMin(millis = 1, message = "must be at least 1ms") @DefaultValue("30s")
        Duration bodyTimeout) {}
