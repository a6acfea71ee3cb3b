package org.emrexhub.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Requests for transfers as a client writes them, about invented learners of the simulated registers. */
final class DemoRequests {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String now;

    DemoRequests(Instant now) {
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A learner whom both registers know, into Sisu; always the same person there, as in real life. */
    String first() {
        return request(
                List.of("fi-virta", "sql-view"),
                "sisu",
                new Learner("170599-902M", "hy-hlo-902", "Testi Maija Elina", "Esimerkki", "1999-05-17"));
    }

    /** A learner with nested credits, into the drop folder. */
    String toFileDrop(String targetId) {
        return request(
                List.of("fi-virta"),
                "file-drop",
                new Learner("240295-903R", targetId, "Testi Kaarlo Olavi", "Koivunen-Esimerkki", "1995-02-24"));
    }

    /** A learner with credits of two institutions, into Sisu. */
    String toSisu(String targetId) {
        return request(
                List.of("fi-virta"),
                "sisu",
                new Learner("121299-9066", targetId, "Testi Liisa Sofia", "Moniopisto", "1999-12-12"));
    }

    private record Learner(String identifier, String targetId, String givenNames, String familyName, String born) {}

    private String request(List<String> registers, String sis, Learner learner) {
        ObjectNode request = JSON.createObjectNode();
        registers.forEach(request.putArray("registers")::add);
        request.put("sis", sis);
        ObjectNode person = request.putObject("learner");
        person.putObject("identifier").put("type", "nationalIdentifier").put("value", learner.identifier());
        person.put("targetId", learner.targetId())
                .put("givenNames", learner.givenNames())
                .put("familyName", learner.familyName())
                .put("birthDate", learner.born());
        request.putObject("consent")
                .put("reference", "demo-consent-1")
                .put("textVersion", "2026-01")
                .put("recipient", sis)
                .put("givenAt", now);
        ObjectNode decision = request.putObject("decision");
        decision.putObject("acceptor").put("name", "Olli Opintosihteeri").put("title", "Head of study affairs");
        decision.put("decidedAt", now);
        try {
            return JSON.writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
