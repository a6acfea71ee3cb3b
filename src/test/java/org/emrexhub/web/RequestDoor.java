package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.transfer.Caller;

/** What stands behind the API's edge, without HTTP: reads a request and holds it against the contract. */
public final class RequestDoor {

    private final Contract contract;
    private final TransferRequests transfers;

    public RequestDoor(Path home, Catalog catalog, Clock clock) {
        this.contract = Contract.read(home.resolve("routes/api/openapi.yaml"));
        this.transfers = new TransferRequests(catalog, clock);
    }

    /** Sound bodies of every operation that takes one, by its id. */
    public Map<String, List<byte[]>> samples() {
        Map<String, List<byte[]>> samples = new LinkedHashMap<>();
        for (JsonNode path : contract.document().path("paths")) {
            for (JsonNode operation : path) {
                JsonNode content = operation.at("/requestBody/content/application~1json");
                List<byte[]> found = new ArrayList<>();
                if (content.has("example")) {
                    found.add(bytes(content.get("example")));
                }
                content.path("examples").forEach(example -> found.add(bytes(example.path("value"))));
                if (!content.isMissingNode()) {
                    found.add(bytes(JsonNodeFactory.instance.objectNode()));
                }
                samples.put(operation.path("operationId").asText(), found);
            }
        }
        return samples;
    }

    /**
     * Reads a request as its route does.
     *
     * @param text gives texts for everything that stands outside the body
     */
    public void read(String operationId, byte[] body, Supplier<String> text) {
        Operation operation = contract.all().stream()
                .filter(known -> known.id().equals(operationId))
                .findFirst()
                .orElseThrow();
        Map<String, String> variables = new HashMap<>();
        operation.path().keySet().forEach(name -> variables.put(name, text.get()));
        ApiCall call = new ApiCall(
                operation,
                new Caller("client", "demo.example", EnumSet.allOf(Caller.Role.class)),
                variables,
                values(operation.query(), text),
                values(operation.header(), text),
                body);
        if (operationId.equals("createTransfer")) {
            transfers.read(call);
            return;
        }
        ApiRequests.Read read = ApiRequests.read(call);
        if (!read.faults().isEmpty()) {
            throw ApiRequests.invalid(read.faults());
        }
        ApiRequest request = read.request();
        request.filter();
        request.bodyFilter();
        request.stage("from");
    }

    private static ObjectNode values(SchemaCheck schema, Supplier<String> text) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        for (String name : schema.properties()) {
            String value = text.get();
            if (value.length() % 3 == 0) {
                values.put(name, value);
            } else if (value.length() % 17 == 0) {
                ArrayNode twice = values.putArray(name);
                twice.add(value).add(text.get());
            } else if (name.equals("Idempotency-Key")) {
                values.put(name, "key-1");
            }
        }
        return values;
    }

    private static byte[] bytes(JsonNode value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
