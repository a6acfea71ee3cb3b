package org.emrexhub.catalog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Camel's own schema of its YAML routes, in the version in use. */
final class RouteSchema {

    private static final String SCHEMA = "/schema/camelYamlDsl.json";

    private static final Map<String, String> FORMS = Map.of(
            "string", "a string (in quotes)",
            "object", "an object",
            "array", "a list",
            "boolean", "a boolean",
            "number", "a number",
            "integer", "a whole number");

    private final JsonSchema schema;

    RouteSchema() {
        try (InputStream json = RouteSchema.class.getResourceAsStream(SCHEMA)) {
            if (json == null) {
                throw new IllegalStateException("camel-yaml-dsl holds no " + SCHEMA);
            }
            SchemaValidatorsConfig lines = SchemaValidatorsConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    // Resolving all references up front costs seconds; a route uses a few of them.
                    .preloadJsonSchema(false)
                    .build();
            // Camel marks what is deprecated by a keyword that draft 4 does not have.
            JsonMetaSchema draft4 = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                    .keyword(new NonValidationKeyword("deprecated"))
                    .build();
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4, factory -> factory.metaSchema(draft4))
                    .getSchema(new ObjectMapper().readTree(json), lines);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Adds what is not a route in Camel's eyes, one sentence for each place. */
    void check(YamlFile file, Faults faults) {
        Map<String, List<ValidationMessage>> byPlace = schema.validate(file.json()).stream()
                .collect(Collectors.groupingBy(
                        message -> message.getInstanceLocation().toString(), TreeMap::new, Collectors.toList()));
        byPlace.forEach((place, messages) -> {
            List<String> unknown = of("additionalProperties", messages);
            for (String key : unknown) {
                faults.add(
                        file.path(),
                        file.line(place + "/" + key),
                        "'" + key + "' is nothing that Camel knows in '" + name(place) + "'.");
            }
            // A choice of forms fails once per form: what matters is the deepest place, and an unknown key says it all.
            if (unknown.isEmpty() && byPlace.keySet().stream().noneMatch(other -> other.startsWith(place + "/"))) {
                faults.add(file.path(), file.line(place), sentence(place, messages));
            }
        });
    }

    private static String sentence(String place, List<ValidationMessage> messages) {
        String name = "'" + name(place) + "'";
        List<String> missing = of("required", messages);
        if (missing.size() == 1) {
            return name + " lacks '" + missing.get(0) + "'.";
        }
        if (missing.contains("simple")) {
            return name + " lacks its expression, such as simple, constant, variable or xpath.";
        }
        if (missing.size() > 1) {
            return name + " lacks one of " + String.join(", ", missing) + ".";
        }
        Set<String> types = messages.stream()
                .filter(message -> message.getType().equals("type"))
                .map(message ->
                        FORMS.getOrDefault(message.getArguments()[1].toString(), message.getArguments()[1].toString()))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!types.isEmpty()) {
            return name + " must be " + String.join(" or ", types) + ".";
        }
        List<String> texts = new ArrayList<>();
        messages.stream()
                .filter(message -> message.getType().equals("enum"))
                .forEach(message -> texts.add(message.getArguments()[0].toString()));
        return texts.isEmpty()
                ? name + " has not the form that Camel expects here."
                : name + " must be one of " + texts.get(0) + ".";
    }

    private static List<String> of(String type, List<ValidationMessage> messages) {
        return messages.stream()
                .filter(message -> message.getType().equals(type))
                .map(ValidationMessage::getProperty)
                .distinct()
                .toList();
    }

    private static String name(String place) {
        String name = place.substring(place.lastIndexOf('/') + 1);
        if (!name.chars().allMatch(Character::isDigit)) {
            return name;
        }
        String above = place.substring(0, Math.max(place.lastIndexOf('/'), 0));
        return above.isEmpty() ? "file" : name(above);
    }
}
