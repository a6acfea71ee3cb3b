package org.emrexhub.speed;

import static java.util.stream.Collectors.joining;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.XMLConstants;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.XsltExecutable;
import org.w3c.dom.Document;

/**
 * The yardstick B: what a transfer can't do without, by the libraries alone and in one process. A request, a register's
 * answer and a delivery by HTTP; three persistent messages of a few bytes; five commits with 23 statements; one
 * stylesheet, one check by the schema, one XML signature, and each document encrypted. No routes, no claims, no
 * verification, no retry, no authorization: what the hub takes beyond it is what those cost.
 */
final class BareTransfer implements AutoCloseable {

    private static final int CLIENTS = 6;
    private static final int COURSES = 25;
    private static final List<String> QUEUES = List.of("pull", "map", "deliver");
    private static final List<String> TABLES = List.of(
            "transfer (id uuid primary key, stage varchar(8) not null, revision integer not null)",
            "consent (id uuid primary key, recipient varchar(64) not null)",
            "document (id uuid, kind varchar(8), bytes bytea not null, primary key (id, kind))",
            "attempt (id uuid primary key, ended timestamp with time zone)",
            "item (id uuid, no integer, credit varchar(64), outcome varchar(16), primary key (id, no))",
            "outbox (id uuid primary key, queue varchar(16) not null)");
    private static final String ITEMS = IntStream.rangeClosed(1, COURSES)
            .mapToObj(no -> "(cast(? as uuid), " + no + ", ?, 'PENDING')")
            .collect(joining(", ", "insert into item values ", ""));
    private static final String ELMO = "https://github.com/emrex-eu/elmo-schemas/tree/v1";

    private final LoopbackSystems systems;
    private final BareBroker broker;
    private final HikariDataSource ledger;
    private final HttpServer server;
    private final ExecutorService serverThreads = Executors.newFixedThreadPool(CLIENTS);
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI accept;
    private final Processor saxon = new Processor(false);
    private final XsltExecutable map;
    private final Schema schema;
    private final byte[] unsigned;
    private final KeyPair signing;
    private final SecretKeySpec encryption = new SecretKeySpec(new byte[32], "AES");
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong numbers = new AtomicLong();
    private volatile MessageSender toPull = id -> {};

    private interface MessageSender {
        void send(String id) throws JMSException;
    }

    BareTransfer(Path folder, Path home, LoopbackSystems systems, List<String> database) throws Exception {
        this.systems = systems;
        this.broker = new BareBroker(folder.resolve("bare"), QUEUES);
        this.ledger = ledger(database);
        this.map = saxon.newXsltCompiler()
                .compile(new StreamSource(
                        home.resolve("mappings/registers/zz-bench/to-elmo.xsl").toFile()));
        this.schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(home.resolve("mappings/elmo/elmo.xsd").toFile());
        this.unsigned = document(Records.courses(COURSES).of("000000001"));
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        this.signing = keys.generateKeyPair();
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(serverThreads);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] request = exchange.getRequestBody().readAllBytes();
                accept(new String(request, StandardCharsets.US_ASCII));
                exchange.sendResponseHeaders(202, -1);
            } catch (GeneralSecurityException | SQLException | JMSException e) {
                throw new IOException(e);
            }
        });
        server.start();
        this.accept = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static HikariDataSource ledger(List<String> settings) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(value(settings, "url"));
        config.setUsername(value(settings, "username"));
        config.setPassword(value(settings, "password"));
        config.setMaximumPoolSize(24);
        HikariDataSource source = new HikariDataSource(config);
        try (java.sql.Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute("create table " + table);
            }
        }
        return source;
    }

    private static String value(List<String> settings, String name) {
        return settings.stream()
                .filter(setting -> setting.startsWith("spring.datasource." + name + "="))
                .map(setting -> setting.substring(setting.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
    }

    /** A document of 20 KB to be checked and signed: what the stylesheet makes of the answer, with the root around it. */
    private byte[] document(byte[] answer) throws Exception {
        String result = new String(map(answer), StandardCharsets.UTF_8);
        String report = result.substring(result.indexOf("<report"), result.indexOf("</report>") + 9);
        String text = "<elmo xmlns='" + ELMO + "'><generatedDate>2026-01-01T00:00:00Z</generatedDate><learner>"
                + "<citizenship>FI</citizenship><identifier type='studentNumber'>000000001</identifier>"
                + "<givenNames>Testi Mittari</givenNames><familyName>Esimerkki</familyName><bday>2000-01-02</bday></learner>"
                + Pattern.compile(" xmlns(:\\w+)?=\"[^\"]*\"").matcher(report).replaceAll("") + "</elmo>";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Transfers from the request to the target's answer in a second, as many under way as {@code window}. */
    Rate run(int consumers, int window, LongSupplier cpuNanos, long leadInMillis, long millis) throws Exception {
        AtomicLong done = new AtomicLong();
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicBoolean feeding = new AtomicBoolean(true);
        Semaphore room = new Semaphore(window);
        List<Thread> threads = new ArrayList<>();
        try (Connection connection = broker.connect();
                Session first = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = first.createProducer(first.createQueue("pull"))) {
            connection.start();
            toPull = id -> {
                synchronized (producer) {
                    producer.send(first.createTextMessage(id));
                }
            };
            for (int n = 0; n < consumers; n++) {
                Worker pull = new Worker();
                threads.add(BenchThreads.start(() -> consume(connection, running, "pull", "map", pull::pull)));
                Worker mapper = new Worker();
                threads.add(BenchThreads.start(() -> consume(connection, running, "map", "deliver", mapper::map)));
                Worker deliver = new Worker();
                threads.add(BenchThreads.start(() -> consume(connection, running, "deliver", null, id -> {
                    deliver.deliver(id);
                    done.incrementAndGet();
                    room.release();
                })));
            }
            for (int n = 0; n < CLIENTS; n++) {
                threads.add(BenchThreads.start(() -> feed(feeding, room)));
            }
            Rate rate = Rate.of(done::get, cpuNanos, leadInMillis, millis);
            feeding.set(false);
            BenchThreads.awaitAll(room, window);
            running.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
            return rate;
        }
    }

    private interface Step {
        void take(String id) throws Exception;
    }

    private void feed(AtomicBoolean feeding, Semaphore room) throws Exception {
        while (feeding.get()) {
            if (room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                String request = new UUID(numbers.incrementAndGet(), random.nextLong()) + " ".repeat(600);
                http.send(
                        HttpRequest.newBuilder(accept)
                                .POST(BodyPublishers.ofString(request))
                                .build(),
                        BodyHandlers.discarding());
            }
        }
    }

    private void consume(Connection connection, AtomicBoolean running, String queue, String next, Step step)
            throws Exception {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
                MessageProducer producer = next == null ? null : session.createProducer(session.createQueue(next))) {
            while (running.get()) {
                Message message = consumer.receive(100);
                if (message != null) {
                    String id = message.getBody(String.class);
                    step.take(id);
                    if (producer != null) {
                        producer.send(session.createTextMessage(id));
                    }
                    session.commit();
                }
            }
        }
    }

    private void accept(String request) throws SQLException, GeneralSecurityException, JMSException {
        String id = request.strip();
        write(ledger -> {
            run(ledger, "insert into transfer values (cast(? as uuid), 'PULL', 1)", id);
            run(ledger, "insert into consent values (cast(? as uuid), 'zz-bench')", id);
            run(ledger, "insert into document values (cast(? as uuid), 'REQUEST', ?)", id, sealed(request.getBytes()));
            run(ledger, "insert into outbox values (cast(? as uuid), 'pull')", id);
        });
        toPull.send(id);
    }

    private interface Writing {
        void write(java.sql.Connection connection) throws SQLException, GeneralSecurityException;
    }

    private void write(Writing writing) throws SQLException, GeneralSecurityException {
        try (java.sql.Connection connection = ledger.getConnection()) {
            connection.setAutoCommit(false);
            writing.write(connection);
            connection.commit();
        }
    }

    private static void run(java.sql.Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int n = 0; n < values.length; n++) {
                statement.setObject(n + 1, values[n]);
            }
            statement.execute();
        }
    }

    private byte[] sealed(byte[] plain) throws GeneralSecurityException {
        byte[] nonce = new byte[12];
        random.nextBytes(nonce);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, encryption, new GCMParameterSpec(128, nonce));
        return cipher.doFinal(plain);
    }

    private byte[] map(byte[] answer) throws Exception {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        map.load30().transform(new StreamSource(new ByteArrayInputStream(answer)), saxon.newSerializer(result));
        return result.toByteArray();
    }

    /** What one thread keeps for itself, as a library wants it. */
    private final class Worker {

        private final DocumentBuilder parser;
        private final Validator validator = schema.newValidator();
        private final Transformer writer;
        private final XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");

        Worker() throws Exception {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            parser = factory.newDocumentBuilder();
            writer = TransformerFactory.newDefaultInstance().newTransformer();
        }

        void pull(String id) throws Exception {
            byte[] answer = http.send(
                            HttpRequest.newBuilder(systems.student(numbers.get()))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
            write(ledger -> {
                run(ledger, "select * from transfer where id = cast(? as uuid) for update", id);
                run(ledger, "insert into document values (cast(? as uuid), 'SOURCE', ?)", id, sealed(answer));
                run(ledger, "update transfer set stage = 'MAP', revision = 2 where id = cast(? as uuid)", id);
                run(ledger, "update outbox set queue = 'map' where id = cast(? as uuid)", id);
            });
        }

        void map(String id) throws Exception {
            byte[] answer = Records.courses(COURSES).of("000000001");
            BareTransfer.this.map(answer);
            byte[] signed = sign(unsigned);
            Object[] items = IntStream.range(0, COURSES)
                    .boxed()
                    .flatMap(no -> Stream.of(id, id + no))
                    .toArray();
            write(ledger -> {
                run(ledger, "select * from document where id = cast(? as uuid) and kind = 'SOURCE'", id);
                run(ledger, "select * from transfer where id = cast(? as uuid) for update", id);
                run(ledger, "insert into document values (cast(? as uuid), 'ELMO', ?)", id, sealed(signed));
                run(ledger, "insert into document values (cast(? as uuid), 'REPORT', ?)", id, sealed(answer));
                run(ledger, ITEMS, items);
                run(ledger, "update transfer set stage = 'DELIVER', revision = 3 where id = cast(? as uuid)", id);
                run(ledger, "update outbox set queue = 'deliver' where id = cast(? as uuid)", id);
            });
        }

        byte[] sign(byte[] document) throws Exception {
            Document tree = parser.parse(new ByteArrayInputStream(document));
            validator.validate(new DOMSource(tree));
            SignedInfo info = signatures.newSignedInfo(
                    signatures.newCanonicalizationMethod(
                            CanonicalizationMethod.INCLUSIVE, (C14NMethodParameterSpec) null),
                    signatures.newSignatureMethod(SignatureMethod.RSA_SHA256, null),
                    List.of(signatures.newReference(
                            "",
                            signatures.newDigestMethod(DigestMethod.SHA256, null),
                            List.of(signatures.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null)),
                            null,
                            null)));
            signatures
                    .newXMLSignature(info, null)
                    .sign(new DOMSignContext(signing.getPrivate(), tree.getDocumentElement()));
            ByteArrayOutputStream signed = new ByteArrayOutputStream();
            writer.transform(new DOMSource(tree), new StreamResult(signed));
            return signed.toByteArray();
        }

        void deliver(String id) throws Exception {
            write(ledger -> {
                run(ledger, "select * from transfer where id = cast(? as uuid) for update", id);
                run(ledger, "select * from document where id = cast(? as uuid) and kind = 'ELMO'", id);
                run(ledger, "insert into attempt values (cast(? as uuid), null)", id);
                run(ledger, "update item set outcome = 'UNKNOWN' where id = cast(? as uuid)", id);
            });
            http.send(
                    HttpRequest.newBuilder(systems.documents())
                            .POST(BodyPublishers.ofByteArray(unsigned))
                            .build(),
                    BodyHandlers.discarding());
            write(ledger -> {
                run(ledger, "update item set outcome = 'ACCEPTED' where id = cast(? as uuid)", id);
                run(ledger, "update attempt set ended = current_timestamp where id = cast(? as uuid)", id);
                run(ledger, "update transfer set stage = 'DONE', revision = 4 where id = cast(? as uuid)", id);
                run(ledger, "delete from outbox where id = cast(? as uuid)", id);
            });
        }
    }

    @Override
    public void close() throws Exception {
        server.stop(0);
        serverThreads.shutdownNow();
        ledger.close();
        broker.close();
    }
}
