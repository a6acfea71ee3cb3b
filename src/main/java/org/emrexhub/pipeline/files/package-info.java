/**
 * Files that an institution drops into a folder: which of them are whole, what stands in their rows, and what is wrong
 * with them, told to their owner in a file beside each.
 *
 * <p>Not aware of any register: folder, delimiter and columns come from the calling route. Nothing is moved, changed or
 * deleted here: the original is the institution's.
 */
@NullMarked
package org.emrexhub.pipeline.files;

import org.jspecify.annotations.NullMarked;
