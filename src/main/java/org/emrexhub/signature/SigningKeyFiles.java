package org.emrexhub.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/** Reads the signing key from the files that the settings name; says in one sentence what is wrong with them. */
final class SigningKeyFiles {

    private static final String KEYSTORE = "emrexhub.signature.keystore";
    private static final String KEY = "emrexhub.signature.key";
    private static final String CERTIFICATES = "emrexhub.signature.certificates";

    private SigningKeyFiles() {}

    static SigningKey load(SignatureSettings settings, Clock clock) {
        Path keystore = settings.keystore();
        Path key = settings.key();
        Path certificates = settings.certificates();
        if (keystore != null) {
            if (key != null || certificates != null) {
                throw new SigningKeyFault(
                        "Both %s and a PEM key are configured; keep one of the two.".formatted(KEYSTORE));
            }
            return fromKeystore(keystore, settings, clock);
        }
        if (key == null && certificates == null) {
            throw new SigningKeyFault("No signing key is configured; set %s with its password and alias, or %s and %s."
                    .formatted(KEYSTORE, KEY, CERTIFICATES));
        }
        if (key == null) {
            throw new SigningKeyFault("%s is set, but %s is not; both are needed.".formatted(CERTIFICATES, KEY));
        }
        if (certificates == null) {
            throw new SigningKeyFault("%s is set, but %s is not; both are needed.".formatted(KEY, CERTIFICATES));
        }
        return fromPem(key, certificates, clock);
    }

    static SigningKey fromPem(Path key, Path certificates, Clock clock) {
        PrivateKey privateKey = privateKey(key);
        List<X509Certificate> chain = chain(certificates);
        return SigningKey.checked(privateKey, chain, key + " and " + certificates, clock);
    }

    private static PrivateKey privateKey(Path file) {
        String text = readable(KEY, file);
        if (text.contains("ENCRYPTED")) {
            throw new SigningKeyFault("The key file %s (%s) has a passphrase; give a key without one, or a keystore."
                    .formatted(file, KEY));
        }
        PrivateKey key;
        try {
            key = PemContent.of(text).getPrivateKey();
        } catch (RuntimeException notPem) {
            key = null;
        }
        if (key == null) {
            throw new SigningKeyFault(
                    "The key file %s (%s) holds no PEM private key (PKCS#8 or PKCS#1).".formatted(file, KEY));
        }
        return key;
    }

    private static List<X509Certificate> chain(Path file) {
        String text = readable(CERTIFICATES, file);
        List<X509Certificate> chain;
        try {
            chain = PemContent.of(text).getCertificates();
        } catch (RuntimeException notPem) {
            chain = null;
        }
        if (chain == null || chain.isEmpty()) {
            throw new SigningKeyFault(
                    "The certificate file %s (%s) holds no PEM certificate.".formatted(file, CERTIFICATES));
        }
        return chain;
    }

    private static SigningKey fromKeystore(Path file, SignatureSettings settings, Clock clock) {
        exists(KEYSTORE, file);
        String configured = settings.keystorePassword();
        char[] password = configured == null ? new char[0] : configured.toCharArray();
        try {
            KeyStore keystore = open(file, password);
            String alias = alias(keystore, file, settings.alias());
            Key key = keystore.getKey(alias, password);
            Certificate[] chain = keystore.getCertificateChain(alias);
            if (!(key instanceof PrivateKey privateKey) || chain == null || chain.length == 0) {
                throw new SigningKeyFault("The entry '%s' of the keystore %s is not a private key with a certificate."
                        .formatted(alias, file));
            }
            List<X509Certificate> certificates =
                    Arrays.stream(chain).map(X509Certificate.class::cast).toList();
            return SigningKey.checked(privateKey, certificates, "%s, entry '%s'".formatted(file, alias), clock);
        } catch (UnrecoverableKeyException wrongPassword) {
            throw wrongPassword(file, wrongPassword);
        } catch (GeneralSecurityException broken) {
            throw new SigningKeyFault(
                    "The keystore %s (%s) can't be read as PKCS#12 or JKS.".formatted(file, KEYSTORE), broken);
        } finally {
            Arrays.fill(password, ' ');
        }
    }

    private static KeyStore open(Path file, char[] password) throws GeneralSecurityException {
        try {
            return KeyStore.getInstance(file.toFile(), password);
        } catch (KeyStoreException unknownForm) {
            throw unknownForm;
        } catch (IOException refused) {
            if (refused.getCause() instanceof UnrecoverableKeyException) {
                throw wrongPassword(file, refused);
            }
            throw new SigningKeyFault("The keystore %s (%s) can't be read.".formatted(file, KEYSTORE), refused);
        }
    }

    private static SigningKeyFault wrongPassword(Path file, Exception cause) {
        return new SigningKeyFault(
                "The password for the keystore %s is wrong; set emrexhub.signature.keystore-password.".formatted(file),
                cause);
    }

    private static String alias(KeyStore keystore, Path file, @Nullable String wanted) throws KeyStoreException {
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(keystore.aliases())) {
            if (keystore.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.isEmpty()) {
            throw new SigningKeyFault("The keystore %s holds no private key.".formatted(file));
        }
        if (wanted == null) {
            if (keys.size() > 1) {
                throw new SigningKeyFault(
                        "The keystore %s holds several keys (%s); set emrexhub.signature.alias to one."
                                .formatted(file, String.join(", ", keys)));
            }
            return keys.iterator().next();
        }
        // Whether case counts in an alias depends on the form of the keystore, so the keystore itself is asked.
        if (!keystore.isKeyEntry(wanted)) {
            throw new SigningKeyFault(
                    "The keystore %s has no key with the alias '%s' (emrexhub.signature.alias); it holds %s."
                            .formatted(file, wanted, String.join(", ", keys)));
        }
        return wanted;
    }

    private static void exists(String setting, Path file) {
        if (!Files.exists(file)) {
            throw new SigningKeyFault("The file %s (%s) does not exist.".formatted(file.toAbsolutePath(), setting));
        }
        if (Files.isDirectory(file)) {
            throw new SigningKeyFault("%s (%s) is a folder, not a file.".formatted(file.toAbsolutePath(), setting));
        }
        // Opened, not asked: Files.isReadable says yes to root where a read still fails.
        try (InputStream opened = Files.newInputStream(file)) {
            int first = opened.read();
            if (first < 0) {
                throw new SigningKeyFault("The file %s (%s) is empty.".formatted(file.toAbsolutePath(), setting));
            }
        } catch (IOException unreadable) {
            throw new SigningKeyFault(
                    "The file %s (%s) can't be read; check its permissions.".formatted(file.toAbsolutePath(), setting),
                    unreadable);
        }
    }

    private static String readable(String setting, Path file) {
        exists(setting, file);
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new SigningKeyFault(
                    "The file %s (%s) can't be read; check its permissions.".formatted(file.toAbsolutePath(), setting),
                    unreadable);
        }
    }
}
