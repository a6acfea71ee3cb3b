package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.transfer.Caller;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The OpenAPI document of the API: what may be called, by whom, with what. Routes, roles and the checks of requests all
 * follow from it, so that none of them can say something else.
 */
final class Contract {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** A call that the contract knows, with the values of the variables in its address. */
    record Call(Operation operation, Map<String, String> variables) {}

    private final JsonNode document;
    private final String base;
    private final List<Operation> operations;
    private final Set<String> words = new HashSet<>();

    private Contract(JsonNode document) {
        this.document = document;
        this.base = document.at("/servers/0/url").asText();
        this.operations = operations();
        for (Operation operation : operations) {
            words.addAll(Arrays.asList(operation.address().getPatternString().split("/")));
        }
        words.removeIf(word -> word.isEmpty() || word.startsWith("{"));
    }

    /** The contract in a file. */
    static Contract read(Path file) {
        try {
            return new Contract(YAML.readTree(Files.readAllBytes(file)));
        } catch (IOException | IllegalArgumentException broken) {
            throw new IllegalStateException(
                    "The API's contract " + file + " can't be read; restore it from the release.", broken);
        }
    }

    /** The whole document, as it is served. */
    JsonNode document() {
        return document;
    }

    /** The fixed steps of all addresses. */
    Set<String> words() {
        return words;
    }

    /** Every call, the more specific address first. */
    List<Operation> all() {
        return operations;
    }

    /** The call that a request asks for. */
    Optional<Call> find(HttpMethod method, PathContainer path) {
        for (Operation operation : operations) {
            PathPattern.PathMatchInfo match =
                    operation.method().equals(method) ? operation.address().matchAndExtract(path) : null;
            if (match != null) {
                return Optional.of(new Call(operation, match.getUriVariables()));
            }
        }
        return Optional.empty();
    }

    /** A schema of the document by its place, without references. */
    JsonNode schema(String pointer) {
        return resolved(document.at(pointer));
    }

    private List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                found.add(operation(path.getKey(), operation.getKey(), resolved(operation.getValue())));
            }
        }
        found.sort(Comparator.comparing(Operation::address, PathPattern.SPECIFICITY_COMPARATOR));
        return List.copyOf(found);
    }

    private Operation operation(String path, String method, JsonNode operation) {
        Set<Caller.Role> roles = EnumSet.noneOf(Caller.Role.class);
        operation
                .path("x-roles")
                .forEach(role -> roles.add(Caller.Role.valueOf(role.asText().toUpperCase(Locale.ROOT))));
        Map<String, SchemaCheck> variables = new LinkedHashMap<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("path")) {
                variables.put(parameter.path("name").asText(), new SchemaCheck(parameter.path("schema")));
            }
        }
        JsonNode body = operation.at("/requestBody/content/application~1json/schema");
        return new Operation(
                operation.path("operationId").asText(),
                HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                PathPatternParser.defaultInstance.parse(base + path),
                roles,
                variables,
                parameters(operation, "query"),
                parameters(operation, "header"),
                body.isMissingNode() ? Optional.empty() : Optional.of(new SchemaCheck(body)),
                operation.at("/requestBody/required").asBoolean(),
                produces(operation));
    }

    private static SchemaCheck parameters(JsonNode operation, String in) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        List<JsonNode> required = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals(in)) {
                properties.set(parameter.path("name").asText(), parameter.path("schema"));
                if (parameter.path("required").asBoolean()) {
                    required.add(parameter.path("name"));
                }
            }
        }
        if (!required.isEmpty()) {
            schema.putArray("required").addAll(required);
        }
        return new SchemaCheck(schema);
    }

    private static List<MediaType> produces(JsonNode operation) {
        Set<MediaType> types = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
            if (answer.getKey().startsWith("2")) {
                answer.getValue()
                        .path("content")
                        .fieldNames()
                        .forEachRemaining(type -> types.add(MediaType.valueOf(type)));
            }
        }
        return List.copyOf(types);
    }

    /** A copy with every {@code $ref} replaced by what it points to; the document has no circles. */
    private JsonNode resolved(JsonNode node) {
        if (node.isObject() && node.has("$ref")) {
            JsonNode target = document.at(node.get("$ref").asText().substring(1));
            if (target.isMissingNode()) {
                throw new IllegalArgumentException(
                        "nothing at " + node.get("$ref").asText());
            }
            return resolved(target);
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(property -> copy.set(property.getKey(), resolved(property.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> copy.add(resolved(item)));
            return copy;
        }
        return node;
    }
}
