package org.emrexhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.mock.env.MockEnvironment;

class StartReporterTests {

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final StartReporter reporter =
            new StartReporter(new MockEnvironment(), new PrintStream(terminal, true, StandardCharsets.UTF_8));

    @Test
    void takesTheReportFromSpringAndPrintsSentencesOnly() {
        assertThat(reporter.reportException(new PortInUseException(8080))).isTrue();

        assertThat(terminal.toString(StandardCharsets.UTF_8).strip().lines())
                .containsExactly(
                        "The hub did not start:",
                        "  Port 8080 is in use; stop the program that has it, or set server.port to a free one.");
    }

    @Test
    void keepsStackTraceOffTheTerminal() {
        reporter.reportException(new IllegalStateException("inner workings"));

        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .contains("see the log")
                .doesNotContain("inner workings")
                .doesNotContain("\tat ");
    }
}
