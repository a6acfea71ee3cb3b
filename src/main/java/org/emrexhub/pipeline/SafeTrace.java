package org.emrexhub.pipeline;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A stack trace without messages: a message may quote the document that it complains about. */
final class SafeTrace {

    private static final int FRAMES = 12;

    private SafeTrace() {}

    static String of(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            text.append(text.isEmpty() ? "" : System.lineSeparator() + "caused by ")
                    .append(each.getClass().getName())
                    .append(Arrays.stream(each.getStackTrace())
                            .limit(FRAMES)
                            .map(frame -> System.lineSeparator() + "    at " + frame)
                            .collect(Collectors.joining()));
        }
        return text.toString();
    }
}
