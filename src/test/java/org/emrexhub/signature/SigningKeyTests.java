package org.emrexhub.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

class SigningKeyTests {

    private static final KeyPair PAIR = TestKeys.hub();
    private static final X509Certificate CERTIFICATE = TestKeys.certificate(PAIR);

    private Path folder;
    private Path key;
    private Path certificates;

    @BeforeEach
    void files(@TempDir Path folder) throws Exception {
        this.folder = folder;
        key = Files.writeString(folder.resolve("hub.key"), TestKeys.pkcs8(PAIR));
        certificates = Files.writeString(folder.resolve("hub.pem"), TestKeys.pem(CERTIFICATE));
    }

    @Test
    void readsAPkcs8Key() {
        assertThat(pem()).isEqualTo(new SigningKey(PAIR.getPrivate(), List.of(CERTIFICATE)));
    }

    @Test
    void readsAPkcs1Key() throws Exception {
        Files.writeString(key, TestKeys.pem(PAIR.getPrivate()));

        assertThat(Files.readString(key)).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(pem().key()).isEqualTo(PAIR.getPrivate());
    }

    @Test
    void readsAChain() throws Exception {
        X509Certificate issuer = TestKeys.certificate(TestKeys.other());
        Files.writeString(certificates, "Text around is allowed.\n" + TestKeys.pem(CERTIFICATE) + TestKeys.pem(issuer));

        assertThat(pem().chain()).containsExactly(CERTIFICATE, issuer);
    }

    @Test
    void readsAKeystore() throws Exception {
        for (String form : new String[] {"PKCS12", "JKS"}) {
            Path keystore = keystore(form, "sesame", "hub");

            assertThat(keystore(keystore, "sesame", "hub").certificate()).isEqualTo(CERTIFICATE);
            assertThat(keystore(keystore, "sesame", null).certificate()).isEqualTo(CERTIFICATE);
        }
    }

    @Test
    void namesWhatIsNotConfigured() {
        fault(() -> load(null, null, null, null, null))
                .isEqualTo("No signing key is configured; set emrexhub.signature.keystore with its password and alias,"
                        + " or emrexhub.signature.key and emrexhub.signature.certificates.");
        fault(() -> load(null, null, null, key, null))
                .isEqualTo(
                        "emrexhub.signature.key is set, but emrexhub.signature.certificates is not; both are needed.");
        fault(() -> load(null, null, null, null, certificates))
                .isEqualTo(
                        "emrexhub.signature.certificates is set, but emrexhub.signature.key is not; both are needed.");
        fault(() -> load(key, "sesame", "hub", key, certificates))
                .isEqualTo("Both emrexhub.signature.keystore and a PEM key are configured; keep one of the two.");
    }

    @Test
    void namesAMissingFile() {
        Path missing = folder.resolve("missing");

        fault(() -> load(null, null, null, missing, certificates))
                .isEqualTo("The file %s (emrexhub.signature.key) does not exist.".formatted(missing));
        fault(() -> load(null, null, null, key, missing))
                .isEqualTo("The file %s (emrexhub.signature.certificates) does not exist.".formatted(missing));
        fault(() -> load(missing, "sesame", "hub", null, null))
                .isEqualTo("The file %s (emrexhub.signature.keystore) does not exist.".formatted(missing));
        fault(() -> load(null, null, null, folder, certificates))
                .isEqualTo("%s (emrexhub.signature.key) is a folder, not a file.".formatted(folder));
    }

    @Test
    void namesAFileThatItMayNotRead() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(key), "root reads every file; this case needs another user");

        fault(this::pem)
                .isEqualTo("The file %s (emrexhub.signature.key) can't be read; check its permissions.".formatted(key));
    }

    @Test
    void namesAFileWithoutAKeyOrCertificate() throws Exception {
        fault(() -> load(null, null, null, certificates, certificates))
                .isEqualTo("The key file %s (emrexhub.signature.key) holds no PEM private key (PKCS#8 or PKCS#1)."
                        .formatted(certificates));
        fault(() -> load(null, null, null, key, key))
                .isEqualTo("The certificate file %s (emrexhub.signature.certificates) holds no PEM certificate."
                        .formatted(key));
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        fault(this::pem)
                .isEqualTo("The key file %s (emrexhub.signature.key) holds no PEM private key (PKCS#8 or PKCS#1)."
                        .formatted(key));
        Files.writeString(key, "");
        fault(this::pem).isEqualTo("The file %s (emrexhub.signature.key) is empty.".formatted(key));
    }

    @Test
    void namesAKeyWithAPassphrase() throws Exception {
        Files.writeString(
                key,
                TestKeys.pem(new JcaPKCS8Generator(
                        PAIR.getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword("sesame".toCharArray())
                                .build())));

        fault(this::pem)
                .isEqualTo(
                        "The key file %s (emrexhub.signature.key) has a passphrase; give a key without one, or a keystore."
                                .formatted(key));
    }

    @Test
    void namesAWrongPassword() throws Exception {
        for (String form : new String[] {"PKCS12", "JKS"}) {
            Path keystore = keystore(form, "sesame", "hub");

            for (String password : new String[] {"wrong", null}) {
                fault(() -> keystore(keystore, password, "hub"))
                        .isEqualTo(
                                "The password for the keystore %s is wrong; set emrexhub.signature.keystore-password."
                                        .formatted(keystore));
            }
        }
    }

    @Test
    void namesAnUnknownAlias() throws Exception {
        Path keystore = keystore("PKCS12", "sesame", "hub", "spare");

        fault(() -> keystore(keystore, "sesame", "hob"))
                .isEqualTo(
                        "The keystore %s has no key with the alias 'hob' (emrexhub.signature.alias); it holds hub, spare."
                                .formatted(keystore));
        fault(() -> keystore(keystore, "sesame", null))
                .isEqualTo("The keystore %s holds several keys (hub, spare); set emrexhub.signature.alias to one."
                        .formatted(keystore));
    }

    @Test
    void namesAKeystoreThatIsNone() throws Exception {
        fault(() -> keystore(key, "sesame", "hub"))
                .isEqualTo("The keystore %s (emrexhub.signature.keystore) can't be read as PKCS#12 or JKS."
                        .formatted(key));
        Path empty = keystore("PKCS12", "sesame");
        fault(() -> keystore(empty, "sesame", "hub"))
                .isEqualTo("The keystore %s holds no private key.".formatted(empty));
    }

    @Test
    void namesAKeyThatDoesNotFitItsCertificate() throws Exception {
        Files.writeString(certificates, TestKeys.pem(TestKeys.certificate(TestKeys.other())));

        fault(this::pem)
                .isEqualTo(
                        "The signing key in %s and %s and its certificate do not belong together; the key's own certificate must come first."
                                .formatted(key, certificates));
    }

    @Test
    void namesAnExpiredCertificate() {
        Clock later = Clock.offset(TestKeys.CLOCK, Duration.ofDays(301));

        fault(() -> SigningKeyFiles.load(new SignatureSettings(null, null, null, key, certificates), later))
                .isEqualTo(
                        "The signing certificate in %s and %s expired on 2026-12-26; install a new key and certificate."
                                .formatted(key, certificates));
    }

    @Test
    void namesACertificateThatIsNotYetValid() {
        Clock before = Clock.offset(TestKeys.CLOCK, Duration.ofDays(-101));

        fault(() -> SigningKeyFiles.load(new SignatureSettings(null, null, null, key, certificates), before))
                .isEqualTo(
                        "The signing certificate in %s and %s is not valid before 2025-11-21; check the date of this machine."
                                .formatted(key, certificates));
    }

    @Test
    void namesAShortKey() throws Exception {
        KeyPair small = TestKeys.rsa(1024);
        Files.writeString(key, TestKeys.pkcs8(small));
        Files.writeString(certificates, TestKeys.pem(TestKeys.certificate(small)));

        fault(this::pem)
                .isEqualTo(
                        "The signing key in %s and %s has 1024 bits; the hub signs with RSA keys of at least 2048 bits."
                                .formatted(key, certificates));
    }

    @Test
    void namesAKeyOfAnotherKind() throws Exception {
        KeyPair curve = TestKeys.ec();
        Files.writeString(key, TestKeys.pkcs8(curve));
        Files.writeString(certificates, TestKeys.pem(TestKeys.certificate(curve)));

        fault(this::pem)
                .isEqualTo("The signing key in %s and %s is not an RSA key; the hub signs with RSA."
                        .formatted(key, certificates));
    }

    @Test
    void demoMakesItsKeyOnceForItsOwnerAlone() throws Exception {
        Path data = folder.resolve("data");

        SigningKey first = DemoSigningKey.load(data, TestKeys.CLOCK);
        SigningKey second = DemoSigningKey.load(data, TestKeys.CLOCK);

        assertThat(second).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(data.resolve("keys/signing.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(data.resolve("keys/signing.pem")).exists();
    }

    @Test
    void demoNamesAFolderThatItCannotWrite() throws Exception {
        Path data = Files.writeString(folder.resolve("data"), "a file where the folder should be");

        fault(() -> DemoSigningKey.load(data, TestKeys.CLOCK))
                .isEqualTo("The demo's signing key can't be written to %s; check the folder's permissions and space."
                        .formatted(data.resolve("keys/signing.key")));
    }

    @Test
    void healthWarnsThirtyDaysAhead() {
        assertThat(health(0).getStatus()).isEqualTo(Status.UP);
        assertThat(health(0).getDetails())
                .containsOnlyKeys("expiresAt")
                .containsEntry("expiresAt", "2026-12-26T12:00:00Z");
        assertThat(health(275).getStatus()).isEqualTo(Status.UP);
        assertThat(health(275).getDetails())
                .containsEntry("warning", "The signing certificate expires in 25 days; install a new one before.");
        assertThat(health(301).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    private static Health health(int days) {
        Clock clock = Clock.offset(TestKeys.CLOCK, Duration.ofDays(days));
        return new SigningCertificateHealth(new SigningKeys(TestKeys.signingKey(PAIR), clock), clock).health();
    }

    private Path keystore(String form, String password, String... aliases) throws Exception {
        KeyStore keystore = KeyStore.getInstance(form);
        keystore.load(null, null);
        for (String alias : aliases) {
            keystore.setKeyEntry(alias, PAIR.getPrivate(), password.toCharArray(), new Certificate[] {CERTIFICATE});
        }
        Path file = folder.resolve(form + aliases.length);
        try (OutputStream out = Files.newOutputStream(file)) {
            keystore.store(out, password.toCharArray());
        }
        return file;
    }

    private static SigningKey keystore(Path keystore, @Nullable String password, @Nullable String alias) {
        return load(keystore, password, alias, null, null);
    }

    private SigningKey pem() {
        return load(null, null, null, key, certificates);
    }

    private static SigningKey load(
            @Nullable Path keystore,
            @Nullable String password,
            @Nullable String alias,
            @Nullable Path key,
            @Nullable Path certificates) {
        return SigningKeyFiles.load(
                new SignatureSettings(keystore, password, alias, key, certificates), TestKeys.CLOCK);
    }

    private static AbstractStringAssert<?> fault(ThrowingCallable start) {
        SigningKeyFault fault = catchThrowableOfType(SigningKeyFault.class, start);
        assertThat(fault).isNotNull();
        return assertThat(fault.getMessage());
    }
}
