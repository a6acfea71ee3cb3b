package org.emrexhub.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/** Tells the person at the terminal why the hub did not start; stands before Spring's own report and replaces it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartReporter implements SpringBootExceptionReporter {

    private static final Logger log = LoggerFactory.getLogger(StartReporter.class);

    private final Environment environment;
    private final PrintStream terminal;

    /** Spring makes it, with the context as far as it got. */
    public StartReporter(@Nullable ConfigurableApplicationContext context) {
        this(context == null ? new StandardEnvironment() : context.getEnvironment(), System.err);
    }

    StartReporter(Environment environment, PrintStream terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    @Override
    public boolean reportException(Throwable thrown) {
        StartFailure failure = StartFailure.of(thrown, environment);
        int count = failure.sentences().size();
        if (failure.defect()) {
            log.error("The hub did not start", thrown);
        } else {
            log.error(
                    "The hub did not start: {}",
                    count == 1 ? failure.sentences().get(0) : count + " things to mend");
        }
        terminal.println();
        terminal.println(
                count == 1 ? "The hub did not start:" : "The hub did not start; " + count + " things to mend:");
        failure.sentences().forEach(sentence -> terminal.println("  " + sentence));
        terminal.println();
        terminal.flush();
        return true;
    }
}
