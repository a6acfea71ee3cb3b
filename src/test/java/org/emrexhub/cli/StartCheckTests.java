package org.emrexhub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.Map;
import org.emrexhub.EmrexHub;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.catalog.TempHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class StartCheckTests {

    private TempHome home;
    private Path data;

    @BeforeEach
    void soundHome(@TempDir Path folder) {
        home = TempHome.sound(folder.resolve("home"));
        data = folder.resolve("data");
    }

    @Test
    void tellsAllThatProductionLacksAndNothingElse(CapturedOutput output) {
        home.spoilt("routes/sis/xx-sis/sis.yaml", "EVIDENCE", "GUESS");

        Throwable failure = catchThrowable(() -> SpringApplication.run(
                EmrexHub.class,
                "--emrexhub.home=" + home.path(),
                "--emrexhub.data=" + data,
                "--emrexhub.permitted-changes=**"));

        assertThat(failure).isInstanceOf(HomeFaults.class);
        assertThat(output.getErr())
                .contains("The hub did not start; 10 things to mend:")
                .contains("  spring.datasource.url is missing: ")
                .contains("  emrexhub.registers.xx-register.key is missing: ")
                .contains("/routes/sis/xx-sis/sis.yaml:6: 'mode' must be one of EVIDENCE, PROPOSE, POST.");
        assertThat(output.getAll())
                .doesNotContain("APPLICATION FAILED TO START")
                .doesNotContain("\tat ");
    }

    @Test
    void tellsVariablesThatAreNotSetWithAllElseThatIsMissing() {
        try (GenericApplicationContext context = context(Map.of(
                "emrexhub.signature.keystore", data + "/none.p12",
                "emrexhub.signature.keystore-password", "${KEYSTORE_PASSWORD_THAT_IS_NOT_SET}",
                "emrexhub.registers.xx-register.key", "${REGISTER_KEY_THAT_IS_NOT_SET}",
                "spring.datasource.hikari.maximum-pool-size", "${POOL_SIZE_THAT_IS_NOT_SET}"))) {
            assertThatThrownBy(() -> StartCheck.check(context))
                    .isInstanceOf(HomeFaults.class)
                    .hasMessageContaining("emrexhub.signature.keystore-password is missing: the password of the PKCS#12"
                            + " file. It names the variable KEYSTORE_PASSWORD_THAT_IS_NOT_SET, which is not set.")
                    .hasMessageContaining("emrexhub.registers.xx-register.key is missing: ")
                    .hasMessageContaining("It names the variable REGISTER_KEY_THAT_IS_NOT_SET, which is not set.")
                    .hasMessageContaining("spring.datasource.hikari.maximum-pool-size is missing: it names the variable"
                            + " POOL_SIZE_THAT_IS_NOT_SET, which is not set.")
                    .hasMessageContaining("spring.datasource.url is missing: ");
        }
    }

    @Test
    void tellsAKeystoreThatIsNotThereWithValuesThatCannotBeRead() {
        try (GenericApplicationContext context = context(Map.of(
                "emrexhub.signature.keystore", data + "/none.p12",
                "emrexhub.signature.keystore-password", "secret",
                "emrexhub.retry.first", "soon",
                "emrexhub.breaker.max", "later"))) {
            assertThatThrownBy(() -> StartCheck.check(context))
                    .isInstanceOf(HomeFaults.class)
                    .hasMessageContaining("none.p12")
                    .hasMessageContaining(
                            "emrexhub.retry.first has a value that the hub can't read as a duration such as 30s.")
                    .hasMessageContaining(
                            "emrexhub.breaker.max has a value that the hub can't read as a duration such as 30s.")
                    .hasMessageContaining("spring.datasource.url is missing: ")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void warnsOfSettingsThatNobodyReads(CapturedOutput output) {
        try (GenericApplicationContext context = context(
                Map.of(
                        "emrexhub.retri.max", "5m",
                        "emrexhub.retry.max", "5m",
                        "emrexhub.registers.xx-register.tiemout", "5s",
                        "emrexhub.registers.xx-register.timeout", "5s",
                        "emrexhub.sis.xx-typo.url", "https://sis.example.org"),
                "demo")) {
            StartCheck.check(context);
            context.refresh();

            assertThat(output.getAll().lines().filter(line -> line.contains("Nobody reads these settings")))
                    .singleElement()
                    .asString()
                    .contains(
                            "emrexhub.retri.max", "emrexhub.registers.xx-register.tiemout", "emrexhub.sis.xx-typo.url")
                    .doesNotContain("retry.max", "xx-register.timeout");
        }
    }

    @Test
    void preparesContextInDemo() {
        try (GenericApplicationContext context = context(Map.of("server.port", "0"), "demo")) {
            StartCheck.check(context);
            context.refresh();

            assertThat(context.getBean(Catalog.class).home()).isEqualTo(home.path());
            int port = context.getEnvironment().getRequiredProperty("server.port", Integer.class);
            assertThat(port).isPositive();
            assertThat(context.getEnvironment().getProperty("emrexhub.registers.xx-register.url"))
                    .isEqualTo("http://127.0.0.1:" + port + "/simulators/xx-register");
            assertThat(context.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
            assertThat(context.getEnvironment().getProperty("camel.main.routes-exclude-pattern"))
                    .isNull();
        }
    }

    @Test
    void excludesSimulatorsOutsideDemoWhateverIsConfigured() {
        try (GenericApplicationContext context = context(Map.of("camel.main.routes-exclude-pattern", "**/old/**"))) {
            assertThatThrownBy(() -> StartCheck.check(context)).isInstanceOf(HomeFaults.class);

            assertThat(context.getEnvironment().getProperty("camel.main.routes-exclude-pattern"))
                    .isEqualTo("**/old/**,**/simulator*.camel.yaml");
        }
    }

    @Test
    void givesDataFolderToOneHubOnly() {
        try (GenericApplicationContext second = context(Map.of(), "demo")) {
            try (GenericApplicationContext first = context(Map.of(), "demo")) {
                StartCheck.check(first);
                first.refresh();

                assertThatThrownBy(() -> StartCheck.check(second))
                        .isInstanceOf(HomeFaults.class)
                        .hasMessage("The data folder " + data + " is in use by another hub; stop that one, or set"
                                + " emrexhub.data to another folder.");
            }

            StartCheck.check(second);
            second.refresh();
        }
    }

    private GenericApplicationContext context(Map<String, Object> settings, String... profiles) {
        GenericApplicationContext context = new GenericApplicationContext();
        context.getEnvironment().setActiveProfiles(profiles);
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("settings", settings));
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "folders", Map.of("emrexhub.home", home.path().toString(), "emrexhub.data", data.toString())));
        return context;
    }
}
