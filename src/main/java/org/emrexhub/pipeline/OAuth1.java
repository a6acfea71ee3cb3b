package org.emrexhub.pipeline;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Signatures of OAuth 1.0a by HMAC-SHA1 (RFC 5849, 3.4.2), over the request as it is sent: method, address, every
 * parameter of its query, and those of a form in its body.
 */
@Component("oauth1")
class OAuth1 {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int NONCE_BYTES = 16;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    OAuth1(Clock clock) {
        this.clock = clock;
    }

    /** A parameter, decoded. */
    private record Parameter(String name, String value) {}

    /**
     * Who asks, and on whose behalf.
     *
     * @param token the access token of who gave access; none in a request of the consumer alone
     */
    record Credentials(
            String consumerKey,
            String consumerSecret,
            @Nullable String token,
            @Nullable String tokenSecret) {}

    /** Sets the variable {@code authorization} out of {@code method}, {@code url} and the credentials' variables. */
    public void sign(Exchange exchange) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        boolean form = FORM.equals(variable(exchange, "contentType"));
        exchange.setVariable(
                "authorization",
                authorization(
                        required(exchange, "method"),
                        URI.create(required(exchange, "url")),
                        form ? exchange.getMessage().getBody(String.class) : "",
                        new Credentials(
                                required(exchange, "consumerKey"),
                                required(exchange, "consumerSecret"),
                                variable(exchange, "token"),
                                variable(exchange, "tokenSecret")),
                        Long.toString(clock.instant().getEpochSecond()),
                        HexFormat.of().formatHex(nonce)));
    }

    /** The value of the Authorization header (RFC 5849, 3.5.1). */
    static String authorization(
            String method, URI url, String form, Credentials credentials, String timestamp, String nonce) {
        List<Parameter> own = new ArrayList<>();
        own.add(new Parameter("oauth_consumer_key", credentials.consumerKey()));
        own.add(new Parameter("oauth_nonce", nonce));
        own.add(new Parameter("oauth_signature_method", "HMAC-SHA1"));
        own.add(new Parameter("oauth_timestamp", timestamp));
        String token = credentials.token();
        if (token != null && !token.isEmpty()) {
            own.add(new Parameter("oauth_token", token));
        }
        own.add(new Parameter("oauth_version", "1.0"));
        String base = Stream.of(method.toUpperCase(Locale.ROOT), address(url), parameters(url, form, own))
                .map(OAuth1::encoded)
                .collect(Collectors.joining("&"));
        String secret = credentials.tokenSecret();
        String key = encoded(credentials.consumerSecret()) + "&" + encoded(secret == null ? "" : secret);
        own.add(new Parameter("oauth_signature", hmac(key, base)));
        return own.stream()
                .map(each -> each.name() + "=\"" + encoded(each.value()) + "\"")
                .collect(Collectors.joining(", ", "OAuth ", ""));
    }

    /** RFC 5849, 3.4.1.2: without query, and without the port that the scheme has anyway. */
    private static String address(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        boolean usual = url.getPort() < 0 || url.getPort() == (scheme.equals("https") ? 443 : 80);
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + url.getPort()) + path;
    }

    /** RFC 5849, 3.4.1.3.2: encoded, ordered by name and then by value, equal ones kept. */
    private static String parameters(URI url, String form, List<Parameter> own) {
        String query = url.getRawQuery();
        return Stream.of(own.stream(), decoded(query == null ? "" : query), decoded(form))
                .flatMap(each -> each)
                .map(each -> new Parameter(encoded(each.name()), encoded(each.value())))
                .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
                .map(each -> each.name() + "=" + each.value())
                .collect(Collectors.joining("&"));
    }

    private static Stream<Parameter> decoded(String form) {
        return Stream.of(form.split("&")).filter(pair -> !pair.isEmpty()).map(pair -> {
            int end = pair.indexOf('=');
            return end < 0
                    ? new Parameter(URLDecoder.decode(pair, StandardCharsets.UTF_8), "")
                    : new Parameter(
                            URLDecoder.decode(pair.substring(0, end), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(end + 1), StandardCharsets.UTF_8));
        });
    }

    /** RFC 5849, 3.6: stricter than what a form has. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }

    private static @Nullable String variable(Exchange exchange, String name) {
        return exchange.getVariable(name, String.class);
    }

    private static String required(Exchange exchange, String name) {
        String value = variable(exchange, name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("A signed request needs the variable '" + name + "'");
        }
        return value;
    }
}
