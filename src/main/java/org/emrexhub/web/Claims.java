package org.emrexhub.web;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/** Finds claims of a token, also inside others. */
final class Claims {

    private static final int MAX_LENGTH = 200;

    private Claims() {}

    /** A claim that is a sound text. */
    static Optional<String> text(Jwt token, String name) {
        return find(token, name) instanceof String text && isSound(text) ? Optional.of(text) : Optional.empty();
    }

    /** Whether the ledger can keep a text as the name of somebody: short, and without what would break a log. */
    static boolean isSound(String text) {
        return !text.isBlank() && text.length() <= MAX_LENGTH && !SchemaCheck.refuses(text);
    }

    /** A claim by its whole name, which may have dots itself; else step by step. */
    static @Nullable Object find(Jwt token, String name) {
        Object whole = token.getClaims().get(name);
        if (whole != null) {
            return whole;
        }
        Object here = token.getClaims();
        for (String step : name.split("\\.")) {
            here = here instanceof Map<?, ?> claims ? claims.get(step) : null;
        }
        return here;
    }
}
