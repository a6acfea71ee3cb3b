/**
 * Renders a document's human-readable transcript as a PDF.
 *
 * <p>Not a second source of facts: it shows what the ELMO document says.
 */
@NullMarked
package org.emrexhub.transcript;

import org.jspecify.annotations.NullMarked;
