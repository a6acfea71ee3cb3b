package org.emrexhub.elmo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads the credits of an ELMO document, whatever the version's namespace. */
public final class Credits {

    private Credits() {}

    /** The credits, in document order: passed (a missing status means passed, ELMO 1.7) and with credits of their own. */
    public static List<Credit> of(byte[] elmo) {
        return of(parse(elmo));
    }

    /** The credits of a document that is at hand. */
    public static List<Credit> of(Document document) {
        NodeList instances = document.getElementsByTagNameNS("*", "learningOpportunityInstance");
        List<Credit> credits = new ArrayList<>();
        for (int index = 0; index < instances.getLength(); index++) {
            Element instance = (Element) instances.item(index);
            Optional<Element> credit = children(instance, "credit").findFirst();
            String status = text(instance, "status");
            if (credit.isPresent() && (status == null || status.equals("passed"))) {
                credits.add(credit(index + 1, instance, credit.get()));
            }
        }
        return credits;
    }

    /** How many learning opportunity instances the document has, whatever their status. */
    public static int instances(byte[] elmo) {
        return parse(elmo)
                .getElementsByTagNameNS("*", "learningOpportunityInstance")
                .getLength();
    }

    private static Credit credit(int position, Element instance, Element credit) {
        Element specification = ancestor(instance, "learningOpportunitySpecification");
        Element report = ancestor(instance, "report");
        Element issuer = children(report, "issuer").findFirst().orElse(report);
        String issuerTitle = or(title(issuer), "");
        String title = or(title(specification), "");
        return new Credit(
                position,
                or(identifier(issuer, "schac"), issuerTitle),
                issuerTitle,
                or(identifier(specification, "local"), title),
                or(identifier(instance, "local"), ""),
                title,
                text(instance, "date"),
                text(instance, "resultLabel"),
                or(text(credit, "value"), ""));
    }

    private static @Nullable String identifier(Element parent, String preferred) {
        List<Element> all = children(parent, "identifier").toList();
        return all.stream()
                .filter(element -> preferred.equalsIgnoreCase(element.getAttribute("type")))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .map(element -> element.getTextContent().strip())
                .orElse(null);
    }

    private static @Nullable String title(Element parent) {
        List<Element> all = children(parent, "title").toList();
        return all.stream()
                .filter(element -> "en".equals(element.getAttributeNS(XMLConstants.XML_NS_URI, "lang")))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .map(element -> element.getTextContent().strip())
                .orElse(null);
    }

    private static @Nullable String text(Element parent, String name) {
        return children(parent, name)
                .findFirst()
                .map(element -> element.getTextContent().strip())
                .orElse(null);
    }

    private static Stream<Element> children(Element parent, String name) {
        NodeList nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node instanceof Element && name.equals(node.getLocalName()))
                .map(Element.class::cast);
    }

    private static Element ancestor(Element element, String name) {
        Node node = element.getParentNode();
        while (node instanceof Element parent) {
            if (name.equals(parent.getLocalName())) {
                return parent;
            }
            node = parent.getParentNode();
        }
        throw new IllegalArgumentException("an ELMO document without a " + name + " around a credit");
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static Document parse(byte[] elmo) {
        try {
            return XmlFactories.documentBuilder().parse(new ByteArrayInputStream(elmo));
        } catch (SAXException | IOException e) {
            throw new IllegalArgumentException("not an ELMO document");
        }
    }
}
