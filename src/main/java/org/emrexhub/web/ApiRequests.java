package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.Problem.Fault;
import org.emrexhub.failure.ProblemCode;
import org.springframework.stereotype.Component;

/** Reads a request and compares it with the contract: the first step of every route of the API. */
@Component
public class ApiRequests {

    private static final String SERVLET_REQUEST = ApiRequests.class.getName() + ".servletRequest";

    /** A request with all that is wrong about it. */
    record Read(ApiRequest request, List<Fault> faults) {}

    /** Leaves the request as the body and its caller as the variable {@code caller}, or throws a {@link Problem}. */
    public void read(Exchange exchange) {
        ApiCall call = call(exchange);
        Read read = read(call);
        if (!read.faults().isEmpty()) {
            throw invalid(read.faults());
        }
        exchange.setVariable("caller", call.caller());
        exchange.getMessage().setBody(read.request());
    }

    /** The call that the edge took down for this exchange. */
    static ApiCall call(Exchange exchange) {
        return ApiCall.at(servletRequest(exchange));
    }

    /** The servlet request behind this exchange; kept as a property, since routes may drop headers. */
    static HttpServletRequest servletRequest(Exchange exchange) {
        HttpServletRequest kept = exchange.getProperty(SERVLET_REQUEST, HttpServletRequest.class);
        if (kept != null) {
            return kept;
        }
        HttpServletRequest request =
                exchange.getMessage().getHeader(Exchange.HTTP_SERVLET_REQUEST, HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("a route of the API was called without HTTP");
        }
        exchange.setProperty(SERVLET_REQUEST, request);
        return request;
    }

    /** Reads a call; only what can't be read at all, or is not there, is a problem at once. */
    static Read read(ApiCall call) {
        Operation operation = call.operation();
        for (Map.Entry<String, SchemaCheck> variable : operation.path().entrySet()) {
            String value = call.variables().getOrDefault(variable.getKey(), "");
            if (!variable.getValue().faults(TextNode.valueOf(value)).isEmpty()) {
                throw new Problem(
                        ProblemCode.NOT_FOUND,
                        "The address names nothing that could exist: its id is not of the right form. Take the id from"
                                + " the answer that created it, or from a list.");
            }
        }
        List<Fault> faults = new ArrayList<>();
        outside(operation.header(), call.headers(), "header:", faults);
        ObjectNode query = typed(operation.query(), call.query());
        outside(operation.query(), query, "query:", faults);
        JsonNode body = JsonNodeFactory.instance.objectNode();
        if (operation.body().isPresent()) {
            SchemaCheck schema = operation.body().get();
            if (call.body().length > 0 || operation.bodyRequired()) {
                body = StrictJson.read(call.body());
                faults.addAll(schema.faults(body));
            }
        }
        meanings(query, "query:", faults);
        meanings(body.path("filter"), "/filter/", faults);
        return new Read(new ApiRequest(call.caller(), call.variables(), query, body), List.copyOf(faults));
    }

    /** The problem that lists every faulty place. */
    static Problem invalid(List<Fault> faults) {
        String places =
                faults.size() == 1 ? "One place of the request is" : faults.size() + " places of the request are";
        return new Problem(
                ProblemCode.REQUEST_INVALID,
                places + " not as the contract at /v3/api-docs describes. Correct what errors points to and send the"
                        + " request again.",
                faults);
    }

    /** Whether a text is a date that exists. */
    static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException notADate) {
            return false;
        }
    }

    /** Whether a text is an instant that exists. */
    static boolean isInstant(String text) {
        try {
            return ApiRequest.instant(text) != null;
        } catch (DateTimeException notAnInstant) {
            return false;
        }
    }

    private static void outside(SchemaCheck schema, ObjectNode values, String prefix, List<Fault> faults) {
        for (Fault fault : schema.faults(values)) {
            if (fault.code().equals("property_unknown") || fault.pointer().isEmpty()) {
                faults.add(new Fault(prefix, "parameter_unknown"));
            } else {
                String name = fault.pointer().substring(1);
                boolean repeated = values.path(name).isArray();
                faults.add(new Fault(prefix + name, repeated ? "repeated" : fault.code()));
            }
        }
    }

    /** What a schema can't say about a filter: a date that exists, a failure code that exists. */
    private static void meanings(JsonNode filter, String prefix, List<Fault> faults) {
        for (String name : List.of("from", "to")) {
            String text = ApiRequest.text(filter, name);
            if (text != null && !isInstant(text)) {
                addOnce(faults, new Fault(prefix + name, "format_invalid"));
            }
        }
        String code = ApiRequest.text(filter, "failureCode");
        if (code != null && FailureCode.byWireName(code).isEmpty()) {
            addOnce(faults, new Fault(prefix + "failureCode", "value_unknown"));
        }
    }

    private static void addOnce(List<Fault> faults, Fault fault) {
        if (faults.stream().noneMatch(known -> known.pointer().equals(fault.pointer()))) {
            faults.add(fault);
        }
    }

    /** The query with numbers where the schema wants them, and its defaults. */
    private static ObjectNode typed(SchemaCheck schema, ObjectNode query) {
        ObjectNode typed = query.deepCopy();
        for (String name : schema.properties()) {
            String value = ApiRequest.text(query, name);
            if (value == null) {
                if (!query.has(name)) {
                    schema.defaultOf(name).ifPresent(whole -> typed.set(name, whole));
                }
            } else if (schema.typeOf(name).equals("integer") && value.matches("-?[0-9]{1,9}")) {
                typed.put(name, Integer.parseInt(value));
            }
        }
        return typed;
    }
}
