package org.emrexhub.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The bearer tokens with which {@code routes/shared/token-call} calls other systems: fetched once for all that ask at the
 * same time, kept until shortly before they expire, fetched anew when one was refused. A token is written nowhere.
 */
@Component("tokens")
class Tokens implements DisposableBean {

    /** RFC 6749, 5.1: the life of a token is optional; without one it is kept only for a short while. */
    private static final Duration LIFE_IF_NOT_SAID = Duration.ofMinutes(1);

    /** A token that ends while it travels would be refused; of a short life a tenth is enough. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    /** RFC 6750, 2.1: nothing else can stand in the header. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private static final String REFUSED_CLIENT = "invalid_client|unauthorized_client|access_denied";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProducerTemplate calls;
    private final Map<Key, CompletableFuture<Outcome>> asked = new ConcurrentHashMap<>();

    Tokens(CamelContext camel) {
        this.calls = camel.createProducerTemplate();
    }

    @Override
    public void destroy() {
        calls.stop();
    }

    /** Whose token: each register and system has its own, whatever server it comes from. */
    private record Key(String party, String id, String url, String client, String scope) {}

    /** Sets the variable {@code authorization}, or {@code failure}; a 401 is from now on the route's own matter. */
    public void authorize(Exchange exchange) {
        obtain(exchange);
        String handles = variable(exchange, "handles");
        exchange.setVariable("tokenHandles", handles);
        exchange.setVariable("handles", handles.isEmpty() ? "401" : "401|" + handles);
    }

    /** Forgets the token that was just refused, and sets another; a second 401 is nobody's matter but the operator's. */
    public void renew(Exchange exchange) {
        String refused = variable(exchange, "authorization");
        asked.computeIfPresent(key(exchange), (key, known) -> known.isDone() && holds(known, refused) ? null : known);
        exchange.setVariable("handles", variable(exchange, "tokenHandles"));
        obtain(exchange);
    }

    /** Takes everything off the exchange that only this call needed: no later step gets a token or a secret to see. */
    public void forget(Exchange exchange) {
        exchange.setVariable("handles", variable(exchange, "tokenHandles"));
        for (String name : List.of("tokenHandles", "tokenRequest", "authorization", "clientSecret")) {
            exchange.removeVariable(name);
        }
    }

    private void obtain(Exchange exchange) {
        Outcome outcome = outcome(exchange);
        if (outcome.failure != null) {
            fail(exchange, outcome.failure, outcome.detail);
        } else {
            exchange.setVariable("authorization", outcome.authorization);
        }
    }

    private Outcome outcome(Exchange exchange) {
        Key key = key(exchange);
        CompletableFuture<Outcome> mine = new CompletableFuture<>();
        CompletableFuture<Outcome> known = asked.compute(
                key,
                (same, before) ->
                        before == null || (before.isDone() && before.join().isOver()) ? mine : before);
        if (known != mine) {
            return await(known, exchange);
        }
        Outcome outcome = new Outcome(FailureCode.HUB_DEFECT.wireName(), "the token could not be asked for");
        try {
            outcome = ask(exchange);
        } finally {
            // Whoever waits must go on, whatever happened here; a failure is nobody's to keep.
            mine.complete(outcome);
            if (outcome.failure != null) {
                asked.remove(key, mine);
            }
        }
        return outcome;
    }

    private static Outcome await(CompletableFuture<Outcome> known, Exchange exchange) {
        try {
            return known.get(Long.parseLong(required(exchange, "timeout")), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Outcome(late(exchange), "no token in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(late(exchange), "interrupted while a token was fetched");
        } catch (ExecutionException e) {
            throw new IllegalStateException("A token is never completed by an exception", e);
        }
    }

    private static boolean holds(CompletableFuture<Outcome> known, String authorization) {
        return authorization.equals(known.join().authorization);
    }

    /** Asks by an exchange of its own, so that nothing of the calling route gets lost or comes along. */
    private Outcome ask(Exchange exchange) {
        boolean login = variable(exchange, "grant").equals("login");
        Exchange answer = calls.send("direct:shared-http-call", call -> {
            call.setVariable("url", required(exchange, "tokenUrl"));
            call.setVariable("party", required(exchange, "party"));
            call.setVariable("timeout", required(exchange, "timeout"));
            call.setVariable("accept", "application/json");
            call.setVariable("handles", "400");
            if (login) {
                call.setVariable("method", "GET");
                call.setVariable("username", required(exchange, "clientId"));
                call.setVariable("password", required(exchange, "clientSecret"));
            } else {
                clientCredentials(exchange, call);
            }
        });
        if (answer.getException() != null) {
            throw new IllegalStateException("The call for a token failed inside the hub: "
                    + answer.getException().getClass().getName());
        }
        String failure = answer.getVariable("failure", String.class);
        if (failure != null) {
            // Nothing was asked of the system itself yet, so nothing can have landed there.
            boolean lost = failure.equals(FailureCode.SIS_TIMEOUT.wireName())
                    || failure.equals(FailureCode.SIS_ANSWER_UNREADABLE.wireName());
            return new Outcome(
                    lost ? FailureCode.SIS_UNAVAILABLE.wireName() : failure,
                    "for a token: " + answer.getVariable("failureDetail", String.class));
        }
        JsonNode json = read(answer.getMessage().getBody(byte[].class));
        if (answer.getVariable("httpStatus", Integer.class) == 400) {
            // RFC 6749, 5.2: the reason is a word of a list; anything else that stands there is not repeated.
            boolean client = json.path("error").asText().matches(REFUSED_CLIENT);
            return client
                    ? new Outcome(refused(exchange), "the token server does not accept the client")
                    : new Outcome(fault(exchange), "the token server refused the request");
        }
        return outcome(exchange, json, login);
    }

    /** RFC 6749, 4.4 and 2.3.1. */
    private static void clientCredentials(Exchange exchange, Exchange call) {
        String id = encoded(required(exchange, "clientId"));
        String secret = encoded(required(exchange, "clientSecret"));
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        String scope = variable(exchange, "scope");
        if (!scope.isEmpty()) {
            form.append("&scope=").append(encoded(scope));
        }
        String how = variable(exchange, "clientAuthentication");
        switch (how) {
            case "", "client_secret_basic" ->
                call.setVariable(
                        "authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8)));
            case "client_secret_post" ->
                form.append("&client_id=").append(id).append("&client_secret=").append(secret);
            default ->
                throw new IllegalStateException("clientAuthentication is client_secret_basic or client_secret_post");
        }
        call.setVariable("method", "POST");
        call.setVariable("contentType", "application/x-www-form-urlencoded");
        call.getMessage().setBody(form.toString());
    }

    private static Outcome outcome(Exchange exchange, JsonNode json, boolean login) {
        String field = variable(exchange, "tokenField");
        String token = json.path(field.isEmpty() ? "access_token" : field).asText();
        boolean bearer = login
                || json.path("token_type").asText().toLowerCase(Locale.ROOT).equals("bearer");
        if (!bearer || !TOKEN.matcher(token).matches()) {
            return new Outcome(unreadable(exchange), "the token server's answer holds no bearer token");
        }
        JsonNode seconds = json.path("expires_in");
        Duration life = seconds.canConvertToLong() || seconds.isTextual()
                ? Duration.ofSeconds(Math.max(0, seconds.asLong()))
                : life(exchange);
        Duration margin = MARGIN.compareTo(life.dividedBy(10)) < 0 ? MARGIN : life.dividedBy(10);
        return new Outcome(
                "Bearer " + token, System.nanoTime() + life.minus(margin).toNanos());
    }

    /** What the installation says, where the server doesn't. */
    private static Duration life(Exchange exchange) {
        String seconds = variable(exchange, "tokenSeconds");
        return seconds.isEmpty() ? LIFE_IF_NOT_SAID : Duration.ofSeconds(Long.parseLong(seconds));
    }

    private static JsonNode read(byte @Nullable [] body) {
        try {
            return JSON.readTree(body == null ? new byte[0] : body);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static Key key(Exchange exchange) {
        String party = required(exchange, "party");
        return new Key(
                party,
                variable(exchange, party),
                required(exchange, "tokenUrl"),
                required(exchange, "clientId"),
                variable(exchange, "scope"));
    }

    private static void fail(Exchange exchange, String failure, String detail) {
        exchange.getMessage().setBody(null);
        exchange.removeVariable("httpStatus");
        exchange.setVariable("failure", failure);
        exchange.setVariable("failureDetail", detail);
    }

    private static boolean isRegister(Exchange exchange) {
        return required(exchange, "party").equals("register");
    }

    private static String late(Exchange exchange) {
        return (isRegister(exchange) ? FailureCode.REGISTER_TIMEOUT : FailureCode.SIS_UNAVAILABLE).wireName();
    }

    private static String refused(Exchange exchange) {
        return (isRegister(exchange) ? FailureCode.REGISTER_CREDENTIALS_REFUSED : FailureCode.SIS_CREDENTIALS_REFUSED)
                .wireName();
    }

    private static String fault(Exchange exchange) {
        return (isRegister(exchange) ? FailureCode.REGISTER_FAULT : FailureCode.SIS_REQUEST_REFUSED).wireName();
    }

    private static String unreadable(Exchange exchange) {
        return (isRegister(exchange) ? FailureCode.ANSWER_UNREADABLE : FailureCode.SIS_UNAVAILABLE).wireName();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String variable(Exchange exchange, String name) {
        String value = exchange.getVariable(name, String.class);
        return value == null ? "" : value;
    }

    private static String required(Exchange exchange, String name) {
        String value = variable(exchange, name);
        if (value.isEmpty()) {
            throw new IllegalStateException("A call with a token needs the variable '" + name + "'");
        }
        return value;
    }

    /** A token with its end, or why there is none. No record: nothing may print it. */
    private static final class Outcome {

        private final String authorization;
        private final long end;
        private final @Nullable String failure;
        private final String detail;

        Outcome(String authorization, long end) {
            this.authorization = authorization;
            this.end = end;
            this.failure = null;
            this.detail = "";
        }

        Outcome(String failure, String detail) {
            this.authorization = "";
            this.end = 0;
            this.failure = failure;
            this.detail = detail;
        }

        boolean isOver() {
            return failure != null || System.nanoTime() - end >= 0;
        }
    }
}
