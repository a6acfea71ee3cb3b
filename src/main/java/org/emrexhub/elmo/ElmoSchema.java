package org.emrexhub.elmo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.validation.Schema;
import javax.xml.validation.ValidatorHandler;
import org.xml.sax.Attributes;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.XMLFilterImpl;

/** The schema of what the hub writes, {@code mappings/elmo/elmo.xsd}: judges bytes, without DOCTYPE and network. */
public final class ElmoSchema {

    private static final int LIMIT = 50;

    /** What a longer document leaves behind in a validator is not kept for the next one. */
    private static final int KEPT_UP_TO = 1_000_000;

    private final Schema schema;
    private final Queue<Judge> idle = new ConcurrentLinkedQueue<>();

    /**
     * Reads the schema from a folder.
     *
     * @param folder {@code mappings/elmo} of the home
     */
    public ElmoSchema(Path folder) {
        Path file = folder.resolve("elmo.xsd");
        try {
            this.schema = XmlFactories.schemas().newSchema(file.toFile());
        } catch (SAXException e) {
            throw new IllegalStateException("The schema can't be read: " + file + ": " + e.getMessage(), e);
        }
    }

    /** All violations of a document, at most 50; none if it is valid. */
    public List<Violation> validate(byte[] document) {
        return isValid(document) ? List.of() : violations(document);
    }

    /** To know where in the document the parser is costs as much as the schema, and a sound document needs it nowhere. */
    private boolean isValid(byte[] document) {
        Judge kept = idle.poll();
        Judge judge = kept == null ? new Judge(schema) : kept;
        try {
            judge.reader.parse(new InputSource(new ByteArrayInputStream(document)));
            if (document.length <= KEPT_UP_TO) {
                idle.add(judge);
            }
            return true;
        } catch (SAXException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("The document can't be validated", e);
        }
    }

    /** A parser with its validator, which cost as much to make as a quarter of a document; it stops at the first fault. */
    private static final class Judge extends DefaultHandler {

        private final XMLReader reader = XmlFactories.reader();

        Judge(Schema schema) {
            ValidatorHandler validator = schema.newValidatorHandler();
            validator.setErrorHandler(this);
            reader.setContentHandler(validator);
            reader.setErrorHandler(this);
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }
    }

    private List<Violation> violations(byte[] document) {
        ValidatorHandler validator = schema.newValidatorHandler();
        Places places = new Places();
        places.setContentHandler(validator);
        validator.setErrorHandler(places);
        places.setErrorHandler(places);
        places.setParent(XmlFactories.reader());
        try {
            places.parse(new InputSource(new ByteArrayInputStream(document)));
        } catch (SAXParseException e) {
            // Already noted by the error handler; after a fatal error the parser stops.
            places.note(e, "not well-formed XML without DOCTYPE");
        } catch (SAXException | IOException e) {
            throw new IllegalStateException("The document can't be validated", e);
        }
        return List.copyOf(places.violations);
    }

    /** Follows the parser, so that a violation can be told by its place. */
    private static final class Places extends XMLFilterImpl implements ErrorHandler {

        private final List<Violation> violations = new ArrayList<>();
        private final Deque<String> path = new ArrayDeque<>();
        private final Deque<Map<String, Integer>> siblings = new ArrayDeque<>(List.of(new HashMap<>()));

        @Override
        public void startElement(String uri, String name, String qName, Attributes attributes) throws SAXException {
            int position = siblings.element().merge(name, 1, Integer::sum);
            path.addLast(name + "[" + position + "]");
            siblings.push(new HashMap<>());
            super.startElement(uri, name, qName, attributes);
        }

        @Override
        public void endElement(String uri, String name, String qName) throws SAXException {
            super.endElement(uri, name, qName);
            siblings.pop();
            path.removeLast();
        }

        @Override
        public void warning(SAXParseException e) {
            // The schema has no rule that only warns.
        }

        @Override
        public void error(SAXParseException e) {
            note(e, Wanted.of(String.valueOf(e.getMessage())));
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }

        void note(SAXParseException e, String message) {
            Violation violation =
                    new Violation(e.getLineNumber(), e.getColumnNumber(), "/" + String.join("/", path), message);
            // One wrong value is reported by its facet and once more by its type.
            boolean again = violations.stream()
                    .anyMatch(known -> known.place().equals(violation.place())
                            && known.line() == violation.line()
                            && known.column() == violation.column());
            if (!again && violations.size() < LIMIT) {
                violations.add(violation);
            }
        }
    }

    /**
     * Says what the schema wants in words of our own: the validator's texts repeat values of the document. Only names
     * of the schema are taken over.
     */
    private static final class Wanted {

        private static final Pattern KEY = Pattern.compile("^([a-zA-Z][a-zA-Z0-9.-]*):");
        private static final Pattern EXPECTED = Pattern.compile("'\\{([^}]*)\\}' is expected");
        private static final Pattern NAME = Pattern.compile(":([A-Za-z]+)(?=[,}\\s]|$)");
        private static final List<Entry<String, String>> TEXTS = List.of(
                Map.entry("cvc-enumeration-valid", "the value is not one of the listed ones"),
                Map.entry("cvc-pattern-valid", "the value does not have the form that is wanted"),
                Map.entry("cvc-datatype-valid", "the value is not of the type that is wanted"),
                Map.entry("cvc-minLength-valid", "the value is empty"),
                Map.entry("cvc-minInclusive-valid", "the value is too small"),
                Map.entry("cvc-complex-type.2.4", "an element is missing or does not belong here"),
                Map.entry("cvc-complex-type.4", "an attribute is missing"),
                Map.entry("cvc-complex-type.3", "an attribute does not belong here"),
                Map.entry("cvc-complex-type.2.3", "text does not belong here"),
                Map.entry("cvc-identity-constraint", "a reference to a grading scheme leads nowhere or is not unique"),
                Map.entry("cvc-elt.1", "the root is not an ELMO document"),
                Map.entry("cvc-type", "the value is not of the type that is wanted"),
                Map.entry("cvc-attribute", "an attribute's value is not of the type that is wanted"));

        private Wanted() {}

        static String of(String message) {
            Matcher key = KEY.matcher(message);
            String name = key.find() ? key.group(1) : "cvc";
            String text = TEXTS.stream()
                    .filter(known -> name.startsWith(known.getKey()))
                    .findFirst()
                    .map(Entry::getValue)
                    .orElse("a rule of the schema is broken");
            Matcher expected = EXPECTED.matcher(message);
            if (expected.find()) {
                List<String> names = NAME.matcher(expected.group(1))
                        .results()
                        .map(found -> found.group(1))
                        .toList();
                if (!names.isEmpty()) {
                    text += "; wanted: " + String.join(", ", names);
                }
            }
            return text + " [" + name + "]";
        }
    }
}
