package org.emrexhub.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Outages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Turns what a route of the API throws into a problem. */
@Component
public class ApiProblems {

    private static final Logger log = LoggerFactory.getLogger(ApiProblems.class);

    private final ProblemWriter writer;
    private final Outages outages;

    ApiProblems(ProblemWriter writer, Outages outages) {
        this.outages = outages;
        this.writer = writer;
    }

    /** Answers with the problem that the caught exception is. */
    public void answer(Exchange exchange) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Problem problem = problem(caught);
        if (problem.code() == ProblemCode.HUB_DEFECT && outages.isAway(Outages.Part.DATABASE)) {
            problem = databaseAway();
        }
        if (problem.code() == ProblemCode.HUB_DEFECT) {
            log.error(
                    "A route of the API failed: route {}, {}",
                    exchange.getProperty(Exchange.FAILURE_ROUTE_ID),
                    classes(caught));
        } else if (problem.code() == ProblemCode.HUB_UNAVAILABLE) {
            log.debug("Route {}: {}", exchange.getProperty(Exchange.FAILURE_ROUTE_ID), classes(caught));
        }
        HttpServletRequest request = ApiRequests.servletRequest(exchange);
        Map<String, String> headers = problem.code() == ProblemCode.HUB_UNAVAILABLE
                ? Map.of(HttpHeaders.RETRY_AFTER, ProblemWriter.RETRY_AFTER)
                : Map.of();
        Answers.send(
                exchange, problem.code().status(), ProblemWriter.MEDIA_TYPE, headers, writer.bytes(problem, request));
    }

    /** The problem that a throwable is; its message never reaches the caller unless it is a {@link Problem} itself. */
    static Problem problem(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
            if (cause instanceof CannotCreateTransactionException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof TransactionSystemException
                    || cause instanceof TransientDataAccessException) {
                return databaseAway();
            }
            if (cause instanceof AuthenticationServiceException) {
                return new Problem(
                        ProblemCode.HUB_UNAVAILABLE,
                        "The hub can't check credentials now. Send the same request again later.");
            }
        }
        return new Problem(
                ProblemCode.HUB_DEFECT,
                "The hub failed at this request by its own fault. Try again once; if it stays so, tell the hub's operator"
                        + " the time and the path.");
    }

    /** Without its ledger the hub can keep nothing. */
    static Problem databaseAway() {
        return new Problem(
                ProblemCode.HUB_UNAVAILABLE,
                "The hub can't reach its database. Nothing was changed that you were not told of; send the same request"
                        + " again later.");
    }

    /** What was thrown and where, without a message: one could hold learner data. */
    private static String classes(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            StackTraceElement[] stack = cause.getStackTrace();
            text.append(text.isEmpty() ? "" : " caused by ")
                    .append(cause.getClass().getName());
            if (stack.length > 0) {
                text.append(" at ").append(stack[0]);
            }
        }
        return text.toString();
    }
}
