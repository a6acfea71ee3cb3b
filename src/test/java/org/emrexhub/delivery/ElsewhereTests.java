package org.emrexhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.delivery.Elsewhere.Credit;
import org.emrexhub.delivery.Item.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What other transfers have of the same credits, and what it means for this one. */
class ElsewhereTests {

    private static final Instant NOW = Instant.parse("2026-02-02T08:00:00Z");
    private static final Duration BUSY = Duration.ofSeconds(2);
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Item MINE = new Item("1", 1, "k", "v1", null, null, Outcome.PENDING, null, null);

    private static Credit credit(String version, @Nullable String sent, Outcome outcome) {
        return new Credit("k", version, sent, outcome, "target-" + version, null, null);
    }

    private static Credit lost(@Nullable Instant settleUntil, @Nullable Instant leaseUntil) {
        return new Credit("k", "v1", "v1", Outcome.UNKNOWN, null, settleUntil, leaseUntil);
    }

    private static Optional<Instant> nextLook(Credit... credits) {
        return new Elsewhere(List.of(credits)).nextLook(List.of(MINE), BUSY, SETTLE, NOW);
    }

    @Test
    void isThereForSureInTheVersionThatWasAcceptedLast() {
        Elsewhere elsewhere =
                new Elsewhere(List.of(credit("v2", "v2", Outcome.ACCEPTED), credit("v1", "v1", Outcome.ACCEPTED)));

        assertThat(elsewhere.surely(MINE)).map(Elsewhere.Accepted::targetId).contains("target-v1");
        assertThat(new Elsewhere(List.of(credit("v2", "v2", Outcome.ACCEPTED))).surely(MINE))
                .isEmpty();
    }

    @Test
    void isNotThereForSureIfAnotherVersionWasLostOrIsOnItsWay() {
        Credit accepted = credit("v1", "v1", Outcome.ACCEPTED);

        assertThat(new Elsewhere(List.of(accepted, credit("v2", "v2", Outcome.UNKNOWN))).surely(MINE))
                .isEmpty();
        assertThat(new Elsewhere(List.of(accepted, credit("v2", "v1", Outcome.PENDING))).surely(MINE))
                .isEmpty();
        assertThat(new Elsewhere(List.of(accepted, credit("v1", "v1", Outcome.UNKNOWN))).surely(MINE))
                .isPresent();
    }

    @Test
    void cannotBeAskedForWhereTheVersionThatIsThereIsNotKnown() {
        assertThat(new Elsewhere(List.of(credit("v2", "v1", Outcome.PENDING))).uncertain())
                .containsEntry("k", Set.of(""));
        assertThat(new Elsewhere(List.of(credit("v1", "v1", Outcome.UNKNOWN))).uncertain())
                .containsEntry("k", Set.of("v1"));
    }

    @Test
    void waitsForARequestThatIsUnderWayOrMayStillLand() {
        assertThat(nextLook(lost(null, NOW.plusSeconds(30)))).contains(NOW.plus(BUSY));
        assertThat(nextLook(lost(null, NOW.minusSeconds(10)))).contains(NOW.plusSeconds(50));
        assertThat(nextLook(lost(NOW.plusSeconds(5), null))).contains(NOW.plusSeconds(5));
        assertThat(nextLook(lost(NOW.minusSeconds(5), null))).isEmpty();
        assertThat(nextLook(lost(null, NOW.minusSeconds(61)))).isEmpty();
        assertThat(nextLook(credit("v1", "v1", Outcome.ACCEPTED))).isEmpty();
    }
}
