package org.emrexhub.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificates with which the demo's simulators and its hub know each other in TLS: an authority of this data folder,
 * and what it issued to both sides. Made at the first start, kept for the next ones.
 */
public final class SimulatorKeys {

    /** Password of the demo's key files, which lie beside the data that they protect from nobody. */
    public static final String PASSWORD = "demo";

    private static final Duration VALIDITY = Duration.ofDays(825);
    private static final Duration AHEAD = Duration.ofDays(30);
    private static final String ALGORITHM = "SHA256withECDSA";

    private SimulatorKeys() {}

    /** PKCS#12 of the simulators' server. */
    public static Path server(Path data) {
        return data.resolve("keys").resolve("simulators.p12");
    }

    /** PKCS#12 of the hub as a client of the simulators. */
    public static Path client(Path data) {
        return data.resolve("keys").resolve("client.p12");
    }

    /** PEM of the authority that both sides trust. */
    public static Path authority(Path data) {
        return data.resolve("keys").resolve("simulators-ca.pem");
    }

    /** PKCS#12 of the authority's certificate alone, which the server trusts. */
    static Path trusted(Path data) {
        return data.resolve("keys").resolve("simulators-ca.p12");
    }

    /** Makes them, unless they are there and last. */
    public static void make(Path data) {
        try {
            if (!last(data)) {
                generate(data);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "The keys of the demo's simulators can't be written below " + data, unwritable);
        } catch (GeneralSecurityException | OperatorCreationException defect) {
            throw new IllegalStateException("The keys of the demo's simulators can't be made", defect);
        }
    }

    private static boolean last(Path data) throws IOException, GeneralSecurityException {
        if (!Files.exists(server(data))
                || !Files.exists(client(data))
                || !Files.exists(authority(data))
                || !Files.exists(trusted(data))) {
            return false;
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(server(data))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys.getCertificate("key") instanceof X509Certificate certificate
                && certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(AHEAD));
    }

    private static void generate(Path data) throws IOException, GeneralSecurityException, OperatorCreationException {
        Files.createDirectories(data.resolve("keys"));
        KeyPair authority = pair();
        X500Name issuer = new X500Name("CN=Simulators of a demo, O=Not for production");
        X509Certificate ca = certificate(
                builder(issuer, issuer, authority)
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0)),
                authority.getPrivate());
        KeyPair server = pair();
        GeneralName[] loopback = {
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "localhost")
        };
        X509v3CertificateBuilder named = builder(issuer, new X500Name("CN=localhost"), server)
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(loopback));
        KeyPair client = pair();
        X509v3CertificateBuilder hub = builder(issuer, new X500Name("CN=EMREX hub demo, OU=Demo"), client);
        write(server(data), server.getPrivate(), certificate(named, authority.getPrivate()), ca);
        write(client(data), client.getPrivate(), certificate(hub, authority.getPrivate()), ca);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", ca);
        store(trusted, trusted(data));
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(pem)) {
            out.writeObject(ca);
        }
        Files.writeString(authority(data), pem.toString());
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(VALIDITY)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate certificate(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(ALGORITHM).build(key)));
    }

    private static void write(Path file, PrivateKey key, Certificate... chain)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("key", key, PASSWORD.toCharArray(), chain);
        store(keys, file);
    }

    private static void store(KeyStore keys, Path file) throws IOException, GeneralSecurityException {
        Files.deleteIfExists(file);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            keys.store(out, PASSWORD.toCharArray());
        }
    }
}
