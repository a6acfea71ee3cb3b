package org.emrexhub.speed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A register and two target systems on loopback that answer at once, so that what is measured is the hub. */
final class LoopbackSystems implements AutoCloseable {

    /** A whole document or array arrived; called before the answer is sent. */
    interface Arrival {
        void arrived(String sis, String student);
    }

    static final String SISU = "sisu";
    static final String ARCHIVE = "zz-bench";

    private static final Pattern IN_ELMO = Pattern.compile("<identifier type=\"studentNumber\">(\\d+)<");
    private static final Pattern IN_SISU = Pattern.compile("\"personId\":\"bench-(\\d+)\"");
    private static final int THREADS = 32;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final AtomicLong nanosInside = new AtomicLong();
    private final AtomicLong largestDocument = new AtomicLong();
    private volatile Arrival arrival = (sis, student) -> {};
    private volatile Records records = Records.courses(1);

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    LoopbackSystems() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/students/", timed(this::student));
        server.createContext("/documents/", timed(exchange -> take(exchange, ARCHIVE, IN_ELMO)));
        server.createContext("/ori/api/attainments/v1/import", timed(exchange -> take(exchange, SISU, IN_SISU)));
        server.start();
    }

    /** The settings of a hub that asks and delivers here. */
    String[] settings() {
        String url = url();
        return new String[] {
            "emrexhub.registers.zz-bench.url=" + url, "emrexhub.sis.zz-bench.url=" + url, "emrexhub.sis.sisu.url=" + url
        };
    }

    /** Where the register answers for this student. */
    URI student(long number) {
        return URI.create(url() + "/students/" + String.format("%09d", number));
    }

    /** Where the archive takes documents. */
    URI documents() {
        return URI.create(url() + "/documents/");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void records(Records given) {
        records = given;
    }

    void onArrival(Arrival listener) {
        arrival = listener;
    }

    void stop(String sis) {
        down.add(sis);
    }

    void start(String sis) {
        down.remove(sis);
    }

    /** Time spent here since the last call: it is not the hub's. */
    long nanosInside() {
        return nanosInside.getAndSet(0);
    }

    /** Bytes of the largest document that arrived. */
    long largestDocument() {
        return largestDocument.get();
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private com.sun.net.httpserver.HttpHandler timed(Handler handler) {
        return exchange -> {
            long begin = System.nanoTime();
            try (exchange) {
                handler.handle(exchange);
            } finally {
                nanosInside.addAndGet(System.nanoTime() - begin);
            }
        };
    }

    private void student(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        answer(exchange, 200, records.of(path.substring(path.lastIndexOf('/') + 1)));
    }

    private void take(HttpExchange exchange, String sis, Pattern student) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (down.contains(sis)) {
            answer(exchange, 503, new byte[0]);
            return;
        }
        largestDocument.accumulateAndGet(body.length, Math::max);
        Matcher found = student.matcher(new String(body, StandardCharsets.UTF_8));
        arrival.arrived(sis, found.find() ? found.group(1) : "");
        answer(exchange, 200, "{}".getBytes(StandardCharsets.US_ASCII));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
