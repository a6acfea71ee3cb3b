package org.emrexhub.transfer;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Locale;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Makes H2 write each commit before it returns (by default it waits half a second, and a killed process loses what it
 * had acknowledged), and keeps it open until the hub has stopped (by default it closes first, and what is being written
 * fails). A power cut can lose commits even so; production runs on PostgreSQL.
 */
@Component
class DurableH2 implements BeanPostProcessor {

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource source && source.getJdbcUrl() != null) {
            set(source, "WRITE_DELAY", "0");
            set(source, "DB_CLOSE_ON_EXIT", "FALSE");
            // Its default of 8 statements for each connection would have nearly every statement parsed again.
            set(source, "QUERY_CACHE_SIZE", "256");
        }
        return bean;
    }

    private static void set(HikariDataSource source, String setting, String value) {
        String url = source.getJdbcUrl();
        if (url.startsWith("jdbc:h2:") && !url.toUpperCase(Locale.ROOT).contains(setting)) {
            source.setJdbcUrl(url + ";" + setting + "=" + value);
        }
    }
}
