package org.emrexhub.transfer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads transfers for people and programs; never changes one. */
@Component
public class TransferViews {

    private final JdbcTemplate jdbc;
    private final Sources sources;
    private final Attempts attempts;
    private final Events events;
    private final Documents documents;
    private final Breakers breakers;

    TransferViews(
            JdbcTemplate jdbc,
            Sources sources,
            Attempts attempts,
            Events events,
            Documents documents,
            Breakers breakers) {
        this.jdbc = jdbc;
        this.sources = sources;
        this.attempts = attempts;
        this.events = events;
        this.documents = documents;
        this.breakers = breakers;
    }

    /** Everything about one transfer, or nothing if the caller may not know of it. */
    public Optional<TransferDetails> details(UUID id, Caller caller) {
        return jdbc
                .query(
                        "select * from transfer where id = ?",
                        (row, no) -> {
                            Transfer transfer = Transfers.transfer(row);
                            return caller.seesAll() || transfer.institution().equals(caller.institution())
                                    ? Optional.of(details(transfer, Sql.instant(row, "updated_at")))
                                    : Optional.<TransferDetails>empty();
                        },
                        id)
                .stream()
                .findFirst()
                .flatMap(found -> found);
    }

    private TransferDetails details(Transfer transfer, Instant updatedAt) {
        UUID id = transfer.id();
        boolean waits = transfer.status() == Status.QUEUED || transfer.status() == Status.WAITING_RETRY;
        return new TransferDetails(
                id,
                transfer.origin().name(),
                transfer.institution(),
                transfer.sis(),
                transfer.stage(),
                transfer.status(),
                transfer.failureCode(),
                transfer.failureDetail(),
                transfer.revision(),
                transfer.createdAt(),
                updatedAt,
                waits ? transfer.giveUpAt() : null,
                waits ? nextAttempt(id) : null,
                sources.details(id),
                attempts.of(id),
                items(id),
                events.of(id).stream().map(event -> withReason(id, event)).toList());
    }

    private TransferDetails.Event withReason(UUID id, TransferDetails.Event event) {
        if (!event.type().equals(Events.Type.DISCARDED.wireName())) {
            return event;
        }
        String reason = documents
                .find(id, DocumentKind.DECISION, "discard")
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        return new TransferDetails.Event(
                event.at(),
                event.actor(),
                event.type(),
                event.code(),
                event.arguments(),
                reason.isEmpty() ? event.text() : event.text() + " Reason: " + reason);
    }

    /** When something of the transfer is due again; behind an open breaker at the next probe, though others may go first. */
    private @Nullable Instant nextAttempt(UUID id) {
        return jdbc
                .query(
                        "select queue, due_at from outbox where transfer_id = ? and queue not like '%.dead'",
                        (row, no) -> {
                            Instant due = Sql.instant(row, "due_at");
                            return breakers.openUntil(row.getString("queue"))
                                    .filter(probe -> probe.isBefore(due))
                                    .orElse(due);
                        },
                        id)
                .stream()
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<TransferDetails.Item> items(UUID id) {
        return jdbc.query(
                "select * from delivery_item where transfer_id = ? order by position, mapped desc",
                (row, no) -> new TransferDetails.Item(
                        row.getString("ref"),
                        row.getString("credit_key"),
                        row.getString("outcome"),
                        row.getString("code"),
                        row.getString("target_id")),
                id);
    }

    /** A page of transfers, newest first; the key of the next page is where this one ended, so nothing is skipped. */
    public TransferPage page(TransferFilter filter, @Nullable String after, int size) {
        StringBuilder sql = new StringBuilder(
                "select t.id, t.stage, t.status, t.sis, t.failure_code, t.created_at, t.updated_at from transfer t where 1 = 1");
        List<Object> arguments = new ArrayList<>();
        and(sql, arguments, "t.institution = ?", filter.institution());
        and(
                sql,
                arguments,
                "t.stage = ?",
                filter.stage() == null ? null : filter.stage().name());
        and(
                sql,
                arguments,
                "t.status = ?",
                filter.status() == null ? null : filter.status().name());
        and(sql, arguments, "t.sis = ?", filter.sis());
        and(sql, arguments, "t.dead_destination = ?", filter.destination());
        and(
                sql,
                arguments,
                "t.failure_code = ?",
                filter.failureCode() == null ? null : filter.failureCode().wireName());
        and(sql, arguments, "t.created_at >= ?", Sql.atOrNull(filter.from()));
        and(sql, arguments, "t.created_at < ?", Sql.atOrNull(filter.to()));
        and(
                sql,
                arguments,
                "exists (select 1 from transfer_source s where s.transfer_id = t.id and s.register = ?)",
                filter.register());
        if (!filter.ids().isEmpty()) {
            sql.append(" and t.id in (")
                    .append("?, ".repeat(filter.ids().size() - 1))
                    .append("?)");
            arguments.addAll(filter.ids());
        }
        if (after != null) {
            PageKey key = PageKey.read(after, "query:after");
            sql.append(" and (t.created_at < ? or (t.created_at = ? and t.id < ?))");
            arguments.add(Sql.at(key.createdAt()));
            arguments.add(Sql.at(key.createdAt()));
            arguments.add(key.id());
        }
        sql.append(" order by t.created_at desc, t.id desc limit ").append(size + 1);
        List<TransferPage.Row> rows = jdbc.query(
                sql.toString(),
                (row, no) -> {
                    String code = row.getString("failure_code");
                    return new TransferPage.Row(
                            Sql.uuid(row, "id"),
                            Stage.valueOf(row.getString("stage")),
                            Status.valueOf(row.getString("status")),
                            row.getString("sis"),
                            List.of(),
                            code == null ? null : FailureCode.byWireName(code).orElseThrow(),
                            Sql.instant(row, "created_at"),
                            Sql.instant(row, "updated_at"));
                },
                arguments.toArray());
        boolean more = rows.size() > size;
        List<TransferPage.Row> shown = withRegisters(more ? rows.subList(0, size) : rows);
        TransferPage.Row last = more ? shown.get(size - 1) : null;
        return new TransferPage(shown, last == null ? null : new PageKey(last.createdAt(), last.id()).write());
    }

    private static void and(StringBuilder sql, List<Object> arguments, String condition, @Nullable Object argument) {
        if (argument != null) {
            sql.append(" and ").append(condition);
            arguments.add(argument);
        }
    }

    private List<TransferPage.Row> withRegisters(List<TransferPage.Row> rows) {
        if (rows.isEmpty()) {
            return rows;
        }
        Map<UUID, List<String>> registers = new LinkedHashMap<>();
        jdbc.query(
                "select transfer_id, register from transfer_source where transfer_id in ("
                        + "?, ".repeat(rows.size() - 1) + "?) order by transfer_id, position",
                row -> {
                    registers
                            .computeIfAbsent(Sql.uuid(row, "transfer_id"), id -> new ArrayList<>())
                            .add(row.getString("register"));
                },
                rows.stream().map(TransferPage.Row::id).toArray());
        return rows.stream()
                .map(row -> new TransferPage.Row(
                        row.id(),
                        row.stage(),
                        row.status(),
                        row.sis(),
                        registers.getOrDefault(row.id(), List.of()),
                        row.failureCode(),
                        row.createdAt(),
                        row.updatedAt()))
                .toList();
    }
}
