package org.emrexhub.demo;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;

/** Stands before the simulators of registers to which the hub shows a certificate, and refuses whoever shows no known one. */
final class KnownClients implements Filter {

    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final Simulators simulators;
    private final Predicate<X509Certificate> known;

    KnownClients(Simulators simulators, Predicate<X509Certificate> known) {
        this.simulators = simulators;
        this.known = known;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String simulator = SimulatorGate.simulator((HttpServletRequest) request);
        if (simulators.wantsCertificate(simulator) && !showsKnown(request)) {
            ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean showsKnown(ServletRequest request) {
        return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
                && chain.length > 0
                && known.test(chain[0]);
    }
}
