package org.emrexhub.spine;

import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.UNKNOWN;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.emrexhub.spine.SisuTarget.Mood;

/**
 * What clients, officers, operators and targets do in some order that follows from a seed. It asks for the hub anew
 * before each step and asks again when nobody answered, since the hub may be dead and come again at any moment.
 */
final class Schedule {

    private static final int STEPS = 60;
    private static final int LONGEST_PAUSE_MILLIS = 250;
    private static final List<String> LEARNERS = List.of(KAARLO, LIISA, MAIJA);

    private final Random random;
    private final Supplier<HubProcess> hub;
    private final SisuTarget sisu;
    private final Path drop;
    private final String shared;
    private final List<String> ids = new ArrayList<>();

    Schedule(long seed, Supplier<HubProcess> hub, SisuTarget sisu, Path drop) {
        this.random = new Random(seed);
        this.hub = hub;
        this.sisu = sisu;
        this.drop = drop;
        this.shared = "hy-hlo-shared-" + seed + "-";
    }

    /** Takes every step. */
    void run() {
        for (int step = 0; step < STEPS; step++) {
            int what = random.nextInt(100);
            if (what < 45) {
                send();
            } else if (what < 57) {
                onOne(id -> api().post("client", "/transfers/" + id + "/cancel", ""));
            } else if (what < 69) {
                onOne(this::decide);
            } else if (what < 79) {
                onOne(this::replay);
            } else if (what < 82) {
                replayMany();
            } else if (what < 86) {
                onOne(id -> api().post("operator", "/dead-letters/" + id + "/discard", "{\"reason\":\"given up\"}"));
            } else if (what < 92) {
                pauseOrResume();
            } else {
                changeTarget();
            }
            pause();
        }
    }

    private RunningHub api() {
        return hub.get().api();
    }

    private void send() {
        String sis = random.nextBoolean() ? "sisu" : "file-drop";
        String learner = random.nextInt(20) == 0 ? UNKNOWN : LEARNERS.get(random.nextInt(LEARNERS.size()));
        TransferRequest request = learner.equals(MAIJA) && random.nextBoolean()
                ? to(sis, learner, "fi-virta", "sql-view")
                : to(sis, learner);
        // Some credits come in several transfers at once.
        request = request.target(
                random.nextInt(5) == 0 ? shared + random.nextInt(2) : "hy-hlo-" + Long.toHexString(random.nextLong()));
        if (random.nextInt(4) == 0) {
            request = request.held();
        }
        ObjectNode tree = request.tree();
        if (random.nextInt(8) == 0) {
            ((ObjectNode) tree.path("consent"))
                    .put(
                            "expiresAt",
                            Instant.now().plusSeconds(5 + random.nextInt(20)).toString());
        }
        String key = Long.toHexString(random.nextLong());
        quietly(api -> {
            RunningHub.Answer answer = api.tryTransfer(tree, key);
            if (answer.status() == 202) {
                ids.add(answer.json().path("id").asText());
            }
        });
    }

    private void onOne(Consumer<String> step) {
        if (!ids.isEmpty()) {
            // The last ones are the most likely to be on their way.
            int back = Math.min(ids.size() - 1, (int) Math.abs(random.nextGaussian() * 4));
            String id = ids.get(ids.size() - 1 - back);
            quietly(api -> step.accept(id));
        }
    }

    private void decide(String id) {
        String verdict = random.nextInt(3) == 0
                ? "{\"decision\":\"REJECTED\",\"reason\":\"not ours\"}"
                : "{\"decision\":\"APPROVED\",\"acceptor\":{\"name\":\"Olli Opintoasiat\"}}";
        api().post("officer", "/imports/" + id + "/decision", verdict);
    }

    private void replay(String id) {
        String from = List.of("{}", "{\"from\":\"PULL\"}", "{\"from\":\"MAP\"}", "{\"from\":\"DELIVER\"}")
                .get(random.nextInt(4));
        api().post("operator", "/dead-letters/" + id + "/replay", from);
    }

    private void replayMany() {
        quietly(api -> api.post(
                "operator",
                "/dead-letters/replay",
                "{\"filter\":{\"destination\":\"sisu\"},\"limit\":20,\"perSecond\":10}"));
    }

    private void pauseOrResume() {
        String system =
                List.of("/sis/sisu", "/sis/file-drop", "/registers/fi-virta").get(random.nextInt(3));
        String what = random.nextInt(3) == 0 ? "/pause" : "/resume";
        quietly(api -> api.post("operator", system + what, ""));
    }

    private void changeTarget() {
        switch (random.nextInt(4)) {
            case 0 -> sisu.is(Mood.WELL);
            case 1 -> sisu.is(Mood.values()[random.nextInt(Mood.values().length)]);
            case 2 -> moveInbox(drop, random.nextBoolean());
            default -> {
                String call = random.nextInt(3) == 0 ? "/stop" : "/start";
                quietly(api -> api.post("operator", "/demo/registers/fi-virta" + call, ""));
            }
        }
    }

    /** Takes the receiving system's inbox away, as a mount that is gone, or gives it back. */
    static void moveInbox(Path drop, boolean back) {
        Path inbox = drop.resolve("inbox");
        Path away = drop.resolve("inbox-away");
        synchronized (Schedule.class) {
            try {
                if (back && Files.exists(away)) {
                    // A hub that started meanwhile has made an inbox of its own.
                    Files.createDirectories(inbox);
                    try (Stream<Path> files = Files.list(away)) {
                        for (Path file : files.toList()) {
                            Files.move(file, inbox.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                        }
                    }
                    Files.delete(away);
                } else if (!back && Files.exists(inbox) && !Files.exists(away)) {
                    Files.move(inbox, away);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Asks as one does who may have to ask again: the hub can die while it is asked. */
    private void quietly(Consumer<RunningHub> call) {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                call.accept(api());
                return;
            } catch (UncheckedIOException killed) {
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
