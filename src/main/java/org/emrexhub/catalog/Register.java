package org.emrexhub.catalog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A source register, as its {@code register.yaml} describes it.
 *
 * @param id lower kebab, the folder's name
 * @param title for people
 * @param identifiers the types of identifier that it takes, each with the pattern of a well-formed value
 * @param namespaces prefixes for {@code records} and {@code recordRef}
 * @param format of the answer
 * @param records XPath that selects every record of an answer, over the XML, or over the XPath 3.1 XML form of JSON
 * @param recordRef XPath, relative to a record, of the reference that the mapping gives it
 * @param timeout the longest a pull may take, all calls together
 * @param datasource whether its routes query a database of its own, by the settings {@code url, username, password}
 * @param settings the configured values {@code emrexhub.registers.<id>.*} of the declared properties, defaults filled in
 * @param secrets names of the settings that are passwords
 * @param routes folder of its routes
 * @param mapping folder of its mapping
 */
public record Register(
        String id,
        String title,
        Map<String, Pattern> identifiers,
        Map<String, String> namespaces,
        SourceFormat format,
        String records,
        String recordRef,
        Duration timeout,
        boolean datasource,
        Map<String, String> settings,
        Set<String> secrets,
        Path routes,
        Path mapping) {

    /** The form of a register's answer. */
    public enum SourceFormat {
        XML,
        JSON
    }

    /** The settings that a mapping may see: all but the passwords. */
    public Map<String, String> parameters() {
        return Settings.without(secrets, settings);
    }
}
