package org.emrexhub.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.emrexhub.repository.Route.Endpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Every parameter of an endpoint is one that its component has, in the version on the class path. Camel's YAML schema
 * takes any, and a component that is lenient makes a misspelt one a part of the address.
 */
class CatalogueParametersTests {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private final RuntimeCamelCatalog catalogue =
            CAMEL.getCamelContextExtension().getContextPlugin(RuntimeCamelCatalog.class);

    @AfterAll
    static void stopCamel() {
        CAMEL.stop();
    }

    @Test
    void namesOnlyWhatTheComponentHas() {
        List<String> faults = new ArrayList<>();
        int seen = 0;
        for (Route route : Route.routes()) {
            for (Endpoint endpoint : route.endpoints()) {
                seen++;
                faults(endpoint).forEach(fault -> faults.add(route.file() + ": " + endpoint.uri() + ": " + fault));
            }
        }

        assertThat(faults).isEmpty();
        assertThat(seen).isPositive();
    }

    private List<String> faults(Endpoint endpoint) {
        String json = catalogue.componentJSonSchema(endpoint.uri());
        if (json == null) {
            return List.of("no component of this name is on the class path");
        }
        Map<String, String> parameters = new HashMap<>();
        endpoint.parameters()
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().asText()));
        Set<Map.Entry<String, JsonNode>> options = options(json);

        List<String> faults = new ArrayList<>();
        boolean consumer = endpoint.kind().equals("from") || endpoint.kind().equals("pollEnrich");
        for (String name : new TreeSet<>(parameters.keySet())) {
            List<String> labels = options.stream()
                    .filter(option -> has(option, name))
                    .map(option -> option.getValue().path("label").asText())
                    .toList();
            if (labels.isEmpty()) {
                faults.add("has no parameter '" + name + "'");
            } else if (labels.get(0).startsWith(consumer ? "producer" : "consumer")) {
                faults.add("'" + name + "' has no effect here, it is for a " + labels.get(0));
            }
        }
        options.stream()
                .filter(option -> option.getValue().path("required").asBoolean())
                .map(Map.Entry::getKey)
                .filter(name -> !parameters.containsKey(name))
                .forEach(name -> faults.add("lacks '" + name + "'"));
        EndpointValidationResult values = catalogue.validateProperties(endpoint.uri(), parameters);
        if (!values.isSuccess() && faults.isEmpty()) {
            faults.add(values.summaryErrorMessage(false));
        }
        return faults;
    }

    private static Set<Map.Entry<String, JsonNode>> options(String json) {
        try {
            return new ObjectMapper().readTree(json).path("properties").properties();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Some options stand for all parameters that begin so, such as {@code template.} of the SQL component. */
    private static boolean has(Map.Entry<String, JsonNode> option, String name) {
        String prefix = option.getValue().path("prefix").asText();
        return option.getKey().equals(name) || (!prefix.isEmpty() && name.startsWith(prefix));
    }
}
