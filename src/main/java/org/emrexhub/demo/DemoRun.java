package org.emrexhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The demo's first transfer: sent through the hub's own API once the hub is ready, followed to its end, and told in plain
 * words at the terminal.
 */
@Component
@Profile("demo")
class DemoRun {

    private static final Logger log = LoggerFactory.getLogger(DemoRun.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final List<String> ASKED = List.of("registers/fi-virta", "registers/sql-view", "sis/sisu");

    private final DemoSettings settings;
    private final HubSettings hub;
    private final Catalog catalog;
    private final Clock clock;
    private volatile @Nullable Thread thread;

    DemoRun(DemoSettings settings, HubSettings hub, Catalog catalog, Clock clock) {
        this.settings = settings;
        this.hub = hub;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Runs beside the start: the hub counts as ready before its first transfer is through. */
    @EventListener
    void tell(ApplicationReadyEvent event) {
        String port = event.getApplicationContext().getEnvironment().getRequiredProperty("local.server.port");
        String origin = "http://" + LOOPBACK + ":" + port;
        if (!settings.firstTransfer()) {
            Console.print(List.of("The EMREX hub is up at " + origin + "."));
        } else {
            Thread run = new Thread(() -> run(origin), "first-transfer");
            run.setDaemon(true);
            run.start();
            thread = run;
        }
    }

    /** Falls silent before the hub stops answering: whoever stopped it knows. */
    @EventListener(ContextClosedEvent.class)
    void fallSilent() {
        Thread telling = thread;
        if (telling != null) {
            telling.interrupt();
        }
    }

    private void run(String origin) {
        DemoStory.Place place = place(origin);
        DemoStory story = new DemoStory(place, ZoneId.systemDefault());
        try {
            Console.print(story.opening());
            new Telling(story, place, new OwnApi(place.api())).tell();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException unreachable) {
            log.info("The demo's first transfer could not be followed", unreachable);
            Console.print(story.unreachable());
        } catch (RuntimeException defect) {
            log.info("The demo's first transfer could not be told", defect);
            Console.print(story.defect());
        }
    }

    private DemoStory.Place place(String origin) {
        Path data = hub.data().toAbsolutePath().normalize();
        Path own = data.resolve("demo");
        Path certificate = data.resolve("keys").resolve("signing.pem");
        String folder = catalog.sis("file-drop")
                .map(Sis::settings)
                .map(drop -> drop.getOrDefault("folder", ""))
                .orElse("");
        return new DemoStory.Place(
                origin,
                Path.of("").toAbsolutePath(),
                data,
                Files.exists(certificate) ? certificate : null,
                (folder.isEmpty() ? data.resolve("drop") : Path.of(folder).toAbsolutePath()).resolve("inbox"),
                own.resolve("to-file-drop.json"),
                own.resolve("to-sisu.json"),
                catalog.registers().stream().map(Register::id).toList(),
                catalog.sis().stream().map(Sis::id).toList());
    }

    /** One telling of the story, from the request to the last word. */
    private final class Telling {

        private final DemoStory story;
        private final DemoStory.Place place;
        private final OwnApi api;
        private int told;

        Telling(DemoStory story, DemoStory.Place place, OwnApi api) {
            this.story = story;
            this.place = place;
            this.api = api;
        }

        void tell() throws IOException, InterruptedException {
            DemoRequests requests = new DemoRequests(clock.instant());
            // A new person for every start: what somebody is told to send must not have been delivered before.
            String newcomer = "hy-hlo-" + clock.instant().getEpochSecond();
            write(place.fileDropRequest(), text(requests.toFileDrop(newcomer + "a")));
            write(place.sisuRequest(), text(requests.toSisu(newcomer + "b")));
            OwnApi.Answer accepted =
                    api.post("client", "/transfers", UUID.randomUUID().toString(), requests.first());
            if (!accepted.good()) {
                JsonNode problem = accepted.json();
                Console.print(story.refused(
                        problem.path("code").asText(), problem.path("detail").asText()));
                return;
            }
            DemoTransfer transfer = follow(accepted.json().path("id").asText());
            Console.print(story.ending(transfer, received(transfer), elmo(transfer.id()), paused(transfer)));
        }

        private DemoTransfer follow(String id) throws IOException, InterruptedException {
            Instant end = clock.instant().plus(PATIENCE);
            while (true) {
                OwnApi.Answer answer = api.get("client", "/transfers/" + id);
                if (!answer.good()) {
                    throw new IOException("GET /transfers/{id} was answered " + answer.status());
                }
                DemoTransfer transfer = DemoTransfer.of(answer.json());
                tellNews(transfer);
                if (!transfer.isUnderWay() || clock.instant().isAfter(end)) {
                    return transfer;
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        }

        private void tellNews(DemoTransfer transfer) {
            List<String> lines = new ArrayList<>();
            transfer.timeline().stream().skip(told).map(story::event).forEach(lines::addAll);
            told = transfer.timeline().size();
            if (!lines.isEmpty()) {
                Console.print(lines);
            }
        }

        private long received(DemoTransfer transfer) throws IOException, InterruptedException {
            Set<String> ids =
                    transfer.items().stream().map(DemoTransfer.Item::targetId).collect(Collectors.toSet());
            long count = 0;
            for (JsonNode item :
                    api.get("operator", "/demo/sis/sisu/received").json().path("items")) {
                count += ids.contains(item.path("id").asText()) ? 1 : 0;
            }
            return count;
        }

        private @Nullable Path elmo(String id) throws IOException, InterruptedException {
            OwnApi.Answer answer = api.get("client", "/transfers/" + id + "/elmo");
            if (!answer.good()) {
                return null;
            }
            Path file = place.data().resolve("demo").resolve("elmo-" + id + ".xml");
            write(file, answer.body());
            return file;
        }

        private List<String> paused(DemoTransfer transfer) throws IOException, InterruptedException {
            List<String> paused = new ArrayList<>();
            if (transfer.isUnderWay()) {
                for (String kind : List.of("registers", "sis")) {
                    for (JsonNode system :
                            api.get("operator", "/" + kind).json().path("items")) {
                        String name = kind + "/" + system.path("id").asText();
                        if (ASKED.contains(name)
                                && system.path("state").asText().equals("PAUSED")) {
                            paused.add(name);
                        }
                    }
                }
            }
            return paused;
        }

        private static byte[] text(String json) {
            return (json + "\n").getBytes(StandardCharsets.UTF_8);
        }

        private static void write(Path file, byte[] content) {
            try {
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
        }
    }
}
