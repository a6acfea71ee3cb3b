package org.emrexhub.transfer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The consents of a transfer: no pull without VIEW, no delivery without SEND, asked at the moment of acting. */
@Component
public class Consents {

    /** What a consent permits. */
    public enum Kind {
        /** To ask the registers. */
        VIEW,
        /** To deliver to the recipient it names. */
        SEND
    }

    /** What is consented to. The client's own words for it are free text, and stand encrypted in the request. */
    private static final String SCOPE = "transfer";

    private final JdbcTemplate jdbc;

    Consents(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void insert(UUID transferId, NewTransfer.ConsentGiven consent) {
        List<Object[]> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            rows.add(new @Nullable Object[] {
                transferId,
                kind.name(),
                consent.recipient(),
                consent.textVersion(),
                SCOPE,
                Sql.at(consent.givenAt()),
                Sql.atOrNull(consent.expiresAt())
            });
        }
        jdbc.batchUpdate("""
                insert into consent (transfer_id, kind, recipient, text_version, scope, given_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?)""", rows);
    }

    /** Whether the consent holds, and will hold at {@code until} too. */
    public boolean holds(UUID transferId, Kind kind, String recipient, Instant until) {
        Integer count = jdbc.queryForObject("""
                select count(*) from consent where transfer_id = ? and kind = ? and recipient = ?
                    and withdrawn_at is null and (expires_at is null or expires_at > ?)""", Integer.class, transferId, kind.name(), recipient, Sql.at(until));
        return count != null && count > 0;
    }

    /** When the consent to send runs out; {@code null} if it has no end. */
    @Nullable
    Instant expiry(UUID transferId) {
        return jdbc.query(
                "select expires_at from consent where transfer_id = ? and kind = 'SEND'",
                row -> row.next() ? Sql.instantOrNull(row, "expires_at") : null,
                transferId);
    }

    void withdraw(UUID transferId, Instant now) {
        jdbc.update(
                "update consent set withdrawn_at = ? where transfer_id = ? and withdrawn_at is null",
                Sql.at(now),
                transferId);
    }
}
