package org.emrexhub.transfer;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Every change of a transfer's state. Each takes the next revision and writes ledger, outbox row and event in the
 * caller's transaction, under the lock on the transfer; nothing else moves a transfer.
 */
@Component
public class Steps {

    /** What a consumer does with a message, once the ledger was asked. */
    public enum Turn {
        /** The step is due: work. */
        DUE,
        /** Another number is due, or none: acknowledge, write nothing. */
        STALE,
        /** The mirror of a dead letter was moved back to its queue: that counts as a replay. */
        MOVED_BACK
    }

    /** A dead letter left the dead: its mirror in the broker has no meaning any more. */
    public record NoLongerDead(UUID transferId, String deadQueue, int revision) {}

    private static final Logger log = LoggerFactory.getLogger(Steps.class);

    private static final int MAX_DETAIL = 400;
    private static final int MOST_INTERRUPTIONS = 3;
    private static final String INTERRUPTED = "the delivery was interrupted";

    private final Transfers transfers;
    private final Sources sources;
    private final Outbox outbox;
    private final Events events;
    private final Consents consents;
    private final JdbcTemplate jdbc;
    private final RetrySettings retry;
    private final TransferSettings settings;
    private final Breakers breakers;
    private final ApplicationEventPublisher publisher;

    @SuppressWarnings("TooManyParameters")
    Steps(
            Transfers transfers,
            Sources sources,
            Outbox outbox,
            Events events,
            Consents consents,
            JdbcTemplate jdbc,
            RetrySettings retry,
            TransferSettings settings,
            Breakers breakers,
            ApplicationEventPublisher publisher) {
        this.transfers = transfers;
        this.sources = sources;
        this.outbox = outbox;
        this.events = events;
        this.consents = consents;
        this.jdbc = jdbc;
        this.retry = retry;
        this.settings = settings;
        this.breakers = breakers;
        this.publisher = publisher;
    }

    /** Asks whether a message of this queue with this number is due. */
    public Turn turn(Transfer transfer, String queue, int revision) {
        return turn(transfer, queue, revision, () -> sources.of(transfer.id()));
    }

    /** The same, by sources that the caller has read or is to read. */
    Turn turn(Transfer transfer, String queue, int revision, Supplier<List<Sources.Source>> all) {
        Stage stage = Queues.stage(queue);
        if (transfer.status().isFinal() || transfer.stage() != stage) {
            return Turn.STALE;
        }
        if (transfer.status() == Status.DEAD_LETTERED && transfer.revision() == revision) {
            return Turn.MOVED_BACK;
        }
        if (stage == Stage.PULL) {
            String register = Queues.destination(queue);
            return all.get().stream()
                            .anyMatch(source -> source.register().equals(register)
                                    && source.status().isOpen()
                                    && source.revision() == revision)
                    ? Turn.DUE
                    : Turn.STALE;
        }
        boolean open = transfer.status() == Status.QUEUED || transfer.status() == Status.WAITING_RETRY;
        return open && transfer.revision() == revision ? Turn.DUE : Turn.STALE;
    }

    /** Puts the same number back: the step is due, but not now. */
    public void putBack(Transfer transfer, String queue, int revision, Instant dueAt) {
        outbox.add(queue, transfer.id(), revision, transfer.priority(), dueAt);
    }

    /** Sends the transfer on to be mapped or delivered. */
    public void queue(Transfer transfer, Stage stage, Instant now) {
        transfer.moveTo(stage, Status.QUEUED);
        begin(transfer, now);
        int revision = transfer.nextRevision();
        transfers.save(transfer, now);
        outbox.add(queueOf(transfer), transfer.id(), revision, transfer.priority(), now);
    }

    /** Holds the transfer until somebody decides; an outbox row announces the end of the hold. */
    public void holdForDecision(Transfer transfer, Instant now) {
        transfer.moveTo(Stage.DELIVER, Status.AWAITING_DECISION);
        transfer.failure(null, null);
        Instant end = now.plus(settings.holdLimit());
        Instant expiry = consents.expiry(transfer.id());
        if (expiry != null && expiry.isBefore(end)) {
            end = expiry;
        }
        transfer.holdUntil(end);
        transfer.giveUpAt(null);
        int revision = transfer.nextRevision();
        transfers.save(transfer, now);
        outbox.add(Queues.EXPIRE, transfer.id(), revision, transfer.priority(), end);
        events.add(transfer.id(), now, Events.HUB, Events.Type.HELD, null, null);
    }

    /** Ends a hold that nobody decided. Does nothing if the hold is over for another reason, or not over yet. */
    public void expire(Transfer transfer, int revision) {
        Instant now = transfers.now();
        Instant end = transfer.holdUntil();
        if (!transfer.status().isHold() || transfer.revision() != revision || end == null) {
            return;
        }
        if (end.isAfter(now)) {
            outbox.add(Queues.EXPIRE, transfer.id(), revision, transfer.priority(), end);
            return;
        }
        end(transfer, Status.EXPIRED, now);
        events.add(transfer.id(), now, Events.HUB, Events.Type.EXPIRED, null, null);
    }

    /** A step of MAP or DELIVER failed: it is tried again with a longer pause, or the transfer is dead. */
    public void fail(Transfer transfer, FailureCode code, @Nullable String detail, Instant now) {
        fail(transfer, code, detail, now, now);
    }

    private void fail(Transfer transfer, FailureCode code, @Nullable String detail, Instant notBefore, Instant now) {
        Instant giveUpAt = transfer.giveUpAt() == null ? now : transfer.giveUpAt();
        if (code.kind() == FailureKind.PERMANENT || !giveUpAt.isAfter(now)) {
            die(transfer, Queues.destination(queueOf(transfer)), code, detail, now);
            return;
        }
        transfer.tries(transfer.tries() + 1);
        transfer.failure(code, clean(detail));
        transfer.moveTo(transfer.stage(), Status.WAITING_RETRY);
        int revision = transfer.nextRevision();
        Instant next = retry.next(now, transfer.tries(), giveUpAt);
        transfers.save(transfer, now);
        outbox.add(
                queueOf(transfer),
                transfer.id(),
                revision,
                transfer.priority(),
                next.isBefore(notBefore) ? notBefore : next);
        Events.Type type = code.kind() == FailureKind.UNKNOWN ? Events.Type.UNKNOWN : Events.Type.RETRY;
        String subject = type == Events.Type.UNKNOWN ? transfer.sis() : code.wireName();
        events.add(transfer.id(), now, Events.HUB, type, code, subject);
    }

    /**
     * A delivery was interrupted by the hub's own end, not by the target: it goes on once more even where the give-up age
     * is reached meanwhile, so that a restart delivers what a crash left. What ends this way again and again is dead.
     */
    public void goOn(Transfer transfer, FailureCode code, Instant notBefore, Instant now) {
        if (transfer.tries() >= MOST_INTERRUPTIONS) {
            fail(transfer, code, INTERRUPTED, notBefore, now);
            return;
        }
        transfer.tries(transfer.tries() + 1);
        transfer.failure(code, INTERRUPTED);
        transfer.moveTo(transfer.stage(), Status.WAITING_RETRY);
        int revision = transfer.nextRevision();
        transfers.save(transfer, now);
        outbox.add(queueOf(transfer), transfer.id(), revision, transfer.priority(), notBefore);
        events.add(transfer.id(), now, Events.HUB, Events.Type.UNKNOWN, code, transfer.sis());
    }

    /** The transfer is dead: the ledger says so, and a row makes the dead letter queue mirror it. */
    public void die(Transfer transfer, String destination, FailureCode code, @Nullable String detail, Instant now) {
        transfer.moveTo(transfer.stage(), Status.DEAD_LETTERED);
        transfer.failure(code, clean(detail));
        transfer.deadDestination(destination);
        int revision = transfer.nextRevision();
        transfers.save(transfer, now);
        outbox.add(Queues.dead(deadQueue(transfer)), transfer.id(), revision, transfer.priority(), now);
        events.add(transfer.id(), now, Events.HUB, Events.Type.DEAD, code, code.wireName());
        log.info("Transfer {} is dead in {} at {}: {}.", transfer.id(), transfer.stage(), destination, code);
    }

    /** The transfer ends. */
    public void end(Transfer transfer, Status status, Instant now) {
        if (!status.isFinal()) {
            throw new IllegalArgumentException(status + " is not an end");
        }
        removeMirror(transfer);
        transfer.moveTo(transfer.stage(), status);
        transfer.nextRevision();
        transfer.giveUpAt(null);
        if (status == Status.DELIVERED) {
            transfer.failure(null, null);
            transfer.deadDestination(null);
        }
        transfers.save(transfer, now);
    }

    private void removeMirror(Transfer transfer) {
        if (transfer.status() == Status.DEAD_LETTERED) {
            outbox.removeMirrors(transfer.id());
            publisher.publishEvent(
                    new NoLongerDead(transfer.id(), Queues.dead(deadQueue(transfer)), transfer.revision()));
        }
    }

    /** Whether a replay can start from this stage: whether the stage's input is there. */
    public boolean canReplayFrom(Transfer transfer, Stage from) {
        return switch (from) {
            case PULL -> true;
            case MAP -> sourcesComplete(sources.of(transfer.id()));
            case DELIVER -> transfer.stage() == Stage.DELIVER;
        };
    }

    /** Whether every source has an end, and the transfer may go on with what was pulled. */
    boolean sourcesComplete(List<Sources.Source> list) {
        boolean restAllowed = settings.onFailedRegister() == TransferSettings.OnFailedRegister.DELIVER_REST;
        return list.stream().anyMatch(source -> source.status() == Sources.SourceStatus.PULLED)
                && list.stream()
                        .allMatch(source -> source.status() == Sources.SourceStatus.PULLED
                                || (restAllowed && source.status() == Sources.SourceStatus.FAILED));
    }

    /**
     * Starts a dead transfer again from a stage whose input is there; what the target refused is sent again. Who replays
     * believes that the system is well, so one transfer tries it at once, whatever its breaker says.
     *
     * @param dueAt when the transfer's turn comes; its give-up age counts from here
     */
    public void replay(
            Transfer transfer, Stage from, String actor, @Nullable UUID replayId, Instant dueAt, Instant now) {
        jdbc.update(
                "update delivery_item set outcome = 'PENDING', code = null where transfer_id = ? and outcome = 'REJECTED'",
                transfer.id());
        removeMirror(transfer);
        transfer.replayId(replayId);
        transfer.moveTo(from, Status.QUEUED);
        begin(transfer, dueAt);
        if (from == Stage.PULL) {
            // In the same order for every transfer, since each of them locks the rows of its systems.
            List<Sources.Source> ordered = sources.of(transfer.id()).stream()
                    .sorted(Comparator.comparing(Sources.Source::register))
                    .toList();
            for (Sources.Source source : ordered) {
                int revision = transfer.nextRevision();
                sources.queue(transfer.id(), source.register(), revision, dueAt.plus(retry.giveUpAfter()));
                outbox.addAtRate(Queues.pull(source.register()), transfer.id(), revision, transfer.priority(), dueAt);
                breakers.tryNow(Destinations.Kind.REGISTER, source.register());
            }
        } else {
            outbox.addAtRate(queueOf(transfer), transfer.id(), transfer.nextRevision(), transfer.priority(), dueAt);
            breakers.tryNow(Destinations.Kind.SIS, transfer.sis());
        }
        transfers.save(transfer, now);
        events.add(transfer.id(), now, actor, Events.Type.REPLAYED, null, from.name());
    }

    private void begin(Transfer transfer, Instant dueAt) {
        transfer.tries(0);
        transfer.giveUpAt(dueAt.plus(retry.giveUpAfter()));
        transfer.holdUntil(null);
        transfer.failure(null, null);
        transfer.deadDestination(null);
    }

    /** The queue of a transfer in MAP or DELIVER. */
    static String queueOf(Transfer transfer) {
        return transfer.stage() == Stage.DELIVER ? Queues.deliver(transfer.sis()) : Queues.MAP;
    }

    /** The queue whose dead letters mirror a dead transfer. */
    static String deadQueue(Transfer transfer) {
        String destination = transfer.deadDestination();
        return transfer.stage() == Stage.PULL && destination != null ? Queues.pull(destination) : queueOf(transfer);
    }

    /** One line, no longer than the column. */
    static @Nullable String clean(@Nullable String detail) {
        if (detail == null) {
            return null;
        }
        String line = detail.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL - 1) + "…";
    }
}
