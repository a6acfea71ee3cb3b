package org.emrexhub.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes the answer of a push or a verify out of the variable {@code items}, as the integrator's contract has it. */
@Component("batchAnswers")
class BatchAnswers {

    /** The answer of a push: every item is in. */
    public Map<String, Object> accepted(Exchange exchange) {
        return answer(exchange, "ACCEPTED");
    }

    /** The answer of a verify: the target has every item. */
    public Map<String, Object> present(Exchange exchange) {
        return answer(exchange, null);
    }

    /** The answer of a verify: the target has none of the items. */
    public Map<String, Object> absent() {
        return Map.of("items", List.of());
    }

    private static Map<String, Object> answer(Exchange exchange, @Nullable String status) {
        List<?> items = exchange.getVariable("items", List.class);
        return Map.of(
                "items",
                items.stream().map(item -> one((Map<?, ?>) item, status)).toList());
    }

    private static Map<String, Object> one(Map<?, ?> item, @Nullable String status) {
        Map<String, Object> answer = new LinkedHashMap<>();
        put(answer, "ref", item.get("ref"));
        put(answer, "status", status);
        put(answer, "targetId", item.get("targetId"));
        return answer;
    }

    private static void put(Map<String, Object> answer, String name, @Nullable Object value) {
        if (value != null) {
            answer.put(name, value);
        }
    }
}
