package org.emrexhub.delivery;

import org.jspecify.annotations.Nullable;

/** What the target said of one item. */
public record ItemResult(
        Said said, @Nullable String code, @Nullable String targetId) {

    /** The words of the integrator's contract. */
    public enum Said {
        ACCEPTED,
        DUPLICATE,
        REJECTED,
        /** Not taken now; may be sent again. */
        RETRY,
        /** It may have landed. */
        UNKNOWN
    }
}
