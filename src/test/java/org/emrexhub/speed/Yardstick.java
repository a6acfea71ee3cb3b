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
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * The yardstick A: what this machine can do at most. A bare broker, two transacted persistent hops of messages of 20 KB
 * and one bare RSA-2048 signature for each message; no ledger, no mapping, no HTTP.
 */
final class Yardstick implements AutoCloseable {

    private static final int SERVER = 77;
    private static final int FEEDERS = 4;
    private static final int BUFFER_NANOS = 300_000;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory("vm://" + SERVER);
    private final PrivateKey key;
    private final byte[] payload;

    Yardstick(Path journal, int bytes) throws Exception {
        payload = new byte[bytes];
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        key = generator.generateKeyPair().getPrivate();
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalDirectory(journal.resolve("journal").toString())
                .setBindingsDirectory(journal.resolve("bindings").toString())
                .setLargeMessagesDirectory(journal.resolve("large").toString())
                .setPagingDirectory(journal.resolve("paging").toString())
                // The hub's own choice, so that both wait for the disk in the same way.
                .setJournalType(JournalType.ASYNCIO)
                .setJournalBufferTimeout_NIO(BUFFER_NANOS)
                .setJournalBufferTimeout_AIO(BUFFER_NANOS);
        for (String queue : List.of("first", "second")) {
            configuration.addAddressConfiguration(new CoreAddressConfiguration()
                    .setName(queue)
                    .addRoutingType(RoutingType.ANYCAST)
                    .addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST)));
        }
        configuration.addAcceptorConfiguration("in-vm", "vm://" + SERVER);
        broker.setConfiguration(configuration);
        broker.start();
    }

    /** Messages through both hops in a second, with so many consumers of each queue. */
    Rate run(int consumers, int window, long leadInMillis, long millis) throws Exception {
        AtomicLong done = new AtomicLong();
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicBoolean feeding = new AtomicBoolean(true);
        Semaphore room = new Semaphore(window);
        List<Thread> threads = new ArrayList<>();
        try (Connection connection = connections.createConnection()) {
            connection.start();
            for (int n = 0; n < consumers; n++) {
                threads.add(start(() -> sign(connection, running)));
                threads.add(start(() -> finish(connection, running, () -> {
                    done.incrementAndGet();
                    room.release();
                })));
            }
            for (int n = 0; n < FEEDERS; n++) {
                threads.add(start(() -> feed(connection, feeding, room)));
            }
            Rate rate = Rate.of(done::get, ProcessHandle.current(), leadInMillis, millis);
            // What was begun is finished, so that the next round finds empty queues.
            feeding.set(false);
            room.acquire(window);
            running.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
            return rate;
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
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
        connections.close();
        broker.stop();
    }
}
