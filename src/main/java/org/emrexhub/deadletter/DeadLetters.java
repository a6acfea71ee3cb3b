package org.emrexhub.deadletter;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.TransferFilter;

/** The transfers that failed for good. */
public class DeadLetters {

    /** Dead letters with one cause: what an operator mends and then replays. */
    public record Group(
            Stage stage, String destination, FailureCode failureCode, long count, Instant firstAt, Instant lastAt) {}

    /** Counts by stage, destination and failure code. */
    public List<Group> groups(TransferFilter filter) {
        throw new UnsupportedOperationException();
    }

    /** Gives a dead letter up, for a reason; final. */
    public void discard(UUID id, String reason, Caller caller) {
        throw new UnsupportedOperationException();
    }
}
