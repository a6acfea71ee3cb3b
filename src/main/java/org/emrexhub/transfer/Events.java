package org.emrexhub.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The timeline of a transfer: who did what and when, free of learner data; the audit until there is an audit table. */
@Component
public class Events {

    /** The actor of what the hub does by itself. */
    public static final String HUB = "hub";

    /** What can happen to a transfer; the text is for people, {@code %s} stands for the subject. */
    public enum Type {
        ACCEPTED("The request was accepted."),
        PULLED("%s answered; its answer is stored."),
        SOURCE_FAILED("%s could not be asked for good; the rest goes on without it."),
        MAPPED("The records were mapped: %s."),
        SIGNED("The ELMO document was signed."),
        HELD("Waiting for a decision on the credit transfer application."),
        SUBMITTED("The credit transfer application was handed in."),
        DECIDED("The credit transfer application was %s."),
        DELIVERED("Delivered: %s."),
        ANSWERED("The target answered later: %s."),
        RETRY("A step failed for the time being (%s); it is tried again."),
        UNKNOWN("The answer of %s was lost; what landed is settled first."),
        DEAD("Dead letter (%s)."),
        REPLAYED("Replayed from %s."),
        DISCARDED("Discarded by an operator."),
        CANCELLED("Cancelled; the consent is withdrawn."),
        CONSENT_WITHDRAWN("The consent was withdrawn; what is on its way can't be called back."),
        EXPIRED("Nobody decided in time."),
        ERASED("The learner data was erased: the time that it is kept is over.");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        String text(@Nullable String subject) {
            return String.format(Locale.ROOT, text, subject == null ? "" : subject);
        }
    }

    private static final String INSERT =
            "insert into event (transfer_id, at, actor, type, code, subject) values (?, ?, ?, ?, ?, ?)";

    private final JdbcTemplate jdbc;

    Events(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes one line; {@code subject} fills the text of the type and never holds learner data. */
    public void add(
            UUID transferId,
            Instant at,
            String actor,
            Type type,
            @Nullable FailureCode code,
            @Nullable String subject) {
        jdbc.update(INSERT, row(transferId, at, actor, type, code, subject));
    }

    /** Writes that the document was mapped and signed, which come together, in one batch. */
    public void mappedAndSigned(UUID transferId, Instant at, String account) {
        jdbc.batchUpdate(
                INSERT,
                List.of(
                        row(transferId, at, HUB, Type.MAPPED, null, account),
                        row(transferId, at, HUB, Type.SIGNED, null, null)));
    }

    /** Writes of each transfer that its learner data is gone. */
    void erased(List<UUID> transferIds, Instant at) {
        jdbc.batchUpdate(
                INSERT,
                transferIds.stream()
                        .map(id -> row(id, at, HUB, Type.ERASED, null, null))
                        .toList());
    }

    boolean has(UUID transferId, Type type) {
        return !jdbc.queryForList(
                        "select id from event where transfer_id = ? and type = ?", transferId, type.wireName())
                .isEmpty();
    }

    private static Object[] row(
            UUID transferId,
            Instant at,
            String actor,
            Type type,
            @Nullable FailureCode code,
            @Nullable String subject) {
        return new @Nullable Object[] {
            transferId, Sql.at(at), actor, type.wireName(), code == null ? null : code.wireName(), subject
        };
    }

    List<TransferDetails.Event> of(UUID transferId) {
        return jdbc.query(
                "select * from event where transfer_id = ? order by id",
                (row, no) -> {
                    Type type = Type.valueOf(row.getString("type").toUpperCase(Locale.ROOT));
                    String subject = row.getString("subject");
                    return new TransferDetails.Event(
                            Sql.instant(row, "at"),
                            row.getString("actor"),
                            type.wireName(),
                            row.getString("code"),
                            subject == null ? Map.of() : Map.of("subject", subject),
                            type.text(subject));
                },
                transferId);
    }
}
