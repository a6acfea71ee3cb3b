package org.emrexhub.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Reads the file of a client certificate, and says in one sentence what is wrong with it. */
final class ClientCertificateFile {

    private ClientCertificateFile() {}

    /** Why a client certificate can't be used: one sentence for the operator. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1L;

        Unusable(String sentence) {
            super(sentence);
        }
    }

    /**
     * Reads it.
     *
     * @param setting that names the file
     * @param trust PEM file of the authorities whose server certificates count; without it those of the JVM
     */
    static ClientCertificate read(String setting, String file, String password, Optional<String> trust)
            throws Unusable {
        char[] secret = password.toCharArray();
        KeyStore keys = keystore(setting, Path.of(file), secret);
        try {
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, secret);
            TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            others.init(trust.isEmpty() ? null : trusted(setting + "-trust", Path.of(trust.get())));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return new ClientCertificate(setting, file, expiresAt(setting, file, keys), context);
        } catch (UnrecoverableKeyException otherPassword) {
            throw wrongPassword(setting, file);
        } catch (GeneralSecurityException unusable) {
            throw new Unusable("the key in " + file + " (" + setting + ") can't be used for TLS.");
        }
    }

    private static KeyStore keystore(String setting, Path file, char[] password) throws Unusable {
        if (!Files.isRegularFile(file)) {
            throw new Unusable("the file " + file + " (" + setting + ") does not exist.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            return keys;
        } catch (IOException unreadable) {
            if (unreadable.getCause() instanceof UnrecoverableKeyException) {
                throw wrongPassword(setting, file.toString());
            }
            throw new Unusable("the file " + file + " (" + setting + ") can't be read as PKCS#12.");
        } catch (GeneralSecurityException unreadable) {
            throw new Unusable("the file " + file + " (" + setting + ") can't be read as PKCS#12.");
        }
    }

    private static Unusable wrongPassword(String setting, String file) {
        return new Unusable("the password for " + file + " is wrong; set " + setting + "-password.");
    }

    private static Instant expiresAt(String setting, String file, KeyStore keys)
            throws Unusable, GeneralSecurityException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(alias)) {
                aliases.add(alias);
            }
        }
        if (aliases.size() != 1) {
            throw new Unusable("the file " + file + " (" + setting + ") holds " + aliases.size()
                    + " private keys; give one with exactly one, and its certificate.");
        }
        Certificate certificate = keys.getCertificate(aliases.iterator().next());
        if (!(certificate instanceof X509Certificate x509)) {
            throw new Unusable("the private key in " + file + " (" + setting + ") has no certificate.");
        }
        return x509.getNotAfter().toInstant();
    }

    private static @Nullable KeyStore trusted(String setting, Path file) throws Unusable, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("authority-" + trusted.size(), authority);
            }
            if (trusted.size() > 0) {
                return trusted;
            }
        } catch (IOException | java.security.cert.CertificateException unreadable) {
            // Said below, with the file.
        }
        throw new Unusable("the file " + file + " (" + setting + ") holds no PEM certificate.");
    }
}
