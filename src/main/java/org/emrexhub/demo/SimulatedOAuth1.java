package org.emrexhub.demo;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The server's side of OAuth 1.0a for simulators (RFC 5849, 3.2), written apart from the hub's own signing so that the two
 * check each other. The secret of a simulated token is the token with {@code -secret} behind it.
 */
@Component("simulatedOAuth1")
@Profile("demo")
class SimulatedOAuth1 {

    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** Sets the variable {@code signedBy} to the token of a soundly signed request, empty for any other. */
    public void verify(Exchange exchange) {
        HttpServletRequest request =
                exchange.getMessage().getHeader(Exchange.HTTP_SERVLET_REQUEST, HttpServletRequest.class);
        String header = request == null ? null : request.getHeader("Authorization");
        Map<String, String> oauth = new TreeMap<>();
        if (header != null && header.startsWith("OAuth ")) {
            Matcher matcher = PARAMETER.matcher(header);
            while (matcher.find()) {
                oauth.put(matcher.group(1), decoded(matcher.group(2)));
            }
        }
        String signature = oauth.remove("oauth_signature");
        boolean sound = signature != null
                && request != null
                && exchange.getVariable("consumerKey", "", String.class).equals(oauth.get("oauth_consumer_key"))
                && same(signature, signature(request, oauth, exchange.getVariable("consumerSecret", "", String.class)));
        exchange.setVariable("signedBy", sound ? oauth.getOrDefault("oauth_token", "") : "");
        exchange.removeVariable("consumerSecret");
    }

    private static String signature(HttpServletRequest request, Map<String, String> oauth, String consumerSecret) {
        List<String> pairs = new ArrayList<>();
        oauth.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
        request.getParameterMap().forEach((name, values) -> {
            for (String value : values) {
                pairs.add(encoded(name) + "=" + encoded(value));
            }
        });
        pairs.sort(null);
        String base = request.getMethod() + "&"
                + encoded(request.getRequestURL().toString()) + "&" + encoded(String.join("&", pairs));
        String key = encoded(consumerSecret) + "&" + encoded(oauth.getOrDefault("oauth_token", "") + "-secret");
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(base.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 3986, 2.3: everything but the unreserved characters, byte by byte. */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(String.format("%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
