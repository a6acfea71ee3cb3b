package org.emrexhub.transfer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases the learner data of transfers that ended long enough ago. What went where and what came of it stays, without
 * a learner; what is open or dead keeps all, since it may still be needed.
 */
@Component
public class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final Duration EVERY = Duration.ofHours(1);
    private static final int DOCUMENTS_AT_ONCE = 500;
    private static final int BATCHES = 100;

    private final @Nullable Duration age;
    private final Transfers transfers;
    private final Events events;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Retention(
            RetentionSettings settings,
            Transfers transfers,
            Events events,
            JdbcTemplate jdbc,
            TransactionTemplate transaction) {
        this.age = settings.learnerData();
        this.transfers = transfers;
        this.events = events;
        this.jdbc = jdbc;
        this.transaction = transaction;
        if (age == null) {
            log.warn("Learner data is kept for ever: emrexhub.retention.learner-data is not set.");
        }
    }

    /** How often to look: each hour, and more often where less than that is kept. */
    public Duration every() {
        return age == null || age.compareTo(EVERY) > 0 ? EVERY : age;
    }

    /** Erases what is due, the oldest first, in short transactions; what a round leaves, the next one takes. */
    public void erase() {
        if (age == null) {
            return;
        }
        int erased = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            Instant endedBefore = transfers.now().minus(age);
            Integer count = transaction.execute(status -> eraseSome(endedBefore));
            if (count == null || count == 0) {
                break;
            }
            erased += count;
        }
        if (erased > 0) {
            log.info("Erased the learner data of {} transfers, as emrexhub.retention.learner-data says.", erased);
        }
    }

    private int eraseSome(Instant endedBefore) {
        // By the documents' index: of what is this old, next to nothing but dead letters has any left.
        List<UUID> ended =
                jdbc.queryForList("""
                        select d.transfer_id from document d join transfer t on t.id = d.transfer_id
                        where d.created_at < ? and t.updated_at < ?
                            and t.status in ('DELIVERED', 'REJECTED', 'DISCARDED', 'CANCELLED', 'EXPIRED')
                        order by d.created_at limit ?""", UUID.class, Sql.at(endedBefore), Sql.at(endedBefore), DOCUMENTS_AT_ONCE).stream()
                        .distinct()
                        .toList();
        List<Object[]> ids = ended.stream().map(id -> new Object[] {id}).toList();
        jdbc.batchUpdate("delete from application where transfer_id = ?", ids);
        jdbc.batchUpdate("delete from document where transfer_id = ?", ids);
        events.erased(ended, transfers.now());
        return ended.size();
    }

    /** Whether a transfer's learner data is gone. */
    public boolean isErased(UUID transferId) {
        return events.has(transferId, Events.Type.ERASED);
    }
}
