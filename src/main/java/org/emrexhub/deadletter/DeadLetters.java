package org.emrexhub.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Events;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Steps;
import org.emrexhub.transfer.Transfer;
import org.emrexhub.transfer.TransferFilter;
import org.emrexhub.transfer.Transfers;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The transfers that failed for good. */
@Component
public class DeadLetters {

    /** Dead letters with one cause: what an operator mends and then replays. */
    public record Group(
            Stage stage, String destination, FailureCode failureCode, long count, Instant firstAt, Instant lastAt) {}

    private final JdbcTemplate jdbc;
    private final Transfers transfers;
    private final Steps steps;
    private final Events events;
    private final Documents documents;

    DeadLetters(JdbcTemplate jdbc, Transfers transfers, Steps steps, Events events, Documents documents) {
        this.jdbc = jdbc;
        this.transfers = transfers;
        this.steps = steps;
        this.events = events;
        this.documents = documents;
    }

    /** Counts by stage, destination and failure code, the largest first; {@code firstAt} and {@code lastAt} tell when they died. */
    public List<Group> groups(TransferFilter filter) {
        DeadLetterQuery query = new DeadLetterQuery(filter);
        return jdbc.query(
                """
                select stage, dead_destination, failure_code, count(*) as dead, min(updated_at) as first_at,
                    max(updated_at) as last_at
                from transfer t"""
                        + query.where()
                        + " group by stage, dead_destination, failure_code order by dead desc, last_at desc",
                (row, no) -> new Group(
                        Stage.valueOf(row.getString("stage")),
                        row.getString("dead_destination"),
                        FailureCode.byWireName(row.getString("failure_code")).orElseThrow(),
                        row.getLong("dead"),
                        Sql.instant(row, "first_at"),
                        Sql.instant(row, "last_at")),
                query.arguments());
    }

    /** Gives a dead letter up, for a reason; final. Always allowed; what may be at the target stays visible. */
    @Transactional
    public void discard(UUID id, String reason, Caller caller) {
        Transfer transfer = transfers
                .lock(id)
                .orElseThrow(() -> new Problem(ProblemCode.NOT_FOUND, "There is no transfer with this id."));
        if (transfer.status() == Status.DISCARDED) {
            return;
        }
        if (transfer.status() != Status.DEAD_LETTERED) {
            throw new Problem(
                    ProblemCode.NOT_DEAD,
                    "Only a dead letter can be discarded; GET the transfer to see how it stands.");
        }
        Instant now = transfers.now();
        steps.end(transfer, Status.DISCARDED, now);
        // The reason is free text, so it stands encrypted like everything that may speak of a learner.
        documents.put(id, DocumentKind.DECISION, "discard", reason.getBytes(StandardCharsets.UTF_8), now);
        events.add(id, now, caller.actor(), Events.Type.DISCARDED, null, null);
    }
}
