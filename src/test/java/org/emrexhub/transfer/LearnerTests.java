package org.emrexhub.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a learner is found in words from outside. */
class LearnerTests {

    private static final NewTransfer.Learner LEARNER = new NewTransfer.Learner(
            "nationalIdentifier", "050588-027M", "otm-4711", "Testi Maija", "Esimerkki-Koe", LocalDate.of(1988, 5, 5));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "050588-027M",
                "050588-027m",
                "050588027M",
                "050588 027M",
                "0505 88 - 027 M",
                "050588%2D027M",
                "1988-05-05",
                "19880505",
                "1988/5/5",
                "05.05.1988",
                "5.5.1988",
                "5. 5. 1988",
                "05/05/1988",
                "05051988",
                "050588",
                "880505",
                "05.05.88",
                "88-05-05"
            })
    void isFoundByIdentifierAndBirthDateHoweverTheyAreWritten(String trace) {
        assertThat(LEARNER.hide("person <" + trace + "> unknown")).isEqualTo("person <…> unknown");
        assertThat(LEARNER.isNamedIn(trace)).isTrue();
        assertThat(LEARNER.isNamedInId("emrex-" + trace + "-x")).isTrue();
    }

    @Test
    void isFoundInEveryOrderOfTheDate() {
        NewTransfer.Learner learner = born("1999-12-07");

        for (String date :
                new String[] {"12/07/1999", "12/7/1999", "7.12.1999", "07121999", "12071999", "991207", "071299"}) {
            assertThat(learner.hide(date)).as(date).isEqualTo("…");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1050588",
                "0505881",
                "15.5.1988",
                "5.5.19881",
                "1988-05-06",
                "5.5.88",
                "551988",
                "MAX-1988-05",
                "6f3f9a1c-58a5-4d0b-9c5e-2f1a6a1b7c01"
            })
    void isNotFoundInOtherNumbers(String other) {}

    @Test
    void isFoundByNamesAndTheIdAtTheTarget() {
        assertThat(LEARNER.hide("TESTI MAIJA Esimerkki-koe (otm-4711): Maija, Koe"))
                .isEqualTo("… … (…): …, …");
        assertThat(LEARNER.isNamedInId("emrex-esimerkki")).isTrue();
        assertThat(LEARNER.isNamedInId("emrex-maija")).isFalse();
    }

    @Test
    void leavesNothingOfAnIdentifierThatBeginsWithTheBirthDate() {
        NewTransfer.Learner learner = new NewTransfer.Learner(
                "nationalIdentifier", "19880505-1234", null, "Testi", "Esimerkki", LocalDate.of(1988, 5, 5));

        assertThat(learner.hide("id 19880505 1234.")).isEqualTo("id ….");
    }

    @Test
    void leavesAShortIdentifierItsPunctuation() {
        NewTransfer.Learner learner = new NewTransfer.Learner(
                "studentNumber", "12345", null, "Testi", "Esimerkki", LocalDate.of(1988, 6, 15));

        assertThat(learner.hide("12345 and 1.2.3.4.5")).isEqualTo("… and 1.2.3.4.5");
    }

    @Test
    void readsALongHostileTextInTimeAndManyIdsAtOnce() {
        String text = "0%25%2D-".repeat(50_000) + "050588-".repeat(50_000);

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            LEARNER.hide(text);
            for (int count = 0; count < 20_000; count++) {
                LEARNER.isNamedInId("emrex-" + new UUID(count, count));
            }
        });
    }

    private static NewTransfer.Learner born(String date) {
        return new NewTransfer.Learner("studentNumber", "0000042", null, "Testi", "Esimerkki", LocalDate.parse(date));
    }
}
