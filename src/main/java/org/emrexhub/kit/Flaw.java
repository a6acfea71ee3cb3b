package org.emrexhub.kit;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what a mapping made of a document.
 *
 * @param code the failure code of a transfer with it
 * @param message what is wrong
 * @param inSource the place in the source document
 * @param inResult the place in the result
 * @param inMapping the stylesheet's line that made it
 */
public record Flaw(
        String code,
        String message,
        @Nullable Spot inSource,
        @Nullable Spot inResult,
        @Nullable Spot inMapping) {

    static Flaw at(String code, String message, @Nullable Spot inSource) {
        return new Flaw(code, message, inSource, null, null);
    }
}
