/**
 * The ELMO format: its schema, its classes and the rules that the schema can't say.
 *
 * <p>Not a mapper: it never turns anything into ELMO, it judges and reads it.
 */
@NullMarked
package org.emrexhub.elmo;

import org.jspecify.annotations.NullMarked;
