package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.UNKNOWN;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.emrexhub.transfer.Queues;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.util.FileSystemUtils;

/** What happens to a dead letter that nobody replays: nothing. */
@Tag("slow")
class DeadStayDeadIT {

    @Test
    void keepsItsCodeThoughAnotherSourceWaitsBehindItsBreaker(@TempDir Path data) {
        try (RunningHub hub = RunningHub.start(data)) {
            hub.post("operator", "/demo/registers/sql-view/stop", "");
            for (int n = 0; n < 5; n++) {
                hub.transfer(to("file-drop", MAIJA, "sql-view"));
            }
            Awaitility.await("breaker is open").atMost(Duration.ofSeconds(30)).until(() -> isHeldBack(hub));

            String id = hub.transfer(to("file-drop", UNKNOWN, "fi-virta", "sql-view"));
            JsonNode dead = hub.await(id, "DEAD_LETTERED");

            assertThat(dead.path("failure").path("code").asText()).isEqualTo("learner_not_found");
            Duration giveUpAge = Duration.ofSeconds(10);
            Awaitility.await()
                    .during(giveUpAge.plusSeconds(5))
                    .atMost(giveUpAge.plusSeconds(10))
                    .until(() -> hub.details(id).path("revision").equals(dead.path("revision")));
            assertThat(hub.details(id).path("failure")).isEqualTo(dead.path("failure"));
        }
    }

    private static boolean isHeldBack(RunningHub hub) {
        for (JsonNode register : hub.get("operator", "/registers").json().path("items")) {
            if (register.path("id").asText().equals("sql-view")) {
                return register.has("heldBackUntil");
            }
        }
        return false;
    }

    @Test
    void hasOneMessageThoughItsSystemLeftTheCatalogue(@TempDir Path temp) throws Exception {
        Path data = temp.resolve("data");
        HomeCopy home = HomeCopy.in(temp.resolve("home"));
        String[] settings = {"emrexhub.home=" + home.path(), "emrexhub.dispatch.lost-after=2s"};
        try (RunningHub hub = RunningHub.start(data, settings)) {
            hub.post("operator", "/demo/sis/sisu/stop", "");
            hub.await(hub.transfer(to("sisu", LIISA)), "DEAD_LETTERED");
        }
        FileSystemUtils.deleteRecursively(home.path().resolve("routes/sis/sisu"));
        FileSystemUtils.deleteRecursively(home.path().resolve("mappings/sis/sisu"));

        try (RunningHub hub = RunningHub.start(data, settings)) {
            TimeUnit.SECONDS.sleep(15);
            Integer messages = hub.bean(JmsTemplate.class)
                    .browse(
                            Queues.dead(Queues.deliver("sisu")),
                            (session, browser) ->
                                    Collections.list(browser.getEnumeration()).size());
            assertThat(messages).isLessThanOrEqualTo(1);
        }
    }
}
