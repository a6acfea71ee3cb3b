package org.emrexhub.elmo;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXNotRecognizedException;
import org.xml.sax.SAXNotSupportedException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The one place that makes XML parsers and writers: the JDK's own, without DOCTYPE, external entities and network,
 * and with a limit to the nesting.
 *
 * <p>The {@code newDefault…} methods are deliberate: what the service loader finds depends on the class path.
 */
public final class XmlFactories {

    /**
     * No ELMO document and no register's answer is nested that deep, and what walks through a document step by step, a
     * stylesheet or a canonicalization, would run out of stack.
     */
    static final int MAX_DEPTH = 500;

    /** Throws what is fatal. The JDK's own handler writes it to the console besides, with pieces of the document. */
    private static final ErrorHandler SILENT = new DefaultHandler();

    private static final String DEPTH = "http://www.oracle.com/xml/jaxp/properties/maxElementDepth";
    private static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";
    private static final SAXParserFactory SAX = sax();
    private static final DocumentBuilderFactory DOM = dom();

    private XmlFactories() {}

    /** A SAX reader, aware of namespaces. */
    public static XMLReader reader() {
        try {
            XMLReader reader = SAX.newSAXParser().getXMLReader();
            reader.setProperty(DEPTH, MAX_DEPTH);
            reader.setErrorHandler(SILENT);
            return reader;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("The JDK's XML parser can't be hardened", e);
        }
    }

    /** A DOM builder, aware of namespaces. */
    public static DocumentBuilder documentBuilder() {
        try {
            DocumentBuilder builder = DOM.newDocumentBuilder();
            builder.setErrorHandler(SILENT);
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK's XML parser can't be hardened", e);
        }
    }

    /** A factory of StAX readers, as JAXB takes them. */
    public static XMLInputFactory streamReaders() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(DEPTH, MAX_DEPTH);
        return factory;
    }

    /** A factory of StAX writers. */
    public static XMLOutputFactory streamWriters() {
        return XMLOutputFactory.newDefaultFactory();
    }

    /** A factory of the events that a StAX writer takes. */
    public static XMLEventFactory streamEvents() {
        return XMLEventFactory.newDefaultFactory();
    }

    /** A factory of XML schemas; files may import files, nothing comes from the network. */
    public static SchemaFactory schemas() {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature(NO_DOCTYPE, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file");
        } catch (SAXNotRecognizedException | SAXNotSupportedException e) {
            throw new IllegalStateException("The JDK's schema factory can't be hardened", e);
        }
        return factory;
    }

    private static SAXParserFactory sax() {
        SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature(NO_DOCTYPE, true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        } catch (ParserConfigurationException | SAXNotRecognizedException | SAXNotSupportedException e) {
            throw new IllegalStateException("The JDK's XML parser can't be hardened", e);
        }
        return factory;
    }

    private static DocumentBuilderFactory dom() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature(NO_DOCTYPE, true);
            // Every node of a document is looked at: to make them later, one by one, only costs.
            factory.setFeature("http://apache.org/xml/features/dom/defer-node-expansion", false);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute(DEPTH, MAX_DEPTH);
            factory.setExpandEntityReferences(false);
            factory.setXIncludeAware(false);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The JDK's XML parser can't be hardened", e);
        }
        return factory;
    }
}
