package org.emrexhub.spine;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A Sisu that outlives the hub, misbehaves when told to, and remembers every credit that it was ever given. */
final class SisuTarget implements AutoCloseable {

    /** What it does with an import. */
    enum Mood {
        /** Takes it. */
        WELL,
        /** Answers 503 and takes nothing. */
        AWAY,
        /** Takes it, and hangs up without an answer. */
        LOSES_ANSWERS,
        /** Hangs up and takes nothing. */
        LOSES_REQUESTS,
        /** Answers 401 and takes nothing: the hub gives up at once. */
        REFUSES
    }

    /** A credit as the target took it: its id, and when it came. */
    record Taken(String id, Instant at) {}

    private final HttpServer server;
    private final ExecutorService pool = Executors.newFixedThreadPool(16);
    private final Map<String, Set<String>> idsByCredit = new HashMap<>();
    private final List<Taken> taken = new ArrayList<>();
    private volatile Mood mood = Mood.WELL;

    SisuTarget() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(pool);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Mood now = mood;
        if (now == Mood.WELL || now == Mood.LOSES_ANSWERS) {
            take(RunningHub.JSON.readTree(body));
        }
        switch (now) {
            case WELL -> exchange.sendResponseHeaders(200, -1);
            case AWAY -> exchange.sendResponseHeaders(503, -1);
            case REFUSES -> exchange.sendResponseHeaders(401, -1);
            case LOSES_ANSWERS, LOSES_REQUESTS -> {}
        }
        exchange.close();
    }

    private synchronized void take(JsonNode attainments) {
        Instant now = Instant.now();
        for (JsonNode attainment : attainments) {
            String id = attainment.path("id").asText();
            // What a person at the university would call the same credit.
            String credit = attainment.path("personId").asText() + " "
                    + attainment.path("code").asText() + " " + attainment.path("name") + " "
                    + attainment.path("attainmentDate").asText();
            idsByCredit.computeIfAbsent(credit, first -> new TreeSet<>()).add(id);
            taken.add(new Taken(id, now));
        }
    }

    String setting() {
        return "emrexhub.sis.sisu.url=http://127.0.0.1:" + server.getAddress().getPort();
    }

    void is(Mood next) {
        mood = next;
    }

    /** The credits that stand there under more than one id. */
    synchronized Map<String, Set<String>> doubles() {
        Map<String, Set<String>> doubles = new HashMap<>(idsByCredit);
        doubles.values().removeIf(ids -> ids.size() == 1);
        return doubles;
    }

    synchronized Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        taken.forEach(one -> ids.add(one.id()));
        return ids;
    }

    synchronized List<Taken> taken() {
        return List.copyOf(taken);
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }
}
