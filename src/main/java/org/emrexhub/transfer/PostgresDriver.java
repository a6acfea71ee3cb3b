package org.emrexhub.transfer;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * What the hub wants of PostgreSQL's driver; what the URL or the pool's settings name stays. It gives up a server that
 * says nothing any more: by default a statement that was sent into a dead network is waited for as long as the operating
 * system likes, a quarter of an hour and more. It writes the rows of a batch by one statement: a document of 25 credits
 * has 25, and by default each is run by itself. And the server plans a statement once: it would plan most of them anew
 * each time, which took a sixth of its work. Nearly all ask by a key; what matches a little or nearly everything, as a
 * status does, stands in the statement as a word, which such a plan knows, or leads an index by which is sorted.
 */
@Component
class PostgresDriver implements BeanPostProcessor {

    /** Longer than any statement of the hub takes. */
    private static final String SOCKET_TIMEOUT_SECONDS = "60";

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource source
                && source.getJdbcUrl() != null
                && source.getJdbcUrl().startsWith("jdbc:postgresql:")) {
            set(source, "socketTimeout", SOCKET_TIMEOUT_SECONDS);
            set(source, "tcpKeepAlive", "true");
            set(source, "reWriteBatchedInserts", "true");
            if (source.getConnectionInitSql() == null) {
                source.setConnectionInitSql("set plan_cache_mode = force_generic_plan");
            }
        }
        return bean;
    }

    private static void set(HikariDataSource source, String setting, String value) {
        if (!source.getJdbcUrl().contains(setting + "=")) {
            source.getDataSourceProperties().putIfAbsent(setting, value);
        }
    }
}
