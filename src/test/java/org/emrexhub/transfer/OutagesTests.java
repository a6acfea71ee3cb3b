package org.emrexhub.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.emrexhub.transfer.Outages.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class OutagesTests {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final Outages outages = new Outages(Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void tellsBeginAndEndOnce(CapturedOutput log) {
        outages.begin(Part.DATABASE, "Connection refused");
        outages.begin(Part.DATABASE, "no answer");
        outages.end(Part.DATABASE);
        outages.end(Part.DATABASE);

        assertThat(log.getAll().lines().filter(line -> line.contains("The database ")))
                .hasSize(2)
                .satisfiesExactly(
                        line -> assertThat(line).contains("is away (Connection refused)"),
                        line -> assertThat(line).contains("is back after 0 s"));
    }

    @Test
    void knowsWhatWasSeenLastAndSinceWhen() {
        outages.begin(Part.BROKER, "Connection refused");
        outages.begin(Part.BROKER, "it takes no message");

        assertThat(outages.of(Part.BROKER)).contains(new Outages.Outage(NOON, "it takes no message"));
        assertThat(outages.isAway(Part.DATABASE)).isFalse();
    }

    @Test
    void countsWhatFailsShortlyAfterAnOutageAsItsConsequence() {
        assertThat(outages.isOrWasAway(Duration.ofSeconds(30))).isFalse();
        outages.begin(Part.BROKER, "no answer");
        assertThat(outages.isOrWasAway(Duration.ofSeconds(30))).isTrue();
        outages.end(Part.BROKER);
        assertThat(outages.isOrWasAway(Duration.ofSeconds(30))).isTrue();
        assertThat(outages.isOrWasAway(Duration.ZERO)).isFalse();
    }

    @Test
    void whoWaitsForTheDatabaseGoesOnWhenItIsBack() throws Exception {
        outages.begin(Part.DATABASE, "no answer");
        CompletableFuture<Boolean> waiting = waiting();
        assertThat(waiting).isNotDone();

        outages.end(Part.DATABASE);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nobodyWaitsForTheDatabaseWhenTheHubStops() throws Exception {
        outages.begin(Part.DATABASE, "no answer");
        CompletableFuture<Boolean> waiting = waiting();

        outages.stop();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
    }

    /** Whether the database was there in the end. */
    private CompletableFuture<Boolean> waiting() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                outages.awaitDatabase();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        });
    }
}
