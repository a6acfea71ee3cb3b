package org.emrexhub.signature;

import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Says until when the hub can sign, and warns early enough to order a new certificate. */
final class SigningCertificateHealth implements HealthIndicator {

    private static final Duration AHEAD = Duration.ofDays(30);

    private final SigningKeys keys;
    private final Clock clock;

    SigningCertificateHealth(SigningKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Health.Builder health = keys.expired() ? Health.outOfService() : Health.up();
        health.withDetail("expiresAt", keys.expiresAt().toString());
        if (keys.expired()) {
            health.withDetail("warning", "The signing certificate has expired; the hub signs nothing.");
        } else if (clock.instant().plus(AHEAD).isAfter(keys.expiresAt())) {
            health.withDetail(
                    "warning",
                    "The signing certificate expires in %d days; install a new one before."
                            .formatted(Duration.between(clock.instant(), keys.expiresAt())
                                    .toDays()));
        }
        return health.build();
    }
}
