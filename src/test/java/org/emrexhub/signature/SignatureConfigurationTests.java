package org.emrexhub.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.emrexhub.HubSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SignatureConfigurationTests {

    private final ApplicationContextRunner hub =
            new ApplicationContextRunner().withUserConfiguration(Start.class).withPropertyValues("emrexhub.home=.");

    private Path folder;

    @BeforeEach
    void useFolder(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void withoutAKeyTheHubDoesNotStart() {
        hub.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(SigningKeyFault.class)
                .hasMessageStartingWith("No signing key is configured"));
    }

    @Test
    void signsWithTheConfiguredKeyAlsoInDemo() throws Exception {
        Path key = Files.writeString(folder.resolve("hub.key"), TestKeys.pkcs8(TestKeys.hub()));
        Path certificates =
                Files.writeString(folder.resolve("hub.pem"), TestKeys.pem(TestKeys.certificate(TestKeys.hub())));

        hub.withPropertyValues(
                        "spring.profiles.active=demo",
                        "emrexhub.data=" + folder.resolve("data"),
                        "emrexhub.signature.key=" + key,
                        "emrexhub.signature.certificates=" + certificates)
                .run(context -> assertThat(context.getBean(SigningKeys.class).certificate())
                        .isEqualTo(TestKeys.certificate(TestKeys.hub())));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void demoMakesAKeyUnderItsDataFolder() {
        hub.withPropertyValues("spring.profiles.active=demo", "emrexhub.data=" + folder.resolve("data"))
                .run(context -> assertThat(context).hasSingleBean(SigningKeys.class));
        assertThat(folder.resolve("data/keys/signing.pem")).exists();
    }

    @Test
    void neverPrintsThePassword() {
        assertThat(new SignatureSettings(folder, "sesame", "hub", null, null))
                .asString()
                .doesNotContain("sesame");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({SignatureSettings.class, HubSettings.class})
    @Import(SignatureConfiguration.class)
    static class Start {
        @Bean
        Clock clock() {
            return TestKeys.CLOCK;
        }
    }
}
