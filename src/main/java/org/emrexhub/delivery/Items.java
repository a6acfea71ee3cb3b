package org.emrexhub.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.elmo.Credit;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Transfer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
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
     */
    public Rewritten rewrite(Transfer transfer, List<Credit> credits, Instant now) {
        Map<String, Item> before = new HashMap<>();
        Map<String, List<Item>> byLos = new HashMap<>();
        Set<String> creditsBefore = new HashSet<>();
        jdbc.query(
                "select * from delivery_item where transfer_id = ?",
                row -> {
                    Item item = item(row);
                    before.put(item.creditKey(), item);
                    if (row.getBoolean("mapped")) {
                        creditsBefore.add(item.creditKey() + item.version());
                    }
                    byLos.computeIfAbsent(row.getString("los_key"), los -> new ArrayList<>())
                            .add(item);
                },
                transfer.id());
        if (!before.isEmpty()) {
            jdbc.update("delete from delivery_item where transfer_id = ?", transfer.id());
        }
        Set<String> creditsNow = new HashSet<>();
        Map<String, String> versions = new HashMap<>();
        List<Item> fresh = new ArrayList<>();
        Map<String, String> losKeys = new HashMap<>();
        for (Credit credit : credits) {
            String key = keys.key(transfer.sis(), transfer.studentKey(), credit);
            String version = keys.version(credit);
            creditsNow.add(key + version);
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
        insert(rows);
        return new Rewritten(!creditsBefore.equals(creditsNow), noLongerMapped);
    }

    private void insert(List<Object[]> rows) {
        for (List<Object[]> slice : slices(rows)) {
            jdbc.update(
                    """
                    insert into delivery_item (transfer_id, ref, position, credit_key, los_key, version, sent_version,
                        supersedes, mapped, outcome, code, target_id, updated_at)
                    values """ + Sql.rows(slice.size(), 13),
                    slice.stream().flatMap(Arrays::stream).toArray());
        }
    }

    /**
     * What a new mapping changed.
     *
     * @param changed whether the credits are others, or in other versions, than those that stood there
     * @param noLongerMapped how many accepted credits are no longer mapped
     */
    public record Rewritten(boolean changed, int noLongerMapped) {}

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

    private record Said(Outcome outcome, @Nullable String code) {}

    /** Writes what came of items, unless another version stands there by now: one statement for what is the same. */
    void record(UUID transferId, List<Result> results, Instant now) {
        Map<Said, List<Result>> alike = new LinkedHashMap<>();
        for (Result result : results) {
            alike.computeIfAbsent(new Said(result.outcome(), result.code()), said -> new ArrayList<>())
                    .add(result);
        }
        alike.forEach((said, items) -> slices(items).forEach(slice -> record(transferId, said, slice, now)));
    }

    private void record(UUID transferId, Said said, List<Result> results, Instant now) {
        List<@Nullable Object> arguments =
                new ArrayList<>(Arrays.asList(said.outcome().name(), said.code(), Sql.at(now)));
        StringBuilder sql = new StringBuilder("update delivery_item set outcome = ?, code = ?, updated_at = ?");
        if (said.outcome().isDone()) {
            sql.append(", supersedes = null");
        }
        List<Result> named =
                results.stream().filter(result -> result.targetId() != null).toList();
        if (!named.isEmpty()) {
            sql.append(", target_id = case ref");
            for (Result result : named) {
                sql.append(" when ? then ?");
                arguments.add(result.item().ref());
                arguments.add(result.targetId());
            }
            sql.append(" else target_id end");
        }
        // One value for each: a planner would make a plan of 25 branches of 25 triples.
        sql.append(" where transfer_id = ? and ref || '/' || credit_key || '/' || version in (?")
                .append(", ?".repeat(results.size() - 1))
                .append(')');
        arguments.add(transferId);
        for (Result result : results) {
            Item item = result.item();
            arguments.add(item.ref() + "/" + item.creditKey() + "/" + item.version());
        }
        jdbc.update(sql.toString(), arguments.toArray());
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

    /**
     * What other transfers have brought, or may have brought, to the target of these credits. One statement: between two,
     * another transfer could write down what came of its request, which would then be neither under way nor accepted.
     */
    Elsewhere elsewhere(UUID transferId, List<Item> items) {
        List<Elsewhere.Credit> credits = new ArrayList<>();
        for (List<Item> slice : slices(items)) {
            List<Object> arguments = new ArrayList<>();
            slice.forEach(item -> arguments.add(item.creditKey()));
            arguments.add(transferId);
            jdbc.query(
                    """
                    select credit_key, version, sent_version, outcome, target_id,
                        (select t.settle_until from transfer t where t.id = i.transfer_id) as settle_until,
                        (select max(a.lease_until) from attempt a where a.transfer_id = i.transfer_id
                            and a.stage = 'DELIVER' and a.ended_at is null) as lease_until
                    from delivery_item i
                    where credit_key in (%s) and transfer_id <> ? and outcome in ('ACCEPTED', 'DUPLICATE', 'UNKNOWN')
                    order by updated_at""".formatted("?, ".repeat(slice.size() - 1) + "?"),
                    row -> {
                        credits.add(new Elsewhere.Credit(
                                row.getString("credit_key"),
                                row.getString("version"),
                                row.getString("sent_version"),
                                Outcome.valueOf(row.getString("outcome")),
                                row.getString("target_id"),
                                Sql.instantOrNull(row, "settle_until"),
                                Sql.instantOrNull(row, "lease_until")));
                    },
                    arguments.toArray());
        }
        return new Elsewhere(credits);
    }

    private static <T> List<List<T>> slices(List<T> items) {
        List<List<T>> slices = new ArrayList<>();
        for (int from = 0; from < items.size(); from += 500) {
            slices.add(items.subList(from, Math.min(items.size(), from + 500)));
        }
        return slices;
    }

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
