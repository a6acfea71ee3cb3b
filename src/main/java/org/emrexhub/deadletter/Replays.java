package org.emrexhub.deadletter;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.TransferFilter;
import org.jspecify.annotations.Nullable;

/** Starts dead letters again, one or many at a rate, and tells how far it got. */
public class Replays {

    /** How far a replay got; {@code status} is RUNNING or FINISHED. */
    public record Progress(
            UUID id,
            String actor,
            @Nullable Stage fromStage,
            String status,
            int total,
            int queued,
            int delivered,
            int held,
            int deadAgain,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    /** Replays one dead letter, by default from the stage in which it died. */
    public UUID replay(UUID transferId, @Nullable Stage from, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** Replays the dead letters of a filter, oldest first. */
    public UUID replay(TransferFilter filter, @Nullable Stage from, int limit, double perSecond, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** How far a replay got. */
    public Optional<Progress> find(UUID replayId) {
        throw new UnsupportedOperationException();
    }
}
