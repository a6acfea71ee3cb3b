package org.emrexhub.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The simulated registers and student information systems of the demo: whether they run, how they misbehave, and what
 * they received. Everything is forgotten when the hub stops.
 */
@Component("simulators")
@Profile("demo")
public class Simulators {

    private static final int KEPT = 10_000;

    private final Catalog catalog;
    private final Clock clock;
    private final SimulatedDatabases databases;
    private final Map<String, Simulator> simulators = new ConcurrentHashMap<>();

    Simulators(Catalog catalog, Clock clock, SimulatedDatabases databases) {
        this.catalog = catalog;
        this.clock = clock;
        this.databases = databases;
    }

    /**
     * How a student information system behaves from now on.
     *
     * @param delay how long it waits before it does anything
     * @param loseAnswers whether it hangs up without an answer once it has taken something; questions are answered
     * @param refuse the course code of the one item that it refuses
     */
    public record Behaviour(
            Duration delay, boolean loseAnswers, @Nullable String refuse) {

        /** As it should be. */
        public static final Behaviour GOOD = new Behaviour(Duration.ZERO, false, null);
    }

    /**
     * What a student information system received under one id.
     *
     * @param id as the sender chose it
     * @param count how often it came
     * @param at when it came last
     * @param body as it came last
     */
    public record Received(String id, int count, Instant at, Object body) {}

    /** From now on the register answers that it is not available. */
    public void stopRegister(String id) {
        stop(knownRegister(id), catalog.register(id).orElseThrow().settings());
    }

    /** The register answers again. */
    public void startRegister(String id) {
        start(knownRegister(id), catalog.register(id).orElseThrow().settings());
    }

    /** From now on the student information system answers that it is not available. */
    public void stopSis(String id) {
        stop(knownSis(id), catalog.sis(id).orElseThrow().settings());
    }

    /** The student information system answers again. */
    public void startSis(String id) {
        start(knownSis(id), catalog.sis(id).orElseThrow().settings());
    }

    /** Makes the student information system behave, until it is told otherwise. */
    public void behave(String id, Behaviour behaviour) {
        simulator(knownSis(id)).behaviour = behaviour;
    }

    /** What the student information system received, in the order of the first arrival. */
    public List<Received> received(String id) {
        return simulator(knownSis(id)).received();
    }

    /** Notes what a simulator received; called by the simulators' routes. */
    public void record(String simulator, String id, Object body) {
        simulator(simulator).record(id, clock.instant().truncatedTo(ChronoUnit.MILLIS), body);
    }

    /** What a simulator noted so far, whichever system it plays. */
    List<Received> recorded(String simulator) {
        return simulator(simulator).received();
    }

    /** How often a simulator noted something. */
    long noted(String simulator) {
        return simulator(simulator).noted;
    }

    boolean isStopped(String simulator) {
        return simulator(simulator).stopped;
    }

    /** Whether the hub shows this register a client certificate. */
    boolean wantsCertificate(String simulator) {
        String prefix = "emrexhub.registers." + simulator + ".";
        return catalog.certificates().stream()
                .anyMatch(certificate -> certificate.setting().startsWith(prefix));
    }

    Behaviour behaviour(String simulator) {
        return simulator(simulator).behaviour;
    }

    private void stop(String id, Map<String, String> settings) {
        simulator(id).stopped = true;
        inbox(settings, (inbox, away) -> move(inbox, away));
        databases.stop(id);
    }

    private void start(String id, Map<String, String> settings) {
        inbox(settings, (inbox, away) -> move(away, inbox));
        databases.start(id);
        simulator(id).stopped = false;
    }

    private interface Places {
        void are(Path inbox, Path away);
    }

    /** A system that takes files is stopped by taking its inbox away, as a mount that is gone. */
    private static void inbox(Map<String, String> settings, Places places) {
        String folder = settings.get("folder");
        if (folder != null) {
            places.are(Path.of(folder, "inbox"), Path.of(folder, "inbox-away"));
        }
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.isDirectory(from) && !Files.exists(to)) {
                Files.move(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's drop folder can't be moved", e);
        }
    }

    private String knownRegister(String id) {
        return catalog.register(id)
                .orElseThrow(() -> new Problem(ProblemCode.NOT_FOUND, "There is no register of this id in the demo."))
                .id();
    }

    private String knownSis(String id) {
        return catalog.sis(id)
                .orElseThrow(() -> new Problem(
                        ProblemCode.NOT_FOUND, "There is no student information system of this id in the demo."))
                .id();
    }

    private Simulator simulator(String id) {
        return simulators.computeIfAbsent(id, unknown -> new Simulator());
    }

    private static final class Simulator {

        private volatile boolean stopped;
        private volatile long noted;
        private volatile Behaviour behaviour = Behaviour.GOOD;
        private final Map<String, Received> received = new LinkedHashMap<>();

        private synchronized void record(String id, Instant at, Object body) {
            noted++;
            Received before = received.get(id);
            received.put(id, new Received(id, before == null ? 1 : before.count() + 1, at, body));
            if (received.size() > KEPT) {
                received.remove(received.keySet().iterator().next());
            }
        }

        private synchronized List<Received> received() {
            return List.copyOf(received.values());
        }
    }
}
