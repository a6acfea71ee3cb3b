package org.emrexhub.transfer;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger, locked by whoever holds this object. Every new step takes the next revision, which is never
 * given twice; a message that bears another number is stale.
 */
public final class Transfer {

    private final UUID id;
    private final Origin origin;
    private final String institution;
    private final String client;
    private final String sis;
    private final NewTransfer.Hold hold;
    private final String learnerKey;
    private final int priority;
    private final Instant createdAt;

    private Stage stage;
    private Status status;
    private int revision;
    private int tries;
    private @Nullable FailureCode failureCode;
    private @Nullable String failureDetail;
    private @Nullable String deadDestination;
    private String studentKey;
    private @Nullable Instant giveUpAt;
    private @Nullable Instant settleUntil;
    private @Nullable Instant holdUntil;
    private @Nullable UUID replayId;
    private @Nullable Instant readAt;

    @SuppressWarnings("TooManyParameters")
    Transfer(
            UUID id,
            Origin origin,
            String institution,
            String client,
            String sis,
            NewTransfer.Hold hold,
            String learnerKey,
            String studentKey,
            int priority,
            Instant createdAt,
            Stage stage,
            Status status,
            int revision) {
        this.id = id;
        this.origin = origin;
        this.institution = institution;
        this.client = client;
        this.sis = sis;
        this.hold = hold;
        this.learnerKey = learnerKey;
        this.studentKey = studentKey;
        this.priority = priority;
        this.createdAt = createdAt;
        this.stage = stage;
        this.status = status;
        this.revision = revision;
    }

    public UUID id() {
        return id;
    }

    public Origin origin() {
        return origin;
    }

    public String institution() {
        return institution;
    }

    public String client() {
        return client;
    }

    /**
     * The database's time in the transaction that read it: the same that {@link Transfers#now} would say, without another
     * question.
     */
    public Instant readAt() {
        return Objects.requireNonNull(readAt, "the transfer was not read to be worked on");
    }

    void readAt(Instant now) {
        this.readAt = now;
    }

    /** The target's id. */
    public String sis() {
        return sis;
    }

    /** What the client asked to wait for. */
    public NewTransfer.Hold hold() {
        return hold;
    }

    /** Keyed hash of the identifier in the request. */
    public String learnerKey() {
        return learnerKey;
    }

    /** Keyed hash of the learner's id at the target, or the learner key while that is not known. */
    public String studentKey() {
        return studentKey;
    }

    public void studentKey(String key) {
        this.studentKey = key;
    }

    /** JMS priority, 0 to 9: a waiting student before bulk. */
    public int priority() {
        return priority;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Stage stage() {
        return stage;
    }

    public Status status() {
        return status;
    }

    /** The number of the step that is due; in PULL each source has its own, taken from this counter. */
    public int revision() {
        return revision;
    }

    /** Takes the next number. */
    public int nextRevision() {
        revision++;
        return revision;
    }

    /** Failed tries since the stage, a replay, a decision or a resume began. */
    public int tries() {
        return tries;
    }

    void tries(int count) {
        this.tries = count;
    }

    public @Nullable FailureCode failureCode() {
        return failureCode;
    }

    public @Nullable String failureDetail() {
        return failureDetail;
    }

    void failure(@Nullable FailureCode code, @Nullable String detail) {
        this.failureCode = code;
        this.failureDetail = detail;
    }

    /** The register or system at which a dead transfer died, or {@code hub}. */
    public @Nullable String deadDestination() {
        return deadDestination;
    }

    void deadDestination(@Nullable String destination) {
        this.deadDestination = destination;
    }

    public @Nullable Instant giveUpAt() {
        return giveUpAt;
    }

    void giveUpAt(@Nullable Instant at) {
        this.giveUpAt = at;
    }

    /** Until when a request whose answer was lost may still land at the target. */
    public @Nullable Instant settleUntil() {
        return settleUntil;
    }

    public void settleUntil(@Nullable Instant at) {
        this.settleUntil = at;
    }

    /** When a hold ends undecided. */
    public @Nullable Instant holdUntil() {
        return holdUntil;
    }

    void holdUntil(@Nullable Instant at) {
        this.holdUntil = at;
    }

    /** The replay that this run belongs to. */
    public @Nullable UUID replayId() {
        return replayId;
    }

    void replayId(@Nullable UUID replay) {
        this.replayId = replay;
    }

    void moveTo(Stage newStage, Status newStatus) {
        this.stage = newStage;
        this.status = newStatus;
    }
}
