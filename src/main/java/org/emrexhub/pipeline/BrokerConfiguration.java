package org.emrexhub.pipeline;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.transfer.Queues;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jms.connection.SingleConnectionFactory;

/**
 * The embedded broker: every queue and its dead letters made by name, a journal on disk, and an address for messages
 * that no consumer could take. An external broker is configured by its own file, see {@code docker/}.
 */
@Configuration(proxyBeanMethods = false)
class BrokerConfiguration {

    private static final int ATTEMPTS = 10;
    private static final int REDELIVERY_MILLIS = 500;
    private static final int LONGEST_REDELIVERY_MILLIS = 30_000;
    private static final int RETRY_MILLIS = 200;
    /** The default of 3.3 ms would halve the rate of one consumer. */
    private static final int JOURNAL_BUFFER_NANOS = 300_000;

    @Bean
    ArtemisConfigurationCustomizer queues(Catalog catalog) {
        return configuration -> {
            for (String queue : HubQueues.all(catalog)) {
                configuration.addAddressConfiguration(new CoreAddressConfiguration()
                        .setName(queue)
                        .addRoutingType(RoutingType.ANYCAST)
                        .addQueueConfiguration(QueueConfiguration.of(queue)
                                .setAddress(queue)
                                .setRoutingType(RoutingType.ANYCAST)
                                .setDurable(true)));
            }
            AddressSettings ours = new AddressSettings()
                    .setDeadLetterAddress(SimpleString.of(Queues.UNPROCESSABLE))
                    .setMaxDeliveryAttempts(ATTEMPTS)
                    .setRedeliveryDelay(REDELIVERY_MILLIS)
                    .setRedeliveryMultiplier(2)
                    .setMaxRedeliveryDelay(LONGEST_REDELIVERY_MILLIS);
            configuration.addAddressSetting("hub.#", ours);
            configuration.addAddressSetting(
                    Queues.UNPROCESSABLE,
                    new AddressSettings().setMaxDeliveryAttempts(-1).setRedeliveryDelay(LONGEST_REDELIVERY_MILLIS));
            configuration.setJournalBufferTimeout_NIO(JOURNAL_BUFFER_NANOS);
            configuration.setJournalBufferTimeout_AIO(JOURNAL_BUFFER_NANOS);
        };
    }

    @Bean
    static BeanPostProcessor connections() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                // Spring Boot hands it out inside its cache of sessions.
                Object factory =
                        bean instanceof SingleConnectionFactory cache ? cache.getTargetConnectionFactory() : bean;
                if (factory instanceof ActiveMQConnectionFactory artemis) {
                    configure(artemis);
                }
                return bean;
            }
        };
    }

    private static void configure(ActiveMQConnectionFactory factory) {
        // A consumer takes one message at a time: what waits behind a slow target is there for the other consumers.
        factory.setConsumerWindowSize(0);
        // Every consumer of a broker that is away waits for this in turn before it knows.
        factory.setRetryInterval(RETRY_MILLIS);
    }
}
