package org.emrexhub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.validation.constraints.Positive;
import java.net.ConnectException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.camel.FailedToCreateRouteException;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.catalog.TempHome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextException;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.validation.annotation.Validated;

class StartFailureTests {

    private final MockEnvironment environment = new MockEnvironment();

    private List<String> sentences(Throwable thrown) {
        StartFailure failure = StartFailure.of(new ApplicationContextException("while starting", thrown), environment);
        assertThat(failure.defect()).isFalse();
        return failure.sentences();
    }

    @Test
    void tellsEveryFaultOfTheHome() {
        HomeFaults faults =
                new HomeFaults(List.of(new Fault(Path.of("routes/x.camel.yaml"), 3, "is wrong."), Fault.of("b")));

        assertThat(sentences(faults)).containsExactly("routes/x.camel.yaml:3: is wrong.", "b");
    }

    @Test
    void namesPortAndItsSetting() {
        environment.setProperty("management.server.port", "9090");

        assertThat(sentences(new PortInUseException(8080)))
                .containsExactly(
                        "Port 8080 is in use; stop the program that has it, or set server.port to a free one.");
        assertThat(sentences(new PortInUseException(9090)))
                .containsExactly(
                        "Port 9090 is in use; stop the program that has it, or set management.server.port to a free one.");
    }

    @Test
    void tellsFaultsOfTheDatabaseApart() {
        environment.setProperty("emrexhub.data", "/srv/hub");
        environment.setProperty("spring.datasource.url", "jdbc:postgresql://db.example.org/hub?password=secret");

        assertThat(sentences(new SQLException("Database may be already in use", "90020", 90020)))
                .containsExactly(
                        "The data folder /srv/hub is in use by another hub; stop that one, or set emrexhub.data"
                                + " to another folder.");
        assertThat(sentences(new SQLException("refused", "08001", new ConnectException())))
                .containsExactly("The database jdbc:postgresql://db.example.org/hub can't be reached; is it up, and is"
                        + " spring.datasource.url right?");
        assertThat(sentences(new SQLException("password", "28P01")))
                .containsExactly("The database jdbc:postgresql://db.example.org/hub refused the hub; see"
                        + " spring.datasource.username and spring.datasource.password.");
        environment.setProperty("spring.datasource.username", "emrexhub");
        assertThat(sentences(new SQLException("permission denied for schema public", "42501")))
                .containsExactly("The database jdbc:postgresql://db.example.org/hub lets the hub's user make no tables;"
                        + " let emrexhub own the database, as docs/operate.md shows under \"Configure it for"
                        + " production\".");
    }

    @Test
    void namesVariableThatIsNotSet() {
        environment.setProperty("emrexhub.data", "${HUB_DATA}");

        assertThat(sentences(catchThrowable(() -> environment.getProperty("emrexhub.data"))))
                .containsExactly("The variable HUB_DATA, which a setting names, is not set; set it in the environment,"
                        + " or correct the setting.");
    }

    @Test
    void namesFileOfRouteThatCamelRefuses(@TempDir Path folder) {
        environment.setProperty("emrexhub.home", TempHome.sound(folder).path().toString());
        IllegalArgumentException cause = new IllegalArgumentException("unknown parameter 'colour'");

        assertThat(sentences(new FailedToCreateRouteException(
                        "register-xx-register-pull", "pull.camel.yaml", "Route(...)", "to[x]", cause)))
                .containsExactly(folder.resolve("routes/registers/xx-register/pull.camel.yaml")
                        + ": Camel can't use this route at to[x]: unknown parameter 'colour'.");
    }

    @Test
    void namesSettingsThatCannotBeReadWithoutTheirValues() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ConfigurationPropertiesAutoConfiguration.class, ValidationAutoConfiguration.class))
                .withUserConfiguration(Settings.class);

        runner.withPropertyValues("test.first-retry=secret")
                .run(context -> assertThat(sentences(context.getStartupFailure()))
                        .containsExactly(
                                "test.first-retry has a value that the hub can't read as a duration such as 30s."));
        runner.withPropertyValues("test.first-retry=5s", "test.most-rows=0")
                .run(context -> assertThat(sentences(context.getStartupFailure()))
                        .containsExactly("test.most-rows must be greater than 0."));
    }

    @Test
    void sendsToTheLogForWhatNobodyForesaw() {
        environment.setProperty("logging.file.name", "/srv/hub/logs/hub.log");

        StartFailure failure =
                StartFailure.of(new BeanCreationException("x", new IllegalStateException("secret")), environment);

        assertThat(failure.defect()).isTrue();
        assertThat(failure.sentences())
                .containsExactly(
                        "The hub met a defect of its own while starting; see /srv/hub/logs/hub.log and report it.");
    }

    @Validated
    @ConfigurationProperties("test")
    record TestSettings(Duration firstRetry, @Positive int mostRows) {}

    @EnableConfigurationProperties(TestSettings.class)
    static class Settings {}
}
