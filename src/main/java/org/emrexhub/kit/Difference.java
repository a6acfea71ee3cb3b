package org.emrexhub.kit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * How two results of a mapping differ in what they mean: which courses there are, and what is said of each. The order
 * of courses and the layout of the text mean nothing.
 *
 * @param missing courses that are expected and not there
 * @param added courses that are there and not expected
 * @param changed what is said otherwise
 */
public record Difference(List<Course> missing, List<Course> added, List<Change> changed) {

    /** A course, module or degree. */
    public record Course(String issuer, String code, String title) {

        @Override
        public String toString() {
            return (code + " " + title).strip() + (issuer.isEmpty() ? "" : " of " + issuer);
        }
    }

    /**
     * One statement that differs.
     *
     * @param of the course, the learner, the institution or the account
     * @param what in the words of the field, such as credits or grade
     * @param expected {@code null} if nothing is expected
     * @param found {@code null} if nothing is there
     */
    public record Change(
            String of,
            String what,
            @Nullable String expected,
            @Nullable String found) {

        @Override
        public String toString() {
            return of + ": " + what + " is " + (found == null ? "absent" : "'" + found + "'") + ", expected "
                    + (expected == null ? "none" : "'" + expected + "'");
        }
    }

    private static final String INSTANCE = "specifies/learningOpportunityInstance/";
    private static final Map<String, String> WORDS = Map.of(
            INSTANCE + "credit/value", "credits",
            INSTANCE + "credit/scheme", "credit scheme",
            INSTANCE + "resultLabel", "grade",
            INSTANCE + "gradingSchemeLocalId", "grading scale",
            INSTANCE + "date", "date",
            INSTANCE + "status", "status");

    /** Something that statements are made of. */
    private record Unit(String issuer, String code, String instance, String title, Map<String, String> statements) {

        Course course() {
            return new Course(issuer, code, title);
        }
    }

    private record Reading(List<Unit> courses, Map<String, Map<String, String>> others) {}

    /** Whether both mean the same. */
    @JsonIgnore
    public boolean isNone() {
        return missing.isEmpty() && added.isEmpty() && changed.isEmpty();
    }

    /** Compares two documents, each a {@code hub:result} or an ELMO document. */
    public static Difference between(byte[] expected, byte[] found) {
        Reading before = read(expected);
        Reading after = read(found);
        List<Change> changes = new ArrayList<>();
        TreeSet<String> others = new TreeSet<>(before.others.keySet());
        others.addAll(after.others.keySet());
        for (String of : others) {
            compare(of, before.others.getOrDefault(of, Map.of()), after.others.getOrDefault(of, Map.of()), changes);
        }
        List<Unit> missing = new ArrayList<>(before.courses);
        List<Unit> added = new ArrayList<>(after.courses);
        // The surest sign first: what is left is matched by less.
        List<Function<Unit, String>> signs = List.of(
                unit -> unit.issuer + "|" + unit.code + "|" + unit.instance,
                unit -> unit.issuer + "|" + unit.code,
                unit -> unit.issuer + "|" + unit.instance,
                unit -> unit.code + "|" + unit.instance);
        for (Function<Unit, String> sign : signs) {
            match(missing, added, sign, changes);
        }
        return new Difference(
                missing.stream().map(Unit::course).toList(),
                added.stream().map(Unit::course).toList(),
                changes);
    }

    private static void match(List<Unit> missing, List<Unit> added, Function<Unit, String> sign, List<Change> changes) {
        for (Unit unit : List.copyOf(missing)) {
            Optional<Unit> same = added.stream()
                    .filter(other -> sign.apply(other).equals(sign.apply(unit)))
                    .findFirst();
            same.ifPresent(other -> {
                missing.remove(unit);
                added.remove(other);
                compare("course " + unit.course(), unit.statements, other.statements, changes);
            });
        }
    }

    private static void compare(
            String of, Map<String, String> expected, Map<String, String> found, List<Change> changes) {
        TreeSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            String before = expected.get(name);
            String after = found.get(name);
            if (before == null ? after != null : !before.equals(after)) {
                changes.add(new Change(of, words(name), before, after));
            }
        }
    }

    private static String words(String path) {
        String plain = path.replaceAll("\\[.*", "");
        String known = WORDS.get(plain);
        return known == null ? path.replace(INSTANCE, "") : known + path.substring(plain.length());
    }

    private static Reading read(byte[] document) {
        Element root = Dom.parse(document).getDocumentElement();
        Reading reading = new Reading(new ArrayList<>(), new LinkedHashMap<>());
        for (Element child : Dom.children(root)) {
            switch (child.getLocalName()) {
                case "learner" -> statements("", child, statementsOf("learner", reading));
                case "report" -> report(child, reading);
                case "mapped" -> add("mapped", "", record(child, reading));
                case "skipped" -> add("skipped", child.getAttribute("rule"), record(child, reading));
                case "finding" ->
                    add(
                            "finding " + child.getAttribute("rule"),
                            child.getAttribute("severity"),
                            child.hasAttribute("ref") ? record(child, reading) : statementsOf("account", reading));
                default -> {}
            }
        }
        return reading;
    }

    private static Map<String, String> record(Element named, Reading reading) {
        return statementsOf("record " + named.getAttribute("ref"), reading);
    }

    private static Map<String, String> statementsOf(String unit, Reading reading) {
        return reading.others.computeIfAbsent(unit, key -> new LinkedHashMap<>());
    }

    private static void report(Element report, Reading reading) {
        String issuer = Dom.children(report, "issuer").stream()
                .findFirst()
                .map(Difference::name)
                .orElse("");
        Map<String, String> statements = statementsOf("institution " + issuer, reading);
        for (Element child : Dom.children(report)) {
            if (child.getLocalName().equals("learningOpportunitySpecification")) {
                course(issuer, "", child, reading.courses);
            } else {
                statements(child.getLocalName(), child, statements);
            }
        }
    }

    private static void course(String issuer, String whole, Element specification, List<Unit> courses) {
        Map<String, String> statements = new LinkedHashMap<>();
        if (!whole.isEmpty()) {
            statements.put("part of", whole);
        }
        String code = identifier(specification);
        String instance = Dom.children(specification, "specifies").stream()
                .flatMap(specifies -> Dom.children(specifies).stream())
                .findFirst()
                .map(Difference::identifier)
                .orElse("");
        String title = name(specification);
        courses.add(new Unit(issuer, code.isEmpty() ? title : code, instance, title, statements));
        for (Element child : Dom.children(specification)) {
            if (child.getLocalName().equals("hasPart")) {
                Dom.children(child).forEach(part -> course(issuer, code.isEmpty() ? title : code, part, courses));
            } else {
                statements(child.getLocalName(), child, statements);
            }
        }
    }

    /** Everything that an element says, as paths with values; what distinguishes siblings stands in brackets. */
    private static void statements(String path, Element element, Map<String, String> statements) {
        List<Element> children = Dom.children(element);
        if (!children.isEmpty()) {
            children.forEach(child -> statements(
                    path.isEmpty() ? child.getLocalName() : path + "/" + child.getLocalName(), child, statements));
            return;
        }
        List<String> marks = new ArrayList<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            var attribute = element.getAttributes().item(i);
            if (!attribute.getNodeName().startsWith("xmlns")) {
                marks.add(attribute.getNodeValue());
            }
        }
        add(path + (marks.isEmpty() ? "" : "[" + String.join(", ", marks) + "]"), Dom.text(element), statements);
    }

    private static void add(String name, String value, Map<String, String> statements) {
        statements.merge(name, value, (one, other) -> one + " | " + other);
    }

    private static String identifier(Element of) {
        List<Element> all = Dom.children(of, "identifier");
        return all.stream()
                .filter(each -> each.getAttribute("type").equals("local"))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .map(Dom::text)
                .orElse("");
    }

    private static String name(Element of) {
        List<Element> titles = Dom.children(of, "title");
        return titles.stream()
                .filter(each -> each.getAttribute("xml:lang").equals("en"))
                .findFirst()
                .or(() -> titles.stream().findFirst())
                .map(Dom::text)
                .orElse("");
    }
}
