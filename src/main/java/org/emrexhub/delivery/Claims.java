package org.emrexhub.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.elmo.Credits;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Attempts;
import org.emrexhub.transfer.Breakers;
import org.emrexhub.transfer.Consents;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Events;
import org.emrexhub.transfer.MessageReferences;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Queues;
import org.emrexhub.transfer.Requests;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.Transfers;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * How a delivery begins: a claim opens an attempt with a lease by the database's clock and marks what it will send as
 * UNKNOWN. Who holds the claim may lengthen it, and may begin anew under the name that the target knows the learner by.
 */
@Component
public class Claims {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final Transfers transfers;
    private final MessageReferences references;
    private final Steps steps;
    private final Acceptance acceptance;
    private final Attempts attempts;
    private final Consents consents;
    private final Destinations destinations;
    private final Breakers breakers;
    private final Documents documents;
    private final Requests requests;
    private final Verdicts verdicts;
    private final Items items;
    private final Stripes stripes;
    private final DeliverySettings settings;

    @SuppressWarnings("TooManyParameters")
    Claims(
            Transfers transfers,
            MessageReferences references,
            Steps steps,
            Acceptance acceptance,
            Attempts attempts,
            Consents consents,
            Destinations destinations,
            Breakers breakers,
            Documents documents,
            Requests requests,
            Verdicts verdicts,
            Items items,
            Stripes stripes,
            DeliverySettings settings) {
        this.transfers = transfers;
        this.references = references;
        this.steps = steps;
        this.acceptance = acceptance;
        this.attempts = attempts;
        this.consents = consents;
        this.destinations = destinations;
        this.breakers = breakers;
        this.documents = documents;
        this.requests = requests;
        this.verdicts = verdicts;
        this.items = items;
        this.stripes = stripes;
        this.settings = settings;
    }

    /** How long a lease lasts: the longest request and a margin. */
    public Duration lease(Sis sis) {
        return sis.timeout().plus(settings.leaseMargin());
    }

    /** How soon after the begin of its claim a first request may be sent without {@link #renew}. */
    public Duration atOnce() {
        Duration half = settings.leaseMargin().dividedBy(2);
        return half.compareTo(AT_ONCE) < 0 ? half : AT_ONCE;
    }

    /** Claims a delivery that is due; if it is not, there is nothing to do and the message is acknowledged. */
    @Transactional
    public Optional<Delivery> claim(Sis sis, UUID transferId, int revision) {
        String queue = Queues.deliver(sis.id());
        Transfer transfer = references.lock(queue, transferId, revision).orElse(null);
        if (transfer == null) {
            return Optional.empty();
        }
        Instant now = transfer.readAt();
        return switch (steps.turn(transfer, queue, revision)) {
            case STALE -> Optional.empty();
            case MOVED_BACK -> {
                steps.replay(transfer, Stage.DELIVER, Events.HUB, null, now, now);
                yield Optional.empty();
            }
            case DUE -> claimDue(sis, transfer, queue, now);
        };
    }

    private Optional<Delivery> claimDue(Sis sis, Transfer transfer, String queue, Instant now) {
        UUID id = transfer.id();
        boolean free = destinations.isFree(Destinations.Kind.SIS, sis.id());
        if (!free && destinations.isPaused(Destinations.Kind.SIS, sis.id())) {
            steps.putBack(transfer, queue, transfer.revision(), destinations.look(now));
            return Optional.empty();
        }
        Attempts.Tries tries = attempts.tries(id);
        if (tries.open().isPresent()) {
            meetOpenClaim(sis, transfer, queue, tries.open().get(), now);
            return Optional.empty();
        }
        stripes.lock(sis, transfer);
        Items.All known = items.all(id);
        List<Item> all = known.mapped();
        Elsewhere elsewhere = items.elsewhere(id, all);
        List<Item> due = dropSettled(transfer, sis, all, elsewhere);
        List<Item> toSettle = due.stream()
                .filter(item -> item.outcome() == Outcome.UNKNOWN)
                .map(item -> elsewhere.mayBeAnother(item) ? item.withoutSentVersion() : item)
                .toList();
        boolean lost = !toSettle.isEmpty()
                || known.leftover().stream()
                        .anyMatch(item -> item.outcome() == Outcome.UNKNOWN && !item.isSuperseded());
        Instant settleUntil = transfer.settleUntil();
        if (lost && settleUntil != null && settleUntil.isAfter(now)) {
            steps.putBack(transfer, queue, transfer.revision(), settleUntil);
            return Optional.empty();
        }
        Optional<Instant> look = sis.takesWholeDocuments()
                ? Optional.empty()
                : elsewhere.nextLook(due, settings.busyLook(), sis.settle(), now);
        if (look.isPresent()) {
            steps.putBack(transfer, queue, transfer.revision(), look.get());
            return Optional.empty();
        }
        Instant leaseUntil = now.plus(lease(sis));
        boolean consented = consents.holds(id, Consents.Kind.SEND, sis.id(), leaseUntil);
        if (!consented && toSettle.isEmpty()) {
            steps.fail(transfer, FailureCode.CONSENT_EXPIRED, null, now);
            return Optional.empty();
        }
        List<Item> toSend = consented ? due : toSettle;
        if (!free && !toSend.isEmpty() && !breakers.admits(Destinations.Kind.SIS, sis.id(), now, lease(sis))) {
            waitForBreaker(transfer, queue, now);
            return Optional.empty();
        }
        int attempt = tries.last() + 1;
        attempts.open(transfer, attempt, now, leaseUntil);
        items.markSent(id, toSend, now);
        Documents.Read read = documents.read(id, DocumentKind.REQUEST, DocumentKind.DECISION, DocumentKind.ELMO);
        NewTransfer request = requests.of(id, read);
        Optional<Verdicts.Verdict> verdict = verdicts.of(id, read);
        String targetId =
                verdict.map(Verdicts.Verdict::targetId).orElse(request.learner().targetId());
        return Optional.of(new Delivery(
                id,
                transfer.revision(),
                attempt,
                sis.id(),
                request,
                targetId,
                verdict.map(Verdicts.Verdict::decision).or(() -> Optional.ofNullable(request.decision())),
                read.one(DocumentKind.ELMO).orElseThrow(),
                toSend,
                toSettle,
                toConfirm(sis, all, toSend, elsewhere),
                !consented));
    }

    /** An open attempt is waited for while its lease lasts; after that it is closed as UNKNOWN and a new one follows. */
    private void meetOpenClaim(Sis sis, Transfer transfer, String queue, Attempts.Claim claim, Instant now) {
        if (claim.leaseUntil().isAfter(now)) {
            steps.putBack(transfer, queue, transfer.revision(), claim.leaseUntil());
            return;
        }
        attempts.close(transfer.id(), claim.no(), now, Attempts.Outcome.UNKNOWN, FailureCode.SIS_TIMEOUT.wireName());
        Instant settled = claim.leaseUntil().plus(sis.settle());
        transfer.settleUntil(settled);
        steps.goOn(transfer, FailureCode.SIS_TIMEOUT, settled.isAfter(now) ? settled : now, now);
    }

    /** No try is counted, but the give-up age runs on. */
    private void waitForBreaker(Transfer transfer, String queue, Instant now) {
        Instant giveUpAt = Objects.requireNonNullElse(transfer.giveUpAt(), now);
        if (!giveUpAt.isAfter(now)) {
            FailureCode code = Objects.requireNonNullElse(transfer.failureCode(), FailureCode.SIS_UNAVAILABLE);
            steps.fail(transfer, code, Breakers.OPEN, now);
            return;
        }
        Instant look = destinations.look(now);
        steps.putBack(transfer, queue, transfer.revision(), look.isBefore(giveUpAt) ? look : giveUpAt);
    }

    /**
     * The items that are not at the target for sure. What another transfer delivered in the same version is a duplicate
     * and not sent; in another version it is changed under the same id. A target that takes whole documents gets every
     * document all the same.
     */
    private List<Item> dropSettled(Transfer transfer, Sis sis, List<Item> all, Elsewhere elsewhere) {
        boolean wholeDocument = sis.takesWholeDocuments();
        List<Item> left = new ArrayList<>();
        List<Items.Result> contradicting = new ArrayList<>();
        List<Items.Result> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Item item : all) {
            boolean first = seen.add(item.creditKey());
            if (item.outcome() != Outcome.PENDING && item.outcome() != Outcome.UNKNOWN) {
                continue;
            }
            if (!first) {
                contradicting.add(new Items.Result(item, Outcome.REJECTED, Item.CONTRADICTS, null));
                continue;
            }
            boolean unsent = item.outcome() == Outcome.PENDING && item.supersedes() == null;
            Optional<Elsewhere.Accepted> there = unsent && !wholeDocument ? elsewhere.surely(item) : Optional.empty();
            if (there.isPresent()) {
                found.add(new Items.Result(
                        item, Outcome.DUPLICATE, null, there.get().targetId()));
                continue;
            }
            left.add(item);
        }
        items.record(transfer.id(), contradicting);
        items.recordFound(transfer.id(), found);
        return left;
    }

    /**
     * What this transfer never sent, and a target that can be asked may have all the same: it remembers what a ledger has
     * forgotten that was restored from a backup, and what another transfer sent and never heard of. Another version of a
     * credit may stand there only if another transfer sent it; that one is sent without asking.
     */
    private static List<Item> toConfirm(Sis sis, List<Item> all, List<Item> toSend, Elsewhere elsewhere) {
        if (sis.onUnknown() != Sis.OnUnknown.VERIFY) {
            return List.of();
        }
        boolean unsent = all.stream().filter(item -> !item.isSecondMention()).allMatch(Claims::looksUnsent);
        if (sis.takesWholeDocuments()) {
            return unsent ? toSend : List.of();
        }
        Set<String> accepted = elsewhere.accepted().keySet();
        Map<String, Set<String>> uncertain = elsewhere.uncertain();
        return toSend.stream()
                .filter(Claims::looksUnsent)
                .filter(item -> !accepted.contains(item.creditKey()))
                .filter(item -> {
                    Set<String> versions = uncertain.getOrDefault(item.creditKey(), Set.of());
                    return versions.isEmpty() ? unsent : versions.equals(Set.of(item.version()));
                })
                .toList();
    }

    private static boolean looksUnsent(Item item) {
        return item.outcome() == Outcome.PENDING
                && item.supersedes() == null
                && (item.sentVersion() == null || item.sentVersion().equals(item.version()));
    }

    /**
     * Takes note of the person whom the target found. Credits that are still to be sent get that person's keys, so that they
     * are the same credits in every transfer of this person, however a request named the learner; then the delivery begins
     * anew, since other transfers may have them. What may be there under its old key, since an owner died meanwhile, is
     * superseded by the new one.
     *
     * @return whether it does; this owner has nothing more to do
     * @throws LeaseLost if the owner's time is over
     */
    @Transactional
    public boolean rekey(Sis sis, Delivery delivery, String person) {
        Transfer transfer = transfers
                .lock(delivery.transferId())
                .filter(locked -> attempts.isOpen(delivery.transferId(), delivery.attempt()))
                .orElseThrow(() -> new LeaseLost(delivery.transferId()));
        String named = acceptance.studentKey(sis.id(), delivery.targetId(), transfer.learnerKey());
        String found = acceptance.studentKey(sis.id(), person, transfer.learnerKey());
        // Once at most: a target that finds somebody else each time would be asked without end.
        boolean asNamed = transfer.studentKey().equals(named);
        boolean settled = found.equals(named) || sis.takesWholeDocuments() || delivery.settleOnly();
        if (!asNamed || settled || !canAllBeRenamed(delivery)) {
            return false;
        }
        Instant now = transfer.readAt();
        items.record(
                transfer.id(),
                delivery.toSend().stream()
                        .filter(item -> item.outcome() == Outcome.PENDING)
                        .map(item -> new Items.Result(item, Outcome.PENDING, null, null))
                        .toList());
        transfer.studentKey(found);
        items.rekey(transfer, Credits.of(delivery.elmo()), delivery.toSend(), now);
        attempts.withdraw(transfer.id(), delivery.attempt());
        transfers.save(transfer, now);
        steps.putBack(transfer, Queues.deliver(sis.id()), transfer.revision(), now);
        return true;
    }

    /** Whether every credit of this transfer is still to be sent. */
    private boolean canAllBeRenamed(Delivery delivery) {
        Set<String> free = new HashSet<>();
        delivery.toSend().forEach(item -> free.add(item.creditKey()));
        return items.of(delivery.transferId()).stream().allMatch(item -> free.contains(item.creditKey()));
    }

    /**
     * Looks once more before a request is sent: the attempt is still the open one, its lease lasts for another request,
     * and so does the consent.
     *
     * @return {@code false} if the consent no longer covers a request; nothing more is sent
     * @throws LeaseLost if the owner's time is over
     */
    @Transactional
    public boolean renew(Sis sis, Delivery delivery) {
        // Under the lock: whoever meets the lease at its very end sees the new one, or this owner is told that it was
        // late.
        Transfer transfer =
                transfers.lock(delivery.transferId()).orElseThrow(() -> new LeaseLost(delivery.transferId()));
        Instant now = transfer.readAt();
        Instant leaseUntil = now.plus(lease(sis));
        if (!attempts.renew(delivery.transferId(), delivery.attempt(), now, leaseUntil)) {
            throw new LeaseLost(delivery.transferId());
        }
        return consents.holds(delivery.transferId(), Consents.Kind.SEND, sis.id(), leaseUntil);
    }
}
