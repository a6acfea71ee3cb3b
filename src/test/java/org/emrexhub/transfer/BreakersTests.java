package org.emrexhub.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.transfer.Destinations.Kind;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@ExtendWith(OutputCaptureExtension.class)
class BreakersTests {

    private final DriverManagerDataSource source = new DriverManagerDataSource(
            "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
    private final JdbcTemplate jdbc = new JdbcTemplate(source);

    /** Nothing waits with that code: the failure that opens the breaker may be the one that a transfer dies of. */
    @Test
    void saysWhichFailureOpenedIt(CapturedOutput output) {
        Flyway.configure().dataSource(source).load().migrate();
        jdbc.update("insert into destination (kind, id) values ('SIS', 'sisu')");
        Breakers breakers = new Breakers(
                jdbc,
                new Transfers(jdbc),
                new Outbox(jdbc, event -> {}),
                new BreakerSettings(2, Duration.ofSeconds(1), Duration.ofSeconds(2)));

        breakers.failed(Kind.SIS, "sisu", FailureCode.SIS_TIMEOUT);
        assertThat(output).doesNotContain("in succession");
        breakers.failed(Kind.SIS, "sisu", FailureCode.SIS_UNAVAILABLE);

        assertThat(output).contains("failed 2 times in succession, the last time as sis_unavailable:");
    }
}
