package org.emrexhub.demo;

import java.io.PrintStream;
import java.util.List;

/** The terminal of the person who started the demo: the one place that writes to standard output. */
final class Console {

    private Console() {}

    /** Prints lines, all of them together. */
    static void print(List<String> lines) {
        PrintStream out = System.out;
        out.print(String.join(System.lineSeparator(), lines) + System.lineSeparator());
        out.flush();
    }
}
