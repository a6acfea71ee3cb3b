/**
 * What a person at a terminal sees: at the start one clear sentence for each thing that is wrong, and the answers of the
 * commands.
 *
 * <p>Not a logger.
 */
@NullMarked
package org.emrexhub.cli;

import org.jspecify.annotations.NullMarked;
