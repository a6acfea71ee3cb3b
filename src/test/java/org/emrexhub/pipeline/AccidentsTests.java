package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.Clock;
import org.emrexhub.transfer.Outages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.TaskScheduler;

@ExtendWith(OutputCaptureExtension.class)
class AccidentsTests {

    private final Outages outages = mock(Outages.class);
    private final Accidents accidents = new Accidents(outages, mock(TaskScheduler.class), Clock.systemUTC());

    @Test
    void tellsInOneLineWhatFailedManyTimes(CapturedOutput log) {
        for (int n = 0; n < 40; n++) {
            accidents.handleError(new RuntimeException("outer", new IllegalStateException("of somebody")));
        }
        accidents.note("the replays", new IllegalArgumentException("of somebody"));
        accidents.tell();
        accidents.tell();
        accidents.tell();

        assertThat(log.getAll().lines().filter(line -> line.contains("Not done now, ")))
                .singleElement()
                .asString()
                .contains("a message could not be taken (IllegalStateException)=40")
                .contains("the replays (IllegalArgumentException)=1")
                .doesNotContain("somebody");
    }

    @Test
    void leavesAnOutageToItsOwnLines(CapturedOutput log) {
        accidents.handleError(new IllegalStateException());
        accidents.tell();
        when(outages.isOrWasAway(any())).thenReturn(true);
        accidents.tell();

        assertThat(log.getAll()).doesNotContain("Not done now");
    }
}
