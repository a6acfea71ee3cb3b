package org.emrexhub.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.stereotype.Component;

/** Fills the in-memory database of each simulated register from its {@code simulator.sql}; a real one is never touched. */
@Component
@Profile("demo")
class SimulatedDatabases implements InitializingBean {

    private static final String IN_MEMORY = "jdbc:h2:mem:";

    private final Catalog catalog;

    SimulatedDatabases(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void afterPropertiesSet() {
        for (Register register : catalog.registers()) {
            Path script = register.routes().resolve("simulator.sql");
            String url = register.settings().getOrDefault("url", "");
            if (register.datasource() && url.startsWith(IN_MEMORY) && Files.exists(script)) {
                fill(register.settings(), script);
            }
        }
    }

    private static void fill(Map<String, String> settings, Path script) {
        DriverManagerDataSource database = new DriverManagerDataSource(
                settings.getOrDefault("url", ""),
                settings.getOrDefault("username", ""),
                settings.getOrDefault("password", ""));
        new ResourceDatabasePopulator(false, false, "UTF-8", new FileSystemResource(script)).execute(database);
    }
}
