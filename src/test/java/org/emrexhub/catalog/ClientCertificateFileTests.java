package org.emrexhub.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.emrexhub.demo.SimulatorKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the start says of a client certificate. */
class ClientCertificateFileTests {

    private static final String SETTING = "emrexhub.registers.example.key";

    private static Path data;

    @BeforeAll
    static void make(@TempDir Path temp) {
        data = temp;
        SimulatorKeys.make(data);
    }

    @Test
    void readsAFileWithOneKey() throws Exception {
        ClientCertificate certificate = read(SimulatorKeys.client(data), SimulatorKeys.PASSWORD);

        assertThat(certificate.setting()).isEqualTo(SETTING);
        assertThat(certificate.expiresAt()).isAfter(Instant.now());
        assertThat(certificate.isBelow(data.toAbsolutePath().normalize())).isTrue();
        assertThat(certificate.context().getProtocol()).isEqualTo("TLS");
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws Exception {
        Path text = Files.writeString(data.resolve("text"), "no key");

        assertThatThrownBy(() -> read(data.resolve("absent.p12"), "x"))
                .hasMessage("the file " + data.resolve("absent.p12") + " (" + SETTING + ") does not exist.");
        assertThatThrownBy(() -> read(text, "x")).hasMessageContaining("can't be read as PKCS#12");
        assertThatThrownBy(() -> read(SimulatorKeys.client(data), "other"))
                .hasMessageContaining("is wrong; set " + SETTING + "-password");
        assertThatThrownBy(() -> read(data.resolve("keys/simulators-ca.p12"), SimulatorKeys.PASSWORD))
                .hasMessageContaining("holds 0 private keys");
        assertThatThrownBy(() -> ClientCertificateFile.read(
                        SETTING,
                        SimulatorKeys.client(data).toString(),
                        SimulatorKeys.PASSWORD,
                        Optional.of(text.toString())))
                .hasMessageContaining("(" + SETTING + "-trust) holds no PEM certificate");
    }

    private static ClientCertificate read(Path file, String password) throws ClientCertificateFile.Unusable {
        return ClientCertificateFile.read(
                SETTING,
                file.toString(),
                password,
                Optional.of(SimulatorKeys.authority(data).toString()));
    }
}
