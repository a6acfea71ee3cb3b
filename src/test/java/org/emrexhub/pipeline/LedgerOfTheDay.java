package org.emrexhub.pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.emrexhub.deadletter.DeadLetters;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.delivery.DeliverySettings;
import org.emrexhub.delivery.Items;
import org.emrexhub.elmo.Credits;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.mapping.Stylesheets;
import org.emrexhub.pipeline.HonestTarget.Credit;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Attempts;
import org.emrexhub.transfer.BreakerSettings;
import org.emrexhub.transfer.Breakers;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Cancellation;
import org.emrexhub.transfer.Consents;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Events;
import org.emrexhub.transfer.MessageReferences;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Outbox;
import org.emrexhub.transfer.Queues;
import org.emrexhub.transfer.Requests;
import org.emrexhub.transfer.RetrySettings;
import org.emrexhub.transfer.Sources;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.TransferSettings;
import org.emrexhub.transfer.Transfers;
import org.emrexhub.transfer.Vault;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The ledger and what works on it, in memory, without broker and routes, by a clock that stands until it is moved. Who asks
 * the database's clock is told this one's time. There is one learner.
 */
final class LedgerOfTheDay implements AutoCloseable {

    @EnableTransactionManagement(proxyTargetClass = true)
    static class Transactions {}

    /** A variable of the session: the text of a statement stays the same, so that it is parsed once. */
    private static final String NOW = "cast(@today as timestamp(6) with time zone)";

    static final Instant BEGIN = Instant.parse("2026-02-02T08:00:00Z");
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final Duration SETTLE = Duration.ofSeconds(20);
    static final Caller OPERATOR = new Caller("olli", "uni.example", Set.of(Caller.Role.OPERATOR));

    /** A payload that says of each item what the document says of it. */
    private static final String LINES = """
            <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
              <xsl:output method="text"/>
              <xsl:template match="/">
                <xsl:variable name="instances" select="//*:learningOpportunityInstance"/>
                <xsl:for-each select="/*/*:item">
                  <xsl:variable name="loi" select="$instances[position() = number(current()/@loi)]"/>
                  <xsl:value-of select="@ref, @targetId, string(@supersedes), $loi/../../*:identifier, $loi/*:identifier,
                      $loi/*:resultLabel, '&#10;'" separator="|"/>
                </xsl:for-each>
              </xsl:template>
            </xsl:stylesheet>
            """;

    private static final List<Class<?>> WORKERS = List.of(
            Transactions.class,
            Transfers.class,
            Sources.class,
            Outbox.class,
            Events.class,
            Consents.class,
            Breakers.class,
            Destinations.class,
            Attempts.class,
            Documents.class,
            Requests.class,
            Acceptance.class,
            Steps.class,
            MessageReferences.class,
            Cancellation.class,
            DeadLetters.class,
            Replays.class,
            DeliverStep.class,
            DeliveryAnswers.class);

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final Connection connection;
    private Instant now = BEGIN;

    /** A ledger that delivers to these systems; a temporary failure is given up after {@code giveUpAfter}. */
    LedgerOfTheDay(Path home, List<Sis> systems, Duration giveUpAfter) throws Exception {
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
        SingleConnectionDataSource plain = new SingleConnectionDataSource(url, true);
        Flyway.configure().dataSource(plain).load().migrate();
        connection = plain.getConnection();
        DataSource source = new SingleConnectionDataSource(byThisClock(connection), true);
        context.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(source));
        context.registerBean(PlatformTransactionManager.class, () -> new DataSourceTransactionManager(source));
        context.registerBean(Vault.class, () -> new Vault("1", new byte[32]));
        context.registerBean(
                RetrySettings.class,
                () -> new RetrySettings(Duration.ofSeconds(5), 2, Duration.ofSeconds(30), giveUpAfter));
        context.registerBean(
                TransferSettings.class,
                () -> new TransferSettings(TransferSettings.OnFailedRegister.DEAD, Duration.ofDays(30)));
        context.registerBean(
                BreakerSettings.class,
                () -> new BreakerSettings(Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofMinutes(5)));
        // Without a margin every request looks at its lease, and whoever is late meets its end.
        context.registerBean(DeliverySettings.class, () -> new DeliverySettings(Duration.ZERO, Duration.ofSeconds(3)));
        context.registerBean(Catalog.class, () -> new Catalog(home, List.of(), systems));
        context.registerBean(Clock.class, () -> Clock.fixed(BEGIN, ZoneOffset.UTC));
        context.registerBean(SimpleMeterRegistry.class);
        context.registerBean(SisMapping.class, () -> new SisMapping(new Stylesheets(home)));
        context.register(WORKERS.toArray(Class<?>[]::new));
        context.scan("org.emrexhub.delivery");
        context.refresh();
    }

    private Connection byThisClock(Connection real) {
        return proxy(Connection.class, real);
    }

    private <T> T proxy(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Object[] arguments = given == null ? null : Arrays.copyOf(given, given.length);
                    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
                        arguments[0] = sql.replace("current_timestamp", NOW);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof Statement statement && !(result instanceof PreparedStatement)
                                ? proxy(Statement.class, statement)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    Instant now() {
        return now;
    }

    void moveTo(Instant later) {
        now = later;
        get(JdbcTemplate.class).update("set @today = ?", Sql.at(later));
    }

    /** Forgets every transfer. */
    void clear() {
        JdbcTemplate jdbc = get(JdbcTemplate.class);
        for (String table : List.of(
                "delivery_item",
                "attempt",
                "event",
                "document",
                "consent",
                "transfer_source",
                "outbox",
                "replay_transfer",
                "replay",
                "transfer")) {
            jdbc.update("delete from " + table);
        }
        moveTo(BEGIN);
    }

    /** Accepts a transfer of the one learner, whose records are there to be mapped. */
    UUID accept(String name, String sis, @Nullable String targetId) {
        NewTransfer request = new NewTransfer(
                List.of("register"),
                sis,
                null,
                NewTransfer.Hold.NONE,
                new NewTransfer.Learner(
                        "nationalIdentifier", "240295-903R", targetId, "Testi", "Esimerkki", LocalDate.of(1995, 2, 24)),
                new NewTransfer.ConsentGiven("consent-1", "2026-1", sis, now, null),
                null);
        UUID id = get(Acceptance.class)
                .accept(OPERATOR, name, name.getBytes(StandardCharsets.UTF_8), request)
                .id();
        JdbcTemplate jdbc = get(JdbcTemplate.class);
        jdbc.update("update transfer_source set status = 'PULLED' where transfer_id = ?", id);
        jdbc.update("delete from outbox where transfer_id = ?", id);
        transaction().executeWithoutResult(status -> get(Steps.class).queue(lock(id), Stage.MAP, now));
        return id;
    }

    /** Maps a transfer to a document with these credits, if that is due. */
    boolean map(UUID id, int revision, List<Credit> credits) {
        return Boolean.TRUE.equals(transaction().execute(status -> {
            Transfer transfer = lock(id);
            if (get(Steps.class).turn(transfer, Queues.MAP, revision) != Steps.Turn.DUE) {
                return false;
            }
            byte[] elmo = elmo(credits);
            get(Documents.class).put(id, DocumentKind.ELMO, "", elmo, now);
            get(Items.class).rewrite(transfer, Credits.of(elmo), now);
            get(Steps.class).queue(transfer, Stage.DELIVER, now);
            return true;
        }));
    }

    private TransactionTemplate transaction() {
        return new TransactionTemplate(get(PlatformTransactionManager.class));
    }

    private Transfer lock(UUID id) {
        return get(Transfers.class).lock(id).orElseThrow();
    }

    /** The transfer as it is now. */
    Transfer look(UUID id) {
        return get(Transfers.class).look(id).orElseThrow();
    }

    private static byte[] elmo(List<Credit> credits) {
        return credits.stream()
                .map(credit -> """
                        <learningOpportunitySpecification><identifier type="local">%1$s</identifier>\
                        <title xml:lang="en">%1$s</title><specifies><learningOpportunityInstance>\
                        <identifier type="local">%2$s</identifier><date>2026-01-01</date><status>passed</status>\
                        <resultLabel>%3$s</resultLabel><credit><scheme>ects</scheme><value>5</value></credit>\
                        </learningOpportunityInstance></specifies></learningOpportunitySpecification>""".formatted(credit.los(), credit.loi(), credit.version()))
                .collect(Collectors.joining(
                        "",
                        "<elmo xmlns=\"https://github.com/emrex-eu/elmo-schemas/tree/v1\"><report><issuer>"
                                + "<identifier type=\"schac\">uni.example</identifier></issuer>",
                        "</report></elmo>"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A system with these routes, of which only the names matter, whose payload is a line for each item. */
    static Sis sis(Path home, String id, int batchMax, Sis.OnUnknown onUnknown, String... verbs) throws IOException {
        Path routes = Files.createDirectories(home.resolve("routes/sis/" + id));
        for (String verb : verbs) {
            Files.createFile(routes.resolve(verb + ".camel.yaml"));
        }
        Path mapping = Files.createDirectories(home.resolve("mappings/sis/" + id));
        Files.writeString(mapping.resolve("from-elmo.xsl"), LINES);
        return new Sis(
                id,
                id,
                Sis.Mode.POST,
                Set.of(),
                batchMax,
                onUnknown == Sis.OnUnknown.RESEND_SAME_ID,
                onUnknown,
                SETTLE,
                TIMEOUT,
                "{creditKey}",
                Map.of(),
                Set.of(),
                routes,
                Optional.of(mapping));
    }

    @Override
    public void close() throws Exception {
        context.close();
        try (Statement statement = connection.createStatement()) {
            statement.execute("shutdown");
        }
    }
}
