package org.emrexhub.pipeline;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Asks the database over a connection of its own: a pool that is exhausted is no outage, and one full of dead
 * connections must not hide that the database is back.
 */
final class DatabaseProbe implements Probe {

    private static final int PATIENCE_SECONDS = 8;
    /** Inside this process: never away. */
    private static final String H2 = "jdbc:h2:";

    private final DataSource ledger;
    private @Nullable Connection open;

    DatabaseProbe(DataSource ledger) {
        this.ledger = ledger;
    }

    @Override
    public void look() throws SQLException {
        HikariDataSource pool = ledger.unwrap(HikariDataSource.class);
        if (pool.getJdbcUrl() == null || pool.getJdbcUrl().startsWith(H2)) {
            return;
        }
        Connection connection = open;
        if (connection == null || !connection.isValid(PATIENCE_SECONDS)) {
            close();
            open = connect(pool);
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
