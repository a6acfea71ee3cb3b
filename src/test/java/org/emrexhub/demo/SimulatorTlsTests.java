package org.emrexhub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the simulators take for the hub. */
@SuppressWarnings("NullAway.Init")
class SimulatorTlsTests {

    @TempDir
    Path data;

    @TempDir
    Path elsewhere;

    @Test
    void knowsWhomTheDemosAuthorityCertified() throws Exception {
        SimulatorKeys.make(data);
        SimulatorKeys.make(elsewhere);
        SimulatorTls tls = new SimulatorTls(
                new DemoSettings(true, 0),
                new HubSettings(data, data, false, List.of()),
                new Catalog(data, List.of(), List.of()));

        assertThat(tls.isKnown(certificate(SimulatorKeys.client(data)))).isTrue();
        assertThat(tls.isKnown(certificate(SimulatorKeys.client(elsewhere)))).isFalse();
    }

    @Test
    void keepsItsKeysOverAStart() throws Exception {
        SimulatorKeys.make(data);
        X509Certificate first = certificate(SimulatorKeys.client(data));

        SimulatorKeys.make(data);

        assertThat(certificate(SimulatorKeys.client(data))).isEqualTo(first);
    }

    private static X509Certificate certificate(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, SimulatorKeys.PASSWORD.toCharArray());
        }
        return (X509Certificate) keys.getCertificate("key");
    }
}
