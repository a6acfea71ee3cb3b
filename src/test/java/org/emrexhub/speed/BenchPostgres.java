package org.emrexhub.speed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL server that waits for the disk at each commit, as in production; made for tests, it would not. */
final class BenchPostgres implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final long postmaster;
    private int databases;

    BenchPostgres() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        postmaster = postmaster(server);
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

    /** Processor time of the server and its processes, which are no children of this one. */
    long cpuNanos() {
        return ProcessHandle.of(postmaster).map(Rate::cpuOfAll).orElseThrow();
    }

    private static long postmaster(EmbeddedPostgres server) throws IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet folder = statement.executeQuery("show data_directory")) {
            folder.next();
            Path file = Path.of(folder.getString(1), "postmaster.pid");
            return Long.parseLong(Files.readAllLines(file).get(0).strip());
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
