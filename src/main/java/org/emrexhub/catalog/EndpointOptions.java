package org.emrexhub.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * What Camel's catalogue says of each component on the class path. Camel's YAML schema takes any parameter of an
 * endpoint, and a lenient component makes a misspelt one a part of the address; Kaoto shows neither.
 */
final class EndpointOptions {

    private static final String SERVICES = "/META-INF/services/org/apache/camel/component/";
    private static final Set<String> CONSUMERS = Set.of("from", "pollEnrich", "poll");
    private static final Map<String, String> FORMS =
            Map.of("boolean", "true|false", "integer", "-?\\d+", "number", "-?\\d+(\\.\\d+)?");

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Optional<JsonNode>> components = new HashMap<>();

    /** Adds what is wrong with the endpoints of a file, by line. */
    void check(YamlFile file, Faults faults) {
        visit("", file.root(), file, faults);
    }

    private void visit(String kind, Node node, YamlFile file, Faults faults) {
        YamlFile.members(node).forEach(member -> visit(kind, member, file, faults));
        String uri = YamlFile.value(node, "uri").map(YamlFile::text).orElse("");
        // The short form, with the parameters in the address, is not canonical; the build refuses it.
        if (uri.matches("[a-z][a-z0-9+-]*")) {
            checkEndpoint(kind, uri, node, file, faults);
        }
        for (NodeTuple tuple : YamlFile.entries(node)) {
            String key = YamlFile.text(tuple.getKeyNode());
            if (!key.equals("parameters")) {
                visit(key, tuple.getValueNode(), file, faults);
            }
        }
    }

    private void checkEndpoint(String kind, String uri, Node endpoint, YamlFile file, Faults faults) {
        int line = YamlFile.tuple(endpoint, "uri")
                .map(tuple -> YamlFile.line(tuple.getKeyNode()))
                .orElse(0);
        JsonNode options = components.computeIfAbsent(uri, this::read).orElse(null);
        if (options == null) {
            faults.add(file.path(), line, "no component '" + uri + "' is in this hub.");
            return;
        }
        Set<String> given = new TreeSet<>();
        for (NodeTuple tuple :
                YamlFile.value(endpoint, "parameters").map(YamlFile::entries).orElse(List.of())) {
            String name = YamlFile.text(tuple.getKeyNode());
            given.add(name);
            fault(kind, uri, name, YamlFile.text(tuple.getValueNode()), options)
                    .ifPresent(fault -> faults.add(file.path(), YamlFile.line(tuple.getKeyNode()), fault));
        }
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            if (option.getValue().path("required").asBoolean() && !given.contains(option.getKey())) {
                faults.add(file.path(), line, "the endpoint '" + uri + "' lacks '" + option.getKey() + "'.");
            }
        }
    }

    private static Optional<String> fault(String kind, String uri, String name, String value, JsonNode options) {
        JsonNode option = option(name, options);
        if (option == null) {
            return Optional.of("'" + name + "' is no parameter of the component '" + uri + "'"
                    + nearest(name, options)
                            .map(near -> "; do you mean '" + near + "'?")
                            .orElse("."));
        }
        String side = option.path("label").asText();
        if (side.startsWith(CONSUMERS.contains(kind) ? "producer" : "consumer")) {
            return Optional.of("'" + name + "' has no effect here: it is for a " + side.replaceAll(",.*", "") + ".");
        }
        String type = option.path("type").asText();
        // What is filled in later can't be judged now.
        if (value.isEmpty() || value.contains("{{") || value.contains("${") || value.startsWith("#")) {
            return Optional.empty();
        }
        if (option.has("enum")) {
            List<String> allowed = json(option.path("enum"));
            if (allowed.stream().noneMatch(value::equalsIgnoreCase)) {
                return Optional.of("'" + name + "' must be one of " + String.join(", ", allowed) + ".");
            }
        } else if (!value.matches(FORMS.getOrDefault(type, "(?s).*"))) {
            return Optional.of(
                    "'" + name + "' must be " + (type.equals("boolean") ? "true or false" : "a number") + ".");
        }
        return Optional.empty();
    }

    /** Some options stand for all parameters that begin so, such as {@code template.} of the SQL component. */
    private static @Nullable JsonNode option(String name, JsonNode options) {
        JsonNode option = options.get(name);
        if (option != null) {
            return option;
        }
        return options.properties().stream()
                .map(Map.Entry::getValue)
                .filter(each -> each.has("prefix")
                        && name.startsWith(each.path("prefix").asText()))
                .findFirst()
                .orElse(null);
    }

    private static Optional<String> nearest(String name, JsonNode options) {
        return options.properties().stream()
                .map(Map.Entry::getKey)
                .filter(known -> known.equalsIgnoreCase(name) || distance(known, name) <= 2)
                .findFirst();
    }

    /** Levenshtein's: how many letters to add, drop or change. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    private static List<String> json(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).collect(Collectors.toList());
    }

    /** Beside each component class lies what it can do; Camel's own catalogue reads the same files. */
    private Optional<JsonNode> read(String component) {
        Properties service = new Properties();
        try (InputStream in = EndpointOptions.class.getResourceAsStream(SERVICES + component)) {
            if (in == null) {
                return Optional.empty();
            }
            service.load(in);
            String type = service.getProperty("class", "");
            String folder =
                    type.substring(0, Math.max(type.lastIndexOf('.'), 0)).replace('.', '/');
            try (InputStream options =
                    EndpointOptions.class.getResourceAsStream("/META-INF/" + folder + "/" + component + ".json")) {
                return options == null
                        ? Optional.empty()
                        : Optional.of(json.readTree(options).path("properties"));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
