package org.emrexhub.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Stylesheets;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Applies a stylesheet of the home to the body of a route, for instance to build a register's request or to read what a
 * target says of each item.
 */
@Component("transform")
class Transform {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stylesheets stylesheets;
    private final Catalog catalog;

    Transform(Stylesheets stylesheets, Catalog catalog) {
        this.stylesheets = stylesheets;
        this.catalog = catalog;
    }

    /**
     * Applies a stylesheet; the body becomes its output. Every variable of the exchange that is a text or a number is a
     * parameter of its name, and so is {@code items}, as a JSON array; an empty body is an empty document.
     *
     * @param stylesheet path below the home
     * @throws HubFailure the stylesheet's own code, or that the body is not XML
     */
    public void apply(String stylesheet, Exchange exchange) {
        write(exchange, stylesheets::transform, stylesheet);
    }

    /**
     * The same for a body in JSON: the stylesheet gets it in the XML form of XPath 3.1, as a mapping does.
     *
     * @param stylesheet path below the home
     * @throws HubFailure the stylesheet's own code, or that the body is not JSON
     */
    public void applyToJson(String stylesheet, Exchange exchange) {
        write(exchange, this::ofJson, stylesheet);
    }

    /**
     * Sets a variable to the text that a stylesheet makes out of the other variables, for instance an address; the body
     * stays.
     *
     * @param variable its name
     * @param stylesheet path below the home
     * @throws HubFailure the stylesheet's own code
     */
    public void set(String variable, String stylesheet, Exchange exchange) {
        byte[] text = stylesheets.transform(catalog.home().resolve(stylesheet), null, parameters(exchange));
        exchange.setVariable(variable, new String(text, StandardCharsets.UTF_8).strip());
    }

    private byte[] ofJson(Path stylesheet, byte @Nullable [] json, Map<String, String> parameters) {
        return stylesheets.transformJson(stylesheet, json == null ? new byte[0] : json, parameters);
    }

    private interface Run {
        byte[] transform(Path stylesheet, byte @Nullable [] input, Map<String, String> parameters);
    }

    private void write(Exchange exchange, Run run, String stylesheet) {
        Path file = catalog.home().resolve(stylesheet);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        try {
            exchange.getMessage().setBody(run.transform(file, body, parameters(exchange)));
        } catch (HubFailure failure) {
            boolean target = "sis".equals(exchange.getVariable("party", String.class));
            // A register that can't be read can be asked again; a target may have done what it was asked for.
            throw target && failure.code() == FailureCode.ANSWER_UNREADABLE
                    ? new HubFailure(FailureCode.SIS_ANSWER_UNREADABLE, failure.detail(), failure)
                    : failure;
        }
    }

    private static Map<String, String> parameters(Exchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        exchange.getVariables().forEach((name, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                parameters.put(name, value.toString());
            }
        });
        List<?> items = exchange.getVariable("items", List.class);
        if (items != null) {
            parameters.put("items", JSON.valueToTree(items).toString());
        }
        return parameters;
    }
}
