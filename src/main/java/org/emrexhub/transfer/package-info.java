/**
 * The ledger: transfers, their sources, consents, documents, events and the outbox, and every change of state as one SQL transaction.
 *
 * <p>Not a place for Camel, HTTP or a message: a message is only a reference to what stands here.
 */
@NullMarked
package org.emrexhub.transfer;

import org.jspecify.annotations.NullMarked;
