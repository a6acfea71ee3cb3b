package org.emrexhub.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * The fields of learner and report that an ELMO document of the hub can have, by their paths. Parts of a course are
 * courses again, so their fields are those of a course.
 */
final class ElmoFields {

    private static final String PART = "hasPart/learningOpportunitySpecification";

    private final Map<String, Element> types = new HashMap<>();
    private final Set<String> paths = new LinkedHashSet<>();

    private ElmoFields() {}

    /** All that the schema in this folder knows. */
    static Set<String> of(Path folder) {
        try {
            ElmoFields fields = new ElmoFields();
            Element schema =
                    Dom.parse(Files.readAllBytes(folder.resolve("elmo.xsd"))).getDocumentElement();
            Dom.children(schema, "complexType").forEach(type -> fields.types.put(type.getAttribute("name"), type));
            for (String top : List.of("learner", "report")) {
                descendants(schema, "element").stream()
                        .filter(element -> element.getAttribute("name").equals(top))
                        .findFirst()
                        .ifPresent(element -> fields.collect("", element));
            }
            return fields.paths;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void collect(String above, Element element) {
        String path = above.isEmpty() ? element.getAttribute("name") : above + "/" + element.getAttribute("name");
        if (path.endsWith(PART)) {
            return;
        }
        Element named = types.get(element.getAttribute("type"));
        List<Element> children = new ArrayList<>();
        for (Element type : named == null ? Dom.children(element, "complexType") : List.of(named)) {
            Dom.children(type, "sequence").forEach(sequence -> children.addAll(Dom.children(sequence, "element")));
        }
        if (children.isEmpty() || path.endsWith("hasPart")) {
            paths.add(path);
        }
        children.forEach(child -> collect(path, child));
    }

    /** The paths that a mapping's result fills. */
    static Set<String> filled(byte[] result) {
        Set<String> filled = new LinkedHashSet<>();
        Element root = Dom.parse(result).getDocumentElement();
        Dom.children(root, "learner").forEach(learner -> fill("", learner, filled));
        Dom.children(root, "report").forEach(report -> fill("", report, filled));
        return filled;
    }

    private static void fill(String above, Element element, Set<String> filled) {
        String path = above.isEmpty() ? element.getLocalName() : above + "/" + element.getLocalName();
        if (path.endsWith(PART)) {
            filled.add(path.substring(0, path.lastIndexOf('/')));
            path = "report/learningOpportunitySpecification";
        }
        List<Element> children = Dom.children(element);
        if (children.isEmpty()) {
            filled.add(path);
        }
        for (Element child : children) {
            fill(path, child, filled);
        }
    }

    private static List<Element> descendants(Element element, String name) {
        List<Element> found = new ArrayList<>(Dom.children(element, name));
        Dom.children(element).forEach(child -> found.addAll(descendants(child, name)));
        return found;
    }
}
