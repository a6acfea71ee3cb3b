package org.emrexhub.kit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.emrexhub.mapping.MappingFolder.Format;
import org.emrexhub.mapping.RegisterMapping;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Every single value of a source document, and the document with one of them changed. What the hub itself writes around
 * the answers of a pull, which question and which page, is no value of the source.
 */
final class SourceLeaves {

    private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
    private static final Set<String> ENVELOPE = Set.of("question", "page", "status");

    /** Changes the tree, and gives how to undo it. */
    private interface Change {
        Runnable to(@Nullable String value);
    }

    /** Writes the tree as it is now. */
    private interface Writer {
        byte[] write();
    }

    /**
     * One value.
     *
     * @param path names of elements or keys from the root, with slashes; an attribute's begins with {@code @}
     * @param place its path as {@code fn:path} writes it
     * @param value as it is written
     */
    record Leaf(String path, String place, String value, Change change) {}

    private final List<Leaf> leaves = new ArrayList<>();
    private final Writer writer;

    private SourceLeaves(Writer writer) {
        this.writer = writer;
    }

    static SourceLeaves of(byte[] document, Format format) {
        return switch (format) {
            case XML -> xml(document);
            case JSON -> json(document);
        };
    }

    List<Leaf> leaves() {
        return leaves;
    }

    /** The document with another value in one place; without it if the value is {@code null}. */
    byte[] with(Leaf leaf, @Nullable String value) {
        Runnable undo = leaf.change().to(value);
        try {
            return writer.write();
        } finally {
            undo.run();
        }
    }

    private static SourceLeaves xml(byte[] bytes) {
        Document document = Dom.parse(bytes);
        SourceLeaves leaves = new SourceLeaves(() -> Dom.write(document));
        leaves.collect("", "", 1, document.getDocumentElement());
        return leaves;
    }

    private void collect(String above, String around, int position, Element element) {
        String path = above + "/" + element.getLocalName();
        String place = around + "/" + name(element) + "[" + position + "]";
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Attr attribute = (Attr) element.getAttributes().item(i);
            String namespace = String.valueOf(attribute.getNamespaceURI());
            boolean ours = RegisterMapping.NAMESPACE.equals(element.getNamespaceURI())
                    && ENVELOPE.contains(attribute.getName());
            if (!attribute.getName().startsWith("xmlns") && !namespace.equals(SCHEMA_INSTANCE) && !ours) {
                leaves.add(new Leaf(
                        path + "/@" + attribute.getLocalName(),
                        place + "/@" + attribute.getLocalName(),
                        attribute.getValue(),
                        value -> change(attribute, value)));
            }
        }
        List<Element> children = Dom.children(element);
        if (children.isEmpty()) {
            leaves.add(new Leaf(path, place, Dom.text(element), value -> change(element, value)));
        }
        Map<String, Integer> counted = new HashMap<>();
        children.forEach(child -> collect(path, place, counted.merge(name(child), 1, Integer::sum), child));
    }

    private static String name(Element element) {
        String namespace = element.getNamespaceURI();
        return "Q{" + (namespace == null ? "" : namespace) + "}" + element.getLocalName();
    }

    private static Runnable change(Attr attribute, @Nullable String value) {
        Element owner = attribute.getOwnerElement();
        String before = attribute.getValue();
        if (value == null) {
            owner.removeAttributeNode(attribute);
            return () -> owner.setAttributeNode(attribute);
        }
        attribute.setValue(value);
        return () -> attribute.setValue(before);
    }

    private static Runnable change(Element element, @Nullable String value) {
        if (value == null) {
            Node parent = element.getParentNode();
            Node next = element.getNextSibling();
            parent.removeChild(element);
            return () -> parent.insertBefore(element, next);
        }
        String before = element.getTextContent();
        element.setTextContent(value);
        return () -> element.setTextContent(before);
    }

    private static final ObjectMapper JSON = JsonMapper.builder(new JsonFactory())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private static SourceLeaves json(byte[] bytes) {
        try {
            JsonNode root = JSON.readTree(bytes);
            SourceLeaves leaves = new SourceLeaves(() -> {
                try {
                    return JSON.writeValueAsBytes(root);
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
            });
            leaves.collect("", step(root, new HashMap<>()), root);
            return leaves;
        } catch (IOException broken) {
            throw new IllegalArgumentException("not JSON", broken);
        }
    }

    private void collect(String path, String place, JsonNode node) {
        Map<String, Integer> counted = new HashMap<>();
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                String key = entry.getKey();
                JsonNode value = entry.getValue();
                String at = place + step(value, counted);
                boolean ours = path.equals("/answers") && object.has("question") && ENVELOPE.contains(key);
                if (!ours) {
                    collect(
                            path + "/" + key.replace("/", "~1"),
                            at,
                            value,
                            changed -> change(object, key, value, changed));
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                JsonNode value = array.get(i);
                collect(path, place + step(value, counted), value, changed -> change(array, index, value, changed));
            }
        }
    }

    private void collect(String path, String place, JsonNode value, Change change) {
        if (value.isNull()) {
            // It says that there is no value.
            return;
        }
        if (value.isValueNode()) {
            leaves.add(new Leaf(path, place, value.asText(), change));
        } else {
            collect(path, place, value);
        }
    }

    /** A value's step in the XML form of JSON. */
    private static String step(JsonNode value, Map<String, Integer> counted) {
        String form = switch (value.getNodeType()) {
            case OBJECT -> "map";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            default -> "number";
        };
        return "/Q{" + SourcePlaces.JSON_FORM + "}" + form + "[" + counted.merge(form, 1, Integer::sum) + "]";
    }

    private static Runnable change(ObjectNode object, String key, JsonNode before, @Nullable String value) {
        if (value == null) {
            object.remove(key);
        } else {
            object.set(key, like(before, value));
        }
        return () -> object.set(key, before);
    }

    private static Runnable change(ArrayNode array, int index, JsonNode before, @Nullable String value) {
        if (value == null) {
            array.remove(index);
            return () -> array.insert(index, before);
        }
        array.set(index, like(before, value));
        return () -> array.set(index, before);
    }

    /** A value of the same type, if it can be. */
    private static JsonNode like(JsonNode before, String value) {
        if (before.isBoolean()) {
            return JSON.getNodeFactory().booleanNode(!before.asBoolean());
        }
        if (before.isNumber() && value.matches("-?\\d{1,15}(\\.\\d{1,9})?")) {
            return JSON.getNodeFactory().numberNode(new BigDecimal(value));
        }
        return JSON.getNodeFactory().textNode(value);
    }
}
