package org.emrexhub.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.emrexhub.failure.HubFailure;
import org.jspecify.annotations.Nullable;

/**
 * How far a claimed delivery got: which batches are left, what the target said so far, and why it stopped. A batch that
 * the target refuses whole is halved until the item stands alone that it was refused for.
 */
final class DeliveryRun {

    private static final Set<FailureCode> NOTHING_LANDED = EnumSet.of(
            FailureCode.SIS_UNAVAILABLE,
            FailureCode.SIS_CREDENTIALS_REFUSED,
            FailureCode.SIS_REQUEST_REFUSED,
            FailureCode.TARGET_PERSON_UNKNOWN);

    private final Sis sis;
    private final Delivery delivery;
    private final long lookUntil;
    private final Deque<List<Item>> questions = new ArrayDeque<>();
    private final Deque<List<Item>> batches = new ArrayDeque<>();
    private final Map<String, ItemResult> results = new HashMap<>();
    /** Refs of items that may have landed in an earlier attempt, and the target did not say that they have not. */
    private final Set<String> mayBeThere = new HashSet<>();

    private List<Item> inFlight = List.of();
    private @Nullable HubFailure failure;
    private @Nullable String person;
    private boolean asked;
    private boolean handedBack;

    /**
     * A run of what was just claimed.
     *
     * @param lookUntil the {@link System#nanoTime} until which the claim covers a first request
     */
    DeliveryRun(Sis sis, Delivery delivery, long lookUntil) {
        this.sis = sis;
        this.delivery = delivery;
        this.lookUntil = lookUntil;
        this.person = delivery.targetId();
        delivery.toSettle().forEach(item -> mayBeThere.add(item.ref()));
        split(
                Stream.concat(delivery.toSettle().stream(), delivery.toConfirm().stream())
                        .toList(),
                questions);
        if (!delivery.settleOnly()) {
            split(delivery.toSend(), batches);
        }
    }

    private void split(List<Item> items, Deque<List<Item>> into) {
        for (int from = 0; from < items.size(); from += sis.batchMax()) {
            into.addLast(items.subList(from, Math.min(items.size(), from + sis.batchMax())));
        }
    }

    Sis sis() {
        return sis;
    }

    Delivery delivery() {
        return delivery;
    }

    /** The learner at the target. */
    @Nullable
    String person() {
        return person;
    }

    void person(String id) {
        this.person = id;
    }

    /** The delivery begins anew: this run sends and records nothing. */
    void handBack() {
        handedBack = true;
    }

    boolean isHandedBack() {
        return handedBack;
    }

    /** Whether there is something to ask the target for before anything is sent: what may have landed, whoever sent it. */
    boolean hasQuestion() {
        return failure == null && !handedBack && !questions.isEmpty();
    }

    /** What to ask the target for next. */
    List<Item> question() {
        return questions.getFirst();
    }

    boolean hasNext() {
        return failure == null && !handedBack && !batches.isEmpty();
    }

    /** Whether the target was sent or asked anything in this run. */
    boolean hasAsked() {
        return asked;
    }

    /**
     * Whether the ledger must be asked again before a request is sent. The claim covers the first one, if it follows at
     * once.
     */
    boolean needsAnotherLook() {
        return asked || System.nanoTime() - lookUntil > 0;
    }

    List<Item> next() {
        return batches.removeFirst();
    }

    /** From here on these items may land. */
    void flying(List<Item> batch) {
        inFlight = batch;
        asked = true;
    }

    List<Item> inFlight() {
        return inFlight;
    }

    /** The target said something of each item. */
    void landed(Map<String, ItemResult> said) {
        for (Item item : inFlight) {
            ItemResult result = said.get(item.ref());
            note(
                    item,
                    result == null ? new ItemResult(ItemResult.Said.UNKNOWN, ItemResult.NOT_ANSWERED, null) : result);
        }
        inFlight = List.of();
    }

    /**
     * Neither "not now" nor "no" says anything of an earlier request: an item that may have landed then stays unknown.
     */
    private void note(Item item, ItemResult result) {
        if (!mayBeThere.contains(item.ref())) {
            results.put(item.ref(), result);
        } else if (result.said() == ItemResult.Said.REJECTED) {
            results.put(item.ref(), ItemResult.refusedAgain(result.code()));
        } else if (result.said() != ItemResult.Said.RETRY) {
            results.put(item.ref(), result);
        }
    }

    /** The target refused the whole batch, so nothing of it landed. */
    void refused(@Nullable String code) {
        List<Item> batch = inFlight;
        inFlight = List.of();
        if (batch.size() == 1) {
            note(batch.get(0), new ItemResult(ItemResult.Said.REJECTED, code, null));
            return;
        }
        int middle = batch.size() / 2;
        batches.addFirst(new ArrayList<>(batch.subList(middle, batch.size())));
        batches.addFirst(new ArrayList<>(batch.subList(0, middle)));
    }

    /**
     * The target said what it has of the items of a {@link #question}: {@code there} are not sent again.
     *
     * @param absent refs of those that it does not have
     */
    void settled(Map<String, ItemResult> there, Set<String> absent) {
        asked = true;
        questions.removeFirst();
        results.putAll(there);
        mayBeThere.removeAll(absent);
        List<Item> left = delivery.toSend().stream()
                .filter(item -> !results.containsKey(item.ref()))
                .toList();
        batches.clear();
        if (!delivery.settleOnly()) {
            split(left, batches);
        } else if (questions.isEmpty() && !left.isEmpty()) {
            left.forEach(item -> note(item, new ItemResult(ItemResult.Said.RETRY, null, null)));
            stop(new HubFailure(FailureCode.CONSENT_EXPIRED));
        }
    }

    /**
     * The run ends early; what is in flight is unknown unless the failure says that nothing landed. An error of a route or
     * of a stylesheet that reads the answer does not say so.
     */
    void stop(HubFailure reason) {
        if (failure == null) {
            failure = toldOf(ofTarget(reason));
        }
        boolean mayHaveLanded = !NOTHING_LANDED.contains(reason.code());
        for (Item item : inFlight) {
            note(item, new ItemResult(mayHaveLanded ? ItemResult.Said.UNKNOWN : ItemResult.Said.RETRY, null, null));
        }
        inFlight = List.of();
    }

    /** What the shared routes say of a register, said of the target, which may be asked by them too. */
    private HubFailure ofTarget(HubFailure reason) {
        FailureCode code = switch (reason.code()) {
            // Of a register it says less than of a target: there any 5xx is one.
            case REGISTER_UNAVAILABLE ->
                inFlight.isEmpty() ? FailureCode.SIS_UNAVAILABLE : FailureCode.SIS_ANSWER_UNREADABLE;
            case REGISTER_TIMEOUT -> FailureCode.SIS_TIMEOUT;
            case ANSWER_UNREADABLE, ROW_LIMIT_EXCEEDED -> FailureCode.SIS_ANSWER_UNREADABLE;
            case REGISTER_CREDENTIALS_REFUSED -> FailureCode.SIS_CREDENTIALS_REFUSED;
            case REGISTER_FAULT -> FailureCode.SIS_REQUEST_REFUSED;
            default -> reason.code();
        };
        return code == reason.code() ? reason : new HubFailure(code, reason.detail(), reason);
    }

    /** An answer that was lost before anything was sent, to the question who the learner is, leaves nothing unknown. */
    private HubFailure toldOf(HubFailure reason) {
        boolean mayBeThereNow = !inFlight.isEmpty()
                || !mayBeThere.isEmpty()
                || results.values().stream().anyMatch(result -> result.said() == ItemResult.Said.UNKNOWN);
        return reason.code().kind() != FailureKind.UNKNOWN || mayBeThereNow
                ? reason
                : new HubFailure(
                        FailureCode.SIS_UNAVAILABLE, "asked before anything was sent: " + reason.getMessage(), reason);
    }

    Map<String, ItemResult> results() {
        return results;
    }

    @Nullable
    HubFailure failure() {
        return failure;
    }

    @Override
    public String toString() {
        return "DeliveryRun[" + delivery + "]";
    }
}
