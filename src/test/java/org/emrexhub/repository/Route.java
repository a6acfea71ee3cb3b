package org.emrexhub.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A route or route configuration of a {@code *.camel.yaml} file.
 *
 * @param file where it stands, from the root
 * @param text the whole file
 * @param kind {@code route} or {@code routeConfiguration}
 * @param yaml what the file says of it
 */
record Route(String file, String text, String kind, JsonNode yaml) {

    /** A step, or a branch of a step, with the name that the language has for it. */
    record Step(String kind, JsonNode yaml) {

        String id() {
            return yaml.path("id").asText();
        }
    }

    /** An endpoint with its parameters; {@code kind} is {@code from}, or the step that uses it. */
    record Endpoint(String kind, JsonNode yaml) {

        String uri() {
            return yaml.path("uri").asText();
        }

        JsonNode parameters() {
            return yaml.path("parameters");
        }
    }

    /** A text with the key it stands under. */
    record Scalar(String key, String value) {}

    private static final Set<String> BRANCHES = Set.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    /** Every route. */
    static List<Route> routes() {
        return all().stream().filter(each -> each.kind.equals("route")).toList();
    }

    /** Every route and route configuration. */
    static List<Route> all() {
        List<Route> found = new ArrayList<>();
        for (Path file : Repository.files("routes", ".camel.yaml")) {
            for (JsonNode entry : Repository.yaml(file)) {
                for (Map.Entry<String, JsonNode> part : entry.properties()) {
                    if (part.getKey().startsWith("route")) {
                        found.add(new Route(
                                Repository.shown(file), Repository.text(file), part.getKey(), part.getValue()));
                    }
                }
            }
        }
        return found;
    }

    String id() {
        return yaml.path("id").asText();
    }

    /** The name of the folder that the file lies in: an area of the hub, or a system. */
    String folder() {
        return Path.of(file).getParent().getFileName().toString();
    }

    /** The file's name without what all have. */
    String name() {
        return Path.of(file).getFileName().toString().replace(".camel.yaml", "");
    }

    /** The first folder below {@code routes}. */
    String area() {
        return Path.of(file).getName(1).toString();
    }

    /** Whether it is loaded in profile demo only. */
    boolean isSimulator() {
        return name().startsWith("simulator");
    }

    /** The comment before everything else, in one line. */
    String comment() {
        return String.join(
                " ",
                text.lines()
                        .takeWhile(line -> line.startsWith("#"))
                        .map(line -> line.substring(1).strip())
                        .toList());
    }

    /** Every step and branch at any depth. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        collect(yaml, steps);
        return steps;
    }

    private static void collect(JsonNode node, List<Step> steps) {
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                collect(element, steps);
            }
        });
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (key.equals("steps")) {
                value.forEach(step ->
                        step.properties().forEach(each -> steps.add(new Step(each.getKey(), each.getValue()))));
            } else if (BRANCHES.contains(key) || (key.equals("onException") && value.isObject())) {
                (value.isArray() ? value : List.of(value)).forEach(branch -> steps.add(new Step(key, branch)));
            }
            if (!key.equals("parameters")) {
                collect(value, steps);
            }
        }
    }

    /** The endpoint it starts from and every one that it calls. */
    List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        if (yaml.has("from")) {
            endpoints.add(new Endpoint("from", yaml.path("from")));
        }
        steps().stream()
                .filter(step -> step.yaml.has("uri"))
                .forEach(step -> endpoints.add(new Endpoint(step.kind, step.yaml)));
        return endpoints;
    }

    /** Every text at any depth. */
    List<Scalar> scalars() {
        List<Scalar> scalars = new ArrayList<>();
        scalars("", yaml, scalars);
        return scalars;
    }

    private static void scalars(String key, JsonNode node, List<Scalar> scalars) {
        if (node.isValueNode()) {
            scalars.add(new Scalar(key, node.asText()));
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            scalars(entry.getKey(), entry.getValue(), scalars);
        }
        if (node.isArray()) {
            node.forEach(element -> scalars(key, element, scalars));
        }
    }
}
