package org.emrexhub.transfer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;

/**
 * Which transfers to list or replay; what is {@code null} does not restrict.
 *
 * @param destination the register or student information system at which a transfer died
 * @param from not created before
 * @param to created before
 * @param ids only these, if not empty
 */
public record TransferFilter(
        @Nullable String institution,
        @Nullable Stage stage,
        @Nullable Status status,
        @Nullable String register,
        @Nullable String sis,
        @Nullable String destination,
        @Nullable FailureCode failureCode,
        @Nullable Instant from,
        @Nullable Instant to,
        List<UUID> ids) {}
