package org.emrexhub.pipeline;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the outbox is dispatched and checked.
 *
 * @param lostAfter how long a due transfer may be without outbox row and message before it gets a new row
 * @param batch the most rows that one transaction sends
 * @param senders how many of them are sent at a time: the threads of Camel's pool of that name
 */
@Validated
@ConfigurationProperties("emrexhub.dispatch")
record DispatchSettings(
        @DurationMin(seconds = 1, message = "must be at least 1s") @DefaultValue("5m")
        Duration lostAfter,

        @Min(1) @DefaultValue("200") int batch,
        @Min(1) @DefaultValue("8") int senders) {}
