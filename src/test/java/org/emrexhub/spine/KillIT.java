package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is killed again and again, by the signal that no program can catch, loses nothing and doubles nothing. */
@Tag("slow")
class KillIT {

    private static final int KILLS = 5;
    private static final int TRANSFERS_PER_LIFE = 40;

    @Test
    void deliversEverythingThatItAcceptedUnderOneIdEach(@TempDir Path folder) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        int port = RunningHub.freePort();
        List<String> accepted = new ArrayList<>();
        try (SisuTarget sisu = new SisuTarget()) {
            for (int life = 0; life < KILLS; life++) {
                try (HubProcess hub = HubProcess.start(data, port, HubProcess.restless(sisu))) {
                    for (int n = 0; n < TRANSFERS_PER_LIFE; n++) {
                        String learner = n / 2 % 2 == 0 ? KAARLO : LIISA;
                        accepted.add(hub.api()
                                .transfer(to(n % 2 == 0 ? "sisu" : "file-drop", learner)
                                        .target("hy-hlo-" + UUID.randomUUID())));
                    }
                    hub.kill();
                }
            }
            try (HubProcess hub = HubProcess.start(data, port, HubProcess.restless(sisu))) {
                Agreement.awaitRest(hub);
                assertThat(hub.query("select id, status from transfer where status <> 'DELIVERED'"))
                        .isEmpty();
                assertThat(ids(hub, "select id from transfer")).containsExactlyInAnyOrderElementsOf(accepted);
                assertThat(sisu.doubles()).isEmpty();
                assertThat(sisu.ids()).containsExactlyInAnyOrderElementsOf(ids(hub, """
                                select i.target_id as id from delivery_item i join transfer t on t.id = i.transfer_id
                                where t.sis = 'sisu'"""));
                assertThat(dropped(data))
                        .containsExactlyInAnyOrderElementsOf(
                                ids(hub, "select id from transfer where sis = 'file-drop'"));
            }
        }
    }

    private static List<String> ids(HubProcess hub, String sql) {
        return hub.query(sql).stream().map(row -> row.get("id")).toList();
    }

    private static List<String> dropped(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("drop/inbox"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".xml"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .toList();
        }
    }
}
