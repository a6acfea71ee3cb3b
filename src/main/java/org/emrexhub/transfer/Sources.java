package org.emrexhub.transfer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The registers that a transfer asks; read and written under the lock on the transfer. */
@Component
public class Sources {

    /** Where a source stands. */
    public enum SourceStatus {
        QUEUED,
        WAITING_RETRY,
        PULLED,
        FAILED;

        boolean isOpen() {
            return this == QUEUED || this == WAITING_RETRY;
        }
    }

    /** One register of one transfer. */
    public record Source(
            String register,
            int revision,
            SourceStatus status,
            int tries,
            @Nullable FailureCode failureCode,
            @Nullable Instant giveUpAt) {

        /** The same, once it has answered. */
        Source pulled() {
            return new Source(register, revision, SourceStatus.PULLED, tries, null, giveUpAt);
        }
    }

    private final JdbcTemplate jdbc;

    Sources(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void insert(UUID transferId, int position, String register, int revision, Instant giveUpAt) {
        jdbc.update("""
                insert into transfer_source (transfer_id, position, register, revision, status, tries, give_up_at)
                values (?, ?, ?, ?, 'QUEUED', 0, ?)""", transferId, position, register, revision, Sql.at(giveUpAt));
    }

    /** The sources, in the order of the request. */
    public List<Source> of(UUID transferId) {
        return jdbc.query(
                "select * from transfer_source where transfer_id = ? order by position",
                (row, no) -> {
                    String code = row.getString("failure_code");
                    return new Source(
                            row.getString("register"),
                            row.getInt("revision"),
                            SourceStatus.valueOf(row.getString("status")),
                            row.getInt("tries"),
                            code == null ? null : FailureCode.byWireName(code).orElseThrow(),
                            Sql.instantOrNull(row, "give_up_at"));
                },
                transferId);
    }

    void queue(UUID transferId, String register, int revision, Instant giveUpAt) {
        jdbc.update("""
                update transfer_source set status = 'QUEUED', revision = ?, tries = 0, failure_code = null,
                    failure_detail = null, give_up_at = ?
                where transfer_id = ? and register = ?""", revision, Sql.at(giveUpAt), transferId, register);
    }

    void pulled(UUID transferId, String register) {
        jdbc.update("""
                update transfer_source set status = 'PULLED', failure_code = null, failure_detail = null
                where transfer_id = ? and register = ?""", transferId, register);
    }

    void waiting(UUID transferId, String register, int revision, int tries, FailureCode code) {
        jdbc.update("""
                update transfer_source set status = 'WAITING_RETRY', revision = ?, tries = ?, failure_code = ?
                where transfer_id = ? and register = ?""", revision, tries, code.wireName(), transferId, register);
    }

    void failed(UUID transferId, String register, FailureCode code, @Nullable String detail) {
        jdbc.update("""
                update transfer_source set status = 'FAILED', failure_code = ?, failure_detail = ?
                where transfer_id = ? and register = ?""", code.wireName(), detail, transferId, register);
    }

    /** Notes what the mapping made of a source. */
    public void mapped(UUID transferId, String register, String mappingVersion, int records, int mapped, int skipped) {
        jdbc.update("""
                update transfer_source set mapping_version = ?, records = ?, mapped = ?, skipped = ?
                where transfer_id = ? and register = ?""", mappingVersion, records, mapped, skipped, transferId, register);
    }

    List<TransferDetails.Source> details(UUID transferId) {
        return jdbc.query(
                "select * from transfer_source where transfer_id = ? order by position",
                (row, no) -> {
                    String code = row.getString("failure_code");
                    return new TransferDetails.Source(
                            row.getString("register"),
                            row.getString("status"),
                            code == null ? null : FailureCode.byWireName(code).orElseThrow(),
                            row.getString("mapping_version"),
                            Sql.integerOrNull(row, "mapped"),
                            Sql.integerOrNull(row, "skipped"));
                },
                transferId);
    }
}
