package org.emrexhub.delivery;

import org.emrexhub.catalog.Sis;
import org.emrexhub.transfer.Transfer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Locks that two transfers of one learner to one target take in turn, so that each sees what the other is sending. */
@Component
class Stripes {

    private static final int STRIPES = 32;

    private final JdbcTemplate jdbc;

    Stripes(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Waits until no other transfer of this learner holds the stripe; held until the transaction ends. */
    void lock(Sis sis, Transfer transfer) {
        int stripe = Math.floorMod((sis.id() + transfer.studentKey()).hashCode(), STRIPES);
        jdbc.queryForList("select stripe from claim_stripe where stripe = ? for update", stripe);
    }
}
