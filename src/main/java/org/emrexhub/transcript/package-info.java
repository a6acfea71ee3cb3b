/**
 * Renders a document's human-readable transcript as a PDF.
 *
 * <p>Not a second source of facts: it shows what the ELMO document says. Its fonts have no Chinese, Japanese, Korean or
 * Indic letters: a page with such says that they are printed as {@code #}.
 */
@NullMarked
package org.emrexhub.transcript;

import org.jspecify.annotations.NullMarked;
