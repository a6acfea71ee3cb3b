package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.emrexhub.failure.Problem.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Compares a value with a schema of the contract and names every place that differs, never what stands there. A
 * property that the schema does not know is named by the object it stands in: its name is the client's text.
 */
final class SchemaCheck {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V4,
            factory -> factory.metaSchema(OpenApi30.getInstance())
                    .defaultMetaSchemaIri(OpenApi30.getInstance().getIri()));

    private static final Map<String, String> CODES = Map.ofEntries(
            Map.entry("required", "required"),
            Map.entry("additionalProperties", "property_unknown"),
            Map.entry("type", "type_wrong"),
            Map.entry("enum", "value_unknown"),
            Map.entry("pattern", "pattern_mismatch"),
            Map.entry("minLength", "too_short"),
            Map.entry("maxLength", "too_long"),
            Map.entry("format", "format_invalid"),
            Map.entry("minItems", "too_few"),
            Map.entry("maxItems", "too_many"),
            Map.entry("maxProperties", "too_many"),
            Map.entry("uniqueItems", "duplicate"),
            Map.entry("minimum", "too_small"),
            Map.entry("maximum", "too_large"));

    private final JsonNode schema;
    private final JsonSchema validator;

    /**
     * A check against one schema.
     *
     * @param schema without references
     */
    SchemaCheck(JsonNode schema) {
        this.schema = schema;
        this.validator = SCHEMAS.getSchema(
                schema,
                SchemaValidatorsConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .formatAssertionsEnabled(true)
                        .build());
    }

    /** Every place that is not as the schema says, one fault each. */
    List<Fault> faults(JsonNode value) {
        Map<String, Fault> faults = new LinkedHashMap<>();
        for (ValidationMessage message : validator.validate(value)) {
            Fault fault = fault(message);
            faults.merge(
                    fault.pointer(), fault, (first, second) -> second.code().equals("type_wrong") ? second : first);
        }
        for (Fault fault : characters(value, "", schema)) {
            faults.putIfAbsent(fault.pointer(), fault);
        }
        return List.copyOf(faults.values());
    }

    /** The names that the schema knows. */
    Collection<String> properties() {
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The schema's default for a property, if it has one. */
    Optional<JsonNode> defaultOf(String property) {
        return Optional.ofNullable(schema.path("properties").path(property).get("default"));
    }

    /** The schema's type of a property. */
    String typeOf(String property) {
        return schema.path("properties").path(property).path("type").asText("string");
    }

    private Fault fault(ValidationMessage message) {
        String keyword = message.getType();
        String pointer = pointer(message.getInstanceLocation());
        if (keyword.equals("required")) {
            pointer = pointer + "/" + escape(String.valueOf(message.getProperty()));
        }
        return new Fault(pointer, CODES.getOrDefault(keyword, "type_wrong"));
    }

    /** The pointer as far as the schema itself names the steps. */
    private String pointer(JsonNodePath place) {
        StringBuilder pointer = new StringBuilder();
        JsonNode here = schema;
        for (int step = 0; step < place.getNameCount(); step++) {
            String name = place.getName(step);
            JsonNode next = step(here, name);
            if (next == null) {
                break;
            }
            pointer.append('/').append(escape(name));
            here = next;
        }
        return pointer.toString();
    }

    private static @Nullable JsonNode step(JsonNode schema, String name) {
        if (schema.has("items")) {
            return schema.get("items");
        }
        return schema.path("properties").get(name);
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Control characters, and what XML 1.0 can't hold, would break the document or a log far from here. */
    private static List<Fault> characters(JsonNode value, String pointer, JsonNode schema) {
        List<Fault> faults = new ArrayList<>();
        if (value.isTextual() && refuses(value.asText())) {
            faults.add(new Fault(pointer, "character_refused"));
        } else if (value.isArray()) {
            for (int index = 0; index < value.size(); index++) {
                JsonNode items = step(schema, String.valueOf(index));
                faults.addAll(
                        items == null
                                ? characters(value.get(index), pointer, schema.path("none"))
                                : characters(value.get(index), pointer + "/" + index, items));
            }
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> property : value.properties()) {
                JsonNode known = step(schema, property.getKey());
                if (known != null) {
                    faults.addAll(characters(property.getValue(), pointer + "/" + escape(property.getKey()), known));
                } else if (refuses(property.getKey())) {
                    faults.add(new Fault(pointer, "character_refused"));
                } else {
                    faults.addAll(characters(property.getValue(), pointer, schema.path("none")));
                }
            }
        }
        return faults;
    }

    /** Whether a text has characters that no text of a client may have. */
    static boolean refuses(String text) {
        return text.codePoints()
                .anyMatch(c -> Character.isISOControl(c)
                        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                        || (c & 0xFFFE) == 0xFFFE);
    }
}
