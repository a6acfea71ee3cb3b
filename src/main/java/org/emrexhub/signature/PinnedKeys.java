package org.emrexhub.signature;

import java.security.Key;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorException;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import org.jspecify.annotations.Nullable;

/**
 * Verifies with the given public keys alone.
 *
 * <p>The certificate in a document never decides whom to trust: it only says which of several given keys to take,
 * as when a contact point publishes its next one beside the old.
 */
final class PinnedKeys extends KeySelector {

    private final List<PublicKey> keys;

    PinnedKeys(List<PublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    @Override
    public KeySelectorResult select(
            @Nullable KeyInfo keyInfo, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context)
            throws KeySelectorException {
        PublicKey key = keys.stream()
                .filter(it -> named(it, keyInfo))
                .findFirst()
                .or(() -> keys.stream().findFirst())
                .orElseThrow(() -> new KeySelectorException("There is no key to verify with."));
        if (!longEnough(key)) {
            throw new KeySelectorException("The key to verify with is too short.");
        }
        return new Selected(key);
    }

    private static boolean named(PublicKey key, @Nullable KeyInfo keyInfo) {
        return keyInfo != null
                && keyInfo.getContent().stream()
                        .filter(X509Data.class::isInstance)
                        .flatMap(data -> ((X509Data) data).getContent().stream())
                        .anyMatch(it -> it instanceof X509Certificate certificate
                                && certificate.getPublicKey().equals(key));
    }

    private static boolean longEnough(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() >= Algorithms.RSA_BITS;
        }
        return key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() >= Algorithms.EC_BITS;
    }

    private record Selected(PublicKey key) implements KeySelectorResult {
        @Override
        public Key getKey() {
            return key;
        }
    }
}
