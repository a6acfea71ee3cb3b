package org.emrexhub.web;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.emrexhub.deadletter.DeadLetters;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.TransferFilter;
import org.emrexhub.transfer.TransferViews;
import org.springframework.stereotype.Component;

/** The calls about what failed for good. */
@Component
public class DeadLettersApi {

    private static final String REPLAYS = "/api/v1/replays/";
    private static final int DEFAULT_LIMIT = 1000;
    private static final double DEFAULT_PER_SECOND = 5;

    private final DeadLetters deadLetters;
    private final Replays replays;
    private final TransferViews views;
    private final TransfersApi transfers;

    DeadLettersApi(DeadLetters deadLetters, Replays replays, TransferViews views, TransfersApi transfers) {
        this.deadLetters = deadLetters;
        this.replays = replays;
        this.views = views;
        this.transfers = transfers;
    }

    /** A page of dead letters. */
    public Answer list(ApiRequest request) {
        return TransfersApi.page(views.page(dead(request.filter()), request.after(), request.size()));
    }

    /** Dead letters counted by what an operator mends. */
    public Answer groups(ApiRequest request) {
        return Answer.ok(new Groups(deadLetters.groups(dead(request.filter())).stream()
                .map(Group::of)
                .toList()));
    }

    /** Starts one dead letter again. */
    public Answer replayOne(ApiRequest request) {
        return started(replays.replay(request.transferId(), request.stage("from"), request.caller()));
    }

    /** Starts many dead letters again. */
    public Answer replayMany(ApiRequest request) {
        return started(replays.replay(
                dead(request.bodyFilter()),
                request.stage("from"),
                request.body().path("limit").asInt(DEFAULT_LIMIT),
                request.body().path("perSecond").asDouble(DEFAULT_PER_SECOND),
                request.caller()));
    }

    /** How far a replay got. */
    public Answer progress(ApiRequest request) {
        return Answer.ok(replays.find(request.id())
                .orElseThrow(() -> new Problem(
                        ProblemCode.NOT_FOUND,
                        "There is no such replay. Its address is the Location of the answer that started it.")));
    }

    /** Gives one dead letter up. */
    public Answer discard(ApiRequest request) {
        deadLetters.discard(
                request.transferId(), Objects.requireNonNull(request.text("reason"), "reason"), request.caller());
        return transfers.state(request.transferId(), request.caller());
    }

    private static Answer started(UUID id) {
        return Answer.accepted(REPLAYS + id, new Started(id));
    }

    private static TransferFilter dead(TransferFilter filter) {
        return new TransferFilter(
                filter.institution(),
                filter.stage(),
                Status.DEAD_LETTERED,
                filter.register(),
                filter.sis(),
                filter.destination(),
                filter.failureCode(),
                filter.from(),
                filter.to(),
                filter.ids());
    }

    private record Started(UUID id) {}

    private record Groups(List<Group> groups) {}

    private record Group(
            Stage stage, String destination, String failureCode, long count, Instant firstAt, Instant lastAt) {

        static Group of(DeadLetters.Group group) {
            return new Group(
                    group.stage(),
                    group.destination(),
                    group.failureCode().wireName(),
                    group.count(),
                    group.firstAt(),
                    group.lastAt());
        }
    }
}
