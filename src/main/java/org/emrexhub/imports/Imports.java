package org.emrexhub.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.delivery.Items;
import org.emrexhub.elmo.Credit;
import org.emrexhub.elmo.Credits;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Consents;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Events;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.PageKey;
import org.emrexhub.transfer.Requests;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.Transfers;
import org.emrexhub.transfer.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The temporary repository: imports that wait for an officer, with their credit transfer application. */
@Component
public class Imports {

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    /** How an import stands: what ended its transfer undecided counts more than the application's own word. */
    private static final String STATUS =
            "case when t.status in ('EXPIRED', 'CANCELLED') then t.status else a.status end";

    private static final String FIND = "select a.*, " + STATUS
            + " as shown_status, t.sis, t.institution, t.hold_until, t.updated_at, t.status as transfer_status"
            + " from application a join transfer t on t.id = a.transfer_id";

    /** How many fields an application may have: the hub's own and the student's, however often they are handed in. */
    private static final int MAX_FIELDS = 100;

    /** The part of the DECISION document in which the officer's reason stands. */
    private static final String REASON = "reason";

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

    /** What an officer decided. */
    public record Verdict(
            boolean approved,
            @Nullable String reason,
            NewTransfer.@Nullable Decision acceptor,
            @Nullable String targetId) {}

    private record Row(
            UUID id,
            String status,
            String sis,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant expiresAt,
            @Nullable Decision decision,
            Map<String, String> fields) {}

    private final Transfers transfers;
    private final Steps steps;
    private final Requests requests;
    private final Documents documents;
    private final Deliveries deliveries;
    private final Items items;
    private final Acceptance acceptance;
    private final Consents consents;
    private final Events events;
    private final Catalog catalog;
    private final Vault vault;
    private final JdbcTemplate jdbc;

    @SuppressWarnings("TooManyParameters")
    Imports(
            Transfers transfers,
            Steps steps,
            Requests requests,
            Documents documents,
            Deliveries deliveries,
            Items items,
            Acceptance acceptance,
            Consents consents,
            Events events,
            Catalog catalog,
            Vault vault,
            JdbcTemplate jdbc) {
        this.transfers = transfers;
        this.steps = steps;
        this.requests = requests;
        this.documents = documents;
        this.deliveries = deliveries;
        this.items = items;
        this.acceptance = acceptance;
        this.consents = consents;
        this.events = events;
        this.catalog = catalog;
        this.vault = vault;
        this.jdbc = jdbc;
    }

    /** Fills in the application of a transfer that is about to be held; a decided one that changed is asked again. */
    public void draft(Transfer transfer, NewTransfer request, List<org.emrexhub.elmo.Credit> credits, Instant now) {
        Map<String, String> fields = new LinkedHashMap<>();
        NewTransfer.Learner learner = request.learner();
        fields.put("givenNames", learner.givenNames());
        fields.put("familyName", learner.familyName());
        fields.put("birthDate", learner.birthDate().toString());
        if (learner.targetId() != null) {
            fields.put("targetId", learner.targetId());
        }
        fields.put("receivingSystem", transfer.sis());
        fields.put(
                "sendingInstitutions",
                credits.stream()
                        .map(org.emrexhub.elmo.Credit::issuerTitle)
                        .distinct()
                        .collect(Collectors.joining("; ")));
        fields.put("creditsTotal", total(credits));
        if (request.purpose() != null) {
            fields.put("purpose", request.purpose());
        }
        jdbc.update("delete from application where transfer_id = ?", transfer.id());
        jdbc.update(
                "insert into application (transfer_id, status, key_id, fields, created_at) values (?, 'DRAFT', ?, ?, ?)",
                transfer.id(),
                vault.keyId(),
                seal(transfer.id(), fields),
                Sql.at(now));
    }

    private static String total(List<org.emrexhub.elmo.Credit> credits) {
        BigDecimal sum = BigDecimal.ZERO;
        for (org.emrexhub.elmo.Credit credit : credits) {
            if (!credit.credits().isEmpty()) {
                sum = sum.add(new BigDecimal(credit.credits()));
            }
        }
        return sum.stripTrailingZeros().toPlainString();
    }

    /** A page of the imports of the caller's institution that fit, newest first. */
    public ImportPage search(ImportSearch search, Caller caller) {
        StringBuilder sql = new StringBuilder(FIND).append(" where 1 = 1");
        List<Object> arguments = new ArrayList<>();
        if (!caller.seesAll()) {
            sql.append(" and t.institution = ?");
            arguments.add(caller.institution());
        }
        if (search.status() != null) {
            sql.append(" and ").append(STATUS).append(" = ?");
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
        List<ImportSummary> rows = query(sql.toString(), arguments.toArray()).stream()
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
        return row(id, caller).map(row -> {
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
                    withReason(id, row.decision()),
                    row.fields(),
                    credits);
        });
    }

    private @Nullable Decision withReason(UUID id, @Nullable Decision decision) {
        return decision == null ? null : new Decision(decision.decidedAt(), decision.decidedBy(), reason(id));
    }

    private @Nullable String reason(UUID id) {
        return documents
                .find(id, DocumentKind.DECISION, REASON)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(reason -> !reason.isEmpty())
                .orElse(null);
    }

    /** Hands the application in, with the student's own fields. */
    @Transactional
    public void submit(UUID id, Map<String, String> fields, Caller caller) {
        Transfer transfer = locked(id, caller);
        Row row = row(id, caller).orElseThrow(Imports::notFound);
        if (transfer.status() != Status.AWAITING_DECISION) {
            throw decided();
        }
        Instant now = transfers.now();
        Map<String, String> merged = new LinkedHashMap<>(row.fields());
        merged.putAll(fields);
        if (merged.size() > MAX_FIELDS) {
            throw new Problem(
                    ProblemCode.REQUEST_INVALID,
                    "An application has at most " + MAX_FIELDS
                            + " fields, those of earlier submissions among them. Hand"
                            + " in fewer, or use the names that are there.",
                    List.of(new Problem.Fault("/fields", "too_many")));
        }
        jdbc.update("""
                update application set status = 'SUBMITTED', key_id = ?, fields = ?, submitted_at = ?
                where transfer_id = ?""", vault.keyId(), seal(id, merged), Sql.at(now), id);
        if (row.status().equals("DRAFT")) {
            events.add(id, now, caller.actor(), Events.Type.SUBMITTED, null, null);
        }
    }

    /** Decides; approved imports go on to delivery, others end here. The same decision again changes nothing. */
    @Transactional
    public void decide(UUID id, Verdict verdict, Caller caller) {
        Transfer transfer = locked(id, caller);
        Row row = row(id, caller).orElseThrow(Imports::notFound);
        String wanted = verdict.approved() ? "APPROVED" : "REJECTED";
        if (transfer.status() != Status.AWAITING_DECISION) {
            if (row.status().equals(wanted) && isDecided(id, verdict)) {
                return;
            }
            throw decided();
        }
        Instant now = transfers.now();
        jdbc.update(
                "update application set status = ?, decided_at = ?, decided_by = ? where transfer_id = ?",
                wanted,
                Sql.at(now),
                caller.actor(),
                id);
        NewTransfer.Decision acceptor = verdict.acceptor();
        deliveries.keep(id, new Deliveries.Verdict(acceptor, verdict.targetId()), now);
        // Free text, so it stands encrypted; an empty one replaces that of a decision before the records were mapped
        // anew.
        byte[] reason = Objects.requireNonNullElse(verdict.reason(), "").getBytes(StandardCharsets.UTF_8);
        documents.put(id, DocumentKind.DECISION, REASON, reason, now);
        if (!verdict.approved()) {
            steps.end(transfer, Status.REJECTED, now);
        } else {
            approve(transfer, verdict, now);
        }
        events.add(id, now, caller.actor(), Events.Type.DECIDED, null, verdict.approved() ? "approved" : "rejected");
    }

    /** Whether the import was decided in the same words; the time of the call is nobody's word. */
    private boolean isDecided(UUID id, Verdict verdict) {
        JsonNode kept =
                documents.find(id, DocumentKind.DECISION, "").map(Imports::tree).orElseGet(JSON::createObjectNode);
        NewTransfer.Decision acceptor = verdict.acceptor();
        JsonNode keptAcceptor = kept.path("decision");
        return Objects.equals(kept.path("targetId").textValue(), verdict.targetId())
                && Objects.equals(reason(id), verdict.reason())
                && keptAcceptor.isObject() == (acceptor != null)
                && (acceptor == null
                        || Objects.equals(keptAcceptor.path("personId").textValue(), acceptor.personId())
                                && Objects.equals(keptAcceptor.path("name").textValue(), acceptor.name())
                                && Objects.equals(keptAcceptor.path("title").textValue(), acceptor.title()));
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("The decision on an import can't be read.");
        }
    }

    private void approve(Transfer transfer, Verdict verdict, Instant now) {
        if (!consents.holds(transfer.id(), Consents.Kind.SEND, transfer.sis(), now)) {
            throw new Problem(
                    ProblemCode.CONSENT_EXPIRED,
                    "The consent has run out, so nothing may be sent. Reject the import, and ask the learner for a new"
                            + " consent and the client for a new transfer.");
        }
        NewTransfer request = requests.of(transfer.id());
        String targetId = verdict.targetId() == null ? request.learner().targetId() : verdict.targetId();
        boolean needsTarget = catalog.sis(transfer.sis())
                .map(sis -> sis.requires(Sis.Requirement.TARGET_ID))
                .orElse(false);
        if (needsTarget && targetId == null) {
            throw new Problem(
                    ProblemCode.TARGET_PERSON_UNKNOWN,
                    "The target needs the learner's id there; give it as targetId with the decision.");
        }
        String studentKey = acceptance.studentKey(transfer.sis(), targetId, transfer.learnerKey());
        if (!studentKey.equals(transfer.studentKey())) {
            transfer.studentKey(studentKey);
            byte[] elmo = documents.find(transfer.id(), DocumentKind.ELMO, "").orElseThrow();
            items.rewrite(transfer, Credits.of(elmo), now);
        }
        steps.queue(transfer, Stage.DELIVER, now);
    }

    private Transfer locked(UUID id, Caller caller) {
        return transfers
                .lock(id)
                .filter(transfer -> caller.seesAll() || transfer.institution().equals(caller.institution()))
                .orElseThrow(Imports::notFound);
    }

    private Optional<Row> row(UUID id, Caller caller) {
        String own = caller.seesAll() ? "" : " and t.institution = ?";
        Object[] arguments = caller.seesAll() ? new Object[] {id} : new Object[] {id, caller.institution()};
        return query(FIND + " where a.transfer_id = ?" + own, arguments).stream()
                .findFirst();
    }

    private List<Row> query(String sql, Object... arguments) {
        return jdbc.query(
                sql,
                (row, no) -> {
                    UUID id = Sql.uuid(row, "transfer_id");
                    boolean held = row.getString("transfer_status").equals(Status.AWAITING_DECISION.name());
                    Instant decidedAt = Sql.instantOrNull(row, "decided_at");
                    return new Row(
                            id,
                            row.getString("shown_status"),
                            row.getString("sis"),
                            Sql.instant(row, "created_at"),
                            Sql.instant(row, "updated_at"),
                            held ? Sql.instantOrNull(row, "hold_until") : null,
                            decidedAt == null ? null : new Decision(decidedAt, row.getString("decided_by"), null),
                            open(id, row.getString("key_id"), row.getBytes("fields")));
                },
                arguments);
    }

    private byte[] seal(UUID id, Map<String, String> fields) {
        try {
            return vault.encrypt(id + "/application", JSON.writeValueAsBytes(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The application of import " + id + " can't be written.");
        }
    }

    private Map<String, String> open(UUID id, String keyId, byte[] sealed) {
        try {
            return JSON.readValue(
                    vault.decrypt(id + "/application", keyId, sealed), new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw new IllegalStateException("The application of import " + id + " can't be read.");
        }
    }

    private static Problem notFound() {
        return new Problem(ProblemCode.NOT_FOUND, "There is no import with this id in your institution.");
    }

    private static Problem decided() {
        return new Problem(
                ProblemCode.ALREADY_DECIDED, "This import no longer waits for a decision; GET it to see how it ended.");
    }
}
