package org.emrexhub.spine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A request for a transfer, as a client writes it. The learners are those of the simulated registers, all invented. */
record TransferRequest(
        String sis,
        List<String> registers,
        String identifierType,
        String identifier,
        String birthDate,
        String targetId,
        boolean decided,
        String hold) {

    static final String MAIJA = "170599-902M";
    static final String KAARLO = "240295-903R";
    static final String AINO = "010203A9046";
    static final String EINO = "310190-9057";
    static final String LIISA = "121299-9066";
    static final String UNKNOWN = "050588-9077";

    static TransferRequest to(String sis, String identifier, String... registers) {
        return new TransferRequest(
                sis,
                registers.length == 0 ? List.of("fi-virta") : List.of(registers),
                "nationalIdentifier",
                identifier,
                birthDate(identifier),
                "hy-hlo-" + identifier.substring(7, 10),
                sis.equals("sisu"),
                "");
    }

    private static String birthDate(String identifier) {
        String century = identifier.charAt(6) == 'A' ? "20" : "19";
        return century + identifier.substring(4, 6) + "-" + identifier.substring(2, 4) + "-"
                + identifier.substring(0, 2);
    }

    TransferRequest undecided() {
        return new TransferRequest(sis, registers, identifierType, identifier, birthDate, targetId, false, hold);
    }

    TransferRequest withoutTarget() {
        return new TransferRequest(sis, registers, identifierType, identifier, birthDate, "", decided, hold);
    }

    TransferRequest target(String id) {
        return new TransferRequest(sis, registers, identifierType, identifier, birthDate, id, decided, hold);
    }

    TransferRequest born(String date) {
        return new TransferRequest(sis, registers, identifierType, identifier, date, targetId, decided, hold);
    }

    TransferRequest held() {
        return new TransferRequest(sis, registers, identifierType, identifier, birthDate, targetId, false, "decision");
    }

    TransferRequest by(String type, String value) {
        return new TransferRequest(sis, registers, type, value, birthDate, targetId, decided, hold);
    }

    ObjectNode tree() {
        ObjectNode body = RunningHub.JSON.createObjectNode();
        ArrayNode list = body.putArray("registers");
        registers.forEach(list::add);
        body.put("sis", sis);
        ObjectNode learner = body.putObject("learner");
        learner.putObject("identifier").put("type", identifierType).put("value", identifier);
        if (!targetId.isEmpty()) {
            learner.put("targetId", targetId);
        }
        learner.put("givenNames", "Testi").put("familyName", "Esimerkki").put("birthDate", birthDate);
        body.putObject("consent")
                .put("reference", "consent-1")
                .put("textVersion", "2026-1")
                .put("recipient", sis)
                .put("givenAt", "2026-11-01T10:00:00Z");
        if (decided) {
            ObjectNode decision = body.putObject("decision");
            decision.putObject("acceptor").put("name", "Olli Opintoasiat").put("title", "Head of study affairs");
            decision.put("decidedAt", "2026-11-02T10:00:00Z");
        }
        if (!hold.isEmpty()) {
            body.put("hold", hold);
        }
        return body;
    }
}
