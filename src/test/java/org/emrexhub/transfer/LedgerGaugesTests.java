package org.emrexhub.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.emrexhub.catalog.Catalog;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class LedgerGaugesTests {

    private static final Instant NOW = Instant.parse("2026-02-02T12:00:00Z");

    private final DriverManagerDataSource source = new DriverManagerDataSource(
            "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
    private final JdbcTemplate jdbc = new JdbcTemplate(source);
    private final Outages outages = new Outages(Clock.fixed(NOW, ZoneOffset.UTC));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LedgerGauges gauges =
            new LedgerGauges(jdbc, new Catalog(Path.of("."), List.of(), List.of(), List.of()), outages, meters);

    @Test
    void countsWhatWaitsAndWhatIsDead() {
        Flyway.configure().dataSource(source).load().migrate();
        dead("sis_unavailable");
        dead("sis_unavailable");
        gauges.refresh();

        assertThat(deadLetters()).isEqualTo(2);
        assertThat(meters.get("emrexhub.transfers")
                        .tags("sis", "sisu", "status", "DEAD_LETTERED")
                        .gauge()
                        .value())
                .isEqualTo(2);

        dead("sis_unavailable");
        gauges.refresh();

        assertThat(deadLetters()).isEqualTo(3);

        jdbc.update("update transfer set status = 'DISCARDED'");
        gauges.refresh();

        assertThat(meters.find("emrexhub.dead.letters").gauges()).isEmpty();
    }

    @Test
    void showsNothingWhileTheDatabaseIsAway() {
        Flyway.configure().dataSource(source).load().migrate();
        dead("sis_unavailable");
        gauges.refresh();

        outages.begin(Outages.Part.DATABASE, "test");
        gauges.refresh();

        assertThat(meters.find("emrexhub.transfers").gauges()).isEmpty();
    }

    @Test
    void bearsALedgerThatFails() {
        gauges.refresh();

        assertThat(meters.find("emrexhub.transfers").gauges()).isEmpty();
    }

    private double deadLetters() {
        return meters.get("emrexhub.dead.letters")
                .tags("stage", "DELIVER", "destination", "sisu", "code", "sis_unavailable")
                .gauge()
                .value();
    }

    private void dead(String code) {
        UUID id = UUID.randomUUID();
        jdbc.update("""
                insert into transfer (id, origin, institution, client, sis, hold, stage, status, revision, tries,
                    failure_code, dead_destination, learner_key, student_key, idempotency_key, request_hash, priority,
                    created_at, updated_at)
                values (?, 'API', 'i', 'c', 'sisu', 'NEVER', 'DELIVER', 'DEAD_LETTERED', 1, 0, ?, 'sisu', 'l', 's', ?,
                    'h', 4, ?, ?)""", id, code, id.toString(), Sql.at(NOW), Sql.at(NOW));
    }
}
