package org.emrexhub.delivery;

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
