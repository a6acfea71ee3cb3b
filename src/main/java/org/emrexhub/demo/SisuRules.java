package org.emrexhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The documented rules for attainments of a custom course unit, as the simulated Sisu enforces them. */
final class SisuRules {

    private static final Pattern ID = Pattern.compile("^([a-zA-Z]{2,5})-[A-Za-z0-9_\\-]{1,58}$");
    private static final Set<String> DOCUMENT_STATES = Set.of("ACTIVE", "DRAFT", "DELETED");
    private static final Set<String> STATES = Set.of("ATTAINED", "INCLUDED", "SUBSTITUTED", "FAILED");
    private static final Map<String, Integer> HIGHEST_GRADES = Map.of("sis-0-5", 5, "sis-hyl-hyv", 1);

    private final LocalDate today;
    private final @Nullable String refusedCode;
    private final List<Violation> violations = new ArrayList<>();

    SisuRules(LocalDate today, @Nullable String refusedCode) {
        this.today = today;
        this.refusedCode = refusedCode;
    }

    /** A rule that an attainment breaks: where in the array, and which. */
    record Violation(String path, String message) {}

    /** Everything that is wrong with an array of attainments. */
    List<Violation> violations(JsonNode attainments) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < attainments.size(); i++) {
            JsonNode attainment = attainments.get(i);
            At at = new At("[" + i + "]", attainment);
            check(at);
            if (!ids.add(attainment.path("id").asText())) {
                at.broken("id", "comes twice in the batch");
            }
        }
        return List.copyOf(violations);
    }

    private void check(At at) {
        at.matches("id", ID);
        at.oneOf("documentState", DOCUMENT_STATES);
        at.oneOf("type", Set.of("CustomCourseUnitAttainment"));
        at.matches("personId", ID);
        at.date("registrationDate");
        at.date("attainmentDate")
                .filter(date -> date.isAfter(today))
                .ifPresent(date -> at.broken("attainmentDate", "is in the future"));
        at.urn("attainmentLanguageUrn", "language");
        at.urn("studyLevelUrn", "study-level");
        at.urn("courseUnitTypeUrn", "course-unit-type");
        at.text("code");
        at.localized("name");
        checkAcceptors(at);
        checkOrganisations(at);
        checkState(at);
        checkCredits(at);
        checkGrade(at);
        if (refusedCode != null && refusedCode.equals(at.node.path("code").asText())) {
            at.broken("code", "is refused");
        }
    }

    private void checkAcceptors(At at) {
        for (At acceptor : at.atLeastOne("acceptorPersons")) {
            acceptor.urn("roleUrn", "attainment-acceptor-type");
            if (acceptor.node.hasNonNull("personId")) {
                acceptor.matches("personId", ID);
            } else {
                acceptor.localized("text");
            }
        }
    }

    private void checkOrganisations(At at) {
        Map<String, BigDecimal> shares = new TreeMap<>();
        for (At organisation : at.atLeastOne("organisations")) {
            organisation.text("organisationId");
            organisation.urn("roleUrn", "organisation-role");
            shares.merge(
                    organisation.node.path("roleUrn").asText(),
                    organisation.node.path("share").decimalValue(),
                    BigDecimal::add);
        }
        if (shares.values().stream().anyMatch(sum -> sum.compareTo(BigDecimal.ONE) != 0)) {
            at.broken("organisations", "have shares of a role that do not sum to 1");
        }
    }

    private void checkState(At at) {
        at.oneOf("state", STATES);
        String state = at.node.path("state").asText();
        boolean transferred = at.node.hasNonNull("creditTransferInfo");
        if (state.equals("SUBSTITUTED") && !transferred) {
            at.broken("creditTransferInfo", "is missing from a substituted attainment");
        }
        if (state.equals("ATTAINED") && transferred) {
            at.broken("creditTransferInfo", "is not allowed in an attained attainment");
        }
        if (at.node.path("primary").asBoolean()
                && (state.equals("FAILED") || at.node.path("misregistration").asBoolean())) {
            at.broken("primary", "is not allowed for a failed or misregistered attainment");
        }
        if (transferred) {
            At info = at.into("creditTransferInfo");
            info.urn("educationalInstitutionUrn", "educational-institution");
            info.date("creditTransferDate");
            if (info.node.hasNonNull("internationalInstitutionUrn")) {
                info.urn("internationalInstitutionUrn", "international-institution");
            }
        }
    }

    private static void checkCredits(At at) {
        JsonNode credits = at.node.path("credits");
        if (!credits.isNumber() || credits.decimalValue().signum() < 0) {
            at.broken("credits", "is not a number of credits");
        } else if (at.node.path("rdiCredits").decimalValue().compareTo(credits.decimalValue()) > 0) {
            at.broken("rdiCredits", "is more than the credits");
        }
    }

    private static void checkGrade(At at) {
        at.oneOf("gradeScaleId", HIGHEST_GRADES.keySet());
        JsonNode grade = at.node.path("gradeId");
        int highest = HIGHEST_GRADES.getOrDefault(at.node.path("gradeScaleId").asText(), -1);
        if (!grade.isInt() || grade.asInt() < 0 || grade.asInt() > highest) {
            at.broken("gradeId", "is not a grade of the scale");
        }
    }

    /** A place in the array, and what stands there. */
    private final class At {

        private final String path;
        private final JsonNode node;

        At(String path, JsonNode node) {
            this.path = path;
            this.node = node;
        }

        At into(String name) {
            return new At(path + "." + name, node.path(name));
        }

        void broken(String name, String message) {
            violations.add(new Violation(path + "." + name, message));
        }

        void matches(String name, Pattern pattern) {
            if (!pattern.matcher(node.path(name).asText()).matches()) {
                broken(name, "does not match " + pattern.pattern());
            }
        }

        void urn(String name, String codebook) {
            matches(name, Pattern.compile("urn:code:" + codebook + "(:[A-Za-z_0-9\\-]+)+"));
        }

        void oneOf(String name, Set<String> values) {
            if (!values.contains(node.path(name).asText())) {
                broken(name, "has no value that is allowed here");
            }
        }

        void text(String name) {
            if (node.path(name).asText().isBlank()) {
                broken(name, "is missing");
            }
        }

        void localized(String name) {
            JsonNode text = node.path(name);
            if (text.path("fi").asText().isBlank()
                    && text.path("sv").asText().isBlank()
                    && text.path("en").asText().isBlank()) {
                broken(name, "has no text in any language");
            }
        }

        Optional<LocalDate> date(String name) {
            try {
                return Optional.of(LocalDate.parse(node.path(name).asText()));
            } catch (DateTimeException e) {
                broken(name, "is not a date");
                return Optional.empty();
            }
        }

        List<At> atLeastOne(String name) {
            JsonNode values = node.path(name);
            if (!values.isArray() || values.isEmpty()) {
                broken(name, "is empty");
                return List.of();
            }
            List<At> places = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                places.add(new At(path + "." + name + "[" + i + "]", values.get(i)));
            }
            return places;
        }
    }
}
