package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.TransferFilter;
import org.jspecify.annotations.Nullable;

/**
 * A request that is as the contract describes it.
 *
 * @param caller who calls
 * @param variables of the address
 * @param query its parameters, defaults filled in
 * @param body an empty object if none was sent
 */
public record ApiRequest(Caller caller, Map<String, String> variables, ObjectNode query, JsonNode body) {

    /** The id in the address. */
    UUID id() {
        return UUID.fromString(variable("id"));
    }

    /** The id of the transfer in the address of a dead letter. */
    UUID transferId() {
        return UUID.fromString(variable("transferId"));
    }

    /** The id of the register or student information system in the address. */
    String systemId() {
        return variable("id");
    }

    /** A text of the body. */
    @Nullable
    String text(String property) {
        return text(body, property);
    }

    /** A text of an object. */
    static @Nullable String text(JsonNode object, String property) {
        return object.path(property).textValue();
    }

    /** The stage that the body names. */
    @Nullable
    Stage stage(String property) {
        String name = text(property);
        return name == null ? null : Stage.valueOf(name);
    }

    /** How many rows of a list. */
    int size() {
        return query.path("size").asInt();
    }

    /** Where the page before ended. */
    @Nullable
    String after() {
        return text(query, "after");
    }

    /** The filter of the query: of the caller's institution, unless the caller sees all. */
    TransferFilter filter() {
        return filter(query, caller);
    }

    /** The filter of a replay's body. */
    TransferFilter bodyFilter() {
        return filter(body.path("filter"), caller);
    }

    private static TransferFilter filter(JsonNode from, Caller caller) {
        List<UUID> ids = new ArrayList<>();
        from.path("ids").forEach(id -> ids.add(UUID.fromString(id.asText())));
        return new TransferFilter(
                caller.seesAll() ? null : caller.institution(),
                Optional.ofNullable(text(from, "stage")).map(Stage::valueOf).orElse(null),
                Optional.ofNullable(text(from, "status")).map(Status::valueOf).orElse(null),
                text(from, "register"),
                text(from, "sis"),
                text(from, "destination"),
                Optional.ofNullable(text(from, "failureCode"))
                        .flatMap(FailureCode::byWireName)
                        .orElse(null),
                instant(text(from, "from")),
                instant(text(from, "to")),
                ids);
    }

    /** An RFC 3339 instant, which the schema has checked. */
    static @Nullable Instant instant(@Nullable String text) {
        return text == null
                ? null
                : OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
    }

    private String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("the address of this operation has no " + name);
        }
        return value;
    }
}
