/**
 * Runs a mapping folder's stylesheet over a register's answer and accounts for every record in it.
 *
 * <p>Not aware of transfers, databases or routes: bytes and parameters in, a result or a failure code out.
 */
@NullMarked
package org.emrexhub.mapping;

import org.jspecify.annotations.NullMarked;
