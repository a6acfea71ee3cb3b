package org.emrexhub.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Cancellation;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Retention;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.TransferDetails;
import org.emrexhub.transfer.TransferPage;
import org.emrexhub.transfer.TransferViews;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** The calls about transfers. */
@Component
public class TransfersApi {

    static final String ADDRESS = "/api/v1/transfers/";

    private final TransferViews views;
    private final Documents documents;
    private final Retention retention;
    private final Cancellation cancellation;

    TransfersApi(TransferViews views, Documents documents, Retention retention, Cancellation cancellation) {
        this.views = views;
        this.documents = documents;
        this.retention = retention;
        this.cancellation = cancellation;
    }

    /** Tells where the new transfer is. */
    public Answer accepted(Acceptance.Accepted accepted) {
        return Answer.accepted(ADDRESS + accepted.id(), new State(accepted.id(), accepted.stage(), accepted.status()));
    }

    /** A page of the transfers that the caller may see. */
    public Answer list(ApiRequest request) {
        return page(views.page(request.filter(), request.after(), request.size()));
    }

    /** Everything about one transfer. */
    public Answer show(ApiRequest request) {
        return Answer.ok(Transfer.of(details(request.id(), request.caller())));
    }

    /** The signed document, byte for byte. */
    public Answer elmo(ApiRequest request) {
        details(request.id(), request.caller());
        return signed(request.id());
    }

    /** What was mapped and skipped. */
    public Answer report(ApiRequest request) {
        details(request.id(), request.caller());
        byte[] report = documents
                .find(request.id(), DocumentKind.REPORT, "")
                .orElseThrow(() -> missing(request.id(), "The records are not mapped yet"));
        return new Answer(200, MediaType.APPLICATION_JSON, Map.of(), report);
    }

    /** Withdraws the transfer. */
    public Answer cancel(ApiRequest request) {
        cancellation.cancel(request.id(), request.caller());
        return state(request.id(), request.caller());
    }

    /** How a transfer stands now. */
    Answer state(UUID id, Caller caller) {
        TransferDetails details = details(id, caller);
        return Answer.ok(new State(details.id(), details.stage(), details.status()));
    }

    /** The signed document of a transfer that the caller may see. */
    Answer signed(UUID id) {
        byte[] elmo = documents
                .find(id, DocumentKind.ELMO, "")
                .orElseThrow(() -> missing(id, "The document is not made yet"));
        return Answer.document("elmo-" + id + ".xml", elmo);
    }

    private Problem missing(UUID id, String notYet) {
        return retention.isErased(id)
                ? new Problem(
                        ProblemCode.ERASED,
                        "The transfer ended so long ago that its learner data was erased. Its timeline is still there.")
                : new Problem(ProblemCode.NOT_READY, notYet + ". Ask again when the transfer has left the stage MAP.");
    }

    static Answer page(TransferPage page) {
        return Answer.ok(new Page(page.items().stream().map(Row::of).toList(), page.next()));
    }

    private TransferDetails details(UUID id, Caller caller) {
        return views.details(id, caller)
                .orElseThrow(() -> new Problem(
                        ProblemCode.NOT_FOUND,
                        "There is no such transfer for your institution. GET /api/v1/transfers lists those that there"
                                + " are."));
    }

    private record State(UUID id, Stage stage, Status status) {}

    private record Page(List<Row> items, @Nullable String next) {}

    private record Row(
            UUID id,
            Stage stage,
            Status status,
            String sis,
            List<String> registers,
            @Nullable String failureCode,
            Instant createdAt,
            Instant updatedAt) {

        static Row of(TransferPage.Row row) {
            return new Row(
                    row.id(),
                    row.stage(),
                    row.status(),
                    row.sis(),
                    row.registers(),
                    wireName(row.failureCode()),
                    row.createdAt(),
                    row.updatedAt());
        }
    }

    private record Transfer(
            UUID id,
            String origin,
            String sis,
            Stage stage,
            Status status,
            @Nullable Failure failure,
            int revision,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant giveUpAt,
            @Nullable Instant nextAttemptAt,
            List<Source> sources,
            List<TransferDetails.Attempt> attempts,
            List<TransferDetails.Item> items,
            List<Event> timeline) {

        static Transfer of(TransferDetails details) {
            return new Transfer(
                    details.id(),
                    details.origin(),
                    details.sis(),
                    details.stage(),
                    details.status(),
                    Failure.of(details.failureCode(), details.failureDetail()),
                    details.revision(),
                    details.createdAt(),
                    details.updatedAt(),
                    details.giveUpAt(),
                    details.nextAttemptAt(),
                    details.sources().stream().map(Source::of).toList(),
                    details.attempts(),
                    details.items(),
                    details.timeline().stream().map(Event::of).toList());
        }
    }

    private record Failure(String code, String kind, String message, String next) {

        static @Nullable Failure of(@Nullable FailureCode code, @Nullable String detail) {
            return code == null
                    ? null
                    : new Failure(code.wireName(), code.kind().name(), message(code, detail), code.next());
        }

        private static String message(FailureCode code, @Nullable String detail) {
            if (detail == null || detail.isBlank()) {
                return code.message();
            }
            String sentence = code.message().replaceFirst("\\.$", "") + ": " + detail.strip();
            return sentence.endsWith(".") ? sentence : sentence + ".";
        }
    }

    private record Source(
            String register,
            String status,
            @Nullable String failureCode,
            @Nullable String mappingVersion,
            @Nullable Integer mapped,
            @Nullable Integer skipped) {

        static Source of(TransferDetails.Source source) {
            return new Source(
                    source.register(),
                    source.status(),
                    wireName(source.failureCode()),
                    source.mappingVersion(),
                    source.mapped(),
                    source.skipped());
        }
    }

    private record Event(Instant at, String actor, String type, String text) {

        static Event of(TransferDetails.Event event) {
            return new Event(event.at(), event.actor(), event.type(), event.text());
        }
    }

    static @Nullable String wireName(@Nullable FailureCode code) {
        return code == null ? null : code.wireName();
    }
}
