package org.emrexhub.demo;

/** How to stop and start a simulated system that does not speak HTTP and takes no files, a database for instance. */
public interface SimulatorSwitch {

    /** The register or student information system that it stands for. */
    String id();

    /** Makes the system unavailable. */
    void stop();

    /** Makes the system available again. */
    void start();
}
