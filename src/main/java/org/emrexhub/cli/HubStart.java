package org.emrexhub.cli;

import org.springframework.boot.SpringApplication;

/** Starts the hub, and ends the process with 1 if it can't start: the terminal has been told why by then. */
public final class HubStart {

    private HubStart() {}

    /** Runs the command that the arguments name, or else starts the application of this class. */
    public static void run(Class<?> application, String... arguments) {
        if (Commands.isMeant(arguments)) {
            System.exit(Commands.run(arguments));
        }
        try {
            SpringApplication.run(application, arguments);
        } catch (SpringApplication.AbandonedRunException processedAheadOfTime) {
            throw processedAheadOfTime;
        } catch (RuntimeException told) {
            // Threads of a half started broker would keep the process alive.
            System.exit(1);
        }
    }
}
