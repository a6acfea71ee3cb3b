package org.emrexhub.pipeline.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What stands before and after the HTTP call of {@code routes/shared/http-call}: turns the calling route's variables into
 * a request, and whatever came back into a body, or into a failure code by its meaning.
 */
@Component("httpCall")
class HttpCall {

    /** RFC 9110, 5.6.2: a token. */
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Makes the request's headers, and no others, out of the variables of the calling route. */
    public void prepare(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        exchange.removeVariable("httpStatus");
        message.setHeader(Exchange.HTTP_URI, address(exchange));
        message.setHeader(Exchange.HTTP_METHOD, required(exchange, "method"));
        message.setHeader(WholeExchange.BUDGET, required(exchange, "timeout"));
        setIfGiven(message, WholeExchange.CERTIFICATE, certificate(exchange));
        setIfGiven(message, Exchange.CONTENT_TYPE, variable(exchange, "contentType"));
        setIfGiven(message, "Accept", variable(exchange, "accept"));
        // SOAP 1.1, 6.1.1: required there, and its value stands in quotes even if it is empty.
        setIfGiven(message, "SOAPAction", variable(exchange, "soapAction"));
        String authorization = variable(exchange, "authorization");
        setIfGiven(message, "Authorization", authorization == null ? basicAuthorization(exchange) : authorization);
        furtherHeader(exchange, message);
        if (message.getBody() instanceof String text) {
            // The component would write text in the charset of the content type, which is Latin-1 if none is named.
            message.setBody(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Leaves the answer's bytes as body, or sets the variable {@code failure}; no header of the other side stays. */
    public void judge(Exchange exchange) {
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String lostBody = message.getHeader(WholeExchange.BODY, String.class);
        byte[] body = message.getBody(byte[].class);
        message.removeHeaders("*");
        exchange.removeProperty(Exchange.CHARSET_NAME);
        exchange.setVariable("httpStatus", status);
        boolean handled = status / 100 == 2 || handles(exchange, status);
        if (handled && lostBody == null) {
            message.setBody(body == null ? new byte[0] : body);
            return;
        }
        FailureCode code = handled && lostBody != null
                ? code(party(exchange), Outcome.valueOf(lostBody))
                : code(party(exchange), status);
        fail(exchange, code, handled ? "the answer's body could not be read" : "HTTP " + status);
    }

    /** Turns what the HTTP component threw into the variable {@code failure}, and forgets the exception. */
    public void explain(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.removeProperty(Exchange.CHARSET_NAME);
        exchange.getMessage().removeHeaders("*");
        if (!(caught instanceof NoAnswer noAnswer)) {
            // Its message may hold the address; where it came from says enough.
            IllegalStateException defect = new IllegalStateException(
                    "The HTTP call failed inside the hub: " + caught.getClass().getName());
            defect.setStackTrace(caught.getStackTrace());
            throw defect;
        }
        String phrase = noAnswer.getMessage();
        fail(exchange, code(party(exchange), noAnswer.outcome()), phrase == null ? "" : phrase);
    }

    private static void fail(Exchange exchange, FailureCode code, String detail) {
        exchange.getMessage().setBody(null);
        exchange.setVariable("failure", code.wireName());
        exchange.setVariable("failureDetail", detail);
    }

    private static FailureCode code(Party party, Outcome outcome) {
        boolean register = party == Party.REGISTER;
        return switch (outcome) {
            case REFUSED -> register ? FailureCode.REGISTER_CREDENTIALS_REFUSED : FailureCode.SIS_CREDENTIALS_REFUSED;
            case UNREACHABLE -> register ? FailureCode.REGISTER_UNAVAILABLE : FailureCode.SIS_UNAVAILABLE;
            case LOST -> register ? FailureCode.REGISTER_TIMEOUT : FailureCode.SIS_TIMEOUT;
            case UNREADABLE -> register ? FailureCode.ANSWER_UNREADABLE : FailureCode.SIS_ANSWER_UNREADABLE;
        };
    }

    private static FailureCode code(Party party, int status) {
        boolean register = party == Party.REGISTER;
        if (status == 401 || status == 403) {
            return register ? FailureCode.REGISTER_CREDENTIALS_REFUSED : FailureCode.SIS_CREDENTIALS_REFUSED;
        }
        if (!register && status >= 500 && status != 503) {
            // The target, or a gateway before it, broke off while it worked: what was sent may have landed.
            return FailureCode.SIS_ANSWER_UNREADABLE;
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return register ? FailureCode.REGISTER_UNAVAILABLE : FailureCode.SIS_UNAVAILABLE;
        }
        return register ? FailureCode.REGISTER_FAULT : FailureCode.SIS_REQUEST_REFUSED;
    }

    private static boolean handles(Exchange exchange, int status) {
        String handles = variable(exchange, "handles");
        return handles != null && Integer.toString(status).matches(handles);
    }

    private static Party party(Exchange exchange) {
        return Party.valueOf(required(exchange, "party").toUpperCase(Locale.ROOT));
    }

    private static String address(Exchange exchange) {
        String url = required(exchange, "url");
        try {
            URI uri = new URI(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return uri.toASCIIString();
            }
        } catch (URISyntaxException e) {
            // Said below: the parser's message repeats the address, which may hold a learner's identifier.
        }
        throw new IllegalStateException(
                "The address of an HTTP call must be absolute, encoded and without credentials");
    }

    private static @Nullable String certificate(Exchange exchange) {
        String certificate = variable(exchange, "clientCertificate");
        if (certificate == null || certificate.isEmpty()) {
            return null;
        }
        if (!required(exchange, "url").regionMatches(true, 0, "https:", 0, 6)) {
            throw new IllegalStateException("A client certificate can be shown over https only");
        }
        return certificate;
    }

    private static @Nullable String basicAuthorization(Exchange exchange) {
        String username = variable(exchange, "username");
        if (username == null) {
            return null;
        }
        String credentials = username + ":" + required(exchange, "password");
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** A header that only some systems want, such as an API key's; its name is a setting where no document says it. */
    private static void furtherHeader(Exchange exchange, Message message) {
        String name = variable(exchange, "headerName");
        String value = variable(exchange, "headerValue");
        if (name == null || name.isEmpty() || value == null || value.isEmpty()) {
            return;
        }
        if (!HEADER_NAME.matcher(name).matches() || name.regionMatches(true, 0, "Camel", 0, 5)) {
            throw new IllegalStateException("The variable 'headerName' of an HTTP call is no name of a header");
        }
        message.setHeader(name, value);
    }

    private static void setIfGiven(Message message, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            message.setHeader(name, value);
        }
    }

    private static @Nullable String variable(Exchange exchange, String name) {
        return exchange.getVariable(name, String.class);
    }

    private static String required(Exchange exchange, String name) {
        String value = variable(exchange, name);
        if (value == null) {
            throw new IllegalStateException("The HTTP call needs the variable '" + name + "'");
        }
        return value;
    }

    private enum Party {
        REGISTER,
        SIS
    }
}
