package org.emrexhub.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.emrexhub.delivery.Item.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a transfer's items when its document is mapped anew. What was sent before is remembered: a changed credit
 * supersedes it, and one that is no longer mapped stays visible.
 */
final class Remapping {

    /** The ref of the item that stands for a document without a credit of its own. */
    static final String DOCUMENT = "document";

    /**
     * A credit of the new document.
     *
     * @param losKey its learning opportunity specification at the target: the same course, whatever its instance is called
     */
    record Named(String ref, int position, String creditKey, String losKey, String version) {}

    /**
     * An item with what only the ledger needs.
     *
     * @param mapped whether the document has it
     * @param changedAt since when it is as it is
     */
    record Row(Item item, String losKey, boolean mapped, Instant changedAt) {}

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Row> before = new HashMap<>();
    private final Set<String> current = new HashSet<>();
    private final Map<String, List<Row>> leftovers = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();
    private final Instant now;
    private final boolean changed;
    private int noLongerMapped;

    /**
     * Lays the new rows out.
     *
     * @param old the rows so far, in the order of their document
     * @param credits of the new document, in its order
     */
    Remapping(List<Row> old, List<Named> credits, Instant now) {
        this.now = now;
        for (Row row : old) {
            // Only the first mention of a credit was ever sent.
            if (!row.item().isSuperseded()) {
                before.putIfAbsent(row.item().creditKey(), row);
            }
        }
        credits.forEach(credit -> current.add(credit.creditKey()));
        before.values().stream()
                .filter(this::isLeftover)
                .forEach(row -> leftovers
                        .computeIfAbsent(row.losKey(), los -> new ArrayList<>())
                        .add(row));
        Map<String, String> versions = new HashMap<>();
        for (Named credit : credits) {
            String first = versions.putIfAbsent(credit.creditKey(), credit.version());
            rows.add(first == null ? first(credit) : again(credit, first));
        }
        for (Row row : old) {
            if (before.get(row.item().creditKey()) == row && isLeftover(row)) {
                rows.add(new Row(row.item().withCode(Item.NO_LONGER_MAPPED), row.losKey(), false, row.changedAt()));
                noLongerMapped++;
            }
        }
        this.changed = !creditsOf(old).equals(creditsOf(rows));
    }

    private static Set<String> creditsOf(List<Row> rows) {
        Set<String> credits = new HashSet<>();
        rows.stream()
                .filter(Row::mapped)
                .forEach(row -> credits.add(row.item().creditKey() + row.item().version()));
        return credits;
    }

    /** The second mention of a credit is never sent: it is the same as the first, or contradicts it. */
    private Row again(Named credit, String version) {
        boolean same = version.equals(credit.version());
        return fresh(
                credit,
                null,
                null,
                same ? Outcome.DUPLICATE : Outcome.REJECTED,
                same ? Item.REPEATED : Item.CONTRADICTS,
                null);
    }

    private Row first(Named credit) {
        Row known = before.get(credit.creditKey());
        if (known == null) {
            return fresh(credit, null, soleLeftover(credit.losKey()), Outcome.PENDING, null, null);
        }
        Item earlier = known.item();
        if (earlier.version().equals(credit.version())) {
            Row same = fresh(
                    credit,
                    earlier.sentVersion(),
                    earlier.supersedes(),
                    earlier.outcome(),
                    Item.NO_LONGER_MAPPED.equals(earlier.code()) ? null : earlier.code(),
                    earlier.targetId());
            return new Row(same.item(), same.losKey(), true, known.changedAt());
        }
        // What was sent before, surely or perhaps, is settled under its own version; then this one supersedes it. What
        // that one was to supersede under another key, and perhaps did not, is still to be superseded.
        String supersedes = earlier.supersedes();
        if (earlier.wasSent() && (supersedes == null || supersedes.equals(credit.creditKey()))) {
            supersedes = credit.creditKey();
        }
        return fresh(
                credit,
                earlier.sentVersion(),
                supersedes,
                earlier.outcome() == Outcome.UNKNOWN ? Outcome.UNKNOWN : Outcome.PENDING,
                null,
                earlier.targetId());
    }

    private Row fresh(
            Named credit,
            @Nullable String sentVersion,
            @Nullable String supersedes,
            Outcome outcome,
            @Nullable String code,
            @Nullable String targetId) {
        return new Row(
                new Item(
                        credit.ref(),
                        credit.position(),
                        credit.creditKey(),
                        credit.version(),
                        sentVersion,
                        supersedes,
                        outcome,
                        code,
                        targetId),
                credit.losKey(),
                true,
                now);
    }

    /** The one credit of the same course that may be at the target and is no longer named: the new one takes its place. */
    private @Nullable String soleLeftover(String losKey) {
        List<Row> leftover = leftovers.getOrDefault(losKey, List.of());
        if (leftover.size() != 1) {
            return null;
        }
        String key = leftover.get(0).item().creditKey();
        return replaced.add(key) ? key : null;
    }

    private boolean isLeftover(Row row) {
        return !current.contains(row.item().creditKey()) && row.item().mayBeThere();
    }

    /** All rows of the transfer from now on. */
    List<Row> rows() {
        return rows;
    }

    /** Whether the credits are others, or in other versions, than those that stood there. */
    boolean isChanged() {
        return changed;
    }

    /** How many credits that may be at the target are no longer mapped. */
    int noLongerMapped() {
        return noLongerMapped;
    }
}
