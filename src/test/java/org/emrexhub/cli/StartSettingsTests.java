package org.emrexhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.emrexhub.catalog.Fault;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

class StartSettingsTests {

    private final MockEnvironment environment = new MockEnvironment();

    private List<String> keys() {
        return ProductionSettings.faults(environment).stream()
                .map(Fault::sentence)
                .map(sentence -> sentence.replaceAll(" (is|are|must).*", ""))
                .toList();
    }

    @Test
    void namesAllThatIsMissingAtOnce() {
        assertThat(keys())
                .containsExactly(
                        "emrexhub.signature.keystore and emrexhub.signature.keystore-password",
                        "emrexhub.encryption.key",
                        "emrexhub.encryption.key-id",
                        "spring.datasource.url",
                        "spring.datasource.username",
                        "spring.datasource.password",
                        "spring.security.oauth2.resourceserver.jwt.issuer-uri");
    }

    @Test
    void asksForTheOtherHalfOfWhatWasBegun() {
        environment.setProperty("emrexhub.signature.key", "/etc/emrexhub/signing.key");
        environment.setProperty("emrexhub.encryption.key", "dG9vIHNob3J0");
        environment.setProperty("spring.artemis.mode", "native");

        assertThat(keys())
                .contains(
                        "emrexhub.signature.certificates",
                        "emrexhub.encryption.key",
                        "spring.artemis.broker-url",
                        "spring.artemis.user",
                        "spring.artemis.password")
                .doesNotContain("emrexhub.signature.key", "emrexhub.signature.keystore");
        assertThat(ProductionSettings.faults(environment))
                .as("a secret is never repeated")
                .noneMatch(fault -> fault.sentence().contains("dG9vIHNob3J0"));
    }

    @Test
    void isContentWithEverythingConfigured() {
        environment.setProperty("emrexhub.signature.keystore", "/etc/emrexhub/signing.p12");
        environment.setProperty("emrexhub.signature.keystore-password", "secret");
        environment.setProperty("emrexhub.encryption.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        environment.setProperty("emrexhub.encryption.key-id", "1");
        environment.setProperty("spring.datasource.url", "jdbc:h2:file:./data/hub");
        environment.setProperty(
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri", "https://login.example.org/keys");

        assertThat(keys()).isEmpty();
    }

    @Test
    void tellsOfAllSettingsThatMakeNoSenseAtOnce() {
        StandardEnvironment given = new StandardEnvironment();
        given.getPropertySources()
                .addFirst(new MapPropertySource(
                        "given",
                        Map.of(
                                "emrexhub.dispatch.batch", "0",
                                "emrexhub.dispatch.senders", "-1",
                                "emrexhub.pipeline.consumers", "many",
                                "emrexhub.retention.learner-data", "-1d",
                                "emrexhub.retry.factor", "0.5",
                                "emrexhub.retry.first", "0s")));

        assertThat(new DeclaredSettings(given).faults())
                .extracting(Fault::sentence)
                .containsExactlyInAnyOrder(
                        "emrexhub.dispatch.batch must be greater than or equal to 1.",
                        "emrexhub.dispatch.senders must be greater than or equal to 1.",
                        "emrexhub.pipeline.consumers has a value that the hub can't read as a whole number.",
                        "emrexhub.retention.learner-data must be at least 1s; leave it out to keep learner data for ever.",
                        "emrexhub.retry.factor must be greater than or equal to 1.",
                        "emrexhub.retry.first must be at least 1ms.");
    }

    @Test
    void keepsDemoOnLoopback() {
        environment.setProperty("server.address", "0.0.0.0");
        environment.setProperty("management.server.address", "::1");

        assertThat(DemoAddress.faults(environment))
                .singleElement()
                .extracting(Fault::sentence)
                .asString()
                .startsWith("server.address must be 127.0.0.1 in profile demo");
    }

    @Test
    void findsPortInUseBeforeTheServerDoes() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.setProperty("server.address", "127.0.0.1");
            environment.setProperty("server.port", String.valueOf(other.getLocalPort()));

            assertThat(Ports.faults(environment))
                    .containsExactly(Fault.of("Port " + other.getLocalPort()
                            + " is in use; stop the program that has it, or set server.port to a free one."));
        }
        assertThat(Ports.faults(environment)).isEmpty();
    }
}
