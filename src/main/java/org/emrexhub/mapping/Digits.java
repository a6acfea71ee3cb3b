package org.emrexhub.mapping;

import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Refuses an answer with digits in a row that no number, code or date has: to read a number takes the square of its
 * digits, minutes for a million of them, and every mapping reads some.
 */
final class Digits extends XMLFilterImpl {

    /** As many as Jackson takes in a number of JSON. */
    static final int MAX = 1_000;

    private int row;

    Digits(XMLReader reader) {
        super(reader);
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

    static void check(String text) {
        int row = 0;
        for (int n = 0; n < text.length() && text.length() > MAX; n++) {
            row = next(row, text.charAt(n));
        }
    }

    private static int next(int row, char c) {
        if (c < '0' || c > '9') {
            return 0;
        }
        if (row == MAX) {
            throw new HubFailure(FailureCode.ANSWER_UNREADABLE, "more than " + MAX + " digits in a row");
        }
        return row + 1;
    }
}
