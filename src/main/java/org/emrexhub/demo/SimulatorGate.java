package org.emrexhub.demo;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import org.apache.coyote.CloseNowException;

/**
 * Stands before every simulator that speaks HTTP and makes it behave as told: stopped (503), slow, or silent once it has
 * done what it was asked.
 */
final class SimulatorGate implements Filter {

    static final String PREFIX = "/simulators/";

    private static final String LOSE = SimulatorGate.class.getName() + ".lose";
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
            if (request.getAttribute(LOSE) != null && !request.isAsyncStarted()) {
                hangUp();
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
        promise(response);
        request.setAttribute(LOSE, Boolean.TRUE);
        chain.doFilter(request, new Unheard(response));
        if (!request.isAsyncStarted()) {
            hangUp();
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

    /** Promises more than will ever come: whatever happens later, no client can take it for a whole answer. */
    private static void promise(HttpServletResponse response) throws IOException {
        response.setContentLength(PROMISED_LENGTH);
        response.flushBuffer();
    }

    private static void hangUp() throws CloseNowException {
        throw new CloseNowException("The simulator was told to lose its answer");
    }

    /** A response that nobody hears. */
    private static final class Unheard extends HttpServletResponseWrapper {

        private final ServletOutputStream nowhere = new Nowhere();
        private final PrintWriter writer = new PrintWriter(Writer.nullWriter());

        Unheard(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return nowhere;
        }

        @Override
        public PrintWriter getWriter() {
            return writer;
        }

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public void reset() {
            // There is nothing to take back.
        }

        @Override
        public void resetBuffer() {
            // There is nothing to take back.
        }

        @Override
        public void flushBuffer() {
            // There is nothing to send.
        }

        @Override
        public void sendError(int status) {
            // There is nothing to send.
        }

        @Override
        public void sendError(int status, String message) {
            // There is nothing to send.
        }
    }

    private static final class Nowhere extends ServletOutputStream {

        private final OutputStream nothing = OutputStream.nullOutputStream();

        @Override
        public void write(int b) throws IOException {
            nothing.write(b);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("A simulator answers in one go");
        }
    }
}
