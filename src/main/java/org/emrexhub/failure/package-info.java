/**
 * What can go wrong: the failure codes of a transfer, the problem codes of the API, and the one exception that carries a code.
 *
 * <p>Not a place for handling: who meets a failure decides with {@code FailureCode.kind()}.
 */
@NullMarked
package org.emrexhub.failure;

import org.jspecify.annotations.NullMarked;
