package org.emrexhub.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** One {@code *.camel.yaml} file of the home, with what it says about itself and what it asks of others. */
final class RouteFile {

    /** A name with the line where it is used. */
    record Use(String name, int line) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*[?!]?\\s*([^{}:\\s]+)\\s*(:[^{}]*)?}}");
    private static final Set<String> NO_ROUTE = Set.of("routeConfiguration", "restConfiguration", "rest");

    private final YamlFile yaml;
    private final String id;
    private final List<Use> keys = new ArrayList<>();
    private final List<Use> calls = new ArrayList<>();
    private final Set<String> configurations = new HashSet<>();
    private Optional<Use> consumer = Optional.empty();
    private Optional<Use> configuration = Optional.empty();

    private RouteFile(YamlFile yaml, String id) {
        this.yaml = yaml;
        this.id = id;
    }

    /** Reads a file and checks what concerns it alone. */
    static RouteFile read(YamlFile yaml, String id, boolean simulator, Faults faults) {
        RouteFile file = new RouteFile(yaml, id);
        file.checkForm(faults, simulator);
        file.visit(yaml.root());
        return file;
    }

    Path path() {
        return yaml.path();
    }

    /** Every {@code {{key}}} that must have a value. */
    List<Use> keys() {
        return keys;
    }

    /** Every {@code direct:} endpoint that the route calls. */
    List<Use> calls() {
        return calls;
    }

    /** The {@code direct:} endpoint that the route answers. */
    Optional<Use> consumer() {
        return consumer;
    }

    /** The route configuration that the route relies on. */
    Optional<Use> configuration() {
        return configuration;
    }

    /** The route configurations that this file makes. */
    Set<String> configurations() {
        return configurations;
    }

    private void checkForm(Faults faults, boolean simulator) {
        List<Node> routes = new ArrayList<>();
        boolean other = false;
        boolean misplaced = false;
        for (Node entry : YamlFile.members(yaml.root())) {
            for (NodeTuple tuple : YamlFile.entries(entry)) {
                String kind = YamlFile.text(tuple.getKeyNode());
                if (kind.equals("route")) {
                    routes.add(tuple.getValueNode());
                } else if (NO_ROUTE.contains(kind)) {
                    other = true;
                    if (kind.equals("routeConfiguration")) {
                        YamlFile.value(tuple.getValueNode(), "id")
                                .map(YamlFile::text)
                                .ifPresent(configurations::add);
                    }
                } else {
                    misplaced = true;
                    faults.add(
                            path(),
                            YamlFile.line(tuple.getKeyNode()),
                            "'" + kind + "' has no place here: a file holds one '- route:'.");
                }
            }
        }
        if (routes.size() > 1 || (other && !routes.isEmpty())) {
            faults.add(path(), YamlFile.line(routes.get(routes.size() - 1)), "a file holds exactly one route.");
        } else if (routes.isEmpty() && !other && !misplaced) {
            faults.add(Fault.in(path(), "holds no '- route:'."));
        }
        routes.stream().limit(1).forEach(route -> checkRoute(route, simulator, faults));
    }

    private void checkRoute(Node route, boolean simulator, Faults faults) {
        expect(route, "id", id, faults);
        expect(route, "nodePrefixId", id + "-", faults);
        if (YamlFile.value(route, "description").map(YamlFile::text).orElse("").isBlank()) {
            faults.add(path(), YamlFile.line(route), "the route lacks its 'description', one sentence for people.");
        }
        configuration = YamlFile.tuple(route, "routeConfigurationId").map(RouteFile::use);
        Optional<Node> from = YamlFile.value(route, "from");
        consumer = from.flatMap(RouteFile::direct);
        boolean named = !id.startsWith("api-") && !simulator;
        consumer.filter(direct -> named && !direct.name().equals(id))
                .ifPresent(direct -> faults.add(
                        path(),
                        direct.line(),
                        "the route answers direct:" + direct.name() + ", but its path makes it direct:" + id + "."));
        Set<String> stepIds = new HashSet<>();
        from.flatMap(node -> YamlFile.value(node, "steps"))
                .ifPresent(steps -> eachStepId(steps, step -> {
                    if (!stepIds.add(step.name())) {
                        faults.add(path(), step.line(), "the step id '" + step.name() + "' stands here twice.");
                    }
                }));
    }

    private void expect(Node route, String key, String value, Faults faults) {
        Optional<NodeTuple> found = YamlFile.tuple(route, key);
        if (found.isEmpty()) {
            faults.add(path(), YamlFile.line(route), "the route lacks '" + key + ": " + value + "'.");
        } else if (!YamlFile.text(found.get().getValueNode()).equals(value)) {
            faults.add(
                    path(),
                    YamlFile.line(found.get().getKeyNode()),
                    "'" + key + "' must be '" + value + "', as the file's path says.");
        }
    }

    /** Every id below a node; parameters may have an id that is none of a step. */
    private static void eachStepId(Node node, Consumer<Use> seen) {
        YamlFile.members(node).forEach(member -> eachStepId(member, seen));
        for (NodeTuple tuple : YamlFile.entries(node)) {
            String key = YamlFile.text(tuple.getKeyNode());
            if (key.equals("id")) {
                seen.accept(use(tuple));
            } else if (!key.equals("parameters")) {
                eachStepId(tuple.getValueNode(), seen);
            }
        }
    }

    private static Use use(NodeTuple tuple) {
        return new Use(YamlFile.text(tuple.getValueNode()), YamlFile.line(tuple.getKeyNode()));
    }

    private void visit(Node node) {
        if (node instanceof ScalarNode scalar) {
            Matcher matcher = PLACEHOLDER.matcher(scalar.getValue());
            while (matcher.find()) {
                if (matcher.group(2) == null) {
                    int within = (int) scalar.getValue()
                            .substring(0, matcher.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
                    boolean block = scalar.getScalarStyle() == ScalarStyle.LITERAL;
                    keys.add(new Use(matcher.group(1), YamlFile.line(node) + (block ? within + 1 : 0)));
                }
            }
        }
        YamlFile.members(node).forEach(this::visit);
        for (NodeTuple tuple : YamlFile.entries(node)) {
            String key = YamlFile.text(tuple.getKeyNode());
            if (!key.equals("from")) {
                direct(tuple.getValueNode()).ifPresent(calls::add);
            }
            visit(tuple.getValueNode());
        }
    }

    /** The {@code direct:} endpoint that a step or a {@code from} names, if it is one and known before the start. */
    private static Optional<Use> direct(Node step) {
        Node uri =
                step instanceof ScalarNode ? step : YamlFile.value(step, "uri").orElse(step);
        String text = YamlFile.text(uri);
        Optional<Use> named = text.equals("direct")
                ? YamlFile.value(step, "parameters")
                        .flatMap(parameters -> YamlFile.tuple(parameters, "name"))
                        .map(RouteFile::use)
                : text.startsWith("direct:")
                        ? Optional.of(
                                new Use(text.substring("direct:".length()).replaceAll("\\?.*", ""), YamlFile.line(uri)))
                        : Optional.empty();
        return named.filter(direct -> !direct.name().contains("{"));
    }
}
