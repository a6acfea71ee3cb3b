package org.emrexhub.spine;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.core.JdbcTemplate;

/** A PostgreSQL server with the hub's own database and, as an institution would offer it, one with a view to read. */
final class Databases implements AutoCloseable {

    private static final String HUB = "emrexhub";
    private static final String CAMPUS = "campus";
    private static final String READER = "emrex_reader";
    private static final String PASSWORD = "invented";

    private final EmbeddedPostgres server;

    Databases() throws IOException, SQLException {
        server = EmbeddedPostgres.start();
        run(
                "postgres",
                "create role " + HUB + " login password '" + PASSWORD + "'",
                "create role " + READER + " login password '" + PASSWORD + "'",
                "create database " + HUB + " owner " + HUB,
                "create database " + CAMPUS,
                "revoke connect on database " + HUB + " from public");
        run(
                CAMPUS,
                Files.readString(Path.of("routes/registers/sql-view/simulator.sql"))
                        .split(";\n"));
        run(
                CAMPUS,
                "alter table emrex_credit rename to study_record",
                "create view emrex_credit as select * from study_record",
                "grant select on emrex_credit to " + READER);
    }

    private void run(String database, String... statements) throws SQLException {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The settings of a hub that keeps its ledger here and may read the view. */
    String[] settings() {
        return settings(server.getPort());
    }

    /** The same, with the way to the ledger through another port. */
    String[] settings(int port) {
        return new String[] {
            "spring.datasource.url=" + url(port, HUB),
            "spring.datasource.username=" + HUB,
            "spring.datasource.password=" + PASSWORD,
            "emrexhub.registers.sql-view.url=" + url(server.getPort(), CAMPUS),
            "emrexhub.registers.sql-view.username=" + READER,
            "emrexhub.registers.sql-view.password=" + PASSWORD
        };
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://localhost:" + port + "/" + database;
    }

    /** Takes the right to write from everybody, as when another server has taken over, or gives it back. */
    void setReadOnly(boolean readOnly) throws SQLException {
        run(
                "postgres",
                "alter system set default_transaction_read_only = " + (readOnly ? "on" : "off"),
                "select pg_reload_conf()");
    }

    int port() {
        return server.getPort();
    }

    /** The ledger, past the hub. */
    JdbcTemplate ledger() {
        return new JdbcTemplate(server.getDatabase("postgres", HUB));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
