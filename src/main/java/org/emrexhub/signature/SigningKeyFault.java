package org.emrexhub.signature;

import org.jspecify.annotations.Nullable;

/** The hub's signing key can't be used; the message is one sentence for the operator who starts the hub. */
public class SigningKeyFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SigningKeyFault(String sentence) {
        this(sentence, null);
    }

    SigningKeyFault(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
