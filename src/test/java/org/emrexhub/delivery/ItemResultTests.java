package org.emrexhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.emrexhub.delivery.ItemResult.Said;
import org.junit.jupiter.api.Test;

class ItemResultTests {

    @Test
    void keepsTheOutcomeAloneOfALearnerWhoIsForgotten() {
        assertThat(new ItemResult(Said.REJECTED, "no_place_for_esimerkki", "esimerkki-1").withoutWords())
                .isEqualTo(new ItemResult(Said.REJECTED, "withheld", null));
        assertThat(new ItemResult(Said.ACCEPTED, null, "esimerkki-1").withoutWords())
                .isEqualTo(new ItemResult(Said.ACCEPTED, null, null));
    }
}
