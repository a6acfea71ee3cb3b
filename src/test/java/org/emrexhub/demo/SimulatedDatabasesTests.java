package org.emrexhub.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the hub's own pool sees of a simulated database. */
@SuppressWarnings("NullAway.Init")
class SimulatedDatabasesTests {

    private static final String COUNT = "select count(*) from emrex_credit";

    @TempDir
    Path folder;

    private SimulatedDatabases databases;
    private HikariDataSource pool;
    private JdbcTemplate view;

    @BeforeEach
    void fill() throws Exception {
        Files.writeString(
                folder.resolve("simulator.sql"),
                "create table emrex_credit (credit_id varchar(9)); insert into emrex_credit values ('SV-1');");
        String url = "jdbc:h2:mem:simulated-databases-" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
        databases = new SimulatedDatabases(new Catalog(folder, List.of(register(url)), List.of()));
        databases.afterPropertiesSet();
        pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername("sa");
        pool.setPassword("demo");
        pool.setConnectionTimeout(250);
        view = new JdbcTemplate(pool);
    }

    @AfterEach
    void close() {
        databases.destroy();
        view.execute("shutdown");
        pool.close();
    }

    @Test
    void failsLikeADatabaseThatIsAwayWhileItIsStopped() throws InterruptedException {
        assertThat(view.queryForObject(COUNT, Integer.class)).isEqualTo(1);

        databases.stop("sql-view");
        databases.stop("sql-view");
        // An open connection does not survive either; the pool looks at it again once it has been idle. Evicted before
        // the
        // stop it might be made anew meanwhile.
        pool.getHikariPoolMXBean().softEvictConnections();

        assertThatThrownBy(() -> view.queryForObject(COUNT, Integer.class))
                .isInstanceOf(CannotGetJdbcConnectionException.class);
    }

    @Test
    void isTheSameAgainOnceItIsStarted() {
        databases.stop("sql-view");
        databases.start("sql-view");
        databases.start("sql-view");

        assertThat(view.queryForObject(COUNT, Integer.class)).isEqualTo(1);
    }

    @Test
    void leavesOtherRegistersAlone() {
        databases.stop("fi-virta");

        assertThat(view.queryForObject(COUNT, Integer.class)).isEqualTo(1);
    }

    private Register register(String url) {
        return new Register(
                "sql-view",
                "SQL view",
                Map.of(),
                Map.of(),
                Register.SourceFormat.JSON,
                "/*",
                ".",
                Duration.ofSeconds(1),
                true,
                Map.of("url", url, "username", "sa", "password", "demo"),
                Set.of("password"),
                folder,
                folder);
    }
}
