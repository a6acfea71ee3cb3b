package org.emrexhub.transfer;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads transfers for people and programs; never changes one. */
public class TransferViews {

    /** Everything about one transfer, or nothing if the caller may not know of it. */
    public Optional<TransferDetails> details(UUID id, Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** A page of transfers, newest first. */
    public TransferPage page(TransferFilter filter, @Nullable String after, int size) {
        throw new UnsupportedOperationException();
    }
}
