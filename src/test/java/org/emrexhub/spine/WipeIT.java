package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.emrexhub.spine.SisuTarget.Mood;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker's memory is lost, or the ledger's: the first loses nothing, the second is noticed and doubles nothing. */
@Tag("slow")
class WipeIT {

    private static final int IN_EACH_STAGE = 50;

    @TempDir
    private Path folder;

    private Path data;
    private int port;
    private SisuTarget sisu;
    private HubProcess hub;

    @BeforeEach
    void start() throws IOException {
        data = folder.resolve("data");
        port = RunningHub.freePort();
        sisu = new SisuTarget();
        restart();
    }

    private void restart() throws IOException {
        // What waits for its next try is to wait still when all the others stand where they should.
        hub = HubProcess.start(
                data,
                port,
                HubProcess.restless(
                        sisu,
                        "emrexhub.retry.first=1h",
                        "emrexhub.retry.max=1h",
                        "emrexhub.retry.give-up-after=2h",
                        "emrexhub.breaker.failures=1000000"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        hub.close();
        sisu.close();
    }

    @Test
    void losesNothingWithTheBrokersJournal() throws IOException, InterruptedException {
        List<String> held = send(sisuUndecided());
        sisu.is(Mood.REFUSES);
        List<String> dead = send("sisu");
        awaitAll(held, "DELIVER", "AWAITING_DECISION");
        awaitAll(dead, "DELIVER", "DEAD_LETTERED");
        sisu.is(Mood.AWAY);
        List<String> waiting = send("sisu");
        awaitAll(waiting, "DELIVER", "WAITING_RETRY");
        List<String> others = new ArrayList<>(waiting);
        hub.holdBack("hub.deliver.sisu");
        hub.holdBack("hub.deliver.file-drop");
        List<String> toDeliver = send("sisu", "file-drop");
        awaitAll(toDeliver, "DELIVER", "QUEUED");
        hub.holdBack("hub.map");
        List<String> toMap = send("sisu", "file-drop");
        awaitAll(toMap, "MAP", "QUEUED");
        hub.holdBack("hub.pull.fi-virta");
        List<String> toPull = send("sisu", "file-drop");
        others.addAll(toDeliver);
        others.addAll(toMap);
        others.addAll(toPull);
        Awaitility.await("the messages are in the broker")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    Map<String, List<String>> queues = hub.queues();
                    assertThat(ids(queues, "hub.pull.fi-virta")).containsAll(toPull);
                    assertThat(ids(queues, "hub.map")).containsAll(toMap);
                    assertThat(Stream.concat(
                                    ids(queues, "hub.deliver.sisu").stream(),
                                    ids(queues, "hub.deliver.file-drop").stream()))
                            .containsAll(toDeliver);
                    assertThat(ids(queues, "hub.deliver.sisu.dead")).containsAll(dead);
                });
        hub.close();
        delete(data.resolve("artemis"));
        sisu.is(Mood.WELL);

        restart();

        // A resume makes due what waits for its next try.
        hub.api().post("operator", "/sis/sisu/pause", "");
        hub.api().post("operator", "/sis/sisu/resume", "");
        awaitAll(others, "DELIVER", "DELIVERED");
        Agreement.awaitRest(hub);
        assertThat(hub.queues()).containsOnlyKeys("hub.deliver.sisu.dead");
        assertThat(ids(hub.queues(), "hub.deliver.sisu.dead")).containsExactlyInAnyOrderElementsOf(dead);
        hub.api()
                .post(
                        "operator",
                        "/dead-letters/replay",
                        "{\"filter\":{\"destination\":\"sisu\"},\"limit\":1000,\"perSecond\":100}");
        for (String id : held) {
            hub.api()
                    .post(
                            "officer",
                            "/imports/" + id + "/decision",
                            "{\"decision\":\"APPROVED\",\"targetId\":\"hy-hlo-" + id
                                    + "\",\"acceptor\":{\"name\":\"Olli Opintoasiat\"}}");
        }
        awaitAll(dead, "DELIVER", "DELIVERED");
        awaitAll(held, "DELIVER", "DELIVERED");
        Agreement.awaitRest(hub);
        assertThat(hub.queues()).isEmpty();
        assertThat(sisu.doubles()).isEmpty();
    }

    @Test
    void noticesThatTheLedgerIsOlderThanTheBrokerAndAsksTheTargetsBeforeItSends()
            throws IOException, InterruptedException {
        // In the backup: ten that wait to be delivered, and ten that wait to be mapped.
        hub.holdBack("hub.deliver.sisu");
        hub.holdBack("hub.deliver.file-drop");
        List<String> unsent = send(10, "sisu", "file-drop");
        awaitAll(unsent, "DELIVER", "QUEUED");
        hub.holdBack("hub.map");
        List<String> unmapped = send(10, "sisu", "file-drop");
        awaitAll(unmapped, "MAP", "QUEUED");
        Path backup = folder.resolve("backup.zip");
        hub.execute("backup to '" + backup + "'");
        for (String queue : List.of("hub.map", "hub.deliver.sisu", "hub.deliver.file-drop")) {
            hub.letGo(queue);
        }
        awaitAll(unsent, "DELIVER", "DELIVERED");
        awaitAll(unmapped, "DELIVER", "DELIVERED");
        // Or the restored ledger would learn from an answer what it is to ask for.
        Awaitility.await("the file drop has answered its ten")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(hub.query("select transfer_id from event where type = 'answered'"))
                        .hasSize(10));
        // After the backup: messages of every queue, and dead letters, that the restored ledger will not know.
        sisu.is(Mood.REFUSES);
        List<String> lostDead = send(5, "sisu");
        awaitAll(lostDead, "DELIVER", "DEAD_LETTERED");
        sisu.is(Mood.WELL);
        hub.holdBack("hub.map");
        List<String> lostInMap = send(5, "sisu", "file-drop");
        awaitAll(lostInMap, "MAP", "QUEUED");
        hub.holdBack("hub.pull.fi-virta");
        List<String> lostInPull = send(5, "sisu", "file-drop");
        Awaitility.await("the messages are in the broker")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    Map<String, List<String>> queues = hub.queues();
                    assertThat(ids(queues, "hub.pull.fi-virta")).containsAll(lostInPull);
                    assertThat(ids(queues, "hub.map")).containsAll(lostInMap);
                    assertThat(ids(queues, "hub.deliver.sisu.dead")).containsAll(lostDead);
                });
        hub.close();
        restore(backup);
        Map<String, FileTime> dropped = dropped();
        List<SisuTarget.Taken> taken = sisu.taken();

        restart();

        awaitAll(unsent, "DELIVER", "DELIVERED");
        awaitAll(unmapped, "DELIVER", "DELIVERED");
        Agreement.awaitRest(hub);
        assertThat(hub.queues()).isEmpty();
        assertThat(hub.query("select id from transfer")).hasSize(20);
        // Each message that is newer than the ledger is said: ten of work, five mirrors of dead letters.
        assertThat(log("newer than the ledger")).isGreaterThanOrEqualTo(10);
        assertThat(log("is not dead by this revision")).isGreaterThanOrEqualTo(5);
        // The file drop can be asked, so nothing is dropped again; Sisu overwrites the ids that it has.
        assertThat(dropped()).isEqualTo(dropped);
        assertThat(log("which the ledger does not know of")).isEqualTo(10);
        assertThat(sisu.doubles()).isEmpty();
        assertThat(sisu.taken().subList(taken.size(), sisu.taken().size()))
                .extracting(SisuTarget.Taken::id)
                .isSubsetOf(taken.stream().map(SisuTarget.Taken::id).toList());
    }

    private List<String> send(String... systems) {
        return send(IN_EACH_STAGE, systems);
    }

    private List<String> send(int count, String... systems) {
        List<TransferRequest> requests = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            requests.add(
                    to(systems[n % systems.length], n % 3 == 0 ? KAARLO : LIISA).target("hy-hlo-" + UUID.randomUUID()));
        }
        return send(requests);
    }

    private static List<TransferRequest> sisuUndecided() {
        List<TransferRequest> requests = new ArrayList<>();
        for (int n = 0; n < IN_EACH_STAGE; n++) {
            requests.add(to("sisu", LIISA).undecided().withoutTarget());
        }
        return requests;
    }

    private List<String> send(List<TransferRequest> requests) {
        return requests.stream().map(hub.api()::transfer).toList();
    }

    private void awaitAll(List<String> ids, String stage, String status) {
        String list = "'" + String.join("', '", ids) + "'";
        Awaitility.await(ids.size() + " transfers are " + stage + " " + status)
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(
                        () -> assertThat(hub.query("select id, stage, status, failure_code from transfer where id in ("
                                        + list + ") and not (stage = '" + stage + "' and status = '" + status + "')"))
                                .isEmpty());
    }

    /** The transfers that the messages of a queue refer to; a busy hub may have sent one twice. */
    private static Set<String> ids(Map<String, List<String>> queues, String queue) {
        return queues.getOrDefault(queue, List.of()).stream()
                .map(reference -> reference.substring(0, reference.indexOf('#')))
                .collect(Collectors.toSet());
    }

    /** How many lines of the hub's log hold this text. */
    private long log(String text) throws IOException {
        try (Stream<String> lines = Files.lines(data.resolve("logs/hub.log"))) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    /** Every dropped document and when it was written. */
    private Map<String, FileTime> dropped() throws IOException {
        Map<String, FileTime> dropped = new HashMap<>();
        try (Stream<Path> files = Files.list(data.resolve("drop/inbox"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".xml")).toList()) {
                dropped.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        return dropped;
    }

    private void restore(Path backup) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(backup))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(
                        zip,
                        data.resolve(Path.of(entry.getName()).getFileName().toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
