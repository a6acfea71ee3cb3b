package org.emrexhub.speed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL server that waits for the disk at each commit, as in production; made for tests, it would not. */
final class BenchPostgres implements AutoCloseable {

    private final EmbeddedPostgres server;
    private int databases;

    BenchPostgres() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    /** The settings of a hub with a fresh ledger here. */
    List<String> settings() throws SQLException {
        String name = "hub" + ++databases;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return List.of(
                "spring.datasource.url=jdbc:postgresql://localhost:" + server.getPort() + "/" + name,
                "spring.datasource.username=postgres",
                "spring.datasource.password=postgres");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
