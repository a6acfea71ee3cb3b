package org.emrexhub.pipeline.http;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.emrexhub.catalog.ClientCertificate;
import org.jspecify.annotations.Nullable;

/**
 * TLS of every call: with the client certificate that the calling route names, or without any. Host names are checked in
 * both cases.
 */
final class ClientTls implements TlsSocketStrategy {

    /** Attribute of a call's context: the file of the client certificate that is shown. */
    static final String CERTIFICATE = "emrexhub.certificate";

    /** RFC 8446, 6.2: alerts about a certificate, and what servers send in their place before TLS 1.3. */
    private static final Pattern ABOUT_CERTIFICATE = Pattern.compile(".*fatal alert: (bad_certificate"
            + "|unsupported_certificate|certificate_revoked|certificate_expired|certificate_unknown|unknown_ca"
            + "|access_denied|certificate_required)\\b.*");

    private static final Pattern ABOUT_ANYTHING = Pattern.compile(".*fatal alert: handshake_failure\\b.*");

    private final TlsSocketStrategy anonymous = DefaultClientTlsStrategy.createDefault();
    private final Map<String, TlsSocketStrategy> byFile;

    ClientTls(List<ClientCertificate> certificates) {
        byFile = certificates.stream()
                .collect(Collectors.toUnmodifiableMap(
                        ClientCertificate::file,
                        certificate -> new DefaultClientTlsStrategy(certificate.context()),
                        // Two registers may share a file; its content is the same.
                        (one, same) -> one));
    }

    @Override
    public SSLSocket upgrade(Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
            throws IOException {
        Object file = context.getAttribute(CERTIFICATE);
        if (file == null) {
            return anonymous.upgrade(socket, target, port, attachment, context);
        }
        TlsSocketStrategy strategy = byFile.get(file.toString());
        if (strategy == null) {
            throw new IllegalStateException("A route names a client certificate that no descriptor declares");
        }
        return strategy.upgrade(socket, target, port, attachment, context);
    }

    /** Whether the other side broke TLS off because of our certificate, or because we showed none. */
    static boolean isRefusal(Throwable thrown, HttpContext context) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof SSLException && message != null) {
                return ABOUT_CERTIFICATE.matcher(message).matches()
                        || (context.getAttribute(CERTIFICATE) != null
                                && ABOUT_ANYTHING.matcher(message).matches());
            }
        }
        return false;
    }
}
