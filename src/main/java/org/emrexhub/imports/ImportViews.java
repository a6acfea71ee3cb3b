package org.emrexhub.imports;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.elmo.Credits;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.PageKey;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What officers see of imports. */
@Component
public class ImportViews {

    /** The part of the DECISION document in which the officer's reason stands. */
    static final String REASON = "reason";

    /** What to look for; an identifier finds the imports of one learner. */
    public record ImportSearch(
            @Nullable String status,
            @Nullable String identifierType,
            @Nullable String identifier,
            @Nullable String after,
            int size) {}

    /**
     * A page of imports, newest first.
     *
     * @param next opaque key of the next page, {@code null} on the last
     */
    public record ImportPage(
            List<ImportSummary> items, @Nullable String next) {}

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
            @Nullable Decision decision,
            Map<String, String> fields,
            List<Credit> credits) {}

    /** Who decided, when and why. */
    public record Decision(
            Instant decidedAt, String decidedBy, @Nullable String reason) {}

    /** One credit of the document that could be recognised. */
    public record Credit(
            String ref,
            String title,
            String institution,
            @Nullable String credits,
            @Nullable String grade,
            @Nullable String date) {}

    private final Applications applications;
    private final Documents documents;
    private final Vault vault;

    ImportViews(Applications applications, Documents documents, Vault vault) {
        this.applications = applications;
        this.documents = documents;
        this.vault = vault;
    }

    /** A page of the imports of the caller's institution that fit, newest first. */
    public ImportPage search(ImportSearch search, Caller caller) {
        StringBuilder sql = new StringBuilder("1 = 1");
        List<Object> arguments = new ArrayList<>();
        if (!caller.seesAll()) {
            sql.append(" and t.institution = ?");
            arguments.add(caller.institution());
        }
        if (search.status() != null) {
            sql.append(" and ").append(Applications.STATUS).append(" = ?");
            arguments.add(search.status());
        }
        if (search.identifier() != null && search.identifierType() != null) {
            sql.append(" and t.learner_key = ?");
            arguments.add(vault.hash("learner", search.identifierType(), search.identifier()));
        }
        if (search.after() != null) {
            PageKey key = PageKey.read(search.after(), "/after");
            sql.append(" and (a.created_at < ? or (a.created_at = ? and a.transfer_id < ?))");
            arguments.add(Sql.at(key.createdAt()));
            arguments.add(Sql.at(key.createdAt()));
            arguments.add(key.id());
        }
        int size = search.size();
        sql.append(" order by a.created_at desc, a.transfer_id desc limit ").append(size + 1);
        List<ImportSummary> rows = applications.find(sql.toString(), arguments.toArray()).stream()
                .map(row -> new ImportSummary(row.id(), row.status(), row.sis(), row.createdAt(), row.expiresAt()))
                .toList();
        if (rows.size() <= size) {
            return new ImportPage(rows, null);
        }
        ImportSummary last = rows.get(size - 1);
        return new ImportPage(rows.subList(0, size), new PageKey(last.createdAt(), last.id()).write());
    }

    /** One import, or nothing if the caller may not know of it. */
    public Optional<ImportDetails> find(UUID id, Caller caller) {
        return applications.find(id, caller).map(row -> {
            List<Credit> credits = documents.find(id, DocumentKind.ELMO, "").map(Credits::of).orElse(List.of()).stream()
                    .map(credit -> new Credit(
                            Integer.toString(credit.position()),
                            credit.title(),
                            credit.issuerTitle(),
                            credit.credits(),
                            credit.result(),
                            credit.date()))
                    .toList();
            return new ImportDetails(
                    row.id(),
                    row.status(),
                    row.sis(),
                    row.createdAt(),
                    row.updatedAt(),
                    row.expiresAt(),
                    decision(row),
                    row.fields(),
                    credits);
        });
    }

    private @Nullable Decision decision(Applications.Row row) {
        return row.decidedAt() == null || row.decidedBy() == null
                ? null
                : new Decision(row.decidedAt(), row.decidedBy(), reason(row.id()));
    }

    /** The officer's reason, {@code null} if none was given. */
    @Nullable
    String reason(UUID id) {
        return documents
                .find(id, DocumentKind.DECISION, REASON)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(reason -> !reason.isEmpty())
                .orElse(null);
    }
}
