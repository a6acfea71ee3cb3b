package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.catalog.Sis;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.delivery.Claims;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.delivery.ItemResult.Said;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.pipeline.HonestTarget.Credit;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, and what counts as being there, where transfers of one learner have the same credits. */
class DeliveriesTests {

    private static final Credit FIRST = new Credit("algebra", "a", "4");
    private static final Credit BETTER = new Credit("algebra", "a", "5");
    private static final Credit RENAMED = new Credit("algebra", "b", "4");
    private static final Credit OTHER = new Credit("geometry", "a", "3");
    private static final Duration NO_MORE = LedgerOfTheDay.TIMEOUT.plus(LedgerOfTheDay.SETTLE);

    private final Sis sis;
    private final LedgerOfTheDay ledger;
    private final Claims claims;
    private final Deliveries deliveries;
    private int accepted;

    DeliveriesTests(@TempDir Path home) throws Exception {
        sis = LedgerOfTheDay.sis(home, "asked", 10, Sis.OnUnknown.VERIFY, "push", "verify");
        ledger = new LedgerOfTheDay(home, List.of(sis), Duration.ofMinutes(5));
        claims = ledger.get(Claims.class);
        deliveries = ledger.get(Deliveries.class);
    }

    @BeforeEach
    void begin() {
        ledger.clear();
    }

    @AfterEach
    void end() throws Exception {
        ledger.close();
    }

    @Test
    void takesNoEarlierVersionForTheOneThatWasLost() {
        UUID first = transfer(FIRST);
        UUID second = transfer(BETTER);
        deliver(first, Said.ACCEPTED);

        deliver(second, Said.UNKNOWN);
        pass(NO_MORE);
        Item lost = claim(second).orElseThrow().toSettle().get(0);

        assertThat(lost.isThereIfItsIdIs()).isFalse();
    }

    @Test
    void takesNoEarlierVersionOfItsOwnForTheOneThatWasLost() {
        UUID id = transfer(FIRST, OTHER);
        deliver(id, Said.ACCEPTED, Said.REJECTED);
        mapAgain(id, BETTER, OTHER);

        deliver(id, Said.UNKNOWN, Said.ACCEPTED);
        pass(NO_MORE);

        assertThat(claim(id).orElseThrow().toSettle().get(0).isThereIfItsIdIs()).isFalse();
    }

    @Test
    void takesWhatWasLostForTheOneThatIsThereIfNothingElseWasSent() {
        UUID id = transfer(FIRST);

        deliver(id, Said.UNKNOWN);
        pass(NO_MORE);

        assertThat(claim(id).orElseThrow().toSettle().get(0).isThereIfItsIdIs()).isTrue();
    }

    @Test
    void sendsWhatAnotherTransferHasTakenThePlaceOf() {
        UUID first = transfer(FIRST, OTHER);
        UUID second = transfer(FIRST);
        deliver(first, Said.ACCEPTED, Said.REJECTED);
        assertThat(claim(second).orElseThrow().toSend()).isEmpty();

        mapAgain(first, RENAMED, OTHER);
        deliver(first, Said.ACCEPTED, Said.ACCEPTED);

        assertThat(claim(transfer(FIRST)).orElseThrow().toSend()).hasSize(1);
    }

    @Test
    void sendsWhatMayHaveLostItsPlace() {
        UUID first = transfer(FIRST, OTHER);
        deliver(first, Said.ACCEPTED, Said.REJECTED);
        mapAgain(first, RENAMED, OTHER);

        deliver(first, Said.UNKNOWN, Said.ACCEPTED);
        UUID second = transfer(FIRST);

        assertThat(claim(second)).isEmpty();
        pass(NO_MORE);
        assertThat(claim(second).orElseThrow().toSend()).hasSize(1);
    }

    @Test
    void takesNoReplacementForToldBecauseItsIdIsThere() {
        UUID first = transfer(FIRST, OTHER);
        deliver(first, Said.ACCEPTED, Said.REJECTED);
        mapAgain(first, RENAMED, OTHER);

        deliver(first, Said.UNKNOWN, Said.ACCEPTED);
        pass(NO_MORE);

        assertThat(claim(first).orElseThrow().toSettle().get(0).isThereIfItsIdIs())
                .isFalse();
    }

    @Test
    void leavesAloneWhatWasSentSinceItTookThePlace() {
        UUID first = transfer(FIRST, OTHER);
        deliver(first, Said.ACCEPTED, Said.REJECTED);
        mapAgain(first, RENAMED, OTHER);
        Delivery stalled = claim(first).orElseThrow();
        pass(NO_MORE);
        deliver(transfer(FIRST), Said.ACCEPTED);
        record(stalled, Said.ACCEPTED, Said.ACCEPTED);

        assertThat(claim(transfer(FIRST)).orElseThrow().toSend()).isEmpty();
    }

    @Test
    void waitsUntilNobodySendsWhatItIsToTakeThePlaceOf() {
        UUID first = transfer(FIRST, OTHER);
        deliver(first, Said.ACCEPTED, Said.REJECTED);
        mapAgain(first, RENAMED, OTHER);
        UUID second = transfer(BETTER);

        Delivery sending = claim(second).orElseThrow();
        assertThat(claim(first)).isEmpty();
        record(sending, Said.ACCEPTED);

        assertThat(claim(first).orElseThrow().toSend().get(0).supersedesOther()).isPresent();
    }

    @Test
    void goesByTheOrderOfTheRequestsAndNotOfTheAnswers() {
        Delivery stalled = claim(transfer(FIRST)).orElseThrow();
        pass(NO_MORE);
        deliver(transfer(BETTER), Said.ACCEPTED);
        pass(Duration.ofSeconds(1));
        record(stalled, Said.ACCEPTED);

        assertThat(claim(transfer(FIRST)).orElseThrow().toSend()).hasSize(1);
        assertThat(claim(transfer(BETTER))).isEmpty();
    }

    @Test
    void sendsWhatWasFoundThereAndRefusedLater() {
        UUID first = transfer(FIRST);
        UUID second = transfer(FIRST);
        deliver(first, Said.ACCEPTED);
        deliver(second);
        assertThat(ledger.look(second).status()).isEqualTo(Status.DELIVERED);

        answerLater(first, Said.REJECTED);

        assertThat(claim(transfer(FIRST)).orElseThrow().toSend()).hasSize(1);
    }

    @Test
    void fillsNoLaterAnswerInThatIsAboutAnEarlierVersion() {
        UUID id = transfer(FIRST, OTHER);
        deliver(id, Said.ACCEPTED, Said.REJECTED);
        mapAgain(id, BETTER, OTHER);

        answerLater(id, Said.ACCEPTED);

        assertThat(claim(id).orElseThrow().toSend()).hasSize(2);
    }

    @Test
    void fillsNoLaterAnswerInThatIsAboutAnotherCreditOfAnEarlierDocument() {
        UUID id = transfer(FIRST, OTHER);
        deliver(id, Said.ACCEPTED, Said.REJECTED);
        mapAgain(id, new Credit("physics", "a", "2"), OTHER);

        answerLater(id, Said.ACCEPTED);

        assertThat(claim(id).orElseThrow().toSend()).hasSize(2);
    }

    @Test
    void fillsALaterAnswerInThatComesBeforeTheRecord() {
        UUID id = transfer(FIRST);
        deliver(id, Said.UNKNOWN);

        answerLater(id, Said.ACCEPTED);

        assertThat(claim(id).orElseThrow().toSend()).isEmpty();
    }

    @Test
    void givesThePersonsKeysToWhatAnOwnerLeftThatDiedBeforeItAskedWhoTheLearnerIs() {
        UUID unnamed = map(ledger.accept("unnamed", sis.id(), null), FIRST);
        Item before = claim(unnamed).orElseThrow().toSend().get(0);
        pass(NO_MORE);
        assertThat(claim(unnamed)).isEmpty();

        Delivery again = claim(unnamed).orElseThrow();
        assertThat(claims.rekey(sis, again, "person-1")).isTrue();
        Item after = claim(unnamed).orElseThrow().toSend().get(0);

        assertThat(after.supersedesOther()).contains(before.creditKey());
        ledger.clear();
        assertThat(claim(transfer(FIRST)).orElseThrow().toSend().get(0).creditKey())
                .isEqualTo(after.creditKey());
    }

    @Test
    void givesThePersonsKeysToWhatWasMappedAnewSinceAnOwnerDied() {
        UUID unnamed = map(ledger.accept("unnamed", sis.id(), null), FIRST);
        Item before = claim(unnamed).orElseThrow().toSend().get(0);
        pass(NO_MORE);
        assertThat(claim(unnamed)).isEmpty();
        Delivery again = claim(unnamed).orElseThrow();
        pass(Duration.ofMinutes(5));
        deliveries.record(sis, again, Map.of(), FailureCode.SIS_UNAVAILABLE, null);
        mapAgain(unnamed, RENAMED, OTHER);

        assertThat(claims.rekey(sis, claim(unnamed).orElseThrow(), "person-1")).isTrue();

        assertThat(claim(unnamed).orElseThrow().toSend())
                .extracting(Item::supersedesOther)
                .containsExactly(Optional.of(before.creditKey()), Optional.empty());
    }

    @Test
    void saysThatTheAnswerLeftItemsOut() {
        UUID id = transfer(FIRST, OTHER);

        record(
                claim(id).orElseThrow(),
                Map.of("1", said(Said.ACCEPTED, null), "2", said(Said.UNKNOWN, "not_answered")));

        assertThat(ledger.look(id).failureCode()).isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(ledger.look(id).failureDetail()).isEqualTo("1 of 2 items were left out");
    }

    @Test
    void saysWhyItemsWereNotTakenThisTime() {
        UUID id = transfer(FIRST, OTHER);

        record(
                claim(id).orElseThrow(),
                Map.of("1", said(Said.ACCEPTED, null), "2", said(Said.RETRY, "student_locked")));

        assertThat(ledger.look(id).failureCode()).isEqualTo(FailureCode.SIS_UNAVAILABLE);
        assertThat(ledger.look(id).failureDetail()).isEqualTo("1 of 2 items were not taken this time: student_locked");
    }

    private void record(Delivery delivery, Map<String, ItemResult> results) {
        deliveries.record(sis, delivery, results, null, null);
    }

    private static ItemResult said(Said said, @Nullable String code) {
        return new ItemResult(said, code, null);
    }

    private UUID transfer(Credit... credits) {
        accepted++;
        return map(ledger.accept("request-" + accepted, sis.id(), "person-1"), credits);
    }

    private UUID map(UUID id, Credit... credits) {
        assertThat(ledger.map(id, ledger.look(id).revision(), List.of(credits))).isTrue();
        return id;
    }

    private void mapAgain(UUID id, Credit... credits) {
        ledger.get(Replays.class).replay(id, Stage.MAP, LedgerOfTheDay.OPERATOR);
        map(id, credits);
    }

    private void pass(Duration time) {
        ledger.moveTo(ledger.now().plus(time));
    }

    private Optional<Delivery> claim(UUID id) {
        return claims.claim(sis, id, ledger.look(id).revision());
    }

    private void deliver(UUID id, Said... said) {
        record(claim(id).orElseThrow(), said);
    }

    /** The target says something of each item that was sent, in their order. */
    private void record(Delivery delivery, Said... said) {
        Map<String, ItemResult> results = new HashMap<>();
        for (int at = 0; at < said.length; at++) {
            results.put(delivery.toSend().get(at).ref(), new ItemResult(said[at], null, null));
        }
        @Nullable FailureCode failure = Arrays.asList(said).contains(Said.UNKNOWN) ? FailureCode.SIS_TIMEOUT : null;
        deliveries.record(sis, delivery, results, failure, null);
    }

    /** What the target says on its own of the first credit. */
    private void answerLater(UUID id, Said said) {
        deliveries.answerLater(sis.id(), id, Map.of("1", new ItemResult(said, null, null)));
    }
}
