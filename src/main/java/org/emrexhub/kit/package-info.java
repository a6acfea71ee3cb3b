/**
 * What an integrator works with before a hub runs: maps one document and says what is wrong with it and where, compares
 * it with what is expected, looks which fields of a source reach the ELMO, writes the folder of a new system.
 *
 * <p>Not a part of the running hub: nothing here sees a learner's transfer.
 */
@NullMarked
package org.emrexhub.kit;

import org.jspecify.annotations.NullMarked;
