package org.emrexhub.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Catalog;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The demo's second port, for simulated registers to which the hub shows a client certificate: TLS, on this machine only.
 *
 * <p>Any certificate passes the handshake and {@link KnownClients} judges it, because a client can't rely on hearing the alert of a
 * server that hangs up: so the demo refuses in a way that is the same every time.
 */
@Component
@Profile("demo")
class SimulatorTls implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final DemoSettings settings;
    private final Path data;
    private final boolean needed;

    SimulatorTls(DemoSettings settings, HubSettings hub, Catalog catalog) {
        this.settings = settings;
        this.data = hub.data().toAbsolutePath().normalize();
        this.needed = catalog.certificates().stream().anyMatch(certificate -> certificate.isBelow(data));
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (needed) {
            factory.addAdditionalTomcatConnectors(connector());
        }
    }

    private Connector connector() {
        Connector connector = new Connector(TomcatServletWebServerFactory.DEFAULT_PROTOCOL);
        connector.setPort(settings.tlsPort());
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig tls = new SSLHostConfig();
        // What public clients of such registers use; in TLS 1.3 the server can't leave the certificate to choice.
        tls.setProtocols("TLSv1.2");
        tls.setCertificateVerification("optional");
        tls.setTrustManagerClassName(AnyClient.class.getName());
        SSLHostConfigCertificate own = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        own.setCertificateKeystoreFile(SimulatorKeys.server(data).toString());
        own.setCertificateKeystoreType("PKCS12");
        own.setCertificateKeystorePassword(SimulatorKeys.PASSWORD);
        tls.addCertificate(own);
        connector.addSslHostConfig(tls);
        return connector;
    }

    /** Whether the certificate is one that the demo's authority issued and that is valid today. */
    boolean isKnown(X509Certificate certificate) {
        try (InputStream in = Files.newInputStream(SimulatorKeys.authority(data))) {
            PublicKey authority = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
            certificate.verify(authority);
            certificate.checkValidity();
            return true;
        } catch (IOException | GeneralSecurityException stranger) {
            return false;
        }
    }

    /** Takes what is judged later. */
    public static final class AnyClient implements javax.net.ssl.X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            // KnownClients looks at it.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("This side is a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
