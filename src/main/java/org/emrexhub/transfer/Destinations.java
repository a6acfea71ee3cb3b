package org.emrexhub.transfer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outside systems as the ledger knows them: paused by an operator or not, and what past calls said. */
public class Destinations {

    /** What kind of system. */
    public enum Kind {
        REGISTER,
        SIS
    }

    /**
     * How a system stands, from past calls.
     *
     * @param state {@code UP}, {@code DOWN}, {@code PAUSED} or {@code UNKNOWN}
     */
    public record DestinationState(
            String id, String state, @Nullable Instant lastSuccessAt, long waiting, long dead) {}

    /** Holds back everything for this system. */
    public void pause(Kind kind, String id, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** Lets everything for this system go on. */
    public void resume(Kind kind, String id, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** Every system of this kind. */
    public List<DestinationState> states(Kind kind) {
        throw new UnsupportedOperationException();
    }
}
