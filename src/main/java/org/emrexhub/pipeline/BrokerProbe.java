package org.emrexhub.pipeline;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import org.jspecify.annotations.Nullable;

/**
 * Sends the broker a message that nobody gets: a broker whose disk or memory is full answers every question and takes
 * no message, without a word. Each look has a producer of its own, since a producer may send for a while what it was
 * allowed before.
 */
final class BrokerProbe implements Probe {

    private static final String NOBODY_LISTENS = "hub.watch";
    private static final long LIVES_MILLIS = 1000;

    private final ConnectionFactory connections;
    private @Nullable Connection open;
    private volatile boolean sending;

    BrokerProbe(ConnectionFactory connections) {
        this.connections = connections;
    }

    @Override
    public void look() throws JMSException {
        sending = false;
        try {
            Connection connection = open;
            if (connection == null) {
                connection = connections.createConnection();
                open = connection;
            }
            try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                    MessageProducer producer = session.createProducer(session.createTopic(NOBODY_LISTENS))) {
                sending = true;
                producer.send(session.createMessage(), DeliveryMode.NON_PERSISTENT, 0, LIVES_MILLIS);
            }
        } catch (JMSException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public String silence() {
        return sending ? "it takes no message: its disk or memory is full" : "no answer";
    }

    @Override
    public void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (JMSException e) {
                // It was broken before.
            }
        }
    }
}
