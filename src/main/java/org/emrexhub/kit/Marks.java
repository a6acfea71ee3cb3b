package org.emrexhub.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.Tracing;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Where the elements of a traced document come from, by their places as the schema's violations name them. */
final class Marks {

    static final Marks NONE = new Marks(null, null);

    /**
     * What an element says of its origin.
     *
     * @param at path of the answer's node
     * @param by line of the stylesheet
     * @param text the element's own text, empty if it has children
     */
    record Mark(String at, int by, String text) {}

    private final @Nullable Element root;
    private final @Nullable Element result;

    private Marks(@Nullable Element root, @Nullable Element result) {
        this.root = root;
        this.result = result;
    }

    /** Reads the assembled document, and the mapping's result for what assembling writes anew. */
    static Marks of(byte[] elmo, byte[] result) {
        return new Marks(Dom.parse(elmo).getDocumentElement(), Dom.parse(result).getDocumentElement());
    }

    /** The mark of an element, or of what stands nearest to it. */
    Optional<Mark> nearest(String place) {
        if (root == null || result == null) {
            return Optional.empty();
        }
        List<Element> way = way(root, place);
        Element element = way.get(way.size() - 1);
        if (place.startsWith("/elmo[1]/learner[1]")) {
            return learner(result, element);
        }
        for (int i = way.size() - 1; i >= 0; i--) {
            Optional<Element> marked = marked(way.get(i));
            if (marked.isPresent()) {
                String text = Dom.children(element).isEmpty() ? Dom.text(element) : "";
                return Optional.of(new Mark(at(marked.get()), by(marked.get()), text));
            }
        }
        return Optional.empty();
    }

    private static Optional<Mark> learner(Element result, Element element) {
        Optional<Element> learner = Dom.children(result, "learner").stream().findFirst();
        return learner.flatMap(described ->
                        Dom.children(described, element.getLocalName()).stream().findFirst())
                .or(() -> learner)
                .map(marked -> new Mark(at(marked), by(marked), Dom.text(element)));
    }

    /** The elements on the way to a place, as far as they are there. */
    private static List<Element> way(Element root, String place) {
        List<Element> way = new ArrayList<>(List.of(root));
        String[] steps = place.split("/");
        for (int i = 2; i < steps.length; i++) {
            String name = steps[i].replaceAll("\\[.*", "");
            int position = Integer.parseInt(steps[i].replaceAll(".*\\[|]", ""));
            List<Element> same = Dom.children(way.get(way.size() - 1), name);
            if (position > same.size()) {
                break;
            }
            way.add(same.get(position - 1));
        }
        return way;
    }

    private static Optional<Element> marked(Element element) {
        return element.hasAttributeNS(RegisterMapping.NAMESPACE, Tracing.AT)
                ? Optional.of(element)
                : Dom.children(element).stream()
                        .flatMap(child -> marked(child).stream())
                        .findFirst();
    }

    static String at(Element element) {
        return element.getAttributeNS(RegisterMapping.NAMESPACE, Tracing.AT);
    }

    static int by(Element element) {
        String line = element.getAttributeNS(RegisterMapping.NAMESPACE, Tracing.BY);
        return line.isEmpty() ? 0 : Integer.parseInt(line);
    }

    /** A traced result without its marks. */
    static byte @Nullable [] without(byte @Nullable [] traced) {
        if (traced == null) {
            return null;
        }
        Document document = Dom.parse(traced);
        strip(document.getDocumentElement());
        return Dom.write(document);
    }

    private static void strip(Element element) {
        element.removeAttributeNS(RegisterMapping.NAMESPACE, Tracing.AT);
        element.removeAttributeNS(RegisterMapping.NAMESPACE, Tracing.BY);
        Dom.children(element).forEach(Marks::strip);
    }
}
