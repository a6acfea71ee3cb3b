package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.Problem.Fault;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.imports.ImportViews;
import org.emrexhub.imports.Imports;
import org.emrexhub.transfer.Caller;
import org.springframework.stereotype.Component;

/** The calls about imports: documents that wait until an officer decides. */
@Component
public class ImportsApi {

    private static final int DEFAULT_SIZE = 50;

    private final ImportViews views;
    private final Imports imports;
    private final TransfersApi transfers;
    private final Clock clock;

    ImportsApi(ImportViews views, Imports imports, TransfersApi transfers, Clock clock) {
        this.views = views;
        this.imports = imports;
        this.transfers = transfers;
        this.clock = clock;
    }

    /** A page of the imports of the caller's institution that fit. */
    public Answer search(ApiRequest request) {
        JsonNode identifier = request.body().path("identifier");
        ImportViews.ImportSearch search = new ImportViews.ImportSearch(
                request.text("status"),
                ApiRequest.text(identifier, "type"),
                ApiRequest.text(identifier, "value"),
                request.text("after"),
                request.body().path("size").asInt(DEFAULT_SIZE));
        return Answer.ok(views.search(search, request.caller()));
    }

    /** One import with its application. */
    public Answer show(ApiRequest request) {
        return Answer.ok(details(request.id(), request.caller()));
    }

    /** The signed document, byte for byte. */
    public Answer elmo(ApiRequest request) {
        details(request.id(), request.caller());
        return transfers.signed(request.id());
    }

    /** Hands the application in. */
    public Answer submit(ApiRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        request.body()
                .path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
        imports.submit(request.id(), fields, request.caller());
        return state(request);
    }

    /** Decides about the import. */
    public Answer decide(ApiRequest request) {
        boolean approved = "APPROVED".equals(request.text("decision"));
        JsonNode acceptor = request.body().path("acceptor");
        if (approved && !acceptor.isObject()) {
            throw ApiRequests.invalid(List.of(new Fault("/acceptor", "required")));
        }
        imports.decide(
                request.id(),
                new Imports.Verdict(
                        approved,
                        request.text("reason"),
                        acceptor.isObject() ? TransferRequests.acceptor(acceptor, clock.instant()) : null,
                        request.text("targetId")),
                request.caller());
        return state(request);
    }

    private Answer state(ApiRequest request) {
        return Answer.ok(
                new State(request.id(), details(request.id(), request.caller()).status()));
    }

    private ImportViews.ImportDetails details(UUID id, Caller caller) {
        return views.find(id, caller)
                .orElseThrow(() -> new Problem(
                        ProblemCode.NOT_FOUND,
                        "There is no such import for your institution. POST /api/v1/imports/search finds those that"
                                + " there are."));
    }

    private record State(UUID id, String status) {}
}
