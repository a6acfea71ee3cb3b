package org.emrexhub.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Items;
import org.emrexhub.elmo.Credit;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.imports.Imports;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.transfer.Attempts;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Events;
import org.emrexhub.transfer.MessageReferences;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Queues;
import org.emrexhub.transfer.Requests;
import org.emrexhub.transfer.Sources;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.Transfers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger's side of MAP: is it due, and what came of it. */
@Component
class Maps {

    private final Transfers transfers;
    private final MessageReferences references;
    private final Steps steps;
    private final Sources sources;
    private final Documents documents;
    private final Requests requests;
    private final Attempts attempts;
    private final Events events;
    private final Items items;
    private final Imports imports;
    private final Catalog catalog;
    private final TransactionTemplate transaction;

    @SuppressWarnings("TooManyParameters")
    Maps(
            Transfers transfers,
            MessageReferences references,
            Steps steps,
            Sources sources,
            Documents documents,
            Requests requests,
            Attempts attempts,
            Events events,
            Items items,
            Imports imports,
            Catalog catalog,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.references = references;
        this.steps = steps;
        this.sources = sources;
        this.documents = documents;
        this.requests = requests;
        this.attempts = attempts;
        this.events = events;
        this.items = items;
        this.imports = imports;
        this.catalog = catalog;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Asks the ledger whether this mapping is due; if not, there is nothing to do and the message is acknowledged. */
    public Optional<MapWork> begin(UUID transferId, int revision) {
        Optional<Transfer> due =
                transfers.look(transferId).filter(seen -> steps.turn(seen, Queues.MAP, revision) == Steps.Turn.DUE);
        return due.isPresent()
                ? due.map(this::work)
                : Objects.requireNonNull(transaction.execute(status -> beginLocked(transferId, revision)), "an answer");
    }

    private Optional<MapWork> beginLocked(UUID transferId, int revision) {
        Transfer transfer = references.lock(Queues.MAP, transferId, revision).orElse(null);
        if (transfer == null) {
            return Optional.empty();
        }
        Instant now = transfer.readAt();
        return switch (steps.turn(transfer, Queues.MAP, revision)) {
            case STALE -> Optional.empty();
            case MOVED_BACK -> {
                steps.replay(transfer, Stage.MAP, Events.HUB, null, now, now);
                yield Optional.empty();
            }
            case DUE -> Optional.of(work(transfer));
        };
    }

    private MapWork work(Transfer transfer) {
        Documents.Read read = documents.read(transfer.id(), DocumentKind.REQUEST, DocumentKind.SOURCE);
        Map<String, byte[]> stored = read.parts(DocumentKind.SOURCE);
        Map<String, byte[]> answers = new LinkedHashMap<>();
        List<Assembly.Missing> missing = new ArrayList<>();
        for (Sources.Source source : sources.of(transfer.id())) {
            byte[] answer = stored.get(source.register());
            if (source.status() == Sources.SourceStatus.PULLED && answer != null) {
                answers.put(source.register(), answer);
            } else {
                missing.add(new Assembly.Missing(
                        source.register(), Objects.requireNonNullElse(source.failureCode(), FailureCode.HUB_DEFECT)));
            }
        }
        return new MapWork(
                transfer.id(),
                transfer.revision(),
                transfer.sis(),
                requests.of(transfer.id(), read),
                answers,
                missing,
                transfer.readAt());
    }

    /** Stores the signed document and what was mapped, and sends the transfer on: to be decided, or to be delivered. */
    @Transactional
    public void succeed(
            MapWork work, Map<String, MappingResult> results, List<Credit> credits, byte[] signedElmo, byte[] report) {
        Transfer transfer = dueAgain(work);
        if (transfer == null) {
            return;
        }
        Instant now = transfer.readAt();
        UUID id = transfer.id();
        documents.put(
                id,
                List.of(
                        new Documents.Plain(DocumentKind.ELMO, "", signedElmo),
                        new Documents.Plain(DocumentKind.REPORT, "", report)),
                now);
        int mapped = 0;
        int skipped = 0;
        for (Map.Entry<String, MappingResult> entry : results.entrySet()) {
            MappingResult result = entry.getValue();
            mapped += result.mapped().size();
            skipped += result.skipped().size();
            sources.mapped(
                    id,
                    entry.getKey(),
                    result.mappingVersion(),
                    result.records(),
                    result.mapped().size(),
                    result.skipped().size());
        }
        Items.Rewritten rewritten = items.rewrite(transfer, credits, now);
        int noLongerMapped = rewritten.noLongerMapped();
        attempts.add(
                transfer,
                Stage.MAP,
                Queues.HUB,
                work.revision(),
                work.startedAt(),
                now,
                Attempts.Outcome.SUCCEEDED,
                null);
        events.mappedAndSigned(
                id,
                now,
                mapped + " in the document, " + skipped + " skipped by a named rule"
                        + (noLongerMapped == 0
                                ? ""
                                : ", " + noLongerMapped + " delivered before and no longer mapped"));
        boolean decided = work.request().decision() != null
                || (!rewritten.changed()
                        && documents.find(id, DocumentKind.DECISION, "").isPresent());
        if (!decided && mustBeDecided(work)) {
            imports.draft(transfer, work.request(), credits, now);
            steps.holdForDecision(transfer, now);
        } else {
            steps.queue(transfer, Stage.DELIVER, now);
        }
    }

    private boolean mustBeDecided(MapWork work) {
        return work.request().hold() == NewTransfer.Hold.DECISION
                || catalog.sis(work.sis())
                        .map(sis -> sis.requires(Sis.Requirement.DECISION))
                        .orElse(false);
    }

    /** Writes the failure down. */
    @Transactional
    public void fail(MapWork work, FailureCode code, @Nullable String detail) {
        Transfer transfer = dueAgain(work);
        if (transfer == null) {
            return;
        }
        Instant now = transfer.readAt();
        attempts.add(
                transfer, Stage.MAP, Queues.HUB, work.revision(), work.startedAt(), now, Attempts.Outcome.FAILED, code);
        steps.fail(transfer, code, detail, now);
    }

    private @Nullable Transfer dueAgain(MapWork work) {
        return transfers
                .lock(work.transferId())
                .filter(locked -> steps.turn(locked, Queues.MAP, work.revision()) == Steps.Turn.DUE)
                .orElse(null);
    }
}
