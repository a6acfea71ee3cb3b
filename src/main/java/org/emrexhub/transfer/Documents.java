package org.emrexhub.transfer;

import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The encrypted documents of transfers. */
@Component
public class Documents {

    private final JdbcTemplate jdbc;
    private final Vault vault;

    Documents(JdbcTemplate jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** A document's plain bytes; {@code part} is the register for SOURCE, else empty. */
    public Optional<byte[]> find(UUID transferId, DocumentKind kind, String part) {
        return jdbc
                .query(
                        "select key_id, bytes from document where transfer_id = ? and kind = ? and part = ?",
                        (row, no) -> vault.decrypt(
                                place(transferId, kind, part), row.getString("key_id"), row.getBytes("bytes")),
                        transferId,
                        kind.name(),
                        part)
                .stream()
                .findFirst();
    }

    /** Every part of a kind, by part. */
    public Map<String, byte[]> findAll(UUID transferId, DocumentKind kind) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        jdbc.query(
                "select part, key_id, bytes from document where transfer_id = ? and kind = ? order by part",
                row -> {
                    String part = row.getString("part");
                    parts.put(
                            part,
                            vault.decrypt(
                                    place(transferId, kind, part), row.getString("key_id"), row.getBytes("bytes")));
                },
                transferId,
                kind.name());
        return parts;
    }

    /** Writes a document, in place of an earlier one of the same kind and part. */
    public void put(UUID transferId, DocumentKind kind, String part, byte[] plain, Instant now) {
        byte[] sealed = vault.encrypt(place(transferId, kind, part), plain);
        String sha256 = Vault.sha256(sealed);
        // Nearly always it is the first: then the bytes travel once.
        int inserted = write("""
                insert into document (transfer_id, kind, part, key_id, bytes, sha256, created_at)
                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""", transferId, kind.name(), part, vault.keyId(), sealed, sha256, Sql.at(now));
        if (inserted == 0) {
            write("""
                    update document set key_id = ?, bytes = ?, sha256 = ?, created_at = ?
                    where transfer_id = ? and kind = ? and part = ?""", vault.keyId(), sealed, sha256, Sql.at(now), transferId, kind.name(), part);
        }
    }

    /** H2 keeps a closed statement for the next use, and with it the values of the last one: here whole documents. */
    private int write(String sql, Object... values) {
        Integer rows = jdbc.execute(sql, (PreparedStatement statement) -> {
            new ArgumentPreparedStatementSetter(values).setValues(statement);
            try {
                return statement.executeUpdate();
            } finally {
                statement.clearParameters();
            }
        });
        return rows == null ? 0 : rows;
    }

    private static String place(UUID transferId, DocumentKind kind, String part) {
        return transferId + "/" + kind + "/" + part;
    }
}
