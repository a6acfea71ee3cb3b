package org.emrexhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The demo's transfer as the API shows it. */
record DemoTransfer(
        String id, String stage, String status, @Nullable Failure failure, List<Item> items, List<Event> timeline) {

    private static final Set<String> OPEN = Set.of("QUEUED", "WAITING_RETRY");

    /** Why it failed, and what to do about it. */
    record Failure(String code, String message, String next) {}

    /** One credit at the target. */
    record Item(String outcome, String targetId) {}

    /** One line of its timeline. */
    record Event(Instant at, String text) {}

    static DemoTransfer of(JsonNode json) {
        return new DemoTransfer(
                json.path("id").asText(),
                json.path("stage").asText(),
                json.path("status").asText(),
                json.has("failure") ? failure(json.path("failure")) : null,
                stream(json.path("items"))
                        .map(item -> new Item(
                                item.path("outcome").asText(),
                                item.path("targetId").asText()))
                        .toList(),
                stream(json.path("timeline"))
                        .map(event -> new Event(
                                Instant.parse(event.path("at").asText()),
                                event.path("text").asText()))
                        .toList());
    }

    private static Failure failure(JsonNode json) {
        return new Failure(
                json.path("code").asText(),
                json.path("message").asText(),
                json.path("next").asText());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Whether the hub goes on with it by itself. */
    boolean isUnderWay() {
        return OPEN.contains(status);
    }

    long count(String outcome) {
        return items.stream().filter(item -> item.outcome().equals(outcome)).count();
    }
}
