package org.emrexhub.transfer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;

/**
 * A page of transfers, newest first.
 *
 * @param next opaque key of the next page, {@code null} on the last
 */
public record TransferPage(List<Row> items, @Nullable String next) {

    /** One transfer in a list. */
    public record Row(
            UUID id,
            Stage stage,
            Status status,
            String sis,
            List<String> registers,
            @Nullable FailureCode failureCode,
            Instant createdAt,
            Instant updatedAt) {}
}
