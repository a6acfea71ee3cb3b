package org.emrexhub.failure;

import org.jspecify.annotations.Nullable;

/**
 * A step of a transfer failed with a code. The detail says what and where (a table, a file, a place in the schema),
 * never payload: it is shown to operators and stands in the ledger.
 */
public class HubFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureCode code;
    private final @Nullable String detail;

    /** A failure without more to say than its code. */
    public HubFailure(FailureCode code) {
        this(code, null, null);
    }

    /** A failure with a detail free of payload. */
    public HubFailure(FailureCode code, @Nullable String detail) {
        this(code, detail, null);
    }

    /** A failure with a detail free of payload and the cause. */
    public HubFailure(FailureCode code, @Nullable String detail, @Nullable Throwable cause) {
        super(detail == null ? code.wireName() : code.wireName() + ": " + detail, cause);
        this.code = code;
        this.detail = detail;
    }

    /** Why it failed. */
    public FailureCode code() {
        return code;
    }

    /** What and where, free of payload; {@code null} if the code says it all. */
    public @Nullable String detail() {
        return detail;
    }
}
