package org.emrexhub.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.delivery.Item.Outcome;
import org.jspecify.annotations.Nullable;

/** What other transfers have brought, or may have brought, to the target of the credits that one transfer has too. */
final class Elsewhere {

    /**
     * A credit of another transfer that is at the target, or may be. If it is neither accepted nor lost, a version is there
     * that this other transfer knows to be another than its own.
     *
     * @param settleUntil until when a request of that transfer may land whose answer was lost
     * @param leaseUntil until when its delivery has its lease, if it is open
     */
    record Credit(
            String creditKey,
            String version,
            @Nullable String sentVersion,
            Outcome outcome,
            @Nullable String targetId,
            @Nullable Instant settleUntil,
            @Nullable Instant leaseUntil) {

        private boolean mayLand() {
            return outcome == Outcome.UNKNOWN;
        }
    }

    /** What the target has of a credit. */
    record Accepted(String version, @Nullable String targetId) {}

    private final List<Credit> credits;
    private final Map<String, Accepted> accepted = new HashMap<>();
    private final Map<String, Set<String>> uncertain = new HashMap<>();

    /** What other transfers have; the last that changed comes last. */
    Elsewhere(List<Credit> credits) {
        this.credits = List.copyOf(credits);
        for (Credit credit : credits) {
            if (credit.outcome().isDone()) {
                accepted.put(credit.creditKey(), new Accepted(credit.version(), credit.targetId()));
            } else {
                uncertain
                        .computeIfAbsent(credit.creditKey(), key -> new HashSet<>())
                        .add(credit.mayLand() ? Objects.requireNonNullElse(credit.sentVersion(), "") : "");
            }
        }
    }

    /** The version that the target accepted last of each credit. */
    Map<String, Accepted> accepted() {
        return accepted;
    }

    /**
     * The versions of each credit that may be at the target without anybody knowing that they are the last: sent without an
     * answer, or older than what another transfer has still to send. A version that is not known is empty.
     */
    Map<String, Set<String>> uncertain() {
        return uncertain;
    }

    /** Whether the target has this version of a credit for sure, and cannot have got another one since. */
    Optional<Accepted> surely(Item item) {
        return Optional.ofNullable(accepted.get(item.creditKey())).filter(there -> !mayBeAnother(item));
    }

    /** Whether the target may have another version of a credit from another transfer. */
    boolean mayBeAnother(Item item) {
        Accepted there = accepted.get(item.creditKey());
        return (there != null && !there.version().equals(item.version()))
                || uncertain.getOrDefault(item.creditKey(), Set.of()).stream()
                        .anyMatch(version -> !version.equals(item.version()));
    }

    /**
     * When to look again whether a request may still bring one of these credits to the target: it is being sent, or its
     * answer was lost.
     *
     * @param busyLook how soon, while it is being sent
     * @param settle how long a request may land after its lease
     * @return empty if there is no such request
     */
    Optional<Instant> nextLook(List<Item> due, Duration busyLook, Duration settle, Instant now) {
        Set<String> wanted = new HashSet<>();
        for (Item item : due) {
            wanted.add(item.creditKey());
            item.supersedesOther().ifPresent(wanted::add);
        }
        List<Instant> looks = new ArrayList<>();
        for (Credit credit : credits) {
            if (!credit.mayLand() || !wanted.contains(credit.creditKey())) {
                continue;
            }
            Instant lease = credit.leaseUntil();
            if (lease != null) {
                looks.add(lease.isAfter(now) ? now.plus(busyLook) : lease.plus(settle));
            }
            if (credit.settleUntil() != null) {
                looks.add(credit.settleUntil());
            }
        }
        return looks.stream().filter(look -> look.isAfter(now)).min(Comparator.naturalOrder());
    }
}
