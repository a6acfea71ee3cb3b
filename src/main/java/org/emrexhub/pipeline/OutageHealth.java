package org.emrexhub.pipeline;

import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Outages.Part;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Database and broker as parts of health, in the place of Spring Boot's own: these answer at once, also while nobody
 * else does, and know a broker that takes no messages.
 */
@Configuration(proxyBeanMethods = false)
class OutageHealth {

    @Bean
    HealthIndicator dbHealthIndicator(Outages outages) {
        return () -> health(outages, Part.DATABASE);
    }

    @Bean
    HealthIndicator jmsHealthIndicator(Outages outages) {
        return () -> health(outages, Part.BROKER);
    }

    private static Health health(Outages outages, Part part) {
        return outages.of(part)
                .map(outage -> Health.down()
                        .withDetail("since", outage.since().toString())
                        .withDetail("reason", outage.reason())
                        .withDetail("effect", part.effect())
                        .build())
                .orElseGet(() -> Health.up().build());
    }
}
