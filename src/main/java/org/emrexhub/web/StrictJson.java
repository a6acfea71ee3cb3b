package org.emrexhub.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;

/**
 * Reads JSON as RFC 8259 and RFC 7493 have it, so that no two readers can understand it differently: UTF-8 without
 * faults, no key twice, nothing after the end.
 */
final class StrictJson {

    private static final int MAX_DEPTH = 20;
    private static final int MAX_NAME = 200;
    private static final int MAX_DIGITS = 40;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** The value that the bytes hold. */
    static JsonNode read(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw refused("The body is not sound UTF-8. Encode it as UTF-8 and send it again.", "not_utf8");
        }
        try {
            JsonNode value = JSON.readTree(text);
            if (value == null || value.isMissingNode()) {
                throw refused("The body is empty. Send what the contract at /v3/api-docs describes.", "required");
            }
            if (holdsInfinity(value)) {
                throw refused(
                        "The body holds a number beyond all measure. Send what the contract at /v3/api-docs describes.",
                        "too_large");
            }
            return value;
        } catch (StreamConstraintsException tooMuch) {
            throw refused(
                    "The body is nested too deeply or holds a name or number that is too long" + at(tooMuch)
                            + ". Send what the contract at /v3/api-docs describes.",
                    "too_deep");
        } catch (JsonProcessingException broken) {
            throw refused(
                    "The body is not one sound JSON value" + at(broken)
                            + ". No key may appear twice and nothing may follow the end; correct it and send it again.",
                    "not_json");
        }
    }

    /** What a double can't hold, such as 1e999: the schema's enums stumble over it. */
    private static boolean holdsInfinity(JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode child : value) {
                if (holdsInfinity(child)) {
                    return true;
                }
            }
        }
        return value.isDouble() && Double.isInfinite(value.doubleValue());
    }

    private static String at(JsonProcessingException broken) {
        JsonLocation place = broken.getLocation();
        return place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    private static Problem refused(String detail, String code) {
        return new Problem(ProblemCode.REQUEST_INVALID, detail, List.of(new Problem.Fault("", code)));
    }
}
