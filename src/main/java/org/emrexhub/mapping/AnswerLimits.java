package org.emrexhub.mapping;

import java.util.Optional;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Refuses in an answer what is well-formed, and yet would bring the mapping down.
 *
 * <ul>
 *   <li>Digits in a row that no number, code or date has: to read a number takes the square of its digits, minutes for a
 *       million of them, and every mapping reads some.
 *   <li>A prefix for a namespace of blanks, which is no URI: Saxon forgets it and fails on the next copy.
 * </ul>
 */
final class AnswerLimits extends XMLFilterImpl {

    /** As many as Jackson takes in a number of JSON. */
    static final int DIGITS = 1_000;

    private int row;

    AnswerLimits(XMLReader reader) {
        super(reader);
    }

    /** Says what was refused; the text repeats nothing of the answer. */
    static final class Exceeded extends SAXException {

        private static final long serialVersionUID = 1;

        private Exceeded(String message) {
            super(message);
        }

        /** The one among the causes of a failure. */
        static Optional<Exceeded> in(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof Exceeded exceeded) {
                    return Optional.of(exceeded);
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) throws SAXException {
        if (!uri.isEmpty() && uri.isBlank()) {
            throw new Exceeded("a namespace of blanks");
        }
        super.startPrefixMapping(prefix, uri);
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) throws SAXException {
        row = 0;
        for (int n = 0; n < attributes.getLength(); n++) {
            check(attributes.getValue(n));
        }
        super.startElement(uri, name, qName, attributes);
    }

    @Override
    public void endElement(String uri, String name, String qName) throws SAXException {
        row = 0;
        super.endElement(uri, name, qName);
    }

    @Override
    public void characters(char[] text, int start, int length) throws SAXException {
        for (int n = start; n < start + length; n++) {
            row = next(row, text[n]);
        }
        super.characters(text, start, length);
    }

    /** Refuses a value as it would be refused in XML. */
    static void check(String text) throws SAXException {
        if (text.length() <= DIGITS) {
            return;
        }
        int row = 0;
        for (int n = 0; n < text.length(); n++) {
            row = next(row, text.charAt(n));
        }
    }

    private static int next(int row, char c) throws SAXException {
        if (c < '0' || c > '9') {
            return 0;
        }
        if (row == DIGITS) {
            throw new Exceeded("more than " + DIGITS + " digits in a row");
        }
        return row + 1;
    }
}
