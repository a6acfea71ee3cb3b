package org.emrexhub.kit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.emrexhub.catalog.Fault;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Pretty;
import org.emrexhub.mapping.SisMapping;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Node;

/**
 * One {@code hub:delivery}, mapped as the hub would map it before a push.
 *
 * @param sis its id
 * @param document the delivery
 * @param failure the wire code with which a transfer of it would die
 * @param expectedFailure the wire code that the sample expects
 * @param detail why it fails, and where in the stylesheet
 * @param expected the file that it is compared with, by meaning; {@code null} if a failure is expected
 * @param difference in what the payload differs from that file; {@code null} if it does not
 * @param payload indented, if its form can be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SisTrial(
        String sis,
        String document,
        @Nullable String failure,
        @Nullable String expectedFailure,
        @Nullable String detail,
        @JsonIgnore @Nullable Path expected,
        @Nullable String difference,
        @Nullable String payload) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether nothing is to be mended. */
    public boolean fine() {
        return failure == null ? expectedFailure == null && difference == null : failure.equals(expectedFailure);
    }

    /** Maps a delivery and compares what comes of it. */
    public static SisTrial of(SisBench bench, Sample sample) {
        Map<String, String> parameters = new HashMap<>(bench.sis().parameters());
        parameters.put("today", Bench.TODAY);
        parameters.putAll(sample.parameters());
        String document = Fault.shown(sample.input());
        String wanted = sample.failure().orElse(null);
        byte[] payload;
        try {
            payload = bench.mapping().payload(bench.folder(), sample.bytes(), parameters);
        } catch (HubFailure stopped) {
            String detail = stopped.detail() == null ? stopped.code().message() : stopped.detail();
            return new SisTrial(
                    bench.sis().id(), document, stopped.code().wireName(), wanted, detail, null, null, null);
        }
        SisMapping.Form form = bench.mapping().form(bench.folder());
        Path expected = wanted != null || !sample.input().endsWith("input.xml")
                ? null
                : sample.input().resolveSibling("payload." + form.suffix());
        return new SisTrial(
                bench.sis().id(),
                document,
                null,
                wanted,
                null,
                expected,
                expected == null ? null : difference(form, expected, payload),
                shown(form, payload));
    }

    /** Writes the payload as what is expected from now on. */
    public void update() {
        if (expected == null || payload == null) {
            return;
        }
        try {
            Files.writeString(expected, payload);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static @Nullable String difference(SisMapping.Form form, Path expected, byte[] payload) {
        String name = String.valueOf(expected.getFileName());
        if (!Files.isRegularFile(expected)) {
            return "there is no " + name + " to compare with";
        }
        try {
            byte[] wanted = Files.readAllBytes(expected);
            String place = switch (form) {
                case JSON -> place(JSON.readTree(wanted), JSON.readTree(payload), "");
                case XML ->
                    place(
                            Dom.parse(wanted).getDocumentElement(),
                            Dom.parse(payload).getDocumentElement(),
                            "");
                case TEXT -> new String(wanted, StandardCharsets.UTF_8).equals(text(payload)) ? null : "";
            };
            return place == null ? null : "differs from " + name + (place.isEmpty() ? "" : " at " + place);
        } catch (IOException | IllegalArgumentException unreadable) {
            return name + " or the payload is not what xsl:output says";
        }
    }

    private static @Nullable String place(JsonNode wanted, JsonNode payload, String path) {
        if (wanted.isObject() && payload.isObject()) {
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                String place = place(field.getValue(), payload.path(field.getKey()), path + "/" + field.getKey());
                if (place != null) {
                    return place;
                }
            }
            return payload.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(key -> !wanted.has(key))
                    .findFirst()
                    .map(key -> path + "/" + key)
                    .orElse(null);
        }
        if (wanted.isArray() && payload.isArray()) {
            for (int i = 0; i < Math.max(wanted.size(), payload.size()); i++) {
                String place = place(wanted.path(i), payload.path(i), path + "/" + i);
                if (place != null) {
                    return place;
                }
            }
            return null;
        }
        return wanted.equals(payload) ? null : path;
    }

    private static @Nullable String place(Node wanted, Node payload, String path) {
        String here = path + "/" + payload.getNodeName();
        List<? extends Node> children = Dom.children(wanted);
        List<? extends Node> others = Dom.children(payload);
        for (int i = 0; i < Math.min(children.size(), others.size()); i++) {
            String place = place(children.get(i), others.get(i), here + "[" + (i + 1) + "]");
            if (place != null) {
                return place;
            }
        }
        boolean same = children.size() == others.size()
                && String.valueOf(wanted.getNamespaceURI()).equals(String.valueOf(payload.getNamespaceURI()))
                && String.valueOf(wanted.getLocalName()).equals(payload.getLocalName())
                && attributes(wanted).equals(attributes(payload))
                && (!children.isEmpty() || wanted.getTextContent().equals(payload.getTextContent()));
        return same ? null : here;
    }

    private static Map<String, String> attributes(Node element) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Node attribute = element.getAttributes().item(i);
            if (!"http://www.w3.org/2000/xmlns/".equals(attribute.getNamespaceURI())) {
                attributes.put(
                        "{" + attribute.getNamespaceURI() + "}" + attribute.getLocalName(), attribute.getNodeValue());
            }
        }
        return attributes;
    }

    private static String shown(SisMapping.Form form, byte[] payload) {
        try {
            return switch (form) {
                case JSON -> JSON.readTree(payload).toPrettyString() + "\n";
                case XML -> text(Pretty.xml(payload));
                case TEXT -> text(payload);
            };
        } catch (IOException | IllegalStateException unreadable) {
            return text(payload);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
