package org.emrexhub.pipeline;

import jakarta.jms.JMSException;
import java.sql.SQLException;

/** Asks a part outside the hub whether it does what the hub needs of it. */
interface Probe extends AutoCloseable {

    /** Comes back if all is well; what it throws is the reason why not. */
    void look() throws SQLException, JMSException;

    /** What it means that {@link #look()} does not come back. */
    String silence();

    @Override
    void close();
}
