package org.emrexhub.demo;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.emrexhub.elmo.XmlFactories;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * The HTTP around a simulator whose answers a stylesheet writes: lays the request out for the stylesheet, and makes of the
 * {@code <answer status="…" type="…">} that it wrote what the caller gets.
 */
@Component("simulatedAnswer")
@Profile("demo")
class SimulatedAnswer {

    private static final String REQUEST = "request";

    /**
     * Sets the variables requestMethod, requestPath, requestQuery, requestAuthorization, requestHeaders (a line for each,
     * {@code name: value}, the name in small letters) and requestBody; empties the body.
     */
    public void read(Exchange exchange) {
        Message message = exchange.getMessage();
        exchange.setVariable(REQUEST + "Body", body(message));
        exchange.setVariable(REQUEST + "Method", header(message, Exchange.HTTP_METHOD));
        exchange.setVariable(REQUEST + "Path", header(message, Exchange.HTTP_PATH));
        exchange.setVariable(REQUEST + "Query", header(message, Exchange.HTTP_QUERY));
        exchange.setVariable(REQUEST + "Authorization", header(message, "Authorization"));
        exchange.setVariable(REQUEST + "Headers", headers(message));
        message.removeHeaders("*");
        message.setBody(null);
    }

    /** Answers what the stylesheet wrote. */
    public void write(Exchange exchange) {
        Message message = exchange.getMessage();
        Element answer = answer(message.getBody(byte[].class));
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, Integer.valueOf(answer.getAttribute("status")));
        message.setHeader(Exchange.CONTENT_TYPE, answer.getAttribute("type"));
        message.setBody(answer.getTextContent().getBytes(StandardCharsets.UTF_8));
        List.of("Method", "Path", "Query", "Authorization", "Headers", "Body")
                .forEach(name -> exchange.removeVariable(REQUEST + name));
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
