package org.emrexhub.speed;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The yardstick A: what this machine can do at most. A bare broker, two transacted persistent hops of messages of 20 KB
 * and one bare RSA-2048 signature for each message; no ledger, no mapping, no HTTP.
 */
final class Yardstick implements AutoCloseable {

    private static final int FEEDERS = 4;

    private final BareBroker broker;
    private final PrivateKey key;
    private final byte[] payload;

    Yardstick(Path journal, int bytes) throws Exception {
        broker = new BareBroker(journal, List.of("first", "second"));
        payload = new byte[bytes];
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        key = generator.generateKeyPair().getPrivate();
    }

    /** Messages through both hops in a second, with so many consumers of each queue. */
    Rate run(int consumers, int window, long leadInMillis, long millis) throws Exception {
        AtomicLong done = new AtomicLong();
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicBoolean feeding = new AtomicBoolean(true);
        Semaphore room = new Semaphore(window);
        List<Thread> threads = new ArrayList<>();
        try (Connection connection = broker.connect()) {
            connection.start();
            for (int n = 0; n < consumers; n++) {
                threads.add(BenchThreads.start(() -> sign(connection, running)));
                threads.add(BenchThreads.start(() -> finish(connection, running, () -> {
                    done.incrementAndGet();
                    room.release();
                })));
            }
            for (int n = 0; n < FEEDERS; n++) {
                threads.add(BenchThreads.start(() -> feed(connection, feeding, room)));
            }
            Rate rate = Rate.of(done::get, ProcessHandle.current(), leadInMillis, millis);
            feeding.set(false);
            BenchThreads.awaitAll(room, window);
            running.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
            return rate;
        }
    }

    private void feed(Connection connection, AtomicBoolean feeding, Semaphore room) throws Exception {
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = producer(session, "first")) {
            while (feeding.get()) {
                if (room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    BytesMessage message = session.createBytesMessage();
                    message.writeBytes(payload);
                    producer.send(message);
                }
            }
        }
    }

    private void sign(Connection connection, AtomicBoolean running) throws JMSException, GeneralSecurityException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(queue(session, "first"));
                MessageProducer producer = producer(session, "second")) {
            while (running.get()) {
                if (consumer.receive(100) instanceof BytesMessage taken) {
                    byte[] body = new byte[(int) taken.getBodyLength()];
                    taken.readBytes(body);
                    Signature signature = Signature.getInstance("SHA256withRSA");
                    signature.initSign(key);
                    signature.update(body);
                    BytesMessage next = session.createBytesMessage();
                    next.writeBytes(body);
                    next.setIntProperty("signature", signature.sign().length);
                    producer.send(next);
                    session.commit();
                }
            }
        }
    }

    private void finish(Connection connection, AtomicBoolean running, Runnable done) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(queue(session, "second"))) {
            while (running.get()) {
                if (consumer.receive(100) instanceof BytesMessage taken) {
                    taken.readBytes(new byte[(int) taken.getBodyLength()]);
                    session.commit();
                    done.run();
                }
            }
        }
    }

    private static MessageProducer producer(Session session, String queue) throws JMSException {
        MessageProducer producer = session.createProducer(queue(session, queue));
        producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        return producer;
    }

    private static Queue queue(Session session, String name) throws JMSException {
        return session.createQueue(name);
    }

    @Override
    public void close() throws Exception {
        broker.close();
    }
}
