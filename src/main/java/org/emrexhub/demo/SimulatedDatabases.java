package org.emrexhub.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.stereotype.Component;

/**
 * The in-memory database of each simulated register that is asked by SQL: filled from its {@code simulator.sql}, stopped
 * and started on demand. A real one is never touched.
 */
@Component
@Profile("demo")
class SimulatedDatabases implements InitializingBean, DisposableBean {

    private static final String IN_MEMORY = "jdbc:h2:mem:";

    /** H2: every other connection is closed and new ones are refused, as long as the one that said so is open. */
    private static final String REFUSE_OTHERS = "set exclusive 2";

    private final Catalog catalog;
    private final Map<String, Connection> stopped = new HashMap<>();

    SimulatedDatabases(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void afterPropertiesSet() {
        for (Register register : catalog.registers()) {
            Path script = register.routes().resolve("simulator.sql");
            if (isSimulated(register) && Files.exists(script)) {
                new ResourceDatabasePopulator(false, false, "UTF-8", new FileSystemResource(script))
                        .execute(database(register));
            }
        }
    }

    /** Makes the register's database refuse connections, if it has a simulated one. */
    synchronized void stop(String register) {
        if (!stopped.containsKey(register)) {
            catalog.register(register)
                    .filter(SimulatedDatabases::isSimulated)
                    .ifPresent(known -> stopped.put(register, refuseOthers(known)));
        }
    }

    /** Makes it take connections again. */
    synchronized void start(String register) {
        Connection only = stopped.remove(register);
        if (only != null) {
            try {
                only.close();
            } catch (SQLException e) {
                throw new IllegalStateException("The demo's database " + register + " can't be started", e);
            }
        }
    }

    @Override
    public void destroy() {
        catalog.registers().forEach(register -> start(register.id()));
    }

    private static Connection refuseOthers(Register register) {
        try {
            Connection only = database(register).getConnection();
            try (Statement statement = only.createStatement()) {
                statement.execute(REFUSE_OTHERS);
            }
            return only;
        } catch (SQLException e) {
            throw new IllegalStateException("The demo's database " + register.id() + " can't be stopped", e);
        }
    }

    private static boolean isSimulated(Register register) {
        return register.datasource()
                && register.settings().getOrDefault("url", "").startsWith(IN_MEMORY);
    }

    private static DriverManagerDataSource database(Register register) {
        Map<String, String> settings = register.settings();
        return new DriverManagerDataSource(
                settings.getOrDefault("url", ""),
                settings.getOrDefault("username", ""),
                settings.getOrDefault("password", ""));
    }
}
