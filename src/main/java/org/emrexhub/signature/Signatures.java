package org.emrexhub.signature;

import java.util.ArrayList;
import java.util.List;
import javax.xml.crypto.dsig.XMLSignature;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Finds the signatures of a document: its own are children of the root; all others are data. */
final class Signatures {

    private static final String SIGNATURE = "Signature";

    private Signatures() {}

    /** The {@code ds:Signature} children of the root. */
    static List<Element> ofRoot(Element root) {
        List<Element> found = new ArrayList<>();
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element
                    && SIGNATURE.equals(element.getLocalName())
                    && XMLSignature.XMLNS.equals(element.getNamespaceURI())) {
                found.add(element);
            }
        }
        return found;
    }

    /** Every {@code ds:Signature} wherever it stands. */
    static List<Element> everywhere(Document document) {
        NodeList nodes = document.getElementsByTagNameNS(XMLSignature.XMLNS, SIGNATURE);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }
}
