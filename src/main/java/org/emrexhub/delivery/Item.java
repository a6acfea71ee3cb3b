package org.emrexhub.delivery;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One credit of one transfer at the target.
 *
 * @param ref ordinal of the credit in the document
 * @param position of the learning opportunity instance, the number behind {@code ref}
 * @param creditKey its id at the target
 * @param version of date, result and size
 * @param sentVersion the version that was sent last, if any was
 * @param supersedes the credit key, the same or an earlier one, under which another version may be at the target
 */
public record Item(
        String ref,
        int position,
        String creditKey,
        String version,
        @Nullable String sentVersion,
        @Nullable String supersedes,
        Outcome outcome,
        @Nullable String code,
        @Nullable String targetId) {

    /** Code of the second mention of a credit in one document: it is not sent, and tells nothing of what the target has. */
    static final String REPEATED = "credit_repeated";

    /** Code of the second mention of a credit that differs from the first. */
    static final String CONTRADICTS = "credit_contradicts";

    /** Code of a credit that may be at the target and that today's document does not have. */
    static final String NO_LONGER_MAPPED = "no_longer_mapped";

    /** Code of a credit whose place at the target another one has taken. */
    static final String SUPERSEDED = "superseded";

    boolean isRepeated() {
        return REPEATED.equals(code);
    }

    boolean isSuperseded() {
        return SUPERSEDED.equals(code);
    }

    /** Whether it was sent, surely or perhaps, or is at the target by another transfer. */
    boolean wasSent() {
        return outcome == Outcome.UNKNOWN || (outcome.isDone() && !isRepeated());
    }

    /** Whether the target may have it, in this version or an earlier one. */
    boolean mayBeThere() {
        return !isSuperseded() && (wasSent() || creditKey.equals(supersedes));
    }

    /** The key of another credit whose place this one takes at the target. */
    public Optional<String> supersedesOther() {
        return Optional.ofNullable(supersedes).filter(other -> !other.equals(creditKey));
    }

    /**
     * Whether a target that has the id has this version too: it was the last that was sent, no other one may stand there
     * since before, and nothing else is to be taken out.
     */
    public boolean isThereIfItsIdIs() {
        return version.equals(sentVersion) && supersedes == null;
    }

    /** The same, if nobody knows which version of it was sent last, by this transfer or by another one. */
    Item withoutSentVersion() {
        return new Item(ref, position, creditKey, version, null, supersedes, outcome, code, targetId);
    }

    /** The key under which the target may have it, or what it replaces, should this credit get another key. */
    Optional<String> leaves() {
        return mayBeThere() ? Optional.of(creditKey) : supersedesOther();
    }

    /** Whether the document names this credit before: then it is never sent. */
    boolean isSecondMention() {
        return isRepeated() || CONTRADICTS.equals(code);
    }

    Item withCode(String newCode) {
        return new Item(ref, position, creditKey, version, sentVersion, supersedes, outcome, newCode, targetId);
    }

    /** What came of an item. */
    public enum Outcome {
        PENDING,
        UNKNOWN,
        ACCEPTED,
        DUPLICATE,
        REJECTED;

        boolean isDone() {
            return this == ACCEPTED || this == DUPLICATE;
        }
    }
}
