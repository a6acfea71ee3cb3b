package org.emrexhub.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.ClientCertificate;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Says until when each register and system will take the hub's client certificate. An expired one concerns that register
 * alone, so the hub stays up and only warns.
 */
@Component
class ClientCertificatesHealthIndicator implements HealthIndicator {

    private static final Duration AHEAD = Duration.ofDays(30);

    private final Catalog catalog;
    private final Clock clock;

    ClientCertificatesHealthIndicator(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        Instant now = clock.instant();
        for (ClientCertificate certificate : catalog.certificates()) {
            Instant end = certificate.expiresAt();
            String until = end.toString();
            if (now.isAfter(end)) {
                until += ", expired: its owner refuses the hub; install a new one and restart";
            } else if (now.plus(AHEAD).isAfter(end)) {
                until += ", in %d days: install a new one before"
                        .formatted(Duration.between(now, end).toDays());
            }
            health.withDetail(certificate.setting(), until);
        }
        return health.build();
    }
}
