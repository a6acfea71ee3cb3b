package org.emrexhub.web;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.emrexhub.failure.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with a problem what Tomcat refuses by itself, an address that it can't read for instance. */
public final class ServerProblems extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ServerProblems.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Problem problem = ErrorPage.problem(response.getStatus());
        try {
            response.setStatus(problem.code().status());
            response.setContentType(ProblemWriter.MEDIA_TYPE);
            response.getOutputStream().write(ProblemWriter.bytes(problem, "/"));
            response.finishResponse();
        } catch (IOException gone) {
            log.debug("A client left before it was told what was wrong");
        }
    }
}
