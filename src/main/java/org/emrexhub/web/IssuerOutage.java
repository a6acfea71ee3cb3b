package org.emrexhub.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who issues the tokens does not say by which keys: no token can be checked now, which is neither the caller's fault nor
 * a defect. One line in the log says when that begins and one when it ends.
 */
final class IssuerOutage extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(IssuerOutage.class);

    private static final int LONGEST_REASON = 300;
    private static final long THERE = 0;

    private final ProblemWriter problems;
    /** When it began, by the machine's counter. */
    private final AtomicLong since = new AtomicLong(THERE);

    IssuerOutage(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
            if (SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken) {
                end();
            }
        } catch (AuthenticationServiceException | JwtDecoderInitializationException away) {
            begin(away);
            problems.write(
                    new Problem(
                            ProblemCode.HUB_UNAVAILABLE,
                            "The hub can't check credentials now. Send the same request again later."),
                    request,
                    response);
        }
    }

    private void begin(RuntimeException away) {
        if (since.compareAndSet(THERE, Math.max(1, System.nanoTime()))) {
            log.warn(
                    "Tokens can't be checked ({}). Every call that brings one is refused with 503; see"
                            + " spring.security.oauth2.resourceserver.jwt.issuer-uri, to the letter, if this is not an"
                            + " outage of who issues them.",
                    reason(away));
        }
    }

    /** What was met at the bottom: an address and what it said, never a token. */
    private static String reason(Throwable away) {
        Throwable root = away;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
        return root.getClass().getSimpleName() + ": "
                + (message.length() > LONGEST_REASON ? message.substring(0, LONGEST_REASON) + " …" : message);
    }

    private void end() {
        long began = since.getAndSet(THERE);
        if (began != THERE) {
            log.info(
                    "Tokens can be checked again after {} s.",
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
        }
    }
}
