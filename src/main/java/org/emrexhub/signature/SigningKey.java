package org.emrexhub.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A private key with its certificate, proven to belong together.
 *
 * @param chain the key's certificate first, then those that issued it
 */
record SigningKey(PrivateKey key, List<X509Certificate> chain) {

    /** The certificate that receivers verify with. */
    X509Certificate certificate() {
        return chain.iterator().next();
    }

    /** When the certificate's validity is over. */
    Instant expiresAt() {
        return certificate().getNotAfter().toInstant();
    }

    /** Whether the certificate's validity is over. */
    boolean expired(Clock clock) {
        return clock.instant().isAfter(expiresAt());
    }

    /**
     * Checks that the hub may sign with this key from now on.
     *
     * @param place where the key comes from, as a person would name it
     */
    static SigningKey checked(PrivateKey key, List<X509Certificate> chain, String place, Clock clock) {
        SigningKey signingKey = new SigningKey(key, List.copyOf(chain));
        X509Certificate certificate = signingKey.certificate();
        if (!(certificate.getPublicKey() instanceof RSAPublicKey rsa)) {
            throw new SigningKeyFault(
                    "The signing key in %s is not an RSA key; the hub signs with RSA.".formatted(place));
        }
        int bits = rsa.getModulus().bitLength();
        if (bits < Algorithms.RSA_BITS) {
            throw new SigningKeyFault(
                    "The signing key in %s has %d bits; the hub signs with RSA keys of at least %d bits."
                            .formatted(place, bits, Algorithms.RSA_BITS));
        }
        if (!fits(key, certificate)) {
            throw new SigningKeyFault(
                    "The signing key in %s and its certificate do not belong together; the key's own certificate must come first."
                            .formatted(place));
        }
        Instant now = clock.instant();
        Instant notBefore = certificate.getNotBefore().toInstant();
        if (now.isBefore(notBefore)) {
            throw new SigningKeyFault(
                    "The signing certificate in %s is not valid before %s; check the date of this machine."
                            .formatted(place, day(notBefore)));
        }
        if (signingKey.expired(clock)) {
            throw new SigningKeyFault("The signing certificate in %s expired on %s; install a new key and certificate."
                    .formatted(place, day(signingKey.expiresAt())));
        }
        return signingKey;
    }

    private static boolean fits(PrivateKey key, X509Certificate certificate) {
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(Algorithms.Signing.RSA_SHA256.jdkName());
            signature.initSign(key);
            signature.update(probe);
            byte[] value = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            return signature.verify(value);
        } catch (GeneralSecurityException otherKindOfKey) {
            return false;
        }
    }

    static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
