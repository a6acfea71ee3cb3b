package org.emrexhub.elmo;

import org.jspecify.annotations.Nullable;

/**
 * One credit of a document: a learning opportunity instance (LOI) with credits of its own that was passed.
 *
 * @param position 1-based place of the LOI among all LOIs, in document order
 * @param issuer the issuer's identifier, schac before any other, else its title
 * @param issuerTitle for people
 * @param losId the specification's identifier, {@code local} before any other, else its title
 * @param loiId the instance's first identifier, or empty
 * @param title for people
 * @param date of the result, ISO, or {@code null}
 * @param result the result's label, or {@code null}
 * @param credits the value of the first credit, as written
 */
public record Credit(
        int position,
        String issuer,
        String issuerTitle,
        String losId,
        String loiId,
        String title,
        @Nullable String date,
        @Nullable String result,
        String credits) {}
