package org.emrexhub.kit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.mapping.MappingFolder.Format;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.DefaultHandler2;

/** Where every element of a source document stands, found by the path that {@code fn:path} writes. */
final class SourcePlaces {

    static final String JSON_FORM = "http://www.w3.org/2005/xpath-functions";

    private @Nullable Spot broken;

    private record Known(Spot spot, String value) {}

    private final String file;
    private final Map<String, Known> places = new LinkedHashMap<>();

    private SourcePlaces(String file) {
        this.file = file;
    }

    /** Reads the places of a document; of one that can't be read, those before the fault. */
    static SourcePlaces of(String file, byte[] document, Format format) {
        SourcePlaces places = new SourcePlaces(file);
        try {
            switch (format) {
                case XML -> places.readXml(document);
                case JSON -> places.readJson(document);
            }
        } catch (SAXParseException broken) {
            places.broken = new Spot(file, broken.getLineNumber(), broken.getColumnNumber(), "");
        } catch (JsonProcessingException broken) {
            JsonLocation place = broken.getLocation();
            places.broken = new Spot(file, place.getLineNr(), place.getColumnNr(), "");
        } catch (IOException | SAXException broken) {
            places.broken = new Spot(file, 0, 0, "");
        }
        return places;
    }

    /** Where the document ceases to be what it should be, if it does. */
    Optional<Spot> broken() {
        return Optional.ofNullable(broken);
    }

    /** The place of a node, or of the nearest element around it. */
    Optional<Spot> at(String path) {
        for (String above = path; !above.isEmpty(); above = above.substring(0, Math.max(above.lastIndexOf("/"), 0))) {
            Known known = places.get(above);
            if (known != null) {
                return Optional.of(known.spot());
            }
        }
        return Optional.empty();
    }

    /** The places of the values below a node that are exactly so. */
    List<Spot> values(String path, String value) {
        return places.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path))
                .map(Map.Entry::getValue)
                .filter(known -> known.value().equals(value))
                .map(Known::spot)
                .toList();
    }

    private void readXml(byte[] document) throws IOException, SAXException {
        XMLReader reader = XmlFactories.reader();
        Elements elements = new Elements();
        reader.setContentHandler(elements);
        reader.setErrorHandler(elements);
        reader.setProperty("http://xml.org/sax/properties/lexical-handler", elements);
        reader.parse(new InputSource(new ByteArrayInputStream(document)));
    }

    /** Steps of the paths of all open elements, with how many siblings of a name came before. */
    private static final class Steps {

        private final Deque<String> paths = new ArrayDeque<>(List.of(""));
        private final Deque<Map<String, Integer>> counted = new ArrayDeque<>(List.of(new HashMap<>()));

        int enter(String name) {
            int position = counted.element().merge(name, 1, Integer::sum);
            paths.push(paths.element() + "/" + name + "[" + position + "]");
            counted.push(new HashMap<>());
            return position;
        }

        String path() {
            return paths.element();
        }

        void leave() {
            paths.pop();
            counted.pop();
        }
    }

    private final class Elements extends DefaultHandler2 {

        private final Steps steps = new Steps();
        private final Deque<String> shown = new ArrayDeque<>(List.of(""));
        private final Deque<StringBuilder> texts = new ArrayDeque<>();
        private @Nullable Locator locator;
        private int line = 1;
        private int column = 1;

        @Override
        public void setDocumentLocator(Locator locator) {
            this.locator = locator;
        }

        /** A tag begins where the event before it ended. */
        private void moved() {
            if (locator != null) {
                line = locator.getLineNumber();
                column = locator.getColumnNumber();
            }
        }

        @Override
        public void startElement(String uri, String name, String qName, Attributes attributes) {
            int position = steps.enter("Q{" + uri + "}" + name);
            shown.push(shown.element() + "/" + name + (position == 1 ? "" : "[" + position + "]"));
            Spot spot = new Spot(file, line, column, shown.element());
            places.put(steps.path(), new Known(spot, ""));
            for (int i = 0; i < attributes.getLength(); i++) {
                places.put(
                        steps.path() + "/@" + attributes.getLocalName(i),
                        new Known(
                                new Spot(file, line, column, shown.element() + "/@" + attributes.getQName(i)),
                                attributes.getValue(i).strip()));
            }
            texts.push(new StringBuilder());
            moved();
        }

        @Override
        public void characters(char[] text, int start, int length) {
            if (!texts.isEmpty()) {
                texts.element().append(text, start, length);
            }
            moved();
        }

        @Override
        public void endElement(String uri, String name, String qName) {
            String text = texts.pop().toString().strip();
            places.computeIfPresent(steps.path(), (path, known) -> new Known(known.spot(), text));
            steps.leave();
            shown.pop();
            moved();
        }

        @Override
        public void comment(char[] text, int start, int length) {
            moved();
        }

        @Override
        public void processingInstruction(String target, String content) {
            moved();
        }
    }

    private void readJson(byte[] document) throws IOException {
        try (JsonParser in = new JsonFactory().createParser(document)) {
            Steps steps = new Steps();
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                switch (token) {
                    case FIELD_NAME -> {}
                    case END_OBJECT, END_ARRAY -> steps.leave();
                    default -> {
                        steps.enter("Q{" + JSON_FORM + "}" + form(token));
                        var context = in.getParsingContext();
                        var around = token.isStructStart() ? context.getParent() : context;
                        String pointer = around.pathAsPointer().toString();
                        var place = in.currentTokenLocation();
                        places.put(
                                steps.path(),
                                new Known(
                                        new Spot(file, place.getLineNr(), place.getColumnNr(), pointer),
                                        token.isScalarValue() ? in.getText() : ""));
                        if (token.isScalarValue()) {
                            steps.leave();
                        }
                    }
                }
            }
        }
    }

    private static String form(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "map";
            case START_ARRAY -> "array";
            case VALUE_STRING -> "string";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            default -> "number";
        };
    }
}
