package org.emrexhub.mapping;

import java.nio.file.Path;

/**
 * One fault of a mapping folder, found before anything is mapped.
 *
 * @param file where it stands
 * @param line counted from 1; 0 if the fault has no line
 * @param text what is wrong, for the integrator
 */
public record StylesheetFault(Path file, int line, String text) {

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line + ": " + text : file + ": " + text;
    }
}
