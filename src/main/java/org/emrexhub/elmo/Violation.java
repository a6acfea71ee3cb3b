package org.emrexhub.elmo;

/**
 * One place where a document breaks the schema, told without any value of the document.
 *
 * @param line counted from 1
 * @param column counted from 1
 * @param place path of the element, siblings of one name counted from 1
 * @param message what the schema wants there
 */
public record Violation(int line, int column, String place, String message) {

    @Override
    public String toString() {
        return place + ": " + message + " (line " + line + ", column " + column + ")";
    }
}
