/**
 * Transfers that failed for good: list, groups, replay, discard.
 *
 * <p>Not a queue: the ledger says what is dead, the message in the broker mirrors it.
 */
@NullMarked
package org.emrexhub.deadletter;

import org.jspecify.annotations.NullMarked;
