package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is killed again and again, by the signal that no program can catch, loses nothing and doubles nothing. */
@Tag("slow")
class KillIT {

    private static final int KILLS = 3;
    private static final int TRANSFERS_PER_LIFE = 20;

    @Test
    void deliversEverythingThatItAcceptedUnderOneIdEach(@TempDir Path data) throws IOException, InterruptedException {
        WireMockServer sisu = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        sisu.start();
        sisu.stubFor(any(anyUrl()).willReturn(okJson("{}")));
        List<String> accepted = new ArrayList<>();
        int port = RunningHub.freePort();
        try {
            for (int life = 0; life < KILLS; life++) {
                try (HubProcess hub = HubProcess.start(data, port, settings(sisu))) {
                    for (int n = 0; n < TRANSFERS_PER_LIFE; n++) {
                        String learner = n % 2 == 0 ? KAARLO : LIISA;
                        accepted.add(hub.api().transfer(to("sisu", learner).target("hy-hlo-" + UUID.randomUUID())));
                    }
                    hub.kill();
                }
            }
            Map<String, Integer> expected = new HashMap<>();
            try (HubProcess hub = HubProcess.start(data, port, settings(sisu))) {
                for (String id : accepted) {
                    JsonNode details = hub.api().await(id, "DELIVERED");
                    details.path("items")
                            .forEach(
                                    item -> expected.merge(item.path("targetId").asText(), 1, Integer::sum));
                }
            }
            assertThat(expected.values()).allMatch(count -> count == 1);
            assertThat(idsAt(sisu)).containsExactlyInAnyOrderElementsOf(expected.keySet());
        } finally {
            sisu.stop();
        }
    }

    private static String[] settings(WireMockServer sisu) {
        // The demo's patience is shorter than a start of the hub.
        return new String[] {"emrexhub.sis.sisu.url=" + sisu.baseUrl(), "emrexhub.retry.give-up-after=5m"};
    }

    /** The ids that the target holds: sent again after a crash, an id is overwritten and still one credit. */
    private static List<String> idsAt(WireMockServer sisu) throws IOException {
        List<String> ids = new ArrayList<>();
        for (ServeEvent event : sisu.getAllServeEvents()) {
            RunningHub.JSON
                    .readTree(event.getRequest().getBody())
                    .forEach(attainment -> ids.add(attainment.path("id").asText()));
        }
        return ids.stream().distinct().toList();
    }
}
