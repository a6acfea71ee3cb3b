package org.emrexhub.transfer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;

/** Where a page of a list that is newest first ended; to a client an opaque word. */
public record PageKey(Instant createdAt, UUID id) {

    /** What a database can compare with: one that was never written by {@link #write()} may say anything. */
    private static final int FIRST_YEAR = 1970;

    private static final int LAST_YEAR = 9999;

    /** The word that a client sends back. */
    public String write() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((createdAt + "/" + id).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Reads what a client sent back.
     *
     * @param pointer where it stands in the request
     */
    public static PageKey read(String after, String pointer) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.US_ASCII).split("/", 2);
            Instant createdAt = Instant.parse(parts[0]);
            int year = createdAt.atOffset(ZoneOffset.UTC).getYear();
            if (year >= FIRST_YEAR && year <= LAST_YEAR) {
                return new PageKey(createdAt, UUID.fromString(parts[1]));
            }
        } catch (RuntimeException unreadable) {
            throw malformed(pointer);
        }
        throw malformed(pointer);
    }

    private static Problem malformed(String pointer) {
        return new Problem(
                ProblemCode.REQUEST_INVALID,
                "'after' must be the 'next' of an earlier page. Take it from there, or leave it out for the first page.",
                List.of(new Problem.Fault(pointer, "format_invalid")));
    }
}
