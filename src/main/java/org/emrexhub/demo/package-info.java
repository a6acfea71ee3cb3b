/**
 * What only the demo profile has: simulated systems, demo users, the first transfer and its story.
 *
 * <p>Not present in production: every bean here belongs to the profile {@code demo}.
 */
@NullMarked
package org.emrexhub.demo;

import org.jspecify.annotations.NullMarked;
