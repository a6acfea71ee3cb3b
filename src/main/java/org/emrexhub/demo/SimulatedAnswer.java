package org.emrexhub.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.emrexhub.elmo.XmlFactories;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The HTTP around a simulator whose answers a stylesheet writes: lays the request out for the stylesheet, and makes of the
 * {@code <answer status="…" type="…">} that it wrote what the caller gets. A {@code <received id="…">} in it is what the
 * system has now: the simulator is told of it the next time, and {@code GET /demo/sis/…/received} shows it.
 */
@Component("simulatedAnswer")
@Profile("demo")
class SimulatedAnswer {

    private static final String REQUEST = "request";
    private static final Pattern SIMULATOR = Pattern.compile("/simulators/([^/]+)");

    private final Simulators simulators;
    private final ObjectMapper json = new ObjectMapper();

    SimulatedAnswer(Simulators simulators) {
        this.simulators = simulators;
    }

    /**
     * Sets the variables requestMethod, requestPath, requestQuery, requestAuthorization, requestHeaders (a line for each,
     * {@code name: value}, the name in small letters), requestBody, and received (what the system has, as a JSON object of
     * id and text); empties the body.
     */
    public void read(Exchange exchange) {
        Message message = exchange.getMessage();
        exchange.setVariable(REQUEST + "Body", body(message));
        exchange.setVariable(REQUEST + "Method", header(message, Exchange.HTTP_METHOD));
        exchange.setVariable(REQUEST + "Path", header(message, Exchange.HTTP_PATH));
        exchange.setVariable(REQUEST + "Query", header(message, Exchange.HTTP_QUERY));
        exchange.setVariable(REQUEST + "Authorization", header(message, "Authorization"));
        exchange.setVariable(REQUEST + "Headers", headers(message));
        exchange.setVariable("received", received(simulator(exchange)));
        message.removeHeaders("*");
        message.setBody(null);
    }

    /** Answers what the stylesheet wrote. */
    public void write(Exchange exchange) {
        Message message = exchange.getMessage();
        Element answer = answer(message.getBody(byte[].class));
        NodeList received = answer.getElementsByTagName("received");
        while (received.getLength() > 0) {
            Element one = (Element) received.item(0);
            simulators.record(simulator(exchange), one.getAttribute("id"), one.getTextContent());
            one.getParentNode().removeChild(one);
        }
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, Integer.valueOf(answer.getAttribute("status")));
        message.setHeader(Exchange.CONTENT_TYPE, answer.getAttribute("type"));
        message.setBody(answer.getTextContent().getBytes(StandardCharsets.UTF_8));
        List.of("Method", "Path", "Query", "Authorization", "Headers", "Body")
                .forEach(name -> exchange.removeVariable(REQUEST + name));
        exchange.removeVariable("received");
    }

    private static String simulator(Exchange exchange) {
        Matcher path = SIMULATOR.matcher(exchange.getVariable(REQUEST + "Path", String.class));
        return path.find() ? path.group(1) : "";
    }

    private String received(String simulator) {
        Map<String, String> all = new LinkedHashMap<>();
        simulators.recorded(simulator).forEach(one -> all.put(one.id(), String.valueOf(one.body())));
        try {
            return json.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can't be written as JSON", e);
        }
    }

    private static Element answer(byte[] written) {
        try {
            return XmlFactories.documentBuilder()
                    .parse(new ByteArrayInputStream(written))
                    .getDocumentElement();
        } catch (SAXException | IOException e) {
            throw new IllegalStateException("The simulator's stylesheet wrote no answer", e);
        }
    }

    /** The component takes a form apart; a stylesheet wants it as it was sent. */
    private static String body(Message message) {
        if (message.getBody() instanceof Map<?, ?> form) {
            return encoded(form);
        }
        byte[] body = message.getBody(byte[].class);
        if (body != null && body.length > 0) {
            return new String(body, StandardCharsets.UTF_8);
        }
        HttpServletRequest request = message.getHeader(Exchange.HTTP_SERVLET_REQUEST, HttpServletRequest.class);
        return request == null ? "" : encoded(request.getParameterMap());
    }

    private static String encoded(Map<?, ?> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "="
                        + encoded(field.getValue() instanceof Object[] values ? values[0] : field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(Object text) {
        return URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8);
    }

    private static String headers(Message message) {
        HttpServletRequest request = message.getHeader(Exchange.HTTP_SERVLET_REQUEST, HttpServletRequest.class);
        return request == null
                ? ""
                : Collections.list(request.getHeaderNames()).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT) + ": " + request.getHeader(name) + "\n")
                        .collect(Collectors.joining());
    }

    private static String header(Message message, String name) {
        String value = message.getHeader(name, String.class);
        return value == null ? "" : value;
    }
}
