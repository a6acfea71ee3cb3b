package org.emrexhub.transfer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The tries of a transfer's stages; in DELIVER an open one is a claim with a lease. */
@Component
public class Attempts {

    /** How a try ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        UNKNOWN
    }

    /** A delivery that was claimed and not yet recorded. */
    public record Claim(int no, Instant leaseUntil) {}

    private final JdbcTemplate jdbc;

    Attempts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes a try that began and ended. */
    public void add(
            Transfer transfer,
            Stage stage,
            String destination,
            int revision,
            Instant startedAt,
            Instant endedAt,
            Outcome outcome,
            @Nullable FailureCode code) {
        jdbc.update(
                """
                insert into attempt (transfer_id, no, stage, destination, revision, started_at, ended_at, outcome, code,
                    replay_id)
                values (?, (select coalesce(max(no), 0) + 1 from attempt where transfer_id = ?), ?, ?, ?, ?, ?, ?, ?, ?)""",
                transfer.id(),
                transfer.id(),
                stage.name(),
                destination,
                revision,
                Sql.at(startedAt),
                Sql.at(endedAt),
                outcome.name(),
                code == null ? null : code.wireName(),
                transfer.replayId());
    }

    /**
     * How far the tries of a transfer have come.
     *
     * @param last the number of the last one; 0 if there is none
     * @param open the delivery that is open, if one is
     */
    public record Tries(int last, Optional<Claim> open) {}

    /** How far the tries of a transfer have come; asked under the lock on the transfer. */
    public Tries tries(UUID transferId) {
        Tries tries = jdbc.query(
                """
                select coalesce(max(no), 0) as last, max(case when %1$s then no end) as open_no,
                    max(case when %1$s then lease_until end) as lease_until
                from attempt where transfer_id = ?""".formatted("stage = 'DELIVER' and ended_at is null"),
                row -> row.next() ? tries(row) : null,
                transferId);
        return Objects.requireNonNull(tries, "an aggregate has a row");
    }

    private static Tries tries(ResultSet row) throws SQLException {
        Instant leaseUntil = Sql.instantOrNull(row, "lease_until");
        Claim open = leaseUntil == null ? null : new Claim(row.getInt("open_no"), leaseUntil);
        return new Tries(row.getInt("last"), Optional.ofNullable(open));
    }

    /** Opens a delivery with a number that no other try of the transfer has. */
    public void open(Transfer transfer, int no, Instant now, Instant leaseUntil) {
        jdbc.update(
                """
                insert into attempt (transfer_id, no, stage, destination, revision, started_at, lease_until, replay_id)
                values (?, ?, 'DELIVER', ?, ?, ?, ?, ?)""",
                transfer.id(),
                no,
                transfer.sis(),
                transfer.revision(),
                Sql.at(now),
                Sql.at(leaseUntil),
                transfer.replayId());
    }

    /** The delivery that is open, if one is; asked under the lock on the transfer. */
    public Optional<Claim> openClaim(UUID transferId) {
        return jdbc
                .query("""
                        select no, lease_until from attempt
                        where transfer_id = ? and stage = 'DELIVER' and ended_at is null""", (row, no) -> new Claim(row.getInt("no"), Sql.instant(row, "lease_until")), transferId)
                .stream()
                .findFirst();
    }

    /** Whether this delivery is the open one; asked under the lock on the transfer. */
    public boolean isOpen(UUID transferId, int no) {
        return openClaim(transferId).filter(claim -> claim.no() == no).isPresent();
    }

    /** Lengthens the lease of an open delivery, unless it is over. */
    public boolean renew(UUID transferId, int no, Instant now, Instant leaseUntil) {
        return jdbc.update("""
                        update attempt set lease_until = ?
                        where transfer_id = ? and no = ? and ended_at is null and lease_until > ?""", Sql.at(leaseUntil), transferId, no, Sql.at(now)) == 1;
    }

    /** Closes a delivery. */
    public void close(UUID transferId, int no, Instant now, Outcome outcome, @Nullable String code) {
        jdbc.update(
                "update attempt set ended_at = ?, outcome = ?, code = ? where transfer_id = ? and no = ?",
                Sql.at(now),
                outcome.name(),
                code,
                transferId,
                no);
    }

    /** Takes an open delivery back that did not get as far as sending anything. */
    public void withdraw(UUID transferId, int no) {
        jdbc.update("delete from attempt where transfer_id = ? and no = ? and ended_at is null", transferId, no);
    }

    List<TransferDetails.Attempt> of(UUID transferId) {
        return jdbc.query(
                "select * from attempt where transfer_id = ? order by no",
                (row, n) -> new TransferDetails.Attempt(
                        row.getInt("no"),
                        Stage.valueOf(row.getString("stage")),
                        row.getString("destination"),
                        Sql.instant(row, "started_at"),
                        Sql.instantOrNull(row, "ended_at"),
                        row.getString("outcome"),
                        row.getString("code"),
                        Sql.uuidOrNull(row, "replay_id")),
                transferId);
    }
}
