package org.emrexhub.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
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
import java.util.UUID;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.elmo.Credit;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Transfer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** The credits of a transfer at its target, row by row; read and written under the lock on the transfer. */
@Component
public class Items {

    /** The ref of the item that stands for a document without a credit of its own. */
    private static final String DOCUMENT = "document";

    private final JdbcTemplate jdbc;
    private final CreditKeys keys;

    Items(JdbcTemplate jdbc, CreditKeys keys) {
        this.jdbc = jdbc;
        this.keys = keys;
    }

    /**
     * Writes the items of a newly mapped document over those of an earlier mapping. What was sent before is remembered:
     * a changed credit supersedes it, an accepted credit that is no longer mapped stays visible.
     *
     * @return how many accepted credits are no longer mapped
     */
    public int rewrite(Transfer transfer, List<Credit> credits, Instant now) {
        Map<String, Item> before = new HashMap<>();
        Map<String, List<Item>> byLos = new HashMap<>();
        jdbc.query(
                "select * from delivery_item where transfer_id = ?",
                row -> {
                    Item item = item(row);
                    before.put(item.creditKey(), item);
                    byLos.computeIfAbsent(row.getString("los_key"), los -> new ArrayList<>())
                            .add(item);
                },
                transfer.id());
        if (!before.isEmpty()) {
            jdbc.update("delete from delivery_item where transfer_id = ?", transfer.id());
        }
        Map<String, String> versions = new HashMap<>();
        List<Item> fresh = new ArrayList<>();
        Map<String, String> losKeys = new HashMap<>();
        for (Credit credit : credits) {
            String key = keys.key(transfer.sis(), transfer.studentKey(), credit);
            String version = keys.version(credit);
            String ref = Integer.toString(credit.position());
            losKeys.put(ref, keys.losKey(transfer.sis(), transfer.studentKey(), credit));
            String first = versions.putIfAbsent(key, version);
            if (first != null) {
                // One document names a credit twice: the second is the same, or contradicts the first.
                boolean same = first.equals(version);
                fresh.add(new Item(
                        ref,
                        credit.position(),
                        key,
                        version,
                        null,
                        null,
                        same ? Outcome.DUPLICATE : Outcome.REJECTED,
                        same ? null : "credit_contradicts",
                        null));
                continue;
            }
            fresh.add(successor(ref, credit.position(), key, version, before.get(key)));
        }
        if (credits.isEmpty()) {
            String key = keys.key(
                    transfer.sis(),
                    transfer.studentKey(),
                    new Credit(0, transfer.id().toString(), "", "", "", "", null, null, ""));
            losKeys.put(DOCUMENT, key);
            fresh.add(successor(DOCUMENT, 0, key, key, before.get(key)));
        }
        Set<String> current = new HashSet<>();
        fresh.forEach(item -> current.add(item.creditKey()));
        List<Object[]> rows = new ArrayList<>();
        for (Item item : fresh) {
            Item predecessor = before.containsKey(item.creditKey())
                    ? null
                    : soleLeftover(byLos.get(losKeys.get(item.ref())), current);
            Item written = predecessor == null
                    ? item
                    : new Item(
                            item.ref(),
                            item.position(),
                            item.creditKey(),
                            item.version(),
                            null,
                            predecessor.creditKey(),
                            Outcome.PENDING,
                            null,
                            null);
            rows.add(row(transfer.id(), written, Objects.requireNonNull(losKeys.get(item.ref())), true, now));
        }
        int noLongerMapped = 0;
        for (Map.Entry<String, List<Item>> los : byLos.entrySet()) {
            for (Item item : los.getValue()) {
                if (!current.contains(item.creditKey()) && mayBeThere(item)) {
                    rows.add(row(transfer.id(), withCode(item, "no_longer_mapped"), los.getKey(), false, now));
                    noLongerMapped++;
                }
            }
        }
        jdbc.batchUpdate("""
                insert into delivery_item (transfer_id, ref, position, credit_key, los_key, version, sent_version,
                    supersedes, mapped, outcome, code, target_id, updated_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", rows);
        return noLongerMapped;
    }

    /** Whether these credits are others, or in other versions, than those that stand there. */
    public boolean changes(Transfer transfer, List<Credit> credits) {
        Map<String, String> before = new HashMap<>();
        of(transfer.id()).forEach(item -> before.put(item.creditKey(), item.version()));
        Map<String, String> after = new HashMap<>();
        credits.forEach(
                credit -> after.put(keys.key(transfer.sis(), transfer.studentKey(), credit), keys.version(credit)));
        return !before.equals(after);
    }

    private static Item successor(String ref, int position, String key, String version, @Nullable Item earlier) {
        if (earlier == null) {
            return new Item(ref, position, key, version, null, null, Outcome.PENDING, null, null);
        }
        if (earlier.version().equals(version)) {
            return new Item(
                    ref,
                    position,
                    key,
                    version,
                    earlier.sentVersion(),
                    earlier.supersedes(),
                    earlier.outcome(),
                    earlier.code(),
                    earlier.targetId());
        }
        // What was sent before, surely or perhaps, is settled under its own version; then this one supersedes it.
        return new Item(
                ref,
                position,
                key,
                version,
                earlier.sentVersion(),
                mayBeThere(earlier) ? key : earlier.supersedes(),
                earlier.outcome() == Outcome.UNKNOWN ? Outcome.UNKNOWN : Outcome.PENDING,
                null,
                earlier.targetId());
    }

    private static @Nullable Item soleLeftover(@Nullable List<Item> sameLos, Set<String> current) {
        if (sameLos == null) {
            return null;
        }
        List<Item> leftover = sameLos.stream()
                .filter(item -> !current.contains(item.creditKey()) && mayBeThere(item))
                .toList();
        return leftover.size() == 1 ? leftover.get(0) : null;
    }

    private static boolean mayBeThere(Item item) {
        return item.outcome().isDone() || item.outcome() == Outcome.UNKNOWN || item.supersedes() != null;
    }

    private static Item withCode(Item item, String code) {
        return new Item(
                item.ref(),
                item.position(),
                item.creditKey(),
                item.version(),
                item.sentVersion(),
                item.supersedes(),
                item.outcome(),
                code,
                item.targetId());
    }

    private static Object[] row(UUID transferId, Item item, String losKey, boolean mapped, Instant now) {
        return new @Nullable Object[] {
            transferId,
            item.ref(),
            item.position(),
            item.creditKey(),
            losKey,
            item.version(),
            item.sentVersion(),
            item.supersedes(),
            mapped,
            item.outcome().name(),
            item.code(),
            item.targetId(),
            Sql.at(now)
        };
    }

    /** The items of today's document, in its order. */
    public List<Item> of(UUID transferId) {
        return jdbc.query(
                "select * from delivery_item where transfer_id = ? and mapped = true order by position",
                (row, no) -> item(row),
                transferId);
    }

    /**
     * Marks items as sent: from now on the target may have them. If one of two versions may be there already, neither
     * can be taken for the one that is.
     */
    void markSent(UUID transferId, List<Item> items, Instant now) {
        for (List<Item> slice : slices(items)) {
            List<Object> arguments = new ArrayList<>();
            arguments.add(Sql.at(now));
            arguments.add(transferId);
            slice.forEach(item -> arguments.add(item.ref()));
            jdbc.update("""
                    update delivery_item set outcome = 'UNKNOWN', code = null, updated_at = ?,
                        sent_version = case
                            when outcome = 'UNKNOWN' and (sent_version is null or sent_version <> version) then 'mixed'
                            else version end
                    where transfer_id = ? and mapped = true and ref in (""" + "?, ".repeat(slice.size() - 1) + "?)", arguments.toArray());
        }
    }

    /** What came of an item. */
    record Result(
            Item item,
            Outcome outcome,
            @Nullable String code,
            @Nullable String targetId) {}

    /** Writes what came of items, unless another version stands there by now. */
    void record(UUID transferId, List<Result> results, Instant now) {
        jdbc.batchUpdate(
                """
                update delivery_item set outcome = ?, code = ?, target_id = coalesce(?, target_id), updated_at = ?,
                    supersedes = case when ? then null else supersedes end
                where transfer_id = ? and ref = ? and credit_key = ? and version = ?""",
                results.stream()
                        .map(result -> new @Nullable Object[] {
                            result.outcome().name(),
                            result.code(),
                            result.targetId(),
                            Sql.at(now),
                            result.outcome().isDone(),
                            transferId,
                            result.item().ref(),
                            result.item().creditKey(),
                            result.item().version()
                        })
                        .toList());
    }

    /** Fills what the target answered later; the transfer itself has ended. */
    int fill(
            UUID transferId,
            String ref,
            Outcome outcome,
            @Nullable String code,
            @Nullable String targetId,
            Instant now) {
        return jdbc.update("""
                update delivery_item set outcome = ?, code = ?, target_id = coalesce(?, target_id), updated_at = ?
                where transfer_id = ? and ref = ? and mapped = true""", outcome.name(), code, targetId, Sql.at(now), transferId, ref);
    }

    /** The version that the target accepted last of each of these credits, from other transfers. */
    Map<String, Accepted> acceptedElsewhere(UUID transferId, List<Item> items) {
        Map<String, Accepted> accepted = new HashMap<>();
        elsewhere(
                "select credit_key, version, target_id from delivery_item where credit_key in (%s) and transfer_id <> ?"
                        + " and outcome in ('ACCEPTED', 'DUPLICATE') order by updated_at",
                transferId,
                items,
                row -> accepted.put(
                        row.getString("credit_key"),
                        new Accepted(row.getString("version"), row.getString("target_id"))));
        return accepted;
    }

    /**
     * When to look again whether a request of another transfer may still bring one of these credits to the target: it is
     * being sent, or its answer was lost.
     *
     * @param busyLook how soon, while it is being sent
     * @param settle how long a request may land after its lease
     * @return empty if there is no such request
     */
    Optional<Instant> inFlightElsewhere(
            UUID transferId, List<Item> items, Duration busyLook, Duration settle, Instant now) {
        List<Instant> looks = new ArrayList<>();
        elsewhere(
                """
                select distinct t.settle_until, a.lease_until from delivery_item i
                join transfer t on t.id = i.transfer_id
                left join attempt a on a.transfer_id = i.transfer_id and a.stage = 'DELIVER' and a.ended_at is null
                where i.credit_key in (%s) and i.transfer_id <> ? and i.outcome = 'UNKNOWN'""",
                transferId, items, row -> {
                    Instant lease = Sql.instantOrNull(row, "lease_until");
                    if (lease != null && lease.isAfter(now)) {
                        looks.add(now.plus(busyLook));
                    } else if (lease != null) {
                        looks.add(lease.plus(settle));
                    }
                    Instant settled = Sql.instantOrNull(row, "settle_until");
                    if (settled != null) {
                        looks.add(settled);
                    }
                });
        return looks.stream().filter(look -> look.isAfter(now)).min(Comparator.naturalOrder());
    }

    /** The versions of these credits that other transfers sent without getting to know what came of them. */
    Map<String, Set<String>> lostElsewhere(UUID transferId, List<Item> items) {
        Map<String, Set<String>> lost = new HashMap<>();
        elsewhere(
                "select credit_key, sent_version from delivery_item where credit_key in (%s) and transfer_id <> ?"
                        + " and outcome = 'UNKNOWN'",
                transferId,
                items,
                row -> lost.computeIfAbsent(row.getString("credit_key"), key -> new HashSet<>())
                        .add(Objects.requireNonNullElse(row.getString("sent_version"), "")));
        return lost;
    }

    /** Asks for the same credits in other transfers: {@code %s} stands for their keys, the last parameter for this one. */
    private void elsewhere(String sql, UUID transferId, List<Item> items, RowCallbackHandler each) {
        for (List<Item> slice : slices(items)) {
            List<Object> arguments = new ArrayList<>();
            slice.forEach(item -> arguments.add(item.creditKey()));
            arguments.add(transferId);
            jdbc.query(sql.formatted("?, ".repeat(slice.size() - 1) + "?"), each, arguments.toArray());
        }
    }

    private static List<List<Item>> slices(List<Item> items) {
        List<List<Item>> slices = new ArrayList<>();
        for (int from = 0; from < items.size(); from += 500) {
            slices.add(items.subList(from, Math.min(items.size(), from + 500)));
        }
        return slices;
    }

    /** What the target has of a credit. */
    record Accepted(String version, @Nullable String targetId) {}

    private static Item item(ResultSet row) throws SQLException {
        return new Item(
                row.getString("ref"),
                row.getInt("position"),
                row.getString("credit_key"),
                row.getString("version"),
                row.getString("sent_version"),
                row.getString("supersedes"),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("code"),
                row.getString("target_id"));
    }
}
