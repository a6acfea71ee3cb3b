package org.emrexhub.mapping;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping made of one register's answer, every record accounted for.
 *
 * @param xml the whole {@code hub:result}
 * @param mappingVersion content hash of the mapping folder and of {@code mappings/elmo}
 * @param refs references of all records, in the order of the answer
 * @param mapped references of the records that are in the document
 * @param skipped records left out, each by a named rule
 * @param findings what a person should know of
 */
public record MappingResult(
        byte[] xml,
        String mappingVersion,
        List<String> refs,
        List<String> mapped,
        List<Skipped> skipped,
        List<Finding> findings) {

    private static final byte[] NO_XML = {};

    public MappingResult {
        refs = List.copyOf(refs);
        mapped = List.copyOf(mapped);
        skipped = List.copyOf(skipped);
        findings = List.copyOf(findings);
    }

    /** The account without the result, which may be large. */
    public MappingResult withoutXml() {
        return new MappingResult(NO_XML, mappingVersion, refs, mapped, skipped, findings);
    }

    /** How many records the answer holds. */
    public int records() {
        return refs.size();
    }

    /** A record left out by a named rule; the text explains the rule to people. */
    public record Skipped(String ref, String rule, String text) {}

    /**
     * Something a person should know of; severity {@code info} or {@code warning}, the text explains the rule. Register
     * and record are absent where the finding is about the whole document or answer.
     */
    public record Finding(
            @Nullable String register, @Nullable String ref, String rule, String severity, String text) {}
}
