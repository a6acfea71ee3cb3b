package org.emrexhub.pipeline;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Asks the database over a connection of its own: a pool that is exhausted is no outage, and one full of dead
 * connections must not hide that the database is back. It asks to write, since a database that another one has taken
 * over from goes on answering, and refuses only that.
 */
final class DatabaseProbe implements Probe {

    private static final int PATIENCE_SECONDS = 8;
    /** Inside this process: never away. */
    private static final String H2 = "jdbc:h2:";
    /** Needs the right to write, and writes nothing. */
    private static final String WRITE = "UPDATE instance SET seen_at = seen_at WHERE FALSE";

    private final DataSource ledger;
    private @Nullable Connection open;
    private boolean wasAway;

    DatabaseProbe(DataSource ledger) {
        this.ledger = ledger;
    }

    @Override
    public void look() throws SQLException {
        HikariDataSource pool = ledger.unwrap(HikariDataSource.class);
        if (pool.getJdbcUrl() == null || pool.getJdbcUrl().startsWith(H2)) {
            return;
        }
        try {
            askToWrite(pool);
        } catch (SQLException e) {
            wasAway = true;
            close();
            throw e;
        }
        if (wasAway) {
            // Others may lead to a server that is no longer the one.
            wasAway = false;
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    private void askToWrite(HikariDataSource pool) throws SQLException {
        Connection connection = open;
        if (connection == null || !connection.isValid(PATIENCE_SECONDS)) {
            close();
            connection = connect(pool);
            open = connection;
        }
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(PATIENCE_SECONDS);
            statement.executeUpdate(WRITE);
        }
    }

    private static Connection connect(HikariDataSource pool) throws SQLException {
        DriverManagerDataSource direct = new DriverManagerDataSource(pool.getJdbcUrl());
        direct.setUsername(pool.getUsername());
        direct.setPassword(pool.getPassword());
        Properties properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        direct.setConnectionProperties(properties);
        return direct.getConnection();
    }

    @Override
    public String silence() {
        return "no answer";
    }

    @Override
    public void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It was broken before.
            }
        }
    }
}
