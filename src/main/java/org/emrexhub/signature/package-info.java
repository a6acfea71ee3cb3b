/**
 * Signs and verifies ELMO documents by XML signature, and holds the hub's keys.
 *
 * <p>Not the place that decides whom to trust beyond the key it is given.
 */
@NullMarked
package org.emrexhub.signature;

import org.jspecify.annotations.NullMarked;
