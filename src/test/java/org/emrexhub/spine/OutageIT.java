package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.emrexhub.spine.RunningHub.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a hub does while its database or its broker is away, and after it. Each outage lasts 12 seconds;
 * {@code -Doutage.seconds=60} makes it any other time.
 */
@Tag("fire")
class OutageIT {

    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("outage.seconds", 12));
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern COMPLAINT = Pattern.compile("^\\S+Z +(WARN|ERROR) .*");
    private static final int MEGABYTE = 1024 * 1024;
    /** What the broker wants free on its disk beside what is free today less this. */
    private static final int SPARE_MEGABYTES = 512;

    @TempDir
    private static Path temp;

    private static Databases databases;
    private static OutsideBroker broker;
    private static Wire toDatabase;
    private static Wire toBroker;
    private static HubProcess process;
    private static RunningHub hub;

    @BeforeAll
    static void start() throws Exception {
        databases = new Databases();
        broker = new OutsideBroker(temp.resolve("broker"));
        broker.start();
        toDatabase = new Wire(databases.port());
        toBroker = new Wire(broker.port());
        List<String> settings = new ArrayList<>(List.of(databases.settings(toDatabase.port())));
        settings.addAll(List.of(OutsideBroker.settings(toBroker.port())));
        // The demo's patience is shorter than an outage.
        settings.add("emrexhub.retry.give-up-after=15m");
        process = HubProcess.start(temp.resolve("data"), RunningHub.freePort(), settings.toArray(String[]::new));
        hub = process.api();
        hub.await(hub.transfer(to("sisu", LIISA)), "DELIVERED");
        awaitHealth("db", "UP");
        awaitHealth("jms", "UP");
    }

    @AfterAll
    static void stop() throws Exception {
        process.close();
        toBroker.close();
        toDatabase.close();
        broker.close();
        databases.close();
    }

    /** Something that happens outside the hub. */
    private interface Event {

        void happen() throws Exception;
    }

    @Test
    void refusesWhatItCannotKeepWhileTheDatabaseIsGone() throws Exception {
        withoutDatabase(toDatabase::cut, toDatabase::mend);
    }

    @Test
    void refusesWhatItCannotKeepWhileTheDatabaseIsSilent() throws Exception {
        withoutDatabase(toDatabase::freeze, toDatabase::mend);
    }

    @Test
    void refusesWhatItCannotKeepWhileTheDatabaseIsReadOnly() throws Exception {
        String log = withoutDatabase(() -> databases.setReadOnly(true), () -> databases.setReadOnly(false));

        assertThat(log).contains("read-only transaction");
    }

    @Test
    void acceptsInAdvanceWhileTheBrokerIsGone() throws Exception {
        withoutBroker(broker::kill, broker::start);
    }

    @Test
    void acceptsInAdvanceWhileTheBrokerIsSilent() throws Exception {
        withoutBroker(toBroker::freeze, toBroker::mend);
    }

    @Test
    void acceptsInAdvanceWhileTheDiskOfTheBrokerIsFull() throws Exception {
        long wanted = Files.getFileStore(temp).getUsableSpace() - (long) SPARE_MEGABYTES * MEGABYTE;
        broker.kill();
        broker.configure(ours ->
                ours.replace("<max-disk-usage>90</max-disk-usage>", "<min-disk-free>" + wanted + "</min-disk-free>"));
        broker.start();
        awaitHealth("jms", "UP");
        Path filler = temp.resolve("filler");

        String log = withoutBroker(() -> fill(filler), () -> Files.delete(filler));

        assertThat(log).contains("it takes no message: its disk or memory is full");
    }

    private static void fill(Path file) throws IOException {
        byte[] megabyte = new byte[MEGABYTE];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int n = 0; n < SPARE_MEGABYTES * 3 / 2; n++) {
                out.write(megabyte);
            }
        }
    }

    private static String withoutDatabase(Event begin, Event end) throws Exception {
        Log log = new Log(process);
        List<String> accepted = transfers(10);
        begin.happen();
        awaitHealth("db", "DOWN");
        String key = UUID.randomUUID().toString();
        TransferRequest request = to("sisu", KAARLO).target("hy-hlo-" + UUID.randomUUID());
        during(() -> {
            Answer refused = hub.tryTransfer(request, key);
            assertThat(refused.status()).as(refused.text()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("hub_unavailable");
            assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
            JsonNode health = hub.health().json().path("components").path("db");
            assertThat(health.path("status").asText()).isEqualTo("DOWN");
            assertThat(health.path("details").path("reason").asText()).isNotEmpty();
            assertThat(health.path("details").path("since").asText()).isNotEmpty();
        });
        end.happen();

        awaitHealth("db", "UP");
        Answer repeated = hub.tryTransfer(request, key);
        assertThat(repeated.status()).as(repeated.text()).isEqualTo(202);
        accepted.add(repeated.json().path("id").asText());
        accepted.forEach(id -> hub.await(id, "DELIVERED"));
        return assertTold(log, "database");
    }

    private static String withoutBroker(Event begin, Event end) throws Exception {
        Log log = new Log(process);
        List<String> accepted = transfers(10);
        begin.happen();
        // Nothing is sent any more; what is asked for meanwhile makes no difference.
        awaitHealth("jms", "DOWN");
        during(() -> accepted.addAll(transfers(1)));
        assertThat(hub.health()
                        .json()
                        .path("components")
                        .path("db")
                        .path("status")
                        .asText())
                .isEqualTo("UP");
        end.happen();

        awaitHealth("jms", "UP");
        accepted.forEach(id -> hub.await(id, "DELIVERED"));
        return assertTold(log, "broker");
    }

    private static List<String> transfers(int count) {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            ids.add(hub.transfer(to("sisu", n % 2 == 0 ? KAARLO : LIISA).target("hy-hlo-" + UUID.randomUUID())));
        }
        return ids;
    }

    /** Does something about once a second for as long as the outage lasts. */
    private static void during(Runnable work) throws InterruptedException {
        long end = System.nanoTime() + OUTAGE.toNanos();
        while (System.nanoTime() < end) {
            work.run();
            TimeUnit.MILLISECONDS.sleep(Math.min(1000, OUTAGE.toMillis() / 4));
        }
    }

    private static void awaitHealth(String part, String status) {
        Awaitility.await(part + " is " + status)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> hub.health()
                        .json()
                        .path("components")
                        .path(part)
                        .path("status")
                        .asText()
                        .equals(status));
    }

    /** One line said that it began, one that it ended, and nobody else complained. */
    private static String assertTold(Log log, String part) throws IOException {
        String told = log.since();
        assertThat(told.lines().filter(line -> COMPLAINT.matcher(line).matches()))
                .as("complaints")
                .hasSize(1)
                .first()
                .asString()
                .contains("The " + part + " is away (");
        assertThat(told.lines().filter(line -> line.contains("The " + part + " is back after ")))
                .hasSize(1);
        assertThat(told.lines().filter(line -> line.startsWith("\tat "))).isEmpty();
        return told;
    }

    /** What a hub logs from now on. */
    private static final class Log {

        private final Path file;
        private final long begin;

        Log(HubProcess hub) throws IOException {
            file = hub.api().data().resolve("logs/hub.log");
            begin = Files.size(file);
        }

        String since() throws IOException {
            byte[] all = Files.readAllBytes(file);
            return new String(all, (int) begin, all.length - (int) begin, StandardCharsets.UTF_8);
        }
    }
}
