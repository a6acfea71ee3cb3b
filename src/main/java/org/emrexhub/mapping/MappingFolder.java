package org.emrexhub.mapping;

import java.nio.file.Path;
import java.util.Map;

/**
 * A register's mapping folder, with what its descriptor says of the answer.
 *
 * @param folder holds {@code to-elmo.xsl} and {@code code-tables.xml}
 * @param format of the answer
 * @param records XPath of every record, over the XML, or over the XPath 3.1 XML form of JSON
 * @param recordRef XPath, relative to a record, of the reference that the mapping gives it
 * @param namespaces prefixes for both
 */
public record MappingFolder(
        Path folder, Format format, String records, String recordRef, Map<String, String> namespaces) {

    /** The form of a register's answer. */
    public enum Format {
        XML,
        JSON
    }

    public MappingFolder {
        namespaces = Map.copyOf(namespaces);
    }

    Path stylesheet() {
        return folder.resolve("to-elmo.xsl");
    }

    Path tables() {
        return folder.resolve(CodeTables.FILE);
    }
}
