package org.emrexhub.pipeline;

/** Asks a part outside the hub whether it does what the hub needs of it. */
interface Probe extends AutoCloseable {

    /** Comes back if all is well; what it throws is the reason why not. */
    void look() throws Exception;

    /** What it means that {@link #look()} does not come back. */
    String silence();

    @Override
    void close();
}
