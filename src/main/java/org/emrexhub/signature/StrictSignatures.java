package org.emrexhub.signature;

import java.util.List;
import java.util.Objects;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureChecker;
import org.emrexhub.signature.SignatureRefused.Reason;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Accepts one form of signature: the document's own, over the whole document, by algorithms that are still good
 * (ELMO 1.7; XMLDSig Best Practices 2 and 3).
 *
 * <p>Whose key it was is not judged here: that is the key selector's part.
 */
final class StrictSignatures implements XmlSignatureChecker {

    private static final String ROOT = "elmo";
    private static final String DIPLOMA_SUPPLEMENT = "diplomaSupplement";

    @Override
    public void checkBeforeCoreValidation(Input input) throws SignatureRefused {
        checkPlace(input.getCurrentSignatureElement());
        if (!input.getObjects().isEmpty()) {
            throw new SignatureRefused(Reason.OBJECTS);
        }
        checkSignedInfo(input.getSignedInfo());
    }

    private static void checkPlace(Element signature) throws SignatureRefused {
        Element root = signature.getOwnerDocument().getDocumentElement();
        if (!ROOT.equals(root.getLocalName())) {
            throw new SignatureRefused(Reason.NOT_ELMO);
        }
        List<Element> own = Signatures.ofRoot(root);
        if (own.size() != 1 || !own.contains(signature)) {
            throw new SignatureRefused(Reason.NOT_ONE_SIGNATURE);
        }
        for (Element other : Signatures.everywhere(signature.getOwnerDocument())) {
            if (!other.equals(signature) && !standsInDiplomaSupplement(other, root)) {
                throw new SignatureRefused(Reason.MISPLACED_SIGNATURE);
            }
        }
    }

    /** ELMO 1.7 gives a diploma supplement a signature of its own: data of the document, not a second signature of it. */
    private static boolean standsInDiplomaSupplement(Element signature, Element root) {
        Node parent = signature.getParentNode();
        return parent instanceof Element element
                && DIPLOMA_SUPPLEMENT.equals(element.getLocalName())
                && Objects.equals(root.getNamespaceURI(), element.getNamespaceURI());
    }

    private static void checkSignedInfo(SignedInfo signedInfo) throws SignatureRefused {
        if (Algorithms.Signing.byUri(signedInfo.getSignatureMethod().getAlgorithm())
                        .isEmpty()
                || Algorithms.Canonicalizing.byUri(
                                signedInfo.getCanonicalizationMethod().getAlgorithm())
                        .isEmpty()) {
            throw new SignatureRefused(Reason.ALGORITHM);
        }
        List<Reference> references = signedInfo.getReferences();
        if (references.size() != 1) {
            throw new SignatureRefused(Reason.NOT_WHOLE_DOCUMENT);
        }
        for (Reference reference : references) {
            checkReference(reference);
        }
    }

    private static void checkReference(Reference reference) throws SignatureRefused {
        // Absent is not the same as empty: without a URI the receiver would have to guess what was signed.
        if (!"".equals(reference.getURI())) {
            throw new SignatureRefused(Reason.NOT_WHOLE_DOCUMENT);
        }
        if (Algorithms.Digesting.byUri(reference.getDigestMethod().getAlgorithm())
                .isEmpty()) {
            throw new SignatureRefused(Reason.ALGORITHM);
        }
        List<String> transforms =
                reference.getTransforms().stream().map(Transform::getAlgorithm).toList();
        boolean enveloped = !transforms.isEmpty()
                && Transform.ENVELOPED.equals(transforms.iterator().next());
        boolean rest = transforms.stream()
                .skip(1)
                .allMatch(uri -> Algorithms.Canonicalizing.byUri(uri).isPresent());
        if (!enveloped || transforms.size() > 2 || !rest) {
            throw new SignatureRefused(Reason.TRANSFORMS);
        }
    }
}
