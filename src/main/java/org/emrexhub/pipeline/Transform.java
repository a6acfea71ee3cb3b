package org.emrexhub.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.mapping.Stylesheets;
import org.springframework.stereotype.Component;

/** Applies a stylesheet of the home to the body of a route, for instance to build a register's request. */
@Component("transform")
class Transform {

    private final Stylesheets stylesheets;
    private final Catalog catalog;

    Transform(Stylesheets stylesheets, Catalog catalog) {
        this.stylesheets = stylesheets;
        this.catalog = catalog;
    }

    /**
     * Applies a stylesheet; the body becomes its output. Every text variable of the exchange is a parameter of its name;
     * an empty body is an empty document.
     *
     * @param stylesheet path below the home
     */
    public void apply(String stylesheet, Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        byte[] input = body == null || body.length == 0 ? null : body;
        exchange.getMessage()
                .setBody(stylesheets.transform(catalog.home().resolve(stylesheet), input, parameters(exchange)));
    }

    /**
     * The same for a body in JSON: the stylesheet gets it in the XML form of XPath 3.1, as a mapping does.
     *
     * @param stylesheet path below the home
     */
    public void applyToJson(String stylesheet, Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        byte[] input = body == null ? new byte[0] : body;
        exchange.getMessage()
                .setBody(stylesheets.transformJson(catalog.home().resolve(stylesheet), input, parameters(exchange)));
    }

    private static Map<String, String> parameters(Exchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        exchange.getVariables().forEach((name, value) -> {
            if (value instanceof String text) {
                parameters.put(name, text);
            }
        });
        return parameters;
    }
}
