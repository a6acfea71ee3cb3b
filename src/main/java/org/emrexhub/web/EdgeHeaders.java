package org.emrexhub.web;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Which headers cross the HTTP edge. Out go a few by name: Camel would otherwise send the request's own headers back,
 * credentials and all. In comes nothing that could pose as one of the hub's or Camel's.
 */
final class EdgeHeaders implements HeaderFilterStrategy {

    private static final Set<String> OUT =
            Set.of("content-type", "content-disposition", "location", "retry-after", "allow", "www-authenticate");

    private final HttpHeaderFilterStrategy http = new HttpHeaderFilterStrategy();

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !OUT.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return name.toLowerCase(Locale.ROOT).startsWith("hub")
                || http.applyFilterToExternalHeaders(name, value, exchange);
    }
}
