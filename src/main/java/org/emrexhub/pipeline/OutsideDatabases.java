package org.emrexhub.pipeline;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The databases of registers whose descriptor says {@code datasource: true}, each with its own credentials, under the
 * name {@code register-<id>}. They are read-only and connect when first asked, so that one that is away stops nothing
 * else.
 */
@Component
class OutsideDatabases implements CamelContextConfiguration, DisposableBean {

    private static final int POOL_SIZE = 4;
    private static final long CONNECT_MILLIS = 5_000;

    private final Catalog catalog;
    private final List<HikariDataSource> opened = new ArrayList<>();

    OutsideDatabases(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
        for (Register register : catalog.registers()) {
            if (register.datasource()) {
                HikariDataSource source = open(register);
                opened.add(source);
                context.getRegistry().bind("register-" + register.id(), source);
            }
        }
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        // Nothing is asked of a register before a transfer does.
    }

    private static HikariDataSource open(Register register) {
        HikariDataSource source = new HikariDataSource();
        source.setPoolName("register-" + register.id());
        source.setJdbcUrl(register.settings().get("url"));
        source.setUsername(register.settings().get("username"));
        source.setPassword(register.settings().get("password"));
        source.setReadOnly(true);
        source.setMaximumPoolSize(POOL_SIZE);
        source.setMinimumIdle(0);
        source.setConnectionTimeout(CONNECT_MILLIS);
        source.setInitializationFailTimeout(-1);
        return source;
    }

    @Override
    public void destroy() {
        opened.forEach(HikariDataSource::close);
    }
}
