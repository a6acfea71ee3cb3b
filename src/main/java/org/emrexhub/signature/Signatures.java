package org.emrexhub.signature;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.parsers.DocumentBuilder;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureFormatException;
import org.emrexhub.elmo.XmlFactories;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Finds the signatures of a document: its own are children of the root; all others are data. */
final class Signatures {

    private static final String SIGNATURE = "Signature";

    private Signatures() {}

    /** A document to be signed or verified, by the hub's own parser: the components would look for one each time. */
    static Document parse(InputStream document) throws IOException, XmlSignatureFormatException {
        try (document) {
            DocumentBuilder builder = XmlFactories.documentBuilder();
            // Without it the parser writes to standard error, and its words may quote the document.
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(document);
        } catch (SAXException e) {
            throw new XmlSignatureFormatException("The document is not well-formed XML without DOCTYPE.", e);
        }
    }

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
