package org.emrexhub.pipeline.http;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.emrexhub.catalog.ClientCertificate;
import org.emrexhub.catalog.HomeCheck;
import org.emrexhub.demo.SimulatorKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** TLS in which both sides show a certificate, over a real socket. */
class ClientTlsTests {

    private static Path temp;

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static WireMockServer server;
    private static HttpCallClient client;
    private static ClientCertificate known;
    private static ClientCertificate stranger;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        temp = folder;
        Path data = temp.resolve("data");
        Path elsewhere = temp.resolve("elsewhere");
        SimulatorKeys.make(data);
        SimulatorKeys.make(elsewhere);
        server = new WireMockServer(options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(SimulatorKeys.server(data).toString())
                .keystoreType("PKCS12")
                .keystorePassword(SimulatorKeys.PASSWORD)
                .keyManagerPassword(SimulatorKeys.PASSWORD)
                .needClientAuth(true)
                .trustStorePath(data.resolve("keys/simulators-ca.p12").toString())
                .trustStoreType("PKCS12")
                .trustStorePassword(SimulatorKeys.PASSWORD));
        server.start();
        server.stubFor(any(anyUrl()).willReturn(ok("it is you")));
        known = certificate(SimulatorKeys.client(data), SimulatorKeys.authority(data));
        stranger = certificate(SimulatorKeys.client(elsewhere), SimulatorKeys.authority(data));
        client = new HttpCallClient(List.of(known, stranger));
        CAMEL.getRegistry().bind("httpCall", new HttpCall());
        CAMEL.getRegistry().bind("httpCallClient", client);
        PluginHelper.getRoutesLoader(CAMEL)
                .loadRoutes(
                        ResourceHelper.resolveResource(CAMEL, "file:" + Path.of("routes/shared/http-call.camel.yaml")));
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
        client.destroy();
        server.stop();
    }

    @Test
    void showsTheCertificateThatTheRouteNames() {
        Exchange exchange = call(server.httpsPort(), known.file());

        assertThat(failure(exchange)).isNull();
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("it is you");
        assertThat(server.getAllServeEvents().get(0).getRequest().getHeaders().keys())
                .noneMatch(name -> name.toLowerCase().startsWith("emrexhub"));
    }

    @Test
    void doesNotShowItToOthers() {
        // The next call of the same client names none, and must not come over the connection of the one before.
        assertThat(failure(call(server.httpsPort(), known.file()))).isNull();

        assertThat(failure(call(server.httpsPort(), ""))).isEqualTo("register_unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheCertificateWasRefused(String version) throws Exception {
        try (Server strict = new Server(temp.resolve("data"), version)) {
            assertThat(failure(call(strict.port(), known.file()))).isEqualTo("register_timeout");
            Exchange exchange = call(strict.port(), stranger.file());
            assertThat(failure(exchange))
                    .as("%s", exchange.getVariable("failureDetail"))
                    .isEqualTo("register_credentials_refused");
            assertThat(exchange.getVariable("failureDetail")).asString().contains("certificate");
        }
    }

    @Test
    void refusesToShowItInPlainSight() {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("clientCertificate", known.file());
        exchange.setVariable("url", "http://127.0.0.1:" + server.port() + "/");

        assertThat(send(exchange).getException()).hasMessageContaining("https only");
    }

    private static Exchange call(int port, String certificate) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("clientCertificate", certificate);
        exchange.setVariable("url", "https://127.0.0.1:" + port + "/student");
        return send(exchange);
    }

    private static Exchange send(Exchange exchange) {
        exchange.setVariable("method", "GET");
        exchange.setVariable("party", "register");
        exchange.setVariable("timeout", 20_000L);
        return CAMEL.createProducerTemplate().send("direct:shared-http-call", exchange);
    }

    private static @org.jspecify.annotations.Nullable String failure(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getVariable("failure", String.class);
    }

    /** By the start's own check, over a home with one register. */
    private static ClientCertificate certificate(Path file, Path trust) throws IOException {
        Path home = Files.createTempDirectory(temp, "home");
        Path folder = Files.createDirectories(home.resolve("routes/registers/example"));
        Files.writeString(folder.resolve("register.yaml"), """
                title: Example
                description: An example.
                required: [key]
                properties:
                  key: { type: string, title: Certificate, format: keystore }
                  key-password: { type: string, title: Its password, format: password }
                  key-trust: { type: string, title: Authorities, format: path }
                identifiers: { studentNumber: { pattern: ".*" } }
                records: /a
                recordRef: b
                """);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.of(
                                "emrexhub.registers.example.key", file.toString(),
                                "emrexhub.registers.example.key-password", SimulatorKeys.PASSWORD,
                                "emrexhub.registers.example.key-trust", trust.toString())));
        return HomeCheck.check(home, environment).catalog().certificates().get(0);
    }

    /** Wants a certificate, and says nothing once it has seen one. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket socket;
        private final SSLContext context;
        private final String version;

        Server(Path data, String version) throws Exception {
            this.version = version;
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(SimulatorKeys.server(data)), SimulatorKeys.PASSWORD.toCharArray());
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store(data.resolve("keys/simulators-ca.p12")));
            context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(this::listen, "strict-server");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        private void listen() {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    shake(connection);
                } catch (IOException closed) {
                    // What the client makes of it is the matter of the test.
                }
            }
        }

        /** Reads on after a refusal: a connection that is closed with unread bytes would take the alert with it. */
        private void shake(Socket connection) throws IOException {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(connection, null, false);
            tls.setUseClientMode(false);
            tls.setNeedClientAuth(true);
            tls.setEnabledProtocols(new String[] {version});
            try {
                tls.startHandshake();
                tls.getInputStream().read();
            } catch (SSLException refused) {
                connection.shutdownOutput();
                connection.setSoTimeout(10_000);
                connection.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        }

        private static KeyStore store(Path file) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, SimulatorKeys.PASSWORD.toCharArray());
            }
            return store;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
