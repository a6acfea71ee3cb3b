package org.emrexhub.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;

/** Everything about one transfer that its owner and operators may see; free of learner data. */
public record TransferDetails(
        UUID id,
        String origin,
        String institution,
        String sis,
        Stage stage,
        Status status,
        @Nullable FailureCode failureCode,
        @Nullable String failureDetail,
        int revision,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant giveUpAt,
        @Nullable Instant nextAttemptAt,
        List<Source> sources,
        List<Attempt> attempts,
        List<Item> items,
        List<Event> timeline) {

    /** One register of the transfer. */
    public record Source(
            String register,
            String status,
            @Nullable FailureCode failureCode,
            @Nullable String mappingVersion,
            @Nullable Integer mapped,
            @Nullable Integer skipped) {}

    /** One try of one stage. */
    public record Attempt(
            int no,
            Stage stage,
            String destination,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable String code,
            @Nullable UUID replayId) {}

    /** One credit at the target. */
    public record Item(
            String ref,
            String creditKey,
            String outcome,
            @Nullable String code,
            @Nullable String targetId) {}

    /** One line of the timeline; {@code arguments} fill the text of its type. */
    public record Event(
            Instant at, String actor, String type, @Nullable String code, Map<String, String> arguments, String text) {}
}
