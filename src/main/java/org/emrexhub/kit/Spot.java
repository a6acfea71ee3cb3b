package org.emrexhub.kit;

/**
 * A place in a document.
 *
 * @param file as a person would type it
 * @param line counted from 1; 0 if only the file is known
 * @param column counted from 1
 * @param path of the element, or the JSON pointer of the value
 */
public record Spot(String file, int line, int column, String path) {

    @Override
    public String toString() {
        String place = line == 0 ? file : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
        return path.isEmpty() ? place : place + " " + path;
    }
}
