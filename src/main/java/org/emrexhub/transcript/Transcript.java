package org.emrexhub.transcript;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person reads of an ELMO document, in the order of the page.
 *
 * @param missing the registers that could not be asked, as people call them
 */
record Transcript(Instant generatedAt, Learner learner, List<Institution> institutions, List<String> missing) {

    /** The person, with what proves the identity. */
    record Learner(
            String givenNames,
            String familyName,
            @Nullable String birthDate,
            @Nullable String citizenship,
            List<Identifier> identifiers) {}

    /** A number or name by which somebody else knows the same thing. */
    record Identifier(String type, String value) {}

    /**
     * What one institution records.
     *
     * @param originalTitle the name in the institution's language, if it is another
     * @param records in document order; parts follow what they are part of
     */
    record Institution(
            String title,
            @Nullable String originalTitle,
            @Nullable String country,
            List<Identifier> identifiers,
            String issuedOn,
            List<StudyRecord> records,
            List<GradingScale> gradingScales) {}

    /**
     * One degree, module, course or class.
     *
     * @param depth how many records it is part of
     * @param gradingScale the number of its scale on the page
     */
    record StudyRecord(
            int depth,
            String title,
            @Nullable String originalTitle,
            @Nullable String type,
            @Nullable String code,
            @Nullable String date,
            @Nullable String result,
            @Nullable Integer gradingScale,
            List<String> credits,
            List<String> levels,
            @Nullable String status,
            @Nullable String language) {}

    /** What the grades mean. */
    record GradingScale(int number, String description) {}
}
