package org.emrexhub.pipeline;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"items":[{"ref","status","code","targetId"}]}}, the answer of the integrator's contract. */
final class TargetAnswer {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MAX_CODE = 64;
    private static final int MAX_WORD = 128;

    private TargetAnswer() {}

    /**
     * The results by ref.
     *
     * @param presence whether the answer only names what is there, without a status
     * @throws HubFailure {@code sis_answer_unreadable} if it is not of this form
     */
    static Map<String, ItemResult> read(byte @Nullable [] answer, boolean presence) {
        if (answer == null) {
            throw unreadable("the answer is empty");
        }
        JsonNode items;
        try {
            items = JSON.readTree(answer).path("items");
        } catch (IOException e) {
            throw unreadable("the answer is not JSON");
        }
        if (!items.isArray()) {
            throw unreadable("the answer has no list 'items'");
        }
        Map<String, ItemResult> results = new LinkedHashMap<>();
        for (JsonNode item : items) {
            String ref = item.path("ref").asText("");
            String status = item.path("status").asText("").toUpperCase(Locale.ROOT);
            if (ref.isEmpty()) {
                throw unreadable("an item of the answer has no 'ref'");
            }
            ItemResult.Said said = presence ? ItemResult.Said.ACCEPTED : said(status);
            ItemResult result = new ItemResult(said, code(item), word(item, "targetId"));
            if (results.putIfAbsent(ref, result) != null) {
                throw unreadable("the answer speaks of an item twice");
            }
        }
        return results;
    }

    private static ItemResult.Said said(String status) {
        for (ItemResult.Said said : ItemResult.Said.values()) {
            if (said.name().equals(status)) {
                return said;
            }
        }
        throw unreadable("an item of the answer has a status that is none of the contract's");
    }

    /** The target's short name for what is wrong; that there was another text is told, so that nobody misses a reason. */
    private static @Nullable String code(JsonNode item) {
        if (item.path("code").asText("").isEmpty()) {
            return null;
        }
        String word = word(item, "code");
        return word == null ? ItemResult.WITHHELD : word.substring(0, Math.min(word.length(), MAX_CODE));
    }

    /** A code or an id of the target: short, without blanks, so that no message with learner data passes for one. */
    private static @Nullable String word(JsonNode item, String name) {
        String value = item.path(name).asText("");
        return value.length() <= MAX_WORD && value.matches("[\\x21-\\x7e]+") ? value : null;
    }

    private static HubFailure unreadable(String what) {
        return new HubFailure(FailureCode.SIS_ANSWER_UNREADABLE, what);
    }
}
