package org.emrexhub.demo;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.coyote.CloseNowException;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Stands before every simulator that speaks HTTP and makes it behave as told: stopped (503), slow, or silent once it has
 * taken something.
 */
final class SimulatorGate implements Filter {

    static final String PREFIX = "/simulators/";

    private static final String LISTENER = SimulatorGate.class.getName() + ".listener";
    private static final int PROMISED_LENGTH = 1024;

    private final Simulators simulators;

    SimulatorGate(Simulators simulators) {
        this.simulators = simulators;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            chain.doFilter(request, response);
            if (request.getAttribute(LISTENER) instanceof Listener listener && !request.isAsyncStarted()) {
                listener.end();
            }
            return;
        }
        String simulator = simulator(request);
        if (simulators.isStopped(simulator)) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        Simulators.Behaviour behaviour = simulators.behaviour(simulator);
        pause(behaviour);
        if (!behaviour.loseAnswers()) {
            chain.doFilter(request, response);
            return;
        }
        Listener listener = new Listener(response, simulator, simulators.noted(simulator));
        request.setAttribute(LISTENER, listener);
        chain.doFilter(request, listener.response);
        if (!request.isAsyncStarted()) {
            listener.end();
        }
    }

    /** The id of the system that a request is for. */
    static String simulator(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length() + PREFIX.length());
        int end = path.indexOf('/');
        return end < 0 ? path : path.substring(0, end);
    }

    private static void pause(Simulators.Behaviour behaviour) throws InterruptedIOException {
        try {
            Thread.sleep(behaviour.delay().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The simulator was stopped while it waited");
        }
    }

    /** Keeps an answer until it is known whether anything was taken: then nobody ever hears it. */
    private final class Listener {

        private final HttpServletResponse outside;
        private final ContentCachingResponseWrapper response;
        private final String simulator;
        private final long noted;

        Listener(HttpServletResponse outside, String simulator, long noted) {
            this.outside = outside;
            this.response = new ContentCachingResponseWrapper(outside);
            this.simulator = simulator;
            this.noted = noted;
        }

        void end() throws IOException {
            if (simulators.noted(simulator) == noted) {
                response.copyBodyToResponse();
                return;
            }
            // Promises more than will ever come: no client can take it for a whole answer.
            outside.setContentLength(PROMISED_LENGTH);
            outside.flushBuffer();
            throw new CloseNowException("The simulator was told to lose its answer");
        }
    }
}
