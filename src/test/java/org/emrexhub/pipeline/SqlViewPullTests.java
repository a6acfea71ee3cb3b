package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import javax.sql.DataSource;
import org.emrexhub.failure.FailureCode;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class SqlViewPullTests extends SqlViewPullContract {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    @Override
    DataSource dataSource() {
        return source(url, "demo");
    }

    @Override
    DataSource refused() {
        return source(url, "wrong");
    }

    @Test
    void takesADatabaseThatCannotBeReachedForUnavailable() throws Exception {
        DataSource nobody = source("jdbc:h2:tcp://127.0.0.1:1/nowhere", "demo");
        assertThat(code(pull(nobody, 5000, "studentNumber", "E902"))).isEqualTo(FailureCode.REGISTER_UNAVAILABLE);
    }

    private static DataSource source(String url, String password) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        source.setPassword(password);
        return source;
    }
}
