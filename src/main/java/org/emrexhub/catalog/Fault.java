package org.emrexhub.catalog;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody must mend before the hub can start.
 *
 * @param file the file or folder that is wrong; {@code null} if it is not a file's fault, as with a missing setting
 * @param line in the file, from 1; 0 if it concerns the file as a whole
 * @param sentence what is wrong and, where it is not plain, what to do
 */
public record Fault(@Nullable Path file, int line, String sentence) {

    /** A fault of the configuration, not of a file. */
    public static Fault of(String sentence) {
        return new Fault(null, 0, sentence);
    }

    /** A fault of a file or folder as a whole. */
    public static Fault in(Path file, String sentence) {
        return new Fault(file, 0, sentence);
    }

    /** A path as a person at this working directory would type it. */
    public static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(here) && !absolute.equals(here)
                ? here.relativize(absolute).toString()
                : absolute.toString();
    }

    /** {@code file:line: sentence}, a form that editors and terminals turn into a link. */
    @Override
    public String toString() {
        if (file == null) {
            return sentence;
        }
        return line == 0 ? shown(file) + ": " + sentence : shown(file) + ":" + line + ": " + sentence;
    }
}
