package org.emrexhub.transfer;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
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
                        (row, no) -> open(row, transferId, kind, part),
                        transferId,
                        kind.name(),
                        part)
                .stream()
                .findFirst();
    }

    /** Documents of one transfer that were read at once. */
    public static final class Read {

        private final Map<DocumentKind, Map<String, byte[]>> byKind = new EnumMap<>(DocumentKind.class);

        /** The plain bytes of a document that has no parts. */
        public Optional<byte[]> one(DocumentKind kind) {
            return Optional.ofNullable(parts(kind).get(""));
        }

        /** Every part of a kind, by part. */
        public Map<String, byte[]> parts(DocumentKind kind) {
            return byKind.getOrDefault(kind, Map.of());
        }
    }

    /** All documents of these kinds, in one statement. */
    public Read read(UUID transferId, DocumentKind... kinds) {
        Read read = new Read();
        List<Object> arguments = new ArrayList<>();
        arguments.add(transferId);
        for (DocumentKind kind : kinds) {
            arguments.add(kind.name());
        }
        jdbc.query(
                "select kind, part, key_id, bytes from document where transfer_id = ? and kind in ("
                        + "?, ".repeat(kinds.length - 1) + "?) order by part",
                row -> {
                    DocumentKind kind = DocumentKind.valueOf(row.getString("kind"));
                    String part = row.getString("part");
                    read.byKind
                            .computeIfAbsent(kind, first -> new LinkedHashMap<>())
                            .put(part, open(row, transferId, kind, part));
                },
                arguments.toArray());
        return read;
    }

    /** The plain bytes of a row with {@code key_id} and {@code bytes}. */
    byte[] open(ResultSet row, UUID transferId, DocumentKind kind, String part) throws SQLException {
        return vault.decrypt(place(transferId, kind, part), row.getString("key_id"), row.getBytes("bytes"));
    }

    /** A document to be written; {@code part} is the register for SOURCE, else empty. */
    public record Plain(DocumentKind kind, String part, byte[] bytes) {}

    /** Writes a document, in place of an earlier one of the same kind and part. */
    public void put(UUID transferId, DocumentKind kind, String part, byte[] plain, Instant now) {
        put(transferId, List.of(new Plain(kind, part, plain)), now);
    }

    /** Writes documents, each in place of an earlier one of the same kind and part. */
    public void put(UUID transferId, List<Plain> documents, Instant now) {
        List<Sealed> rows = documents.stream()
                .map(plain -> new Sealed(
                        plain.kind().name(),
                        plain.part(),
                        vault.encrypt(place(transferId, plain.kind(), plain.part()), plain.bytes())))
                .toList();
        // Nearly always they are the first: then the bytes travel once.
        int inserted = write(
                "insert into document (bytes, sha256, key_id, created_at, transfer_id, kind, part) values "
                        + Sql.rows(rows.size(), 7) + " on conflict do nothing",
                rows.stream()
                        .flatMap(row -> Stream.of(values(row, transferId, now)))
                        .toArray());
        if (inserted < rows.size()) {
            rows.forEach(row -> write("""
                    update document set bytes = ?, sha256 = ?, key_id = ?, created_at = ?
                    where transfer_id = ? and kind = ? and part = ?""", values(row, transferId, now)));
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Sealed(String kind, String part, byte[] bytes) {}

    private Object[] values(Sealed row, UUID transferId, Instant now) {
        return new Object[] {
            row.bytes(), Vault.sha256(row.bytes()), vault.keyId(), Sql.at(now), transferId, row.kind(), row.part()
        };
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
