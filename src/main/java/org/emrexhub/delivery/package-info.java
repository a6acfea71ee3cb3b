/**
 * The claim, the items and the record of one delivery to a student information system.
 *
 * <p>Not the call itself: routes push, this package decides what may be sent and writes down what came of it.
 */
@NullMarked
package org.emrexhub.delivery;

import org.jspecify.annotations.NullMarked;
