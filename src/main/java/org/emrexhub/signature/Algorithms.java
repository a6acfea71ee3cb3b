package org.emrexhub.signature;

import java.util.Arrays;
import java.util.Optional;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.SignatureMethod;

/**
 * The algorithms and key lengths of an ELMO signature: the hub writes the first of each kind and accepts all of them.
 * SHA-1 is not among them.
 */
final class Algorithms {

    /** The shortest RSA key, in bits. */
    static final int RSA_BITS = 2048;

    /** The shortest elliptic curve key, in bits. */
    static final int EC_BITS = 256;

    private Algorithms() {}

    /** How the value of a signature is made (XMLDSig 6.4, RFC 9231). */
    enum Signing {
        RSA_SHA256(SignatureMethod.RSA_SHA256, "SHA256withRSA"),
        RSA_SHA384(SignatureMethod.RSA_SHA384, "SHA384withRSA"),
        RSA_SHA512(SignatureMethod.RSA_SHA512, "SHA512withRSA"),
        ECDSA_SHA256(SignatureMethod.ECDSA_SHA256, "SHA256withECDSA"),
        ECDSA_SHA384(SignatureMethod.ECDSA_SHA384, "SHA384withECDSA"),
        ECDSA_SHA512(SignatureMethod.ECDSA_SHA512, "SHA512withECDSA");

        private final String uri;
        private final String jdkName;

        Signing(String uri, String jdkName) {
            this.uri = uri;
            this.jdkName = jdkName;
        }

        /** The algorithm's name in a document. */
        String uri() {
            return uri;
        }

        /** The algorithm's name in Java. */
        String jdkName() {
            return jdkName;
        }

        static Optional<Signing> byUri(String uri) {
            return Arrays.stream(values()).filter(it -> it.uri.equals(uri)).findFirst();
        }
    }

    /** How the signed document is digested (XMLDSig 6.2). */
    enum Digesting {
        SHA256(DigestMethod.SHA256),
        SHA384(DigestMethod.SHA384),
        SHA512(DigestMethod.SHA512);

        private final String uri;

        Digesting(String uri) {
            this.uri = uri;
        }

        String uri() {
            return uri;
        }

        static Optional<Digesting> byUri(String uri) {
            return Arrays.stream(values()).filter(it -> it.uri.equals(uri)).findFirst();
        }
    }

    /** How a document becomes bytes to digest (XMLDSig 6.5). */
    enum Canonicalizing {
        INCLUSIVE(CanonicalizationMethod.INCLUSIVE),
        EXCLUSIVE(CanonicalizationMethod.EXCLUSIVE);

        private final String uri;

        Canonicalizing(String uri) {
            this.uri = uri;
        }

        String uri() {
            return uri;
        }

        static Optional<Canonicalizing> byUri(String uri) {
            return Arrays.stream(values()).filter(it -> it.uri.equals(uri)).findFirst();
        }
    }
}
