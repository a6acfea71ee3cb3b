package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.Stylesheets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pull route of the SQL view does, whatever the database: the real route file over the simulator's rows. */
abstract class SqlViewPullContract {

    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final Path FOLDER = HOME.resolve("routes/registers/sql-view");
    private static final ObjectMapper JSON = new ObjectMapper();

    private @Nullable DefaultCamelContext camel;

    abstract DataSource dataSource() throws Exception;

    /** The same database with a password that it refuses. */
    abstract DataSource refused() throws Exception;

    @BeforeEach
    void fill() throws Exception {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : Files.readString(FOLDER.resolve("simulator.sql")).split(";\n")) {
                statement.execute(sql);
            }
        }
    }

    @AfterEach
    void stop() {
        if (camel != null) {
            camel.stop();
        }
    }

    @Test
    void leavesTheRowsOfTheLearnerAsJson() throws Exception {
        JsonNode rows = JSON.readTree(body(pull(dataSource(), 5000, "nationalIdentifier", "170599-902M")));
        assertThat(rows).hasSize(4);
        assertThat(rows.findValuesAsText("credit_id"))
                .containsExactly("SV-902-01", "SV-902-02", "SV-902-03", "SV-902-04");
        JsonNode third = rows.get(2);
        assertThat(third.path("credits").asText()).isEqualTo("2.500000");
        assertThat(third.path("birth_date").asText()).isEqualTo("1999-05-17");
        assertThat(third.path("recognised_from").isNull()).isTrue();
    }

    @Test
    void leavesWhatTheMappingAccountsFor() throws Exception {
        byte[] answer = body(pull(dataSource(), 5000, "studentNumber", "E910"));
        MappingResult result = new RegisterMapping(new Stylesheets(HOME))
                .map(
                        new MappingFolder(
                                HOME.resolve("mappings/registers/sql-view"),
                                MappingFolder.Format.JSON,
                                "/j:array/j:map",
                                "j:string[@key='credit_id']",
                                Map.of("j", "http://www.w3.org/2005/xpath-functions")),
                        answer,
                        Map.of("register", "sql-view", "today", "2026-01-15"));
        assertThat(result.mapped()).hasSize(4);
        assertThat(result.skipped()).hasSize(1);
    }

    @Test
    void asksOnlyByTheColumnOfTheIdentifiersType() throws Exception {
        assertThat(failure(pull(dataSource(), 5000, "esi", "170599-902M"))).isEqualTo("learner_not_found");
        assertThat(body(pull(
                        dataSource(), 5000, "esi", "urn:schac:personalUniqueCode:int:esi:esimerkki-amk.example:E902")))
                .isNotEmpty();
    }

    @Test
    void bindsTheIdentifierAndNeverWritesItIntoTheQuery() throws Exception {
        assertThat(failure(pull(dataSource(), 5000, "nationalIdentifier", "' or '1'='1")))
                .isEqualTo("learner_not_found");
        assertThat(failure(pull(dataSource(), 5000, "nationalIdentifier", "${variable.identifierType}")))
                .isEqualTo("learner_not_found");
    }

    @Test
    void refusesMoreRowsThanTheLimitAndTakesAsMany() throws Exception {
        assertThat(failure(pull(dataSource(), 3, "studentNumber", "E902"))).isEqualTo("row_limit_exceeded");
        stop();
        assertThat(failure(pull(dataSource(), 4, "studentNumber", "E902"))).isNull();
    }

    @Test
    void tellsRefusedCredentialsFromAFaultOfTheView() throws Exception {
        assertThat(code(pull(refused(), 5000, "studentNumber", "E902")))
                .isEqualTo(FailureCode.REGISTER_CREDENTIALS_REFUSED);
        stop();
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table emrex_credit");
        }
        assertThat(code(pull(dataSource(), 5000, "studentNumber", "E902"))).isEqualTo(FailureCode.REGISTER_FAULT);
    }

    Exchange pull(DataSource dataSource, int limit, String type, String identifier) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        camel = context;
        Properties settings = new Properties();
        settings.setProperty("emrexhub.registers.sql-view.table", "emrex_credit");
        settings.setProperty("emrexhub.registers.sql-view.row-limit", String.valueOf(limit));
        settings.setProperty("emrexhub.registers.sql-view.query-timeout", "15");
        context.getPropertiesComponent().setInitialProperties(settings);
        context.getRegistry().bind("register-sql-view", dataSource);
        context.getRegistry().bind("sqlRows", new SqlRows());
        context.start();
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:" + FOLDER.resolve("pull.camel.yaml")));
        return context.createProducerTemplate().request("direct:register-sql-view-pull", exchange -> {
            exchange.setVariable("asking", true);
            exchange.setVariable("party", "register");
            exchange.setVariable("identifierType", type);
            exchange.setVariable("identifier", identifier);
        });
    }

    static FailureCode code(Exchange exchange) {
        return OutsideDatabase.failure(exchange.getException(), exchange)
                .orElseThrow()
                .code();
    }

    private static @Nullable String failure(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getVariable("failure", String.class);
    }

    private static byte[] body(Exchange exchange) {
        assertThat(failure(exchange)).isNull();
        byte[] body = exchange.getMessage().getBody(byte[].class);
        assertThat(new String(body, StandardCharsets.UTF_8)).startsWith("[");
        return body;
    }
}
