package org.emrexhub.transfer;

import java.time.Instant;
import java.util.UUID;

/**
 * Ids that grow with time (RFC 9562, version 7), so that what is written at one moment stands together in every index;
 * by wholly random ids each row dirties another page of each.
 */
final class Ids {

    private static final long VERSION_7 = 0x7000L;
    private static final long RANDOM_IN_FIRST_HALF = 0xfffL;

    private Ids() {}

    static UUID at(Instant now) {
        UUID random = UUID.randomUUID();
        return new UUID(
                now.toEpochMilli() << 16 | VERSION_7 | random.getMostSignificantBits() & RANDOM_IN_FIRST_HALF,
                random.getLeastSignificantBits());
    }
}
