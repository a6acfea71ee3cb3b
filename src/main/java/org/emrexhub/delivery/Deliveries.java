package org.emrexhub.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.emrexhub.transfer.Attempts;
import org.emrexhub.transfer.Events;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Requests;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.Transfers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How a delivery ends: a record of what the target said counts only while its claim is the open one. */
@Component
public class Deliveries {

    private final Transfers transfers;
    private final Steps steps;
    private final Attempts attempts;
    private final Requests requests;
    private final Events events;
    private final Items items;
    private final Stripes stripes;

    Deliveries(
            Transfers transfers,
            Steps steps,
            Attempts attempts,
            Requests requests,
            Events events,
            Items items,
            Stripes stripes) {
        this.transfers = transfers;
        this.steps = steps;
        this.attempts = attempts;
        this.requests = requests;
        this.events = events;
        this.items = items;
        this.stripes = stripes;
    }

    /**
     * Writes what came of a claimed delivery and what is next.
     *
     * @param results what the target said, by ref; an item without a result was not sent in this attempt
     * @param failure why the delivery stopped early, or {@code null}
     */
    @Transactional
    public void record(
            Sis sis,
            Delivery delivery,
            Map<String, ItemResult> results,
            @Nullable FailureCode failure,
            @Nullable String detail) {
        Transfer transfer = transfers.lock(delivery.transferId()).orElse(null);
        if (transfer == null || !attempts.isOpen(delivery.transferId(), delivery.attempt())) {
            return;
        }
        Instant now = transfer.readAt();
        Map<String, Outcome> settled = new HashMap<>();
        delivery.toSettle().forEach(item -> settled.put(item.ref(), Outcome.UNKNOWN));
        List<Items.Result> came = new ArrayList<>();
        Set<String> refusedAgain = new HashSet<>();
        for (Item item : delivery.toSend()) {
            ItemResult said = results.get(item.ref());
            ItemResult result =
                    said == null ? null : said.without(delivery.request().learner());
            if (result == null) {
                // Never sent by this owner: what it was before the claim.
                Outcome before = settled.getOrDefault(item.ref(), Outcome.PENDING);
                came.add(new Items.Result(item, before, null, null));
            } else {
                came.add(new Items.Result(item, outcome(result.said()), result.code(), result.targetId()));
                if (result.refusedAgain()) {
                    refusedAgain.add(item.ref());
                }
            }
        }
        if (came.stream().anyMatch(Items.Result::takesAPlace)) {
            // Two that take each other's places out of the ledger do so one after the other.
            stripes.lock(sis, transfer);
        }
        items.record(delivery.transferId(), came);
        List<Item> after = items.of(delivery.transferId());
        boolean unknown = after.stream()
                .anyMatch(item -> item.outcome() == Outcome.UNKNOWN && !refusedAgain.contains(item.ref()));
        boolean rejected =
                !refusedAgain.isEmpty() || after.stream().anyMatch(item -> item.outcome() == Outcome.REJECTED);
        boolean open = unknown || after.stream().anyMatch(item -> item.outcome() == Outcome.PENDING);
        FailureCode code = failure;
        String what = detail;
        if (code == null && open) {
            Shortfall shortfall = Shortfall.of(came, unknown);
            code = shortfall.code();
            what = shortfall.detail();
        }
        if (code == null && rejected) {
            code = FailureCode.ITEMS_REJECTED;
        }
        attempts.close(
                delivery.transferId(),
                delivery.attempt(),
                now,
                code == null
                        ? Attempts.Outcome.SUCCEEDED
                        : code.kind() == FailureKind.UNKNOWN ? Attempts.Outcome.UNKNOWN : Attempts.Outcome.FAILED,
                code == null ? null : code.wireName());
        if (results.values().stream()
                .anyMatch(result -> result.said() == ItemResult.Said.UNKNOWN && !result.refusedAgain())) {
            transfer.settleUntil(now.plus(sis.settle()));
        }
        if (code == null) {
            steps.end(transfer, Status.DELIVERED, now);
            events.add(transfer.id(), now, Events.HUB, Events.Type.DELIVERED, null, counted(after));
            return;
        }
        steps.fail(transfer, code, what, now);
    }

    /**
     * Why a delivery that the target answered is not over.
     *
     * @param detail how many items and, in the target's words, why
     */
    private record Shortfall(FailureCode code, @Nullable String detail) {

        static Shortfall of(List<Items.Result> came, boolean unknown) {
            long leftOut = came.stream()
                    .filter(result -> ItemResult.NOT_ANSWERED.equals(result.code()))
                    .count();
            if (leftOut > 0) {
                return new Shortfall(
                        FailureCode.SIS_ANSWER_UNREADABLE, leftOut + " of " + came.size() + " items were left out");
            }
            if (unknown) {
                return new Shortfall(FailureCode.SIS_TIMEOUT, null);
            }
            List<Items.Result> notNow = came.stream()
                    .filter(result -> result.outcome() == Outcome.PENDING)
                    .toList();
            String reasons = notNow.stream()
                    .map(Items.Result::code)
                    .filter(Objects::nonNull)
                    .distinct()
                    .sorted()
                    .limit(3)
                    .collect(Collectors.joining(", "));
            return new Shortfall(
                    FailureCode.SIS_UNAVAILABLE,
                    notNow.size() + " of " + came.size() + " items were not taken this time"
                            + (reasons.isEmpty() ? "" : ": " + reasons));
        }
    }

    /**
     * Fills in what a target answered on its own, as a rule after the transfer had ended; a refusal is an event.
     *
     * @param results each accepted, there before, or rejected: nothing else can be said of what was handed over
     * @return whether there is such a transfer to this target
     */
    @Transactional
    public boolean answerLater(String sis, UUID transferId, Map<String, ItemResult> results) {
        Transfer transfer = transfers
                .lock(transferId)
                .filter(found -> found.sis().equals(sis))
                .orElse(null);
        if (transfer == null) {
            return false;
        }
        Instant now = transfer.readAt();
        Optional<NewTransfer.Learner> learner = requests.find(transferId).map(NewTransfer::learner);
        int accepted = 0;
        int refused = 0;
        for (Map.Entry<String, ItemResult> entry : results.entrySet()) {
            ItemResult result = learner.map(entry.getValue()::without).orElseGet(entry.getValue()::withoutWords);
            int filled =
                    items.fill(transferId, entry.getKey(), outcome(result.said()), result.code(), result.targetId());
            if (filled > 0 && result.said() == ItemResult.Said.REJECTED) {
                refused++;
            } else {
                accepted += filled;
            }
        }
        events.add(
                transferId,
                now,
                Events.HUB,
                Events.Type.ANSWERED,
                refused == 0 ? null : FailureCode.ITEMS_REJECTED,
                accepted + " confirmed, " + refused + " refused");
        return true;
    }

    private static Outcome outcome(ItemResult.Said said) {
        return switch (said) {
            case ACCEPTED -> Outcome.ACCEPTED;
            case DUPLICATE -> Outcome.DUPLICATE;
            case REJECTED -> Outcome.REJECTED;
            case RETRY -> Outcome.PENDING;
            case UNKNOWN -> Outcome.UNKNOWN;
        };
    }

    private static String counted(List<Item> all) {
        long accepted =
                all.stream().filter(item -> item.outcome() == Outcome.ACCEPTED).count();
        long duplicates = all.stream()
                .filter(item -> item.outcome() == Outcome.DUPLICATE && !item.isRepeated())
                .count();
        return accepted + " accepted" + (duplicates == 0 ? "" : ", " + duplicates + " there before");
    }
}
