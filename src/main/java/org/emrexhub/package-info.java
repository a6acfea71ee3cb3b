/**
 * The EMREX hub's start, and where it lives.
 *
 * <p>Not a place for anything that a record meets on its way.
 */
@NullMarked
package org.emrexhub;

import org.jspecify.annotations.NullMarked;
