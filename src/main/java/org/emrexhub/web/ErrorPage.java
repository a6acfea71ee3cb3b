package org.emrexhub.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where the servlet container sends what ended before a route: an unknown address, a method that is not offered. */
@Controller
class ErrorPage implements ErrorController {

    private final ProblemWriter problems;

    ErrorPage(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("${server.error.path:${error.path:/error}}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Problem problem = ProblemWriter.written(request).orElseGet(() -> problem(request));
        problems.write(problem, request, response);
    }

    private static Problem problem(HttpServletRequest request) {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        Object thrown = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        if (thrown instanceof SocketTimeoutException) {
            return problem(408);
        }
        // What the server could not read of a request is the client's fault, and the server has said so by the status.
        return thrown instanceof Throwable defect && !(thrown instanceof IOException && status < 500)
                ? ApiProblems.problem(defect)
                : problem(status);
    }

    /** What a status of the server's own means to a caller. */
    static Problem problem(int status) {
        return switch (status) {
            case 401 -> new Problem(ProblemCode.UNAUTHENTICATED, "Send credentials that this hub knows.");
            case 403 -> new Problem(ProblemCode.FORBIDDEN, "Call it with credentials that have a role for it.");
            case 404 ->
                new Problem(
                        ProblemCode.NOT_FOUND,
                        "There is nothing at this address. The contract at /v3/api-docs lists the addresses.");
            case 405 ->
                new Problem(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        "This address does not offer the method. The header Allow names those that it offers.");
            case 406 -> new Problem(ProblemCode.NOT_ACCEPTABLE, "Accept another form of the answer.");
            case 408 -> new Problem(ProblemCode.REQUEST_TIMEOUT, "Send the request again, without pauses.");
            case 413 -> new Problem(ProblemCode.BODY_TOO_LARGE, "Send a shorter body.");
            case 415 ->
                new Problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: application/json in UTF-8.");
            case 503 -> new Problem(ProblemCode.HUB_UNAVAILABLE, "Send the same request again later.");
            default ->
                // 501 and 505: a transfer coding, or a version of HTTP, that the server does not speak.
                status < 500 || status == 501 || status == 505
                        ? new Problem(
                                ProblemCode.REQUEST_INVALID,
                                "The request's first line or headers are not sound. Compare them with the contract at"
                                        + " /v3/api-docs.")
                        : ApiProblems.problem(new IllegalStateException());
        };
    }
}
