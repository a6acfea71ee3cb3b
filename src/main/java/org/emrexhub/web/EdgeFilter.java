package org.emrexhub.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.coyote.BadRequestException;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Outages;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The API's edge, behind Spring Security and before Camel: takes down who calls and what, counts the body, and refuses
 * what no route could answer.
 */
final class EdgeFilter extends OncePerRequestFilter {

    private static final int PIECE = 8 * 1024;

    private final List<Contract> contracts;
    private final Callers callers;
    private final ProblemWriter problems;
    private final long maxBody;
    private final Duration bodyTimeout;
    private final BooleanSupplier routesStarted;
    private final Outages outages;

    EdgeFilter(
            List<Contract> contracts,
            Callers callers,
            ProblemWriter problems,
            ApiSettings settings,
            BooleanSupplier routesStarted,
            Outages outages) {
        this.contracts = contracts;
        this.callers = callers;
        this.problems = problems;
        this.maxBody = settings.maxBody().toBytes();
        this.bodyTimeout = settings.bodyTimeout();
        this.routesStarted = routesStarted;
        this.outages = outages;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        byte[] body;
        try {
            checkOrigin(request);
            Contract.Call known = find(request, response);
            Caller caller = caller().within(known.operation().roles());
            checkForms(request, known.operation());
            body = body(request);
            if (!routesStarted.getAsBoolean()) {
                throw new Problem(
                        ProblemCode.HUB_UNAVAILABLE,
                        "The hub is starting or stopping. Send the same request again later.");
            }
            // Known before it is tried: a thread that waits for a connection is one less for those who need none.
            if (outages.isAway(Outages.Part.DATABASE)) {
                throw ApiProblems.databaseAway();
            }
            ObjectNode headers = headers(request, known.operation().header().properties());
            new ApiCall(known.operation(), caller, known.variables(), query(request), headers, body).leaveAt(request);
        } catch (Problem refused) {
            problems.write(refused, request, response);
            return;
        }
        chain.doFilter(new CountedRequest(request, body), response);
    }

    /** A browser that remembers Basic credentials would add them to what another site's page sends. */
    private static void checkOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new Problem(
                    ProblemCode.FORBIDDEN,
                    "A page of another site may not call the hub from a browser. Call it from the client itself.");
        }
    }

    /**
     * The call that is asked for. What the contract does not know ends here: Camel matches addresses less strictly than
     * the rules of who may call what.
     */
    private Contract.Call find(HttpServletRequest request, HttpServletResponse response) {
        HttpMethod method = HttpMethod.valueOf(request.getMethod());
        PathContainer path = ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
        for (Contract contract : contracts) {
            Optional<Contract.Call> call = contract.find(method, path);
            if (call.isPresent()) {
                return call.get();
            }
        }
        List<String> offered = contracts.stream()
                .flatMap(contract -> contract.methods(path).stream())
                .map(HttpMethod::name)
                .toList();
        if (offered.isEmpty()) {
            throw new Problem(
                    ProblemCode.NOT_FOUND,
                    "There is nothing at this address. The contract at /v3/api-docs lists the addresses.");
        }
        response.setHeader(HttpHeaders.ALLOW, String.join(", ", offered));
        throw new Problem(
                ProblemCode.METHOD_NOT_ALLOWED,
                "This address does not offer the method. The header Allow names those that it offers.");
    }

    private Caller caller() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return Optional.ofNullable(authentication)
                .flatMap(callers::of)
                .orElseThrow(
                        () -> new Problem(
                                ProblemCode.FORBIDDEN,
                                "The credentials do not say who calls and for which institution. Ask for a token with that claim."));
    }

    private static void checkForms(HttpServletRequest request, Operation operation) {
        if (hasBody(request) && !isJson(request.getContentType())) {
            throw new Problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is not declared as JSON. Send it as Content-Type: application/json in UTF-8.");
        }
        List<MediaType> accepted;
        try {
            accepted = MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        } catch (InvalidMediaTypeException unreadable) {
            throw notAcceptable(operation);
        }
        boolean fits = accepted.isEmpty()
                || operation.produces().isEmpty()
                || operation.produces().stream()
                        .anyMatch(type -> accepted.stream().anyMatch(wanted -> wanted.includes(type)));
        if (!fits) {
            throw notAcceptable(operation);
        }
    }

    private static Problem notAcceptable(Operation operation) {
        return new Problem(
                ProblemCode.NOT_ACCEPTABLE,
                "The header Accept admits none of the forms of this answer. Accept "
                        + MediaType.toString(operation.produces()) + " or leave the header out.");
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static boolean isJson(String contentType) {
        if (contentType == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            String charset = type.getParameter("charset");
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    && (charset == null || charset.replace("\"", "").equalsIgnoreCase("utf-8"));
        } catch (InvalidMediaTypeException unreadable) {
            return false;
        }
    }

    /** The body, counted while it comes: a chunked one does not say how long it will be. */
    private byte[] body(HttpServletRequest request) throws IOException {
        if (!hasBody(request)) {
            return new byte[0];
        }
        if (request.getContentLengthLong() <= maxBody) {
            byte[] body = read(request.getInputStream());
            if (body.length <= maxBody) {
                return body;
            }
        }
        throw new Problem(
                ProblemCode.BODY_TOO_LARGE,
                "The body is longer than the " + maxBody + " bytes that this hub takes. Send less, or ask the hub's"
                        + " operator to raise emrexhub.api.max-body.");
    }

    /** Everything, or one byte more than is taken. The server's own time-out is about silence, not about the whole. */
    private byte[] read(InputStream in) throws IOException {
        long start = System.nanoTime();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        try {
            while (body.size() <= maxBody) {
                int length = in.read(piece, 0, (int) Math.min(PIECE, maxBody + 1 - body.size()));
                if (length < 0) {
                    break;
                }
                body.write(piece, 0, length);
                if (System.nanoTime() - start > bodyTimeout.toNanos()) {
                    throw late();
                }
            }
        } catch (SocketTimeoutException silent) {
            throw late();
        } catch (BadRequestException broken) {
            if (isSilence(broken)) {
                throw late();
            }
            throw new Problem(
                    ProblemCode.REQUEST_INVALID,
                    "The body is not framed as HTTP has it. Send it with a Content-Length, or in sound chunks.");
        }
        return body.toByteArray();
    }

    /** Within a chunk the server takes silence for a fault of the framing. */
    private static boolean isSilence(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private Problem late() {
        return new Problem(
                ProblemCode.REQUEST_TIMEOUT,
                "The body did not come within " + bodyTimeout.toSeconds() + " seconds. Send the request again, without"
                        + " pauses.");
    }

    /** The parameters of the address itself; never those of a form in the body. */
    private static ObjectNode query(HttpServletRequest request) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        String query = request.getQueryString();
        if (query != null && !query.isEmpty()) {
            try {
                UriComponentsBuilder.newInstance()
                        .query(query)
                        .build()
                        .getQueryParams()
                        .forEach((name, values) -> parameters
                                .computeIfAbsent(decoded(name), unseen -> new ArrayList<>())
                                .addAll(values.stream()
                                        .map(value -> value == null ? "" : decoded(value))
                                        .toList()));
            } catch (IllegalArgumentException broken) {
                throw ApiRequests.invalid(List.of(new Problem.Fault("query:", "format_invalid")));
            }
        }
        return object(parameters);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static ObjectNode headers(HttpServletRequest request, Collection<String> names) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : names) {
            List<String> values = Collections.list(request.getHeaders(name));
            if (!values.isEmpty()) {
                headers.put(name, values);
            }
        }
        return object(headers);
    }

    private static ObjectNode object(Map<String, List<String>> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach((name, found) -> {
            if (found.size() == 1) {
                object.put(name, found.get(0));
            } else {
                ArrayNode all = object.putArray(name);
                found.forEach(all::add);
            }
        });
        return object;
    }
}
