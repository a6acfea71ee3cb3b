package org.emrexhub.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Items;
import org.emrexhub.delivery.Verdicts;
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
import org.emrexhub.transfer.Requests;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.Transfers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The temporary repository: an import waits with its application until an officer decides. */
@Component
public class Imports {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** How many fields an application may have: the hub's own and the student's, however often they are handed in. */
    private static final int MAX_FIELDS = 100;

    /** What an officer decided. */
    public record Verdict(
            boolean approved,
            @Nullable String reason,
            NewTransfer.@Nullable Decision acceptor,
            @Nullable String targetId) {}

    private final Transfers transfers;
    private final Steps steps;
    private final Requests requests;
    private final Documents documents;
    private final Verdicts verdicts;
    private final Items items;
    private final Acceptance acceptance;
    private final Consents consents;
    private final Events events;
    private final Catalog catalog;
    private final Applications applications;
    private final ImportViews views;

    @SuppressWarnings("TooManyParameters")
    Imports(
            Transfers transfers,
            Steps steps,
            Requests requests,
            Documents documents,
            Verdicts verdicts,
            Items items,
            Acceptance acceptance,
            Consents consents,
            Events events,
            Catalog catalog,
            Applications applications,
            ImportViews views) {
        this.transfers = transfers;
        this.steps = steps;
        this.requests = requests;
        this.documents = documents;
        this.verdicts = verdicts;
        this.items = items;
        this.acceptance = acceptance;
        this.consents = consents;
        this.events = events;
        this.catalog = catalog;
        this.applications = applications;
        this.views = views;
    }

    /** Fills in the application of a transfer that is about to be held; a decided one that changed is asked again. */
    public void draft(Transfer transfer, NewTransfer request, List<Credit> credits, Instant now) {
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
                credits.stream().map(Credit::issuerTitle).distinct().collect(Collectors.joining("; ")));
        fields.put("creditsTotal", total(credits));
        if (request.purpose() != null) {
            fields.put("purpose", request.purpose());
        }
        applications.draft(transfer.id(), fields, now);
    }

    private static String total(List<Credit> credits) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Credit credit : credits) {
            if (!credit.credits().isEmpty()) {
                sum = sum.add(new BigDecimal(credit.credits()));
            }
        }
        return sum.stripTrailingZeros().toPlainString();
    }

    /** Hands the application in, with the student's own fields. */
    @Transactional
    public void submit(UUID id, Map<String, String> fields, Caller caller) {
        Transfer transfer = locked(id, caller);
        Applications.Row row = applications.find(id, caller).orElseThrow(Imports::notFound);
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
        applications.submit(id, merged, now);
        if (row.status().equals("DRAFT")) {
            events.add(id, now, caller.actor(), Events.Type.SUBMITTED, null, null);
        }
    }

    /** Decides; approved imports go on to delivery, others end here. The same decision again changes nothing. */
    @Transactional
    public void decide(UUID id, Verdict verdict, Caller caller) {
        Transfer transfer = locked(id, caller);
        Applications.Row row = applications.find(id, caller).orElseThrow(Imports::notFound);
        String wanted = verdict.approved() ? "APPROVED" : "REJECTED";
        if (transfer.status() != Status.AWAITING_DECISION) {
            if (row.status().equals(wanted) && isDecided(id, verdict)) {
                return;
            }
            throw decided();
        }
        Instant now = transfers.now();
        applications.decide(id, wanted, caller.actor(), now);
        NewTransfer.Decision acceptor = verdict.acceptor();
        verdicts.keep(id, new Verdicts.Verdict(acceptor, verdict.targetId()), now);
        // Free text, so it stands encrypted; an empty one replaces that of a decision before the records were mapped
        // anew.
        byte[] reason = Objects.requireNonNullElse(verdict.reason(), "").getBytes(StandardCharsets.UTF_8);
        documents.put(id, DocumentKind.DECISION, ImportViews.REASON, reason, now);
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
                && Objects.equals(views.reason(id), verdict.reason())
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

    private static Problem notFound() {
        return new Problem(ProblemCode.NOT_FOUND, "There is no import with this id in your institution.");
    }

    private static Problem decided() {
        return new Problem(
                ProblemCode.ALREADY_DECIDED, "This import no longer waits for a decision; GET it to see how it ended.");
    }
}
