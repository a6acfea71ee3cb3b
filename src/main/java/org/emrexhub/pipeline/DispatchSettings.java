package org.emrexhub.pipeline;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the outbox is dispatched and checked.
 *
 * @param lostAfter how long a due transfer may be without outbox row and message before it gets a new row
 * @param batch the most rows that one transaction sends
 * @param senders how many of them are sent at a time: the threads of Camel's pool of that name
 */
@ConfigurationProperties("emrexhub.dispatch")
record DispatchSettings(
        @DefaultValue("5m") Duration lostAfter,
        @DefaultValue("200") int batch,
        @DefaultValue("8") int senders) {}
