package org.emrexhub.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of credit transfer applications; their fields are learner data and stand encrypted. */
@Component
class Applications {

    /** How an import stands: what ended its transfer undecided counts more than the application's own word. */
    static final String STATUS = "case when t.status in ('EXPIRED', 'CANCELLED') then t.status else a.status end";

    private static final String FIND = "select a.*, " + STATUS
            + " as shown_status, t.sis, t.hold_until, t.updated_at, t.status as transfer_status"
            + " from application a join transfer t on t.id = a.transfer_id where ";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /**
     * An application with what its transfer says.
     *
     * @param expiresAt when the hold ends, {@code null} if it is over
     * @param decidedAt when an officer decided, {@code null} if nobody has
     */
    record Row(
            UUID id,
            String status,
            String sis,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant decidedAt,
            @Nullable String decidedBy,
            Map<String, String> fields) {}

    private final Vault vault;
    private final JdbcTemplate jdbc;

    Applications(Vault vault, JdbcTemplate jdbc) {
        this.vault = vault;
        this.jdbc = jdbc;
    }

    /** Writes a new application, in place of one of the same transfer. */
    void draft(UUID id, Map<String, String> fields, Instant now) {
        jdbc.update("delete from application where transfer_id = ?", id);
        jdbc.update(
                "insert into application (transfer_id, status, key_id, fields, created_at) values (?, 'DRAFT', ?, ?, ?)",
                id,
                vault.keyId(),
                seal(id, fields),
                Sql.at(now));
    }

    void submit(UUID id, Map<String, String> fields, Instant now) {
        jdbc.update("""
                update application set status = 'SUBMITTED', key_id = ?, fields = ?, submitted_at = ?
                where transfer_id = ?""", vault.keyId(), seal(id, fields), Sql.at(now), id);
    }

    void decide(UUID id, String status, String actor, Instant now) {
        jdbc.update(
                "update application set status = ?, decided_at = ?, decided_by = ? where transfer_id = ?",
                status,
                Sql.at(now),
                actor,
                id);
    }

    /** One application, or nothing if the caller may not know of it. */
    Optional<Row> find(UUID id, Caller caller) {
        String own = caller.seesAll() ? "" : " and t.institution = ?";
        Object[] arguments = caller.seesAll() ? new Object[] {id} : new Object[] {id, caller.institution()};
        return find("a.transfer_id = ?" + own, arguments).stream().findFirst();
    }

    /**
     * The applications that fit.
     *
     * @param condition SQL over {@code application a} and {@code transfer t}
     */
    List<Row> find(String condition, Object... arguments) {
        return jdbc.query(FIND + condition, (row, no) -> row(row), arguments);
    }

    private Row row(ResultSet row) throws SQLException {
        UUID id = Sql.uuid(row, "transfer_id");
        boolean held = row.getString("transfer_status").equals(Status.AWAITING_DECISION.name());
        return new Row(
                id,
                row.getString("shown_status"),
                row.getString("sis"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "updated_at"),
                held ? Sql.instantOrNull(row, "hold_until") : null,
                Sql.instantOrNull(row, "decided_at"),
                row.getString("decided_by"),
                open(id, row.getString("key_id"), row.getBytes("fields")));
    }

    private byte[] seal(UUID id, Map<String, String> fields) {
        try {
            return vault.encrypt(place(id), JSON.writeValueAsBytes(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The application of import " + id + " can't be written.");
        }
    }

    private Map<String, String> open(UUID id, String keyId, byte[] sealed) {
        try {
            return JSON.readValue(vault.decrypt(place(id), keyId, sealed), new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw new IllegalStateException("The application of import " + id + " can't be read.");
        }
    }

    private static String place(UUID id) {
        return id + "/application";
    }
}
