package org.emrexhub.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.demo.SisuRules.Violation;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Sisu's import as far as it is documented: an array of attainments is taken whole or refused whole, and an id that is
 * known already is overwritten.
 */
@Component("simulatedSisu")
@Profile("demo")
class SimulatedSisu {

    private static final String ID = "sisu";

    private final Simulators simulators;
    private final Catalog catalog;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    SimulatedSisu(Simulators simulators, Catalog catalog, Clock clock) {
        this.simulators = simulators;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Answers one request to the import. */
    public void importAttainments(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        String authorization = String.valueOf(message.getHeader("Authorization"));
        byte[] body = message.getBody(byte[].class);
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        if (!authorized(authorization)) {
            answer(message, 401, Map.of("message", "Unauthorized"));
            return;
        }
        JsonNode attainments = read(body);
        if (!attainments.isArray()) {
            answer(message, 400, Map.of("message", "The body is not a JSON array"));
            return;
        }
        List<Violation> violations = new SisuRules(
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                        simulators.behaviour(ID).refuse())
                .violations(attainments);
        if (!violations.isEmpty()) {
            answer(message, 422, Map.of("message", "Validation failed", "violations", violations));
            return;
        }
        attainments.forEach(
                attainment -> simulators.record(ID, attainment.path("id").asText(), attainment));
        answer(message, 200, Map.of("imported", attainments.size()));
    }

    private boolean authorized(String authorization) {
        Map<String, String> settings = catalog.sis(ID).orElseThrow().settings();
        String credentials = settings.get("username") + ":" + settings.get("password");
        String expected = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), authorization.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode read(byte[] body) {
        try {
            return json.readTree(body == null ? new byte[0] : body);
        } catch (IOException e) {
            return json.missingNode();
        }
    }

    private void answer(Message message, int status, Object body) throws JsonProcessingException {
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setBody(json.writeValueAsString(body));
    }
}
