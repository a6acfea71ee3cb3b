package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.transfer.NewTransfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a delivery that stops early says of its items. */
class DeliveryRunTests {

    private static final NewTransfer REQUEST = new NewTransfer(
            List.of("fi-virta"),
            "sisu",
            null,
            NewTransfer.Hold.NONE,
            new NewTransfer.Learner(
                    "nationalIdentifier", "240295-903R", null, "Testi", "Esimerkki", LocalDate.of(1995, 2, 24)),
            new NewTransfer.ConsentGiven("consent-1", "2026-1", "sisu", Instant.EPOCH, null),
            null);
    private static final Item NEW = item("1", Outcome.PENDING);
    private static final Item LOST = item("2", Outcome.UNKNOWN);

    @Test
    void saysNothingOfALostItemThatTheTargetCouldNotTakeNow() {
        DeliveryRun run = run();

        run.flying(run.next());
        run.stop(new HubFailure(FailureCode.SIS_UNAVAILABLE));

        assertThat(run.results()).containsOnlyKeys("1");
        assertThat(said(run, "1")).isEqualTo(ItemResult.Said.RETRY);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {"MAPPING_FAILED", "UNKNOWN_CODE", "ANSWER_UNREADABLE", "SIS_ANSWER_UNREADABLE", "HUB_DEFECT"})
    void doesNotKnowWhatLandedIfTheAnswerCouldNotBeRead(FailureCode code) {
        DeliveryRun run = run();

        run.settled(Map.of(), Set.of("2"));
        run.flying(run.next());
        run.stop(new HubFailure(code));

        assertThat(said(run, "1")).isEqualTo(ItemResult.Said.UNKNOWN);
        assertThat(said(run, "2")).isEqualTo(ItemResult.Said.UNKNOWN);
    }

    @Test
    void knowsThatNothingLandedIfTheAnswerWasLostBeforeAnythingWasSent() {
        DeliveryRun run = run(100, List.of(NEW), List.of());

        run.stop(new HubFailure(FailureCode.SIS_TIMEOUT, "no answer in time"));

        HubFailure told = Objects.requireNonNull(run.failure());
        assertThat(told.code()).isEqualTo(FailureCode.SIS_UNAVAILABLE);
        assertThat(told.detail()).contains("sis_timeout: no answer in time");
        assertThat(run.results()).isEmpty();
    }

    @Test
    void staysUnknownIfTheQuestionForALostItemIsLostToo() {
        DeliveryRun run = run();

        run.stop(new HubFailure(FailureCode.SIS_TIMEOUT));

        assertThat(Objects.requireNonNull(run.failure()).code()).isEqualTo(FailureCode.SIS_TIMEOUT);
    }

    /** A target that can be asked for one credit at a time is asked by what registers are asked by. */
    @ParameterizedTest
    @CsvSource({
        "REGISTER_UNAVAILABLE, SIS_UNAVAILABLE",
        "REGISTER_TIMEOUT, SIS_UNAVAILABLE",
        "ANSWER_UNREADABLE, SIS_UNAVAILABLE",
        "ROW_LIMIT_EXCEEDED, SIS_UNAVAILABLE",
        "REGISTER_CREDENTIALS_REFUSED, SIS_CREDENTIALS_REFUSED",
        "REGISTER_FAULT, SIS_REQUEST_REFUSED"
    })
    void saysOfATargetWhatASharedRouteSaysOfARegister(FailureCode left, FailureCode told) {
        DeliveryRun run = run(100, List.of(NEW), List.of());

        run.stop(new HubFailure(left, "a page is none"));

        HubFailure failure = Objects.requireNonNull(run.failure());
        assertThat(failure.code()).isEqualTo(told);
        assertThat(failure.detail()).contains("a page is none");
    }

    @Test
    void doesNotTakeAFailureThatIsSaidOfARegisterForNothingSent() {
        DeliveryRun run = run(100, List.of(NEW), List.of());

        run.flying(run.next());
        run.stop(new HubFailure(FailureCode.REGISTER_UNAVAILABLE));

        assertThat(Objects.requireNonNull(run.failure()).code()).isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(said(run, "1")).isEqualTo(ItemResult.Said.UNKNOWN);
    }

    @Test
    void doesNotKnowOfALostItemThatIsRefusedWhenItIsSentAgain() {
        DeliveryRun run = run();

        run.flying(run.next());
        run.landed(Map.of(
                "1", new ItemResult(ItemResult.Said.REJECTED, "too_old", null),
                "2", new ItemResult(ItemResult.Said.REJECTED, "too_old", null)));

        assertThat(said(run, "1")).isEqualTo(ItemResult.Said.REJECTED);
        assertThat(run.results().get("2")).isEqualTo(ItemResult.refusedAgain("too_old"));
    }

    @Test
    void asksForNoMoreItemsAtATimeThanAreSent() {
        Item third = item("3", Outcome.UNKNOWN);
        DeliveryRun run = run(1, List.of(NEW, LOST, third), List.of(LOST, third));

        assertThat(run.question()).containsExactly(LOST);
        run.settled(Map.of("2", new ItemResult(ItemResult.Said.ACCEPTED, null, null)), Set.of());
        assertThat(run.question()).containsExactly(third);
        run.settled(Map.of(), Set.of("3"));

        assertThat(run.hasQuestion()).isFalse();
        assertThat(run.next()).containsExactly(NEW);
        assertThat(run.next()).containsExactly(third);
        assertThat(run.hasNext()).isFalse();
    }

    @Test
    void knowsThatALostItemIsAbsentIfTheTargetSaidSo() {
        DeliveryRun run = run();

        run.settled(Map.of(), Set.of("2"));
        run.flying(run.next());
        run.stop(new HubFailure(FailureCode.SIS_UNAVAILABLE));

        assertThat(said(run, "2")).isEqualTo(ItemResult.Said.RETRY);
    }

    @Test
    void doesNotSendAgainWhatTheTargetHas() {
        DeliveryRun run = run();

        run.settled(Map.of("2", new ItemResult(ItemResult.Said.ACCEPTED, null, null)), Set.of());

        assertThat(run.next()).containsExactly(NEW);
        assertThat(run.hasNext()).isFalse();
    }

    private static ItemResult.Said said(DeliveryRun run, String ref) {
        return Objects.requireNonNull(run.results().get(ref)).said();
    }

    private static DeliveryRun run() {
        return run(100, List.of(NEW, LOST), List.of(LOST));
    }

    private static DeliveryRun run(int most, List<Item> toSend, List<Item> toSettle) {
        Sis sis = new Sis(
                "sisu",
                "Sisu",
                Sis.Mode.POST,
                Set.of(),
                most,
                true,
                Sis.OnUnknown.RESEND_SAME_ID,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                "{creditKey}",
                Map.of(),
                Set.of(),
                Path.of("sisu"),
                Optional.empty());
        return new DeliveryRun(
                sis,
                new Delivery(
                        UUID.randomUUID(),
                        3,
                        1,
                        "sisu",
                        REQUEST,
                        null,
                        Optional.empty(),
                        new byte[0],
                        toSend,
                        toSettle,
                        List.of(),
                        false),
                Long.MAX_VALUE);
    }

    private static Item item(String ref, Outcome outcome) {
        return new Item(ref, 1, "key-" + ref, "version", null, null, outcome, null, null);
    }
}
