package org.emrexhub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.emrexhub.demo.DemoTransfer.Failure;
import org.emrexhub.demo.DemoTransfer.Item;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the person at the terminal reads, word by word. */
class DemoStoryTests {

    private static final String ID = "0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11";
    private static final Path HERE = Path.of("/home/jane/emrex-hub");

    private final DemoStory story =
            new DemoStory(place(HERE.resolve("data"), List.of("fi-virta", "sql-view")), ZoneOffset.UTC);

    @Test
    void tellsOfADelivery() throws JsonProcessingException {
        DemoTransfer transfer = DemoTransfer.of(JsonMapper.builder().build().readTree("""
                {"id": "%s", "origin": "API", "sis": "sisu", "stage": "DELIVER", "status": "DELIVERED",
                 "items": [{"ref": "1", "creditKey": "k", "outcome": "ACCEPTED", "targetId": "emrex-k"},
                           {"ref": "2", "creditKey": "l", "outcome": "ACCEPTED", "targetId": "emrex-l"}],
                 "timeline": [
                   {"at": "2026-01-15T10:00:00.123456Z", "actor": "client:client", "type": "accepted",
                    "text": "The request was accepted."},
                   {"at": "2026-01-15T10:00:01Z", "actor": "hub", "type": "mapped",
                    "text": "The records were mapped: 2 in the document, 1 skipped by a named rule, and so on until the line is full."},
                   {"at": "2026-01-15T10:00:02.5Z", "actor": "hub", "type": "delivered",
                    "text": "Delivered: 2 accepted."}]}""".formatted(ID)));
        List<String> lines = new ArrayList<>(story.opening());
        transfer.timeline().forEach(event -> lines.addAll(story.event(event)));
        lines.addAll(story.ending(transfer, 2, elmo(), List.of()));

        assertThat(text(lines)).isEqualTo("""

                The EMREX hub is up. It pulls study records from registers, signs them as one ELMO document, and
                delivers them to student information systems (SIS).

                  API        http://127.0.0.1:8080/api/v1
                  Contract   http://127.0.0.1:8080/v3/api-docs
                  Users      client, operator, officer, integrator, admin; each with the password demo
                  Registers  fi-virta, sql-view
                  SIS        file-drop, sisu
                  Data       data  (database, broker, keys, dropped files, logs)

                What stands around it is simulated. A first transfer is on its way: the records of Testi Maija Elina
                Esimerkki, who is invented, from the registers fi-virta and sql-view to Sisu.

                  10:00:00.123  The request was accepted.
                  10:00:01.000  The records were mapped: 2 in the document, 1 skipped by a named rule, and so on
                                until the line is full.
                  10:00:02.500  Delivered: 2 accepted.

                Delivered. 2 credits arrived at the simulated Sisu.

                  Signed ELMO  data/demo/elmo-0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11.xml
                  also at      http://127.0.0.1:8080/api/v1/transfers/0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11/elmo
                  Certificate  data/keys/signing.pem
                  Verify it    xmlsec1 --verify --enabled-key-data rsa --pubkey-cert-pem \\
                                 data/keys/signing.pem \\
                                 data/demo/elmo-0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11.xml

                The next three things to type, in a second terminal:
                     cd /home/jane/emrex-hub

                  1. Look at the transfer, and at the report of what was mapped and skipped:
                     curl -sw '\\n' -u client:demo \\
                       http://127.0.0.1:8080/api/v1/transfers/0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11
                     curl -sw '\\n' -u client:demo \\
                       http://127.0.0.1:8080/api/v1/transfers/0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11/report

                  2. Send another transfer, of a learner with nested credits, and look into the drop folder:
                     curl -sw '\\n' -u client:demo http://127.0.0.1:8080/api/v1/transfers \\
                       -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s)" \\
                       -d @data/demo/to-file-drop.json
                     sleep 5; ls -l data/drop/inbox

                  3. Break it: stop Sisu, send a transfer, and find it among the dead letters. The demo gives up
                     after 10 seconds. How to start Sisu and replay: README, "Break it and replay".
                     curl -sw '\\n' -u operator:demo -X POST http://127.0.0.1:8080/api/v1/demo/sis/sisu/stop
                     curl -sw '\\n' -u client:demo http://127.0.0.1:8080/api/v1/transfers \\
                       -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s)" \\
                       -d @data/demo/to-sisu.json
                     sleep 20; curl -sw '\\n' -u operator:demo http://127.0.0.1:8080/api/v1/dead-letters/groups

                The hub stays up. Stop with Ctrl+C.
                """);
    }

    @Test
    void saysThatCreditsWereThereBefore() {
        DemoTransfer again = transfer("DELIVERED", null, new Item("DUPLICATE", "a"), new Item("DUPLICATE", "b"));

        assertThat(outcome(story.ending(again, 0, elmo(), List.of()))).isEqualTo("""
                Delivered. Nothing was sent this time: Sisu has had all 2 credits since an earlier start with this
                data folder, and no credit is delivered twice. (The hub remembers; the simulated Sisu forgets what
                it has when it stops.)
                """);
    }

    @Test
    void tellsNewCreditsFromThoseThatWereThere() {
        DemoTransfer mixed = transfer("DELIVERED", null, new Item("ACCEPTED", "a"), new Item("DUPLICATE", "b"));

        assertThat(outcome(story.ending(mixed, 1, elmo(), List.of()))).isEqualTo("""
                Delivered. 1 credit arrived at the simulated Sisu. 1 credit had been there before, and no credit is
                delivered twice.
                """);
    }

    @Test
    void saysWhatFailedAndWhatToDo() {
        DemoTransfer dead = transfer(
                "DEAD_LETTERED",
                new Failure(
                        "sis_unavailable",
                        "The student information system is not available.",
                        "The hub tries again by itself; after the give-up age, replay from DELIVER, and so on and so on."));

        assertThat(outcome(story.ending(dead, 0, null, List.of()))).isEqualTo("""
                Not delivered: the transfer is a dead letter, stopped in the stage DELIVER with the code
                sis_unavailable.

                  What failed  The student information system is not available.
                  What to do   The hub tries again by itself; after the give-up age, replay from DELIVER, and so on
                               and so on.
                  Replay it    curl -sw '\\n' -u operator:demo -H 'Content-Type: application/json' -d '{}' \\
                                 http://127.0.0.1:8080/api/v1/dead-letters/0f6c1f0e-1d7a-4b0e-9a53-5f6f2a6f0c11/replay
                """);
    }

    @Test
    void saysWhichSystemIsPaused() {
        DemoTransfer waiting = transfer("QUEUED", null);

        assertThat(outcome(story.ending(waiting, 0, null, List.of("sis/sisu")))).isEqualTo("""
                Not delivered yet: the transfer waits in the stage DELIVER (QUEUED). The hub goes on with it by
                itself.
                Its way leads over sis/sisu, which an operator paused. Resume it:
                     curl -sw '\\n' -u operator:demo -X POST http://127.0.0.1:8080/api/v1/sis/sisu/resume
                """);
    }

    @Test
    void saysWhyTheHubRefusedItsOwnRequest() {
        assertThat(outcome(story.refused("register_unknown", "A named register is not served here.")))
                .isEqualTo("""
                        The hub refused its own first transfer (register_unknown). A named register is not served here.
                        The cause stands in data/logs/hub.log.
                        """);
    }

    /** Terminals differ in their letters, and a pasted command must arrive as it was printed. */
    @Test
    void usesPlainLettersAndShortLines() {
        DemoTransfer dead =
                transfer("DEAD_LETTERED", new Failure("unknown_code", "word ".repeat(40), "word ".repeat(40)));
        List<String> all = Stream.of(
                        story.opening(),
                        story.event(new DemoTransfer.Event(Instant.EPOCH, "word ".repeat(40))),
                        story.ending(dead, 0, elmo(), List.of()),
                        story.refused("request_invalid", "word ".repeat(40)),
                        story.unreachable(),
                        story.defect())
                .flatMap(List::stream)
                .toList();

        assertThat(all).allSatisfy(line -> assertThat(line).matches("\\p{ASCII}*"));
        assertThat(all).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(DemoStory.WIDTH + 5));
    }

    @Test
    void quotesPathsForTheShell() {
        DemoStory elsewhere = new DemoStory(place(Path.of("/srv/Jane's data"), List.of()), ZoneOffset.UTC);

        assertThat(text(elsewhere.ending(transfer("DELIVERED", null), 0, null, List.of())))
                .contains("-d @'/srv/Jane'\\''s data/demo/to-sisu.json'")
                .doesNotContain("cd /home");
    }

    private static DemoStory.Place place(Path data, List<String> registers) {
        return new DemoStory.Place(
                "http://127.0.0.1:8080",
                HERE,
                data,
                data.resolve("keys/signing.pem"),
                data.resolve("drop/inbox"),
                data.resolve("demo/to-file-drop.json"),
                data.resolve("demo/to-sisu.json"),
                registers,
                List.of("file-drop", "sisu"));
    }

    private static Path elmo() {
        return HERE.resolve("data/demo/elmo-" + ID + ".xml");
    }

    private static DemoTransfer transfer(String status, @Nullable Failure failure, Item... items) {
        return new DemoTransfer(ID, "DELIVER", status, failure, List.of(items), List.of());
    }

    /** What stands between the timeline and the document or the next steps. */
    private static String outcome(List<String> lines) {
        String all = text(lines).replaceFirst("^\n", "");
        int end = Stream.of("\n  Signed ELMO", "\nThe next three")
                .mapToInt(all::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElseThrow();
        return all.substring(0, end);
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines);
    }
}
