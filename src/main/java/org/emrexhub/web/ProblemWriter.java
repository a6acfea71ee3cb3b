package org.emrexhub.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Writes a problem as RFC 9457 has it. */
@Component
class ProblemWriter {

    static final String MEDIA_TYPE = "application/problem+json";

    /** Seconds after which a client may try again what failed for the hub's sake. */
    static final String RETRY_AFTER = "5";

    private static final String REFUSED = ProblemWriter.class.getName() + ".refused";

    private static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private final List<Contract> contracts;

    ProblemWriter(List<Contract> contracts) {
        this.contracts = contracts;
    }

    /**
     * The problem that was written already. Where the server could not read a body, it puts its own error page in place
     * of what was written, whoever caught its exception.
     */
    static Optional<Problem> written(HttpServletRequest request) {
        return request.getAttribute(REFUSED) instanceof Problem problem ? Optional.of(problem) : Optional.empty();
    }

    /** Answers with the problem, as long as nothing else was answered. */
    void write(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setAttribute(REFUSED, problem);
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(problem.code().status());
        response.setContentType(MEDIA_TYPE);
        if (problem.code() == ProblemCode.HUB_UNAVAILABLE) {
            response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        if (problem.code() == ProblemCode.BODY_TOO_LARGE || problem.code() == ProblemCode.REQUEST_TIMEOUT) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        response.getOutputStream().write(bytes(problem, request));
    }

    /** The problem's JSON. */
    byte[] bytes(Problem problem, HttpServletRequest request) {
        return bytes(problem, instance(request));
    }

    static byte[] bytes(Problem problem, String instance) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "about:blank");
        json.put("title", problem.code().title());
        json.put("status", problem.code().status());
        json.put("detail", problem.detail());
        json.put("code", problem.code().wireName());
        json.put("instance", instance);
        if (!problem.faults().isEmpty()) {
            ArrayNode errors = json.putArray("errors");
            problem.faults()
                    .forEach(fault ->
                            errors.addObject().put("pointer", fault.pointer()).put("code", fault.code()));
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The path as far as the contract knows it: what a client puts into it beyond that could be a learner's. */
    private String instance(HttpServletRequest request) {
        String path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String original
                ? original
                : request.getRequestURI();
        StringBuilder known = new StringBuilder();
        for (String step : path.substring(path.startsWith("/") ? 1 : 0).split("/", -1)) {
            boolean plain = step.matches(UUID)
                    || contracts.stream().anyMatch(contract -> contract.words().contains(step));
            if (!plain) {
                break;
            }
            known.append('/').append(step);
        }
        return known.isEmpty() ? "/" : known.toString();
    }
}
