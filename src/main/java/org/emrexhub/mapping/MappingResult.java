package org.emrexhub.mapping;

import java.util.List;
import java.util.Objects;
import net.sf.saxon.s9api.XdmNode;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping made of one register's answer, every record accounted for.
 *
 * @param result the whole {@code hub:result}; absent once it was let go of
 * @param mappingVersion content hash of the mapping folder and of {@code mappings/elmo}
 * @param refs references of all records, in the order of the answer
 * @param mapped references of the records that are in the document
 * @param skipped records left out, each by a named rule
 * @param findings what a person should know of
 */
public record MappingResult(
        @Nullable XdmNode result,
        String mappingVersion,
        List<String> refs,
        List<String> mapped,
        List<Skipped> skipped,
        List<Finding> findings) {

    public MappingResult {
        refs = List.copyOf(refs);
        mapped = List.copyOf(mapped);
        skipped = List.copyOf(skipped);
        findings = List.copyOf(findings);
    }

    /** The account without the result, which may be large. */
    public MappingResult withoutResult() {
        return new MappingResult(null, mappingVersion, refs, mapped, skipped, findings);
    }

    /** The whole {@code hub:result} in UTF-8. */
    public byte[] xml() {
        return Stylesheets.serialize(Objects.requireNonNull(result));
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
