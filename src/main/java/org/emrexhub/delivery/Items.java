package org.emrexhub.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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

    private final JdbcTemplate jdbc;
    private final CreditKeys keys;

    Items(JdbcTemplate jdbc, CreditKeys keys) {
        this.jdbc = jdbc;
        this.keys = keys;
    }

    /** Writes the items of a newly mapped document over those of an earlier mapping, by {@link Remapping}. */
    public Rewritten rewrite(Transfer transfer, List<Credit> credits, Instant now) {
        List<Remapping.Row> before = jdbc.query(
                "select * from delivery_item where transfer_id = ? order by position, mapped desc",
                (row, no) -> new Remapping.Row(
                        item(row), row.getString("los_key"), row.getBoolean("mapped"), Sql.instant(row, "updated_at")),
                transfer.id());
        if (!before.isEmpty()) {
            jdbc.update("delete from delivery_item where transfer_id = ?", transfer.id());
        }
        Remapping remapping = new Remapping(before, named(transfer, credits), now);
        insert(remapping.rows().stream().map(row -> row(transfer.id(), row)).toList());
        return new Rewritten(remapping.isChanged(), remapping.noLongerMapped());
    }

    /**
     * Writes the items of the same document anew, with the keys of the transfer's student as it is now. They supersede what
     * may be at the target under the keys that they had.
     */
    void rekey(Transfer transfer, List<Credit> credits, List<Item> items, Instant now) {
        Map<String, String> losKeys = new HashMap<>();
        named(transfer, credits).forEach(credit -> losKeys.put(credit.ref(), credit.losKey()));
        for (Item item : items) {
            item.leaves()
                    .ifPresent(left -> jdbc.update(
                            "update delivery_item set los_key = ? where transfer_id = ? and credit_key = ?",
                            losKeys.get(item.ref()),
                            transfer.id(),
                            left));
        }
        rewrite(transfer, credits, now);
        for (Item item : items) {
            item.leaves()
                    .ifPresent(left -> jdbc.update(
                            "update delivery_item set supersedes = ? where transfer_id = ? and ref = ? and mapped = true",
                            left,
                            transfer.id(),
                            item.ref()));
        }
    }

    private List<Remapping.Named> named(Transfer transfer, List<Credit> credits) {
        if (credits.isEmpty()) {
            Credit document = new Credit(0, transfer.id().toString(), "", "", "", "", null, null, "");
            String key = keys.key(transfer.sis(), transfer.studentKey(), document);
            return List.of(new Remapping.Named(Remapping.DOCUMENT, 0, key, key, key));
        }
        return credits.stream()
                .map(credit -> new Remapping.Named(
                        Integer.toString(credit.position()),
                        credit.position(),
                        keys.key(transfer.sis(), transfer.studentKey(), credit),
                        keys.losKey(transfer.sis(), transfer.studentKey(), credit),
                        keys.version(credit)))
                .toList();
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
     * @param noLongerMapped how many credits that may be at the target are no longer mapped
     */
    public record Rewritten(boolean changed, int noLongerMapped) {}

    private static Object[] row(UUID transferId, Remapping.Row row) {
        Item item = row.item();
        return new @Nullable Object[] {
            transferId,
            item.ref(),
            item.position(),
            item.creditKey(),
            row.losKey(),
            item.version(),
            item.sentVersion(),
            item.supersedes(),
            row.mapped(),
            item.outcome().name(),
            item.code(),
            item.targetId(),
            Sql.at(row.changedAt())
        };
    }

    /** The items of today's document, in its order. */
    public List<Item> of(UUID transferId) {
        return all(transferId).mapped();
    }

    /**
     * All items of a transfer, in the order of the document.
     *
     * @param mapped those of today's document
     * @param leftover those that may be at the target and are no longer mapped
     */
    record All(List<Item> mapped, List<Item> leftover) {}

    /** All items of a transfer. */
    All all(UUID transferId) {
        List<Item> mapped = new ArrayList<>();
        List<Item> leftover = new ArrayList<>();
        jdbc.query(
                "select * from delivery_item where transfer_id = ? order by position",
                row -> {
                    (row.getBoolean("mapped") ? mapped : leftover).add(item(row));
                },
                transferId);
        return new All(mapped, leftover);
    }

    /**
     * Marks items as sent: from now on the target may have them. If one of two versions may be there already, neither
     * can be taken for the one that is. Whoever claims a credit waits for everybody else's request, so that the order of
     * the claims, and not of the answers, tells which version is the last.
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
            @Nullable String targetId) {

        /** Whether another credit has lost its place at the target to this one. */
        boolean takesAPlace() {
            return outcome.isDone() && item.supersedesOther().isPresent();
        }
    }

    private record Said(Outcome outcome, @Nullable String code) {}

    /**
     * Writes what came of items: one statement for what is the same. Not where another version stands by now, nor where
     * the target has answered on its own meanwhile. A credit whose place was taken is not at the target any more, whichever
     * transfer had brought it before.
     */
    void record(UUID transferId, List<Result> results) {
        Map<Said, List<Result>> alike = new LinkedHashMap<>();
        for (Result result : results) {
            alike.computeIfAbsent(new Said(result.outcome(), result.code()), said -> new ArrayList<>())
                    .add(result);
        }
        alike.forEach((said, items) -> slices(items).forEach(slice -> record(transferId, said, slice)));
        results.stream().filter(Result::takesAPlace).forEach(result -> takePlace(transferId, result.item()));
    }

    private void takePlace(UUID transferId, Item item) {
        jdbc.update(
                """
                update delivery_item set code = '%1$s' where credit_key = ? and ((transfer_id = ? and mapped = false)
                    or (outcome in ('ACCEPTED', 'DUPLICATE') and (code is null or code <> '%2$s') and updated_at <= (
                        select n.updated_at from delivery_item n
                        where n.transfer_id = ? and n.ref = ? and n.credit_key = ?)))""".formatted(Item.SUPERSEDED, Item.REPEATED),
                item.supersedesOther().orElseThrow(),
                transferId,
                transferId,
                item.ref(),
                item.creditKey());
    }

    /** Writes that another transfer had brought these. Only what the target said itself tells others that it has them. */
    void recordFound(UUID transferId, List<Result> results) {
        record(transferId, results);
        for (List<Result> slice : slices(results)) {
            List<Object> arguments = new ArrayList<>(List.of(transferId));
            slice.forEach(result -> arguments.add(result.item().ref()));
            jdbc.update("""
                    update delivery_item set sent_version = null
                    where transfer_id = ? and mapped = true and ref in (""" + "?, ".repeat(slice.size() - 1) + "?)", arguments.toArray());
        }
    }

    private void record(UUID transferId, Said said, List<Result> results) {
        List<@Nullable Object> arguments =
                new ArrayList<>(Arrays.asList(said.outcome().name(), said.code()));
        StringBuilder sql = new StringBuilder("update delivery_item set outcome = ?, code = ?");
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
        sql.append(
                        " where transfer_id = ? and outcome in ('PENDING', 'UNKNOWN') and ref || '/' || credit_key || '/' || version in (?")
                .append(", ?".repeat(results.size() - 1))
                .append(')');
        arguments.add(transferId);
        for (Result result : results) {
            Item item = result.item();
            arguments.add(item.ref() + "/" + item.creditKey() + "/" + item.version());
        }
        jdbc.update(sql.toString(), arguments.toArray());
    }

    /**
     * Fills in what the target answered on its own, during the delivery or long after it. It names the credit by its number
     * alone, so it says nothing of one that was not sent, nor of one whose earlier version, or whose number's earlier
     * credit, it may be about.
     */
    int fill(UUID transferId, String ref, Outcome outcome, @Nullable String code, @Nullable String targetId) {
        return jdbc.update("""
                update delivery_item set outcome = ?, code = ?, target_id = coalesce(?, target_id)
                where transfer_id = ? and ref = ? and mapped = true and sent_version is not null
                    and (outcome in ('ACCEPTED', 'DUPLICATE')
                        or (outcome in ('UNKNOWN', 'REJECTED') and supersedes is null
                            and not exists (select 1 from delivery_item other
                                where other.transfer_id = ? and other.ref = ? and other.mapped = false)))""", outcome.name(), code, targetId, transferId, ref, transferId, ref);
    }

    /**
     * What other transfers have brought, or may have brought, to the target of these credits, and of those whose place they
     * are to take. One statement: between two, another transfer could write down what came of its request, which would then
     * be neither under way nor accepted. A credit whose place is being taken may be there or not.
     */
    Elsewhere elsewhere(UUID transferId, List<Item> items) {
        List<Elsewhere.Credit> credits = new ArrayList<>();
        List<String> keys = items.stream()
                .flatMap(item -> Stream.concat(Stream.of(item.creditKey()), item.supersedesOther().stream()))
                .distinct()
                .toList();
        for (List<String> slice : slices(keys)) {
            List<Object> arguments = new ArrayList<>(slice);
            arguments.add(transferId);
            jdbc.query(
                    """
                    select credit_key, version, sent_version, outcome, target_id,
                        exists (select 1 from delivery_item n where n.transfer_id = i.transfer_id
                            and n.supersedes = i.credit_key and n.credit_key <> i.credit_key
                            and n.outcome = 'UNKNOWN') as losing,
                        (select t.settle_until from transfer t where t.id = i.transfer_id) as settle_until,
                        (select max(a.lease_until) from attempt a where a.transfer_id = i.transfer_id
                            and a.stage = 'DELIVER' and a.ended_at is null) as lease_until
                    from delivery_item i
                    where credit_key in (%s) and transfer_id <> ?
                        and (outcome in ('ACCEPTED', 'UNKNOWN') or (outcome = 'DUPLICATE' and sent_version is not null)
                            or supersedes = credit_key)
                        and (code is null or code not in ('%s', '%s'))
                    order by updated_at""".formatted("?, ".repeat(slice.size() - 1) + "?", Item.REPEATED, Item.SUPERSEDED),
                    row -> {
                        boolean losing = row.getBoolean("losing");
                        credits.add(new Elsewhere.Credit(
                                row.getString("credit_key"),
                                row.getString("version"),
                                losing ? null : row.getString("sent_version"),
                                losing ? Outcome.UNKNOWN : Outcome.valueOf(row.getString("outcome")),
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
