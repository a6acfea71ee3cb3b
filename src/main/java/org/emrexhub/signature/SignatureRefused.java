package org.emrexhub.signature;

import org.apache.camel.component.xmlsecurity.api.XmlSignatureException;

/** A document's signature is not of the form that the hub accepts, whatever key made it. */
public final class SignatureRefused extends XmlSignatureException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    SignatureRefused(Reason reason) {
        super(reason.sentence);
        this.reason = reason;
    }

    /** What is wrong with the form. */
    public Reason reason() {
        return reason;
    }

    /** What can be wrong with the form of a signature. */
    public enum Reason {
        /** The document, its signature or a certificate in it is broken. */
        UNREADABLE("The document or its signature can't be read."),
        /** The root is not ELMO, so what was signed is not what would be read. */
        NOT_ELMO("The root of the signed document is not elmo."),
        /** The document has no signature of its own, or more than one. */
        NOT_ONE_SIGNATURE("The document must have exactly one signature as a child of its root."),
        /** A signature stands where neither the document nor a diploma supplement has its own. */
        MISPLACED_SIGNATURE("A signature stands outside the root and outside a diploma supplement."),
        /** The signature has parts beyond SignedInfo, SignatureValue and KeyInfo. */
        OBJECTS("The signature must not hold objects of its own."),
        /** The signature covers less, or something else, than the whole document. */
        NOT_WHOLE_DOCUMENT("The signature must have exactly one reference, to the whole document."),
        /** The document is changed before it is digested in another way than by taking the signature out. */
        TRANSFORMS("The signature's transforms are not the enveloped one, followed by at most one canonicalization."),
        /** An algorithm is too weak, as SHA-1 is, or not one of ELMO's. */
        ALGORITHM("The signature uses an algorithm that is too weak or not accepted.");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }
    }
}
