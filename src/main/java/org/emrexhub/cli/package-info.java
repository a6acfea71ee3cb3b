/**
 * What a person sees at the start: one clear sentence for each thing that is wrong.
 *
 * <p>Not a logger.
 */
@NullMarked
package org.emrexhub.cli;

import org.jspecify.annotations.NullMarked;
