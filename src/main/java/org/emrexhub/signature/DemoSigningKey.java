package org.emrexhub.signature;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The key of a demo hub: made at the first start under the data folder, kept for the next ones.
 *
 * <p>Self-signed, so good for trying the hub and for nothing else: EMREX peers trust what the registry publishes.
 */
final class DemoSigningKey {

    private static final Duration VALIDITY = Duration.ofDays(825);

    private DemoSigningKey() {}

    /** The certificate that a reader of the demo's documents verifies with. */
    static Path certificateFile(Path data) {
        return data.resolve("keys").resolve("signing.pem");
    }

    static Path keyFile(Path data) {
        return data.resolve("keys").resolve("signing.key");
    }

    static SigningKey load(Path data, Clock clock) {
        Path key = keyFile(data);
        Path certificate = certificateFile(data);
        if (!Files.exists(key) && !Files.exists(certificate)) {
            try {
                generate(key, certificate, clock);
            } catch (FileSystemException refused) {
                throw new SigningKeyFault(
                        "The demo's signing key can't be written to %s; check the folder's permissions and space."
                                .formatted(key.toAbsolutePath()),
                        refused);
            } catch (IOException | GeneralSecurityException | OperatorCreationException defect) {
                throw new SigningKeyFault("The demo's signing key can't be made.", defect);
            }
        }
        return SigningKeyFiles.fromPem(key, certificate, clock);
    }

    private static void generate(Path key, Path certificate, Clock clock)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(Algorithms.RSA_BITS);
        KeyPair pair = generator.generateKeyPair();
        Instant now = clock.instant();
        X500Name name = new X500Name("CN=EMREX hub demo, O=Not for production");
        X509CertificateHolder holder = new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(64, new SecureRandom()),
                        // An hour of grace: the reader's clock may be behind.
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(VALIDITY)),
                        name,
                        pair.getPublic())
                .build(new JcaContentSignerBuilder(Algorithms.Signing.RSA_SHA256.jdkName()).build(pair.getPrivate()));
        Files.createDirectories(key.toAbsolutePath().getParent());
        Files.createFile(key, ownerOnly(key));
        Files.writeString(key, pem(new JcaPKCS8Generator(pair.getPrivate(), null)), StandardCharsets.US_ASCII);
        Files.writeString(certificate, pem(holder), StandardCharsets.US_ASCII);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String pem(Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }
}
