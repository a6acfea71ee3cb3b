package org.emrexhub.spine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.transfer.Queues;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.stereotype.Component;

/**
 * A test's own way into a hub that runs in a process of its own: asks ledger and queues, holds consumers back, arms the
 * {@link KillSwitch}. It lives in the tests' class path, on loopback, and only where {@value #PORT} is set.
 */
@Component
@ConditionalOnProperty(SideDoor.PORT)
class SideDoor {

    static final String PORT = "fire.port";

    private final JdbcTemplate jdbc;
    private final JmsTemplate jms;
    private final CamelContext camel;
    private final Catalog catalog;
    private final KillSwitch killSwitch;
    private final HttpServer server;

    SideDoor(
            JdbcTemplate jdbc,
            JmsTemplate jms,
            CamelContext camel,
            Catalog catalog,
            KillSwitch killSwitch,
            @Value("${" + PORT + "}") int port)
            throws IOException {
        this.jdbc = jdbc;
        this.jms = jms;
        this.camel = camel;
        this.catalog = catalog;
        this.killSwitch = killSwitch;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int status = 200;
        Object answer;
        try {
            answer = answer(exchange.getRequestURI().getPath(), asked);
        } catch (Exception e) {
            status = 500;
            answer = e.toString();
        }
        byte[] body = RunningHub.JSON.writeValueAsBytes(answer);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Object answer(String path, String asked) throws Exception {
        switch (path) {
            case "/query" -> {
                return query(asked);
            }
            case "/execute" -> jdbc.execute(asked);
            case "/queues" -> {
                return queues();
            }
            case "/hold-back" -> camel.getRouteController().stopRoute("consumer-" + asked);
            case "/let-go" -> camel.getRouteController().startRoute("consumer-" + asked);
            case "/arm" -> {
                int blank = asked.indexOf(' ');
                killSwitch.arm(asked.substring(blank + 1), Integer.parseInt(asked.substring(0, blank)));
            }
            case "/passes" -> {
                return killSwitch.passes();
            }
            default -> throw new IllegalArgumentException(path);
        }
        return Map.of();
    }

    private List<Map<String, String>> query(String sql) {
        return jdbc.query(sql, (row, no) -> {
            Map<String, String> columns = new LinkedHashMap<>();
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                columns.put(row.getMetaData().getColumnLabel(column), row.getString(column));
            }
            return columns;
        });
    }

    /** The references in each queue that is not empty, dead letter queues too, as {@code <transfer id>#<revision>}. */
    private Map<String, List<String>> queues() {
        List<String> work = new ArrayList<>(List.of(Queues.MAP, Queues.EXPIRE));
        catalog.registers().forEach(register -> work.add(Queues.pull(register.id())));
        catalog.sis().forEach(sis -> work.add(Queues.deliver(sis.id())));
        List<String> all = new ArrayList<>(work);
        work.forEach(queue -> all.add(Queues.dead(queue)));
        all.add(Queues.UNPROCESSABLE);
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String queue : all) {
            List<String> references = jms.browse(queue, (session, browser) -> {
                List<String> texts = new ArrayList<>();
                for (Object message : Collections.list(browser.getEnumeration())) {
                    jakarta.jms.Message reference = (jakarta.jms.Message) message;
                    texts.add(reference.getStringProperty("HubTransferId") + "#"
                            + reference.getObjectProperty("HubRevision"));
                }
                return texts;
            });
            if (references != null && !references.isEmpty()) {
                found.put(queue, references);
            }
        }
        return found;
    }

    @PreDestroy
    void close() {
        server.stop(0);
    }
}
