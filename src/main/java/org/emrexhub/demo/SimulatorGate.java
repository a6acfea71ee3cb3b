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
import org.jspecify.annotations.Nullable;

/**
 * Stands before every simulator that speaks HTTP and makes it behave as told: stopped (503), slow, or silent once it has
 * taken something.
 */
final class SimulatorGate implements Filter {

    static final String PREFIX = "/simulators/";

    private static final String LISTENING = SimulatorGate.class.getName() + ".listening";
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
            if (request.getAttribute(LISTENING) instanceof Listening listening && !request.isAsyncStarted()) {
                listening.end();
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
        Listening listening = new Listening(response, simulator);
        request.setAttribute(LISTENING, listening);
        chain.doFilter(request, listening);
        if (!request.isAsyncStarted()) {
            listening.end();
        }
    }

    /** The id of the system that a request is for; none if it names none, and then nothing answers it. */
    static String simulator(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int start = request.getContextPath().length() + PREFIX.length();
        if (uri.length() < start) {
            return "";
        }
        String path = uri.substring(start);
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

    /** A response that is lost if by its first byte the simulator has taken something. */
    private final class Listening extends HttpServletResponseWrapper {

        private final HttpServletResponse outside;
        private final String simulator;
        private final long before;
        private @Nullable Boolean lost;

        Listening(HttpServletResponse outside, String simulator) {
            super(outside);
            this.outside = outside;
            this.simulator = simulator;
            this.before = simulators.noted(simulator);
        }

        private synchronized boolean isLost() throws IOException {
            Boolean known = lost;
            if (known == null) {
                known = simulators.noted(simulator) != before;
                lost = known;
                if (known) {
                    // Promises more than will ever come: whatever happens later, nobody can take it for a whole answer.
                    outside.setContentLength(PROMISED_LENGTH);
                    outside.flushBuffer();
                }
            }
            return known;
        }

        void end() throws IOException {
            if (isLost()) {
                throw new CloseNowException("The simulator was told to lose its answer");
            }
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return isLost() ? new Nowhere() : super.getOutputStream();
        }

        @Override
        public PrintWriter getWriter() throws IOException {
            return isLost() ? new PrintWriter(Writer.nullWriter()) : super.getWriter();
        }

        @Override
        public void flushBuffer() throws IOException {
            if (!isLost()) {
                super.flushBuffer();
            }
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
