package org.emrexhub.signature;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.xml.crypto.KeySelector;
import org.apache.camel.component.xmlsecurity.XmlSignerComponent;
import org.apache.camel.component.xmlsecurity.XmlVerifierComponent;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureChecker;
import org.emrexhub.HubSettings;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** The beans that the routes {@code hub-sign} and {@code hub-verify} name. */
@Configuration(proxyBeanMethods = false)
class SignatureConfiguration {

    @Bean
    SigningKeys signingKeys(SignatureSettings settings, HubSettings hub, Environment environment, Clock clock) {
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        SigningKey key = demo && settings.empty()
                ? DemoSigningKey.load(hub.data(), clock)
                : SigningKeyFiles.load(settings, clock);
        return new SigningKeys(key, clock);
    }

    /** The time before there are beans. */
    static Clock clockOfTheStart() {
        return Clock.systemUTC();
    }

    @Bean
    XmlSignatureChecker strictSignatures() {
        return new StrictSignatures();
    }

    @Bean
    KeySelector hubKeySelector(SigningKeys keys) {
        return new PinnedKeys(List.of(keys.certificate().getPublicKey()));
    }

    // Camel takes a component from the registry by its scheme, before its own.
    @Bean("xmlsecurity-sign")
    XmlSignerComponent elmoSigner() {
        return new ElmoSigner();
    }

    @Bean("xmlsecurity-verify")
    XmlVerifierComponent elmoVerifier() {
        return new ElmoVerifier();
    }

    @Bean("signingCertificate")
    HealthIndicator signingCertificateHealth(SigningKeys keys, Clock clock) {
        return new SigningCertificateHealth(keys, clock);
    }

    @Bean
    MeterBinder signingCertificateExpiry(SigningKeys keys, Clock clock) {
        return meters -> Gauge.builder(
                        "emrexhub.signing.certificate.expiry",
                        keys,
                        held -> Duration.between(clock.instant(), held.expiresAt())
                                .toSeconds())
                .description("Until the signing certificate expires; below 0 it has")
                .baseUnit("seconds")
                .register(meters);
    }
}
