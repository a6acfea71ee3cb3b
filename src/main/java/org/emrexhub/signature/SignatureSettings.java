package org.emrexhub.signature;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the hub's signing key is: an entry of a keystore, or a PEM key with its certificates.
 *
 * @param keystore PKCS#12 or JKS file
 * @param keystorePassword opens the keystore and the key in it
 * @param alias names the key in the keystore; not needed if the keystore holds one key
 * @param key PEM file with an RSA private key, PKCS#8 or PKCS#1, without a passphrase
 * @param certificates PEM file with the key's certificate first, then those that issued it
 */
@ConfigurationProperties("emrexhub.signature")
public record SignatureSettings(
        @Nullable Path keystore,
        @Nullable String keystorePassword,
        @Nullable String alias,
        @Nullable Path key,
        @Nullable Path certificates) {

    /** Whether any key is configured. */
    boolean empty() {
        return keystore == null && key == null && certificates == null;
    }

    @Override
    public String toString() {
        return "SignatureSettings[keystore=" + keystore + ", alias=" + alias + ", key=" + key + ", certificates="
                + certificates + "]";
    }
}
