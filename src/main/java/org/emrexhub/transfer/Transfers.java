package org.emrexhub.transfer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of the ledger: a transfer is read under its lock, changed, and saved in the same transaction. */
@Component
public class Transfers {

    private final JdbcTemplate jdbc;

    Transfers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The database's clock, the only one that the ledger goes by: instances whose clocks differ agree on what is due.
     */
    public Instant now() {
        OffsetDateTime now = jdbc.queryForObject("select current_timestamp", OffsetDateTime.class);
        if (now == null) {
            throw new IllegalStateException("The database does not tell the time.");
        }
        return now.toInstant();
    }

    /** The transfer, locked until the transaction ends. */
    public Optional<Transfer> lock(UUID id) {
        return find(id, " for update");
    }

    /** The transfer as it is now, for who writes nothing: by the time it is looked at, it may be another. */
    public Optional<Transfer> look(UUID id) {
        return find(id, "");
    }

    private Optional<Transfer> find(UUID id, String lock) {
        List<Transfer> rows = jdbc.query(
                "select transfer.*, current_timestamp as read_at from transfer where id = ?" + lock,
                (row, no) -> {
                    Transfer transfer = transfer(row);
                    transfer.readAt(Sql.instant(row, "read_at"));
                    return transfer;
                },
                id);
        return rows.stream().findFirst();
    }

    void insert(Transfer transfer, NewTransfer request, String idempotencyKey, String requestHash, Instant now) {
        jdbc.update(
                """
                insert into transfer (id, origin, institution, client, sis, hold, stage, status, revision, tries,
                    learner_key, student_key, idempotency_key, request_hash, priority, give_up_at, created_at, updated_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)""",
                transfer.id(),
                transfer.origin().name(),
                transfer.institution(),
                transfer.client(),
                transfer.sis(),
                transfer.hold().name(),
                transfer.stage().name(),
                transfer.status().name(),
                transfer.revision(),
                transfer.learnerKey(),
                transfer.studentKey(),
                idempotencyKey,
                requestHash,
                transfer.priority(),
                Sql.atOrNull(transfer.giveUpAt()),
                Sql.at(now),
                Sql.at(now));
    }

    /** Writes what a step changed. */
    public void save(Transfer transfer, Instant now) {
        FailureCode failure = transfer.failureCode();
        jdbc.update(
                """
                update transfer set stage = ?, status = ?, revision = ?, tries = ?, failure_code = ?, failure_detail = ?,
                    dead_destination = ?, student_key = ?, give_up_at = ?, settle_until = ?, hold_until = ?, replay_id = ?,
                    updated_at = ?
                where id = ?""",
                transfer.stage().name(),
                transfer.status().name(),
                transfer.revision(),
                transfer.tries(),
                failure == null ? null : failure.wireName(),
                transfer.failureDetail(),
                transfer.deadDestination(),
                transfer.studentKey(),
                Sql.atOrNull(transfer.giveUpAt()),
                Sql.atOrNull(transfer.settleUntil()),
                Sql.atOrNull(transfer.holdUntil()),
                transfer.replayId(),
                Sql.at(now),
                transfer.id());
    }

    static Transfer transfer(ResultSet row) throws SQLException {
        Transfer transfer = new Transfer(
                Sql.uuid(row, "id"),
                Origin.valueOf(row.getString("origin")),
                row.getString("institution"),
                row.getString("client"),
                row.getString("sis"),
                NewTransfer.Hold.valueOf(row.getString("hold")),
                row.getString("learner_key"),
                row.getString("student_key"),
                row.getInt("priority"),
                Sql.instant(row, "created_at"),
                Stage.valueOf(row.getString("stage")),
                Status.valueOf(row.getString("status")),
                row.getInt("revision"));
        transfer.tries(row.getInt("tries"));
        String code = row.getString("failure_code");
        transfer.failure(
                code == null ? null : FailureCode.byWireName(code).orElseThrow(), row.getString("failure_detail"));
        transfer.deadDestination(row.getString("dead_destination"));
        transfer.giveUpAt(Sql.instantOrNull(row, "give_up_at"));
        transfer.settleUntil(Sql.instantOrNull(row, "settle_until"));
        transfer.holdUntil(Sql.instantOrNull(row, "hold_until"));
        transfer.replayId(Sql.uuidOrNull(row, "replay_id"));
        return transfer;
    }
}
