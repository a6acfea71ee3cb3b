package org.emrexhub.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file with the line of every node, read by the same parser and rules as Camel's own route loader. */
record YamlFile(Path path, Node root) {

    /** Reads a file; a fault of syntax, an empty file or a key that stands twice is added to the faults. */
    static Optional<YamlFile> read(Path path, Faults faults) {
        int before = faults.count();
        try {
            Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(Files.readString(path));
            if (root.isEmpty()) {
                faults.add(Fault.in(path, "is empty."));
            } else {
                refuseDuplicateKeys(path, root.get(), faults);
            }
            return faults.count() == before ? root.map(node -> new YamlFile(path, node)) : Optional.empty();
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            faults.add(path, line, "is not YAML: " + broken.getProblem() + ".");
        } catch (YamlEngineException broken) {
            faults.add(Fault.in(path, "is not YAML: " + firstLine(broken.getMessage())));
        } catch (IOException unreadable) {
            faults.add(Fault.in(path, "can't be read as UTF-8 text."));
        }
        return Optional.empty();
    }

    private static void refuseDuplicateKeys(Path path, Node node, Faults faults) {
        if (node.isRecursive()) {
            faults.add(path, line(node), "an alias points to a node that contains it.");
        } else if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(entry -> refuseDuplicateKeys(path, entry, faults));
        } else if (node instanceof MappingNode mapping) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!keys.add(text(tuple.getKeyNode()))) {
                    faults.add(path, line(tuple.getKeyNode()), "'" + text(tuple.getKeyNode()) + "' stands here twice.");
                }
                refuseDuplicateKeys(path, tuple.getValueNode(), faults);
            }
        }
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** A scalar's text; empty for any other node. */
    static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The value of a key of a mapping; empty if there is none, or the node is not a mapping. */
    static Optional<Node> value(Node node, String key) {
        return tuple(node, key).map(NodeTuple::getValueNode);
    }

    static Optional<NodeTuple> tuple(Node node, String key) {
        return entries(node).stream()
                .filter(tuple -> text(tuple.getKeyNode()).equals(key))
                .findFirst();
    }

    /** A mapping's entries; none for any other node. */
    static List<NodeTuple> entries(Node node) {
        return node instanceof MappingNode mapping ? mapping.getValue() : List.of();
    }

    /** A sequence's members; none for any other node. */
    static List<Node> members(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** The document as JSON, for a JSON schema. */
    JsonNode json() {
        return json(root);
    }

    private static JsonNode json(Node node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node instanceof MappingNode) {
            var object = json.objectNode();
            entries(node).forEach(tuple -> object.set(text(tuple.getKeyNode()), json(tuple.getValueNode())));
            return object;
        }
        if (node instanceof SequenceNode) {
            var array = json.arrayNode();
            members(node).forEach(member -> array.add(json(member)));
            return array;
        }
        String text = text(node);
        if (node.getTag().equals(Tag.NULL)) {
            return json.nullNode();
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return json.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            if (node.getTag().equals(Tag.INT)) {
                return json.numberNode(new BigInteger(text));
            }
            return node.getTag().equals(Tag.FLOAT) ? json.numberNode(new BigDecimal(text)) : json.textNode(text);
        } catch (NumberFormatException notDecimal) {
            // YAML also writes .inf and .nan, which JSON has no number for.
            return json.textNode(text);
        }
    }

    /** The line of the node that a JSON pointer names, or of the nearest one above it; for a value its key's line. */
    int line(String pointer) {
        Node node = root;
        int line = line(root);
        for (String step : pointer.split("/")) {
            if (step.isEmpty()) {
                continue;
            }
            if (node instanceof SequenceNode) {
                int index = step.chars().allMatch(Character::isDigit) ? Integer.parseInt(step) : -1;
                List<Node> members = members(node);
                if (index < 0 || index >= members.size()) {
                    return line;
                }
                node = members.get(index);
                line = line(node);
            } else {
                Optional<NodeTuple> tuple = tuple(node, step.replace("~1", "/").replace("~0", "~"));
                if (tuple.isEmpty()) {
                    return line;
                }
                node = tuple.get().getValueNode();
                line = line(tuple.get().getKeyNode());
            }
        }
        return line;
    }
}
