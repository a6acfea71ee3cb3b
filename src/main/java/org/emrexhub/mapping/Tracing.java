package org.emrexhub.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathExecutable;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Runs a register's mapping for who writes it: every element that the stylesheet makes says by an attribute which node
 * of the answer was being mapped and which line made it. For that the stylesheet is changed while it is read; a hub
 * that maps for learners does nothing of this.
 */
public final class Tracing {

    /** Attribute in {@link RegisterMapping#NAMESPACE}: the path of the answer's node, as {@code fn:path} writes it. */
    public static final String AT = "at";

    /** Attribute in {@link RegisterMapping#NAMESPACE}: the stylesheet's line. */
    public static final String BY = "by";

    private static final String XSLT = "http://www.w3.org/1999/XSL/Transform";
    private static final String HERE = "{if (. instance of node()) then path(.) else ''}";

    private final Stylesheets stylesheets;

    /** Traces stylesheets of this home. */
    public Tracing(Stylesheets stylesheets) {
        this.stylesheets = stylesheets;
    }

    /** One record of an answer: its reference, empty if it has none, and its path. */
    public record Record(String ref, String path) {}

    /**
     * How a run went.
     *
     * @param result the whole {@code hub:result} with the two attributes; absent if the stylesheet stopped
     * @param fault what Saxon says of the stop; it may repeat values of the answer
     */
    public record Traced(byte @Nullable [] result, @Nullable String fault) {}

    /** Maps an answer; records are not accounted for. */
    public Traced map(MappingFolder mapping, byte[] answer, Map<String, String> parameters) {
        try {
            XdmDestination result = new XdmDestination();
            Xslt30Transformer transformer = compile(mapping.stylesheet()).load30();
            transformer.setMessageHandler(message -> {});
            transformer.setErrorReporter(error -> {});
            transformer.setStylesheetParameters(Stylesheets.values(parameters));
            XdmNode source = source(mapping, answer);
            transformer.setGlobalContextItem(source);
            transformer.applyTemplates(source, result);
            return new Traced(Stylesheets.serialize(result.getXdmNode()), null);
        } catch (SaxonApiException stopped) {
            return new Traced(null, stopped.getMessage());
        }
    }

    /** Every record of an answer, in its order. */
    public List<Record> records(MappingFolder mapping, byte[] answer) {
        try {
            XPathCompiler compiler = stylesheets.processor().newXPathCompiler();
            mapping.namespaces().forEach(compiler::declareNamespace);
            XPathExecutable ref = compiler.compile(mapping.recordRef());
            XPathExecutable path = compiler.compile("path(.)");
            XPathSelector records = compiler.compile(mapping.records()).load();
            records.setContextItem(source(mapping, answer));
            List<Record> found = new ArrayList<>();
            for (XdmItem record : records.evaluate()) {
                found.add(new Record(
                        text(ref, record).orElse(""), text(path, record).orElse("")));
            }
            return found;
        } catch (SaxonApiException e) {
            throw new HubFailure(
                    FailureCode.MAPPING_FAILED, "records or recordRef of the descriptor can't be evaluated");
        }
    }

    private static Optional<String> text(XPathExecutable xpath, XdmItem context) throws SaxonApiException {
        XPathSelector selector = xpath.load();
        selector.setContextItem(context);
        return selector.evaluate().stream().map(XdmItem::getStringValue).findFirst();
    }

    private XdmNode source(MappingFolder mapping, byte[] answer) {
        return switch (mapping.format()) {
            case XML -> stylesheets.parse(answer);
            case JSON -> JsonForm.parse(answer, stylesheets.documentBuilder());
        };
    }

    private XsltExecutable compile(Path stylesheet) throws SaxonApiException {
        XsltCompiler compiler = stylesheets.processor().newXsltCompiler();
        compiler.setErrorReporter(error -> {});
        try (InputStream bytes = Files.newInputStream(stylesheet)) {
            InputSource source = new InputSource(bytes);
            source.setSystemId(stylesheet.toRealPath().toUri().toString());
            Marks marks = new Marks();
            marks.setParent(XmlFactories.reader());
            return compiler.compile(new SAXSource(marks, source));
        } catch (IOException e) {
            throw new SaxonApiException(e);
        }
    }

    /** Gives every literal result element the two attributes, except inside functions, which have no context. */
    private static final class Marks extends XMLFilterImpl {

        private int functions;
        private @Nullable Locator locator;

        @Override
        public void setDocumentLocator(Locator locator) {
            this.locator = locator;
            super.setDocumentLocator(locator);
        }

        @Override
        public void startElement(String uri, String name, String qName, Attributes attributes) throws SAXException {
            if (XSLT.equals(uri)) {
                functions += name.equals("function") ? 1 : 0;
                super.startElement(uri, name, qName, attributes);
            } else {
                AttributesImpl marked = new AttributesImpl(attributes);
                if (functions == 0) {
                    startPrefixMapping("hub-mark", RegisterMapping.NAMESPACE);
                    add(marked, AT, HERE);
                    add(marked, BY, locator == null ? "0" : String.valueOf(locator.getLineNumber()));
                }
                super.startElement(uri, name, qName, marked);
            }
        }

        @Override
        public void endElement(String uri, String name, String qName) throws SAXException {
            super.endElement(uri, name, qName);
            if (XSLT.equals(uri)) {
                functions -= name.equals("function") ? 1 : 0;
            } else if (functions == 0) {
                endPrefixMapping("hub-mark");
            }
        }

        private static void add(AttributesImpl attributes, String name, String value) {
            attributes.addAttribute(RegisterMapping.NAMESPACE, name, "hub-mark:" + name, "CDATA", value);
        }
    }
}
