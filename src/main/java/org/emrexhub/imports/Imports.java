package org.emrexhub.imports;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;

/** The temporary repository: imports that wait for an officer, with their credit transfer application. */
public class Imports {

    /** What to look for; an identifier finds the imports of one learner. */
    public record ImportSearch(
            @Nullable String status,
            @Nullable String identifierType,
            @Nullable String identifier,
            int size) {}

    /** One import in a list. */
    public record ImportSummary(
            UUID id,
            String status,
            String sis,
            Instant createdAt,
            @Nullable Instant expiresAt) {}

    /** One import with its application, its fields filled in from the document. */
    public record ImportDetails(
            UUID id,
            String status,
            String sis,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant expiresAt,
            Map<String, String> fields,
            List<Credit> credits) {}

    /** One credit of the document that could be recognised. */
    public record Credit(
            String ref,
            String title,
            String institution,
            @Nullable String credits,
            @Nullable String grade,
            @Nullable String date) {}

    /** What an officer decided. */
    public record Verdict(
            boolean approved,
            @Nullable String reason,
            NewTransfer.@Nullable Decision acceptor,
            @Nullable String targetId) {}

    /** The imports of the caller's institution that fit. */
    public List<ImportSummary> search(ImportSearch search, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** One import, or nothing if the caller may not know of it. */
    public Optional<ImportDetails> find(UUID id, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** Hands the application in, with the student's own fields. */
    public void submit(UUID id, Map<String, String> fields, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** Decides; approved imports go on to delivery, others end here. */
    public void decide(UUID id, Verdict verdict, Caller caller) {
        throw new UnsupportedOperationException();
    }
}
