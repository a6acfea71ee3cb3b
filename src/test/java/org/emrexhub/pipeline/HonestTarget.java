package org.emrexhub.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A target that keeps credits by id: the same id is the same credit, and what one supersedes is taken out. Requests may
 * land later than they were sent. It remembers what stood there when.
 */
final class HonestTarget {

    /** A credit in a document: which one it is, and its version. */
    record Credit(String los, String loi, String version) {

        /** Which credit it is, whatever its version. */
        String name() {
            return los + "/" + loi;
        }

        @Override
        public String toString() {
            return name() + ":" + version;
        }
    }

    /** One item of a request. */
    record Line(String ref, String id, @Nullable String supersedes, Credit credit) {}

    /** What stands under an id. */
    record Entry(Credit credit, UUID by) {}

    /** What stood under a name since some moment: {@code null} is nothing. */
    record Stood(long since, @Nullable Credit credit) {}

    private record Flight(Instant at, long sent, UUID by, List<Line> lines) {}

    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, List<Stood>> history = new HashMap<>();
    private final List<Flight> flights = new ArrayList<>();
    private long moment;

    long moment() {
        return moment;
    }

    /** These items will land at that time. */
    void send(UUID by, List<Line> lines, Instant at) {
        flights.add(new Flight(at, moment, by, lines));
    }

    /** When the next request lands. */
    Optional<Instant> nextLanding() {
        return flights.stream().map(Flight::at).min(Comparator.naturalOrder());
    }

    /** Whose request is still to land that brings or takes away this id. */
    Optional<UUID> onItsWay(String id) {
        return flights.stream()
                .filter(flight ->
                        flight.lines().stream().anyMatch(line -> line.id().equals(id) || id.equals(line.supersedes())))
                .map(Flight::by)
                .findFirst();
    }

    /** Lands what is due, the oldest first. */
    void land(Instant now) {
        flights.stream()
                .filter(flight -> !flight.at().isAfter(now))
                .sorted(Comparator.comparing(Flight::at))
                .toList()
                .forEach(flight -> {
                    flights.remove(flight);
                    flight.lines().forEach(line -> put(flight.by(), line));
                });
    }

    private void put(UUID by, Line line) {
        if (line.supersedes() != null) {
            remove(line.supersedes());
        }
        Entry before = entries.get(line.id());
        if (before == null || !before.credit().equals(line.credit())) {
            entries.put(line.id(), new Entry(line.credit(), by));
            note(line.credit().name(), line.credit());
        }
    }

    void remove(String id) {
        Entry gone = entries.remove(id);
        if (gone != null) {
            note(gone.credit().name(), null);
        }
    }

    private void note(String name, @Nullable Credit credit) {
        moment++;
        history.computeIfAbsent(name, key -> new ArrayList<>()).add(new Stood(moment, credit));
    }

    Map<String, Entry> entries() {
        return entries;
    }

    /** Whether a credit stood there in its version, at some moment not before this one. */
    boolean stoodSince(long begin, Credit credit) {
        List<Stood> all = history.getOrDefault(credit.name(), List.of());
        for (int at = 0; at < all.size(); at++) {
            boolean lasted = at == all.size() - 1 || all.get(at + 1).since() > begin;
            if (lasted && credit.equals(all.get(at).credit())) {
                return true;
            }
        }
        return false;
    }
}
