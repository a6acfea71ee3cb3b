package org.emrexhub.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.emrexhub.elmo.XmlFactories;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSOutput;
import org.xml.sax.SAXException;

/** Reading and writing small documents as trees. */
final class Dom {

    private Dom() {}

    static Document parse(byte[] xml) {
        try {
            return XmlFactories.documentBuilder().parse(new ByteArrayInputStream(xml));
        } catch (SAXException | IOException broken) {
            throw new IllegalArgumentException("not well-formed XML without DOCTYPE", broken);
        }
    }

    static byte[] write(Document document) {
        DOMImplementationLS writing =
                (DOMImplementationLS) document.getImplementation().getFeature("LS", "3.0");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LSOutput output = writing.createLSOutput();
        output.setEncoding("UTF-8");
        output.setByteStream(bytes);
        writing.createLSSerializer().write(document, output);
        return bytes.toByteArray();
    }

    static List<Element> children(Node parent) {
        NodeList nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }

    static List<Element> children(Node parent, String name) {
        return children(parent).stream()
                .filter(child -> name.equals(child.getLocalName()))
                .toList();
    }

    static String text(Element element) {
        return element.getTextContent().strip().replaceAll("\\s+", " ");
    }
}
