package org.emrexhub.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.DocumentBuilder;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * JSON as the XML form of XPath 3.1 ({@code fn:json-to-xml}), read strictly: a key that stands twice, a character that
 * XML can't hold and anything after the value are refused, and numbers keep the digits that they came with.
 */
final class JsonForm {

    static final String NAMESPACE = "http://www.w3.org/2005/xpath-functions";
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final BuildingContentHandler out;

    private JsonForm(BuildingContentHandler out) {
        this.out = out;
    }

    static XdmNode parse(byte[] json, DocumentBuilder builder) {
        try (JsonParser in = STRICT.createParser(json)) {
            BuildingContentHandler out = builder.newBuildingContentHandler();
            out.startDocument();
            out.startPrefixMapping("", NAMESPACE);
            new JsonForm(out).write(in);
            out.endDocument();
            return out.getDocumentNode();
        } catch (IOException | SAXException | SaxonApiException e) {
            throw new HubFailure(
                    FailureCode.ANSWER_UNREADABLE,
                    AnswerLimits.Exceeded.in(e)
                            .map(AnswerLimits.Exceeded::getMessage)
                            .orElse("the answer is not the JSON that was expected"));
        }
    }

    private void write(JsonParser in) throws IOException, SAXException {
        Deque<String> open = new ArrayDeque<>();
        String key = null;
        boolean done = false;
        for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
            if (done) {
                throw new SAXException("more than one value");
            }
            switch (token) {
                case FIELD_NAME -> key = checked(in.currentName());
                case START_OBJECT, START_ARRAY -> {
                    String name = token == JsonToken.START_OBJECT ? "map" : "array";
                    start(name, key);
                    open.push(name);
                    key = null;
                }
                case END_OBJECT, END_ARRAY -> end(open.pop());
                default -> {
                    String name = switch (token) {
                        case VALUE_STRING -> "string";
                        case VALUE_NULL -> "null";
                        case VALUE_TRUE, VALUE_FALSE -> "boolean";
                        default -> "number";
                    };
                    start(name, key);
                    if (token != JsonToken.VALUE_NULL) {
                        String text = checked(in.getText());
                        out.characters(text.toCharArray(), 0, text.length());
                    }
                    end(name);
                    key = null;
                }
            }
            done = open.isEmpty();
        }
        if (!done) {
            throw new SAXException("no value");
        }
    }

    private void start(String name, @Nullable String key) throws SAXException {
        AttributesImpl attributes = new AttributesImpl();
        if (key != null) {
            attributes.addAttribute("", "key", "key", "CDATA", key);
        }
        out.startElement(NAMESPACE, name, name, attributes);
    }

    private void end(String name) throws SAXException {
        out.endElement(NAMESPACE, name, name);
    }

    private static String checked(String text) throws SAXException {
        // XML 1.0, production 2: Saxon's handler would take what its serializer can't write.
        boolean sound = text.codePoints()
                .allMatch(c -> c == 0x9
                        || c == 0xA
                        || c == 0xD
                        || c >= 0x20 && c <= 0xD7FF
                        || c >= 0xE000 && c <= 0xFFFD
                        || c >= 0x10000);
        if (!sound) {
            throw new SAXException("a character that XML can't hold");
        }
        AnswerLimits.check(text);
        return text;
    }
}
