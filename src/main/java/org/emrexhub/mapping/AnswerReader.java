package org.emrexhub.mapping;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathExecutable;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmValue;
import org.emrexhub.mapping.MappingFolder.Format;

/**
 * Looks into one answer of a register by XPath, before any mapping: XML, or JSON in the XML form of XPath 3.1 with the
 * prefix {@code j}. An answer that is neither fails as unreadable.
 */
public final class AnswerReader {

    private static final Map<String, String> PREFIXES = Map.of("j", JsonForm.NAMESPACE);

    private final Stylesheets stylesheets;
    private final Map<String, XPathExecutable> compiled = new ConcurrentHashMap<>();

    /** A reader for the answers of the registers of a home. */
    public AnswerReader(Stylesheets stylesheets) {
        this.stylesheets = stylesheets;
    }

    /** Reads an answer. */
    public Reading read(byte[] answer, Format format) {
        return new Reading(
                switch (format) {
                    case XML -> stylesheets.parse(answer);
                    case JSON -> JsonForm.parse(answer, stylesheets.documentBuilder());
                });
    }

    /** One answer that was read. */
    public final class Reading {

        private final XdmNode document;

        private Reading(XdmNode document) {
            this.document = document;
        }

        /** How many items the expression selects. */
        public int count(String xpath) {
            return evaluate(xpath).size();
        }

        /** The text of the first item that the expression selects, empty if there is none. */
        public String text(String xpath) {
            XdmValue value = evaluate(xpath);
            return value.isEmpty() ? "" : value.itemAt(0).getStringValue().strip();
        }

        /** What the expression selects, written out, so that two answers can be compared. */
        public String written(String xpath) {
            StringBuilder text = new StringBuilder();
            for (XdmItem item : evaluate(xpath)) {
                text.append(item instanceof XdmNode node ? write(node) : item.getStringValue());
            }
            return text.toString();
        }

        /** The document element, without an XML declaration. */
        public byte[] element() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            serialize(document, stylesheets.processor().newSerializer(out));
            return out.toByteArray();
        }

        private String write(XdmNode node) {
            StringWriter out = new StringWriter();
            serialize(node, stylesheets.processor().newSerializer(out));
            return out.toString();
        }

        private static void serialize(XdmNode node, Serializer serializer) {
            serializer.setOutputProperty(Serializer.Property.METHOD, "xml");
            serializer.setOutputProperty(Serializer.Property.ENCODING, "UTF-8");
            serializer.setOutputProperty(Serializer.Property.INDENT, "no");
            serializer.setOutputProperty(Serializer.Property.OMIT_XML_DECLARATION, "yes");
            try {
                serializer.serializeNode(node);
            } catch (SaxonApiException e) {
                throw new IllegalStateException("A node that was parsed can't be written");
            }
        }

        private XdmValue evaluate(String xpath) {
            try {
                XPathSelector selector = compile(xpath).load();
                selector.setContextItem(document);
                return selector.evaluate();
            } catch (SaxonApiException e) {
                // Its own message may repeat a value of the answer.
                throw new IllegalStateException("An XPath of a route is not sound: " + xpath);
            }
        }
    }

    private XPathExecutable compile(String xpath) throws SaxonApiException {
        XPathExecutable known = compiled.get(xpath);
        if (known != null) {
            return known;
        }
        XPathCompiler compiler = stylesheets.processor().newXPathCompiler();
        PREFIXES.forEach(compiler::declareNamespace);
        XPathExecutable executable = compiler.compile(xpath);
        compiled.put(xpath, executable);
        return executable;
    }
}
