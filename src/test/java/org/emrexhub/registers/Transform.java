package org.emrexhub.registers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.emrexhub.mapping.Stylesheets;

/** Stands for the hub's bean {@code transform}: a stylesheet, with the string variables as its parameters. */
public class Transform {

    private final Path home = Path.of("").toAbsolutePath();
    private final Stylesheets stylesheets = new Stylesheets(home);

    public void apply(String stylesheet, Exchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        exchange.getVariables().forEach((name, value) -> {
            if (value instanceof String text) {
                parameters.put(name, text);
            }
        });
        byte[] body = exchange.getMessage().getBody(byte[].class);
        exchange.getMessage().setBody(stylesheets.transform(home.resolve(stylesheet), body, parameters));
    }
}
