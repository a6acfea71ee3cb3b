package org.emrexhub.pipeline.files;

/**
 * What is wrong at one place of a file, in words that hold nothing of the file but names of columns.
 *
 * @param line counted from 1; 0 where the whole file is meant
 * @param column name of the column, or empty
 * @param fault such as {@code is no ISO date}
 * @param remedy what its owner does about it
 */
record Fault(long line, String column, String fault, String remedy) {

    /** In one phrase. */
    String phrase() {
        String where = line > 0 ? "line " + line : "the file";
        return column.isEmpty() ? where + " " + fault : where + ", column " + column + " " + fault;
    }
}
