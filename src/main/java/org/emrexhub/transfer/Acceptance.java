package org.emrexhub.transfer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes a request for a transfer into the ledger: the only door by which one comes to be. */
@Component
public class Acceptance {

    private static final int PRIORITY = 4;

    private final Transfers transfers;
    private final Sources sources;
    private final Consents consents;
    private final Requests requests;
    private final Outbox outbox;
    private final Events events;
    private final Vault vault;
    private final RetrySettings retry;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    /** What the client is told at once. */
    public record Accepted(UUID id, Stage stage, Status status) {}

    @SuppressWarnings("TooManyParameters")
    Acceptance(
            Transfers transfers,
            Sources sources,
            Consents consents,
            Requests requests,
            Outbox outbox,
            Events events,
            Vault vault,
            RetrySettings retry,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.sources = sources;
        this.consents = consents;
        this.requests = requests;
        this.outbox = outbox;
        this.events = events;
        this.vault = vault;
        this.retry = retry;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Writes the transfer, or finds the one that the same request made before. */
    public Accepted accept(Caller caller, String idempotencyKey, byte[] rawBody, NewTransfer request) {
        String key = key(caller, idempotencyKey);
        String hash = vault.hash("request", rawBody);
        try {
            return Objects.requireNonNull(
                    transaction.execute(status -> accept(caller, key, hash, request)), "the transaction's answer");
        } catch (DuplicateKeyException e) {
            // The same request came twice at once; the unique key let one of them through.
            Accepted other = transaction.execute(status -> look(key, hash).mine());
            if (other == null) {
                throw e;
            }
            return other;
        }
    }

    /** The transfer that the same request made before, if it did; it may be one that would be refused by now. */
    public Optional<Accepted> earlier(Caller caller, String idempotencyKey, byte[] rawBody) {
        Seen seen = look(key(caller, idempotencyKey), vault.hash("request", rawBody));
        return seen.same() ? Optional.ofNullable(seen.found()) : Optional.empty();
    }

    private String key(Caller caller, String idempotencyKey) {
        return vault.hash("idempotency", caller.institution(), caller.name(), idempotencyKey);
    }

    private Accepted accept(Caller caller, String key, String hash, NewTransfer request) {
        Seen seen = look(key, hash);
        Accepted earlier = seen.mine();
        return earlier == null ? write(caller, key, hash, request, seen.now()) : earlier;
    }

    private Accepted write(Caller caller, String key, String hash, NewTransfer request, Instant now) {
        NewTransfer.Learner learner = request.learner();
        String learnerKey = vault.hash("learner", learner.identifierType(), learner.identifier());
        Transfer transfer = new Transfer(
                Ids.at(now),
                Origin.API,
                caller.institution(),
                caller.name(),
                request.sis(),
                request.hold(),
                learnerKey,
                studentKey(request.sis(), learner.targetId(), learnerKey),
                PRIORITY,
                now,
                Stage.PULL,
                Status.QUEUED,
                request.registers().size());
        Instant giveUpAt = now.plus(retry.giveUpAfter());
        transfer.giveUpAt(giveUpAt);
        transfers.insert(transfer, request, key, hash, now);
        consents.insert(transfer.id(), request.consent());
        requests.put(transfer.id(), request, now);
        int revision = 0;
        for (String register : request.registers()) {
            revision++;
            sources.insert(transfer.id(), revision, register, revision, giveUpAt);
            outbox.add(Queues.pull(register), transfer.id(), revision, transfer.priority(), now);
        }
        events.add(transfer.id(), now, caller.actor(), Events.Type.ACCEPTED, null, null);
        return new Accepted(transfer.id(), transfer.stage(), transfer.status());
    }

    /** The learner at the target: by the target's own id where it is known, else by the learner key. */
    public String studentKey(String sis, @Nullable String targetId, String learnerKey) {
        return targetId == null ? learnerKey : vault.hash("student", sis, targetId);
    }

    /**
     * What the ledger knows before a request is written.
     *
     * @param found the transfer that the key belongs to, if there is one
     * @param same whether that one was asked for in the same words
     */
    private record Seen(Instant now, @Nullable Accepted found, boolean same) {

        @Nullable
        Accepted mine() {
            if (found != null && !same) {
                throw new Problem(
                        ProblemCode.IDEMPOTENCY_CONFLICT,
                        "This Idempotency-Key belongs to another request; use a new key for a new request.");
            }
            return found;
        }
    }

    private Seen look(String key, String hash) {
        return Objects.requireNonNull(jdbc.queryForObject(
                """
                select current_timestamp as now, t.id, t.stage, t.status, t.request_hash
                from (select cast(? as varchar) as wanted) k left join transfer t on t.idempotency_key = k.wanted""",
                (row, no) -> new Seen(Sql.instant(row, "now"), found(row), hash.equals(row.getString("request_hash"))),
                key));
    }

    private static @Nullable Accepted found(ResultSet row) throws SQLException {
        UUID id = Sql.uuidOrNull(row, "id");
        if (id == null) {
            return null;
        }
        return new Accepted(id, Stage.valueOf(row.getString("stage")), Status.valueOf(row.getString("status")));
    }
}
