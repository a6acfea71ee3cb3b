package org.emrexhub.transfer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.catalog.Register;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger's side of PULL: is it due, and what came of it. */
@Component
public class Pulls {

    /** By which a pull may outlast the register's time-out before another probe is let through. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Transfers transfers;
    private final MessageReferences references;
    private final Sources sources;
    private final Consents consents;
    private final Requests requests;
    private final Documents documents;
    private final Attempts attempts;
    private final Destinations destinations;
    private final Breakers breakers;
    private final Outbox outbox;
    private final Events events;
    private final Steps steps;
    private final RetrySettings retry;
    private final TransferSettings settings;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    /** What a register is to be asked. */
    public record PullWork(
            UUID transferId, int revision, String register, NewTransfer.Learner learner, Instant startedAt) {}

    @SuppressWarnings("TooManyParameters")
    Pulls(
            Transfers transfers,
            MessageReferences references,
            Sources sources,
            Consents consents,
            Requests requests,
            Documents documents,
            Attempts attempts,
            Destinations destinations,
            Breakers breakers,
            Outbox outbox,
            Events events,
            Steps steps,
            RetrySettings retry,
            TransferSettings settings,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.references = references;
        this.sources = sources;
        this.consents = consents;
        this.requests = requests;
        this.documents = documents;
        this.attempts = attempts;
        this.destinations = destinations;
        this.breakers = breakers;
        this.outbox = outbox;
        this.events = events;
        this.steps = steps;
        this.retry = retry;
        this.settings = settings;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Asks the ledger whether this pull is due; if not, there is nothing to do and the message is acknowledged. Where it is
     * and nothing holds it back, it is only read: nothing is written here, and the end looks again, under the lock.
     */
    public Optional<PullWork> begin(Register register, UUID transferId, int revision) {
        Optional<PullWork> free = free(register.id(), transferId, revision);
        return free.isPresent()
                ? free
                : Objects.requireNonNull(
                        transaction.execute(status -> beginLocked(register, transferId, revision)), "an answer");
    }

    /** The pull, if it is due and may begin at once; if not, only the look under the lock can tell what is to be done. */
    private Optional<PullWork> free(String register, UUID transferId, int revision) {
        return jdbc
                .query(
                        """
                        select current_timestamp as read_at, d.key_id, d.bytes
                        from transfer t
                        join transfer_source s on s.transfer_id = t.id
                        join document d on d.transfer_id = t.id
                        where t.id = ? and t.stage = 'PULL' and t.status = 'QUEUED'
                            and s.register = ? and s.revision = ? and s.status in ('QUEUED', 'WAITING_RETRY')
                            and d.kind = 'REQUEST' and d.part = ''
                            and exists (select 1 from consent c where c.transfer_id = t.id and c.kind = 'VIEW'
                                and c.recipient = t.sis and c.withdrawn_at is null
                                and (c.expires_at is null or c.expires_at > current_timestamp))
                            and not exists (select 1 from destination x where x.kind = 'REGISTER' and x.id = ?
                                and (x.paused_at is not null or x.open_until is not null))""",
                        (row, no) -> {
                            byte[] request = documents.open(row, transferId, DocumentKind.REQUEST, "");
                            return new PullWork(
                                    transferId,
                                    revision,
                                    register,
                                    Requests.of(transferId, request).learner(),
                                    Sql.instant(row, "read_at"));
                        },
                        transferId,
                        register,
                        revision,
                        register)
                .stream()
                .findFirst();
    }

    private PullWork work(Transfer transfer, Register register, int revision) {
        NewTransfer.Learner learner = requests.of(transfer.id()).learner();
        return new PullWork(transfer.id(), revision, register.id(), learner, transfer.readAt());
    }

    private Optional<PullWork> beginLocked(Register register, UUID transferId, int revision) {
        String queue = Queues.pull(register.id());
        Transfer transfer = references.lock(queue, transferId, revision).orElse(null);
        if (transfer == null) {
            return Optional.empty();
        }
        Instant now = transfer.readAt();
        return switch (steps.turn(transfer, queue, revision)) {
            case STALE -> Optional.empty();
            case MOVED_BACK -> {
                steps.replay(transfer, Stage.PULL, Events.HUB, null, now, now);
                yield Optional.empty();
            }
            case DUE -> beginDue(register, transfer, queue, revision, now);
        };
    }

    private Optional<PullWork> beginDue(Register register, Transfer transfer, String queue, int revision, Instant now) {
        if (destinations.isPaused(Destinations.Kind.REGISTER, register.id())) {
            steps.putBack(transfer, queue, revision, destinations.look(now));
            return Optional.empty();
        }
        if (!consents.holds(transfer.id(), Consents.Kind.VIEW, transfer.sis(), now)) {
            fail(transfer, register.id(), FailureCode.CONSENT_EXPIRED, null, now, now);
            return Optional.empty();
        }
        if (!breakers.admits(Destinations.Kind.REGISTER, register.id(), now, longest(register))) {
            waitForBreaker(transfer, register.id(), now);
            return Optional.empty();
        }
        return Optional.of(work(transfer, register, revision));
    }

    private static Duration longest(Register register) {
        return register.timeout().plus(MARGIN);
    }

    /** No try is counted, but the give-up age runs on. */
    private void waitForBreaker(Transfer transfer, String register, Instant now) {
        Sources.Source source = source(transfer, register);
        Instant giveUpAt = Objects.requireNonNullElse(source.giveUpAt(), now);
        if (!giveUpAt.isAfter(now)) {
            if (transfer.status() == Status.DEAD_LETTERED) {
                // It died of another source; this one is asked again by a replay.
                return;
            }
            FailureCode code = Objects.requireNonNullElse(source.failureCode(), FailureCode.REGISTER_UNAVAILABLE);
            giveUp(transfer, register, code, Breakers.OPEN, now);
            return;
        }
        Instant look = destinations.look(now);
        steps.putBack(transfer, Queues.pull(register), source.revision(), look.isBefore(giveUpAt) ? look : giveUpAt);
    }

    /** Stores the answer; the last source to finish sends the transfer on to be mapped. */
    @Transactional
    public void succeed(PullWork work, byte[] answer) {
        Transfer transfer = transfers.lock(work.transferId()).orElse(null);
        List<Sources.Source> all = sources.of(work.transferId());
        if (transfer == null
                || steps.turn(transfer, Queues.pull(work.register()), work.revision(), () -> all) != Steps.Turn.DUE) {
            return;
        }
        Instant now = transfer.readAt();
        documents.put(work.transferId(), DocumentKind.SOURCE, work.register(), answer, now);
        sources.pulled(work.transferId(), work.register());
        attempts.add(
                transfer,
                Stage.PULL,
                work.register(),
                work.revision(),
                work.startedAt(),
                now,
                Attempts.Outcome.SUCCEEDED,
                null);
        events.add(work.transferId(), now, Events.HUB, Events.Type.PULLED, null, work.register());
        if (transfer.status() != Status.DEAD_LETTERED) {
            goOnIfComplete(
                    transfer,
                    all.stream()
                            .map(source -> source.register().equals(work.register()) ? source.pulled() : source)
                            .toList(),
                    now);
        }
    }

    /** Writes the failure down: tried again later, or the source, and by setting the transfer, has failed for good. */
    @Transactional
    public void fail(PullWork work, FailureCode code, @Nullable String detail) {
        Transfer transfer = dueAgain(work);
        if (transfer != null) {
            fail(transfer, work.register(), code, detail, work.startedAt(), transfer.readAt());
        }
    }

    /** A pull whose message no consumer could take has failed for good. */
    @Transactional
    public void unprocessable(String register, UUID transferId, int revision, String detail) {
        String queue = Queues.pull(register);
        Transfer transfer = references.lock(queue, transferId, revision).orElse(null);
        if (transfer != null && steps.turn(transfer, queue, revision) == Steps.Turn.DUE) {
            Instant now = transfer.readAt();
            fail(transfer, register, FailureCode.HUB_DEFECT, detail, now, now);
        }
    }

    private @Nullable Transfer dueAgain(PullWork work) {
        return transfers
                .lock(work.transferId())
                .filter(locked -> steps.turn(locked, Queues.pull(work.register()), work.revision()) == Steps.Turn.DUE)
                .orElse(null);
    }

    private void fail(
            Transfer transfer,
            String register,
            FailureCode code,
            @Nullable String detail,
            Instant startedAt,
            Instant now) {
        if (transfer.status() == Status.DEAD_LETTERED) {
            // A source of a dead transfer stores its document if it succeeds, and changes nothing else.
            return;
        }
        Sources.Source source = source(transfer, register);
        attempts.add(transfer, Stage.PULL, register, source.revision(), startedAt, now, Attempts.Outcome.FAILED, code);
        Instant giveUpAt = Objects.requireNonNullElse(source.giveUpAt(), now);
        if (code.kind() != FailureKind.PERMANENT && giveUpAt.isAfter(now)) {
            int revision = transfer.nextRevision();
            int tries = source.tries() + 1;
            sources.waiting(transfer.id(), register, revision, tries, code);
            transfers.save(transfer, now);
            outbox.add(
                    Queues.pull(register),
                    transfer.id(),
                    revision,
                    transfer.priority(),
                    retry.next(now, tries, giveUpAt));
            events.add(transfer.id(), now, Events.HUB, Events.Type.RETRY, code, code.wireName());
            return;
        }
        giveUp(transfer, register, code, detail, now);
    }

    private Sources.Source source(Transfer transfer, String register) {
        return sources.of(transfer.id()).stream()
                .filter(candidate -> candidate.register().equals(register))
                .findFirst()
                .orElseThrow();
    }

    private void giveUp(Transfer transfer, String register, FailureCode code, @Nullable String detail, Instant now) {
        sources.failed(transfer.id(), register, code, Steps.clean(detail));
        boolean restMayGoOn = settings.onFailedRegister() == TransferSettings.OnFailedRegister.DELIVER_REST
                && code != FailureCode.CONSENT_EXPIRED;
        if (restMayGoOn && anyOtherHope(transfer.id())) {
            events.add(transfer.id(), now, Events.HUB, Events.Type.SOURCE_FAILED, code, register);
            goOnIfComplete(transfer, sources.of(transfer.id()), now);
            return;
        }
        steps.die(transfer, register, code, detail, now);
    }

    private boolean anyOtherHope(UUID transferId) {
        return sources.of(transferId).stream().anyMatch(source -> source.status() != Sources.SourceStatus.FAILED);
    }

    private void goOnIfComplete(Transfer transfer, List<Sources.Source> all, Instant now) {
        if (steps.sourcesComplete(all)) {
            steps.queue(transfer, Stage.MAP, now);
        }
    }
}
