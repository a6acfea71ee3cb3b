package org.emrexhub.transfer;

import java.util.Optional;
import java.util.UUID;

/** The encrypted documents of transfers. */
public class Documents {

    /** A document's plain bytes; {@code part} is the register for SOURCE, else empty. */
    public Optional<byte[]> find(UUID transferId, DocumentKind kind, String part) {
        throw new UnsupportedOperationException();
    }
}
