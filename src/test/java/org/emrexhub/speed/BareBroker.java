package org.emrexhub.speed;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.slf4j.LoggerFactory;

/** A broker in this process with a journal on disk and a few queues, and nothing around it. */
final class BareBroker implements AutoCloseable {

    private static final AtomicInteger SERVERS = new AtomicInteger(77);
    private static final int BUFFER_NANOS = 300_000;

    static {
        // The broker writes a line for each message, which would be measured too.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    }

    private final int server = SERVERS.getAndIncrement();
    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory("vm://" + server);

    BareBroker(Path journal, List<String> queues) throws Exception {
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
        for (String queue : queues) {
            configuration.addAddressConfiguration(new CoreAddressConfiguration()
                    .setName(queue)
                    .addRoutingType(RoutingType.ANYCAST)
                    .addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST)));
        }
        configuration.addAcceptorConfiguration("in-vm", "vm://" + server);
        broker.setConfiguration(configuration);
        broker.start();
    }

    Connection connect() throws JMSException {
        return connections.createConnection();
    }

    @Override
    public void close() throws Exception {
        connections.close();
        broker.stop();
    }
}
