/**
 * The REST API's edge: who calls, what the request says, what the answer looks like.
 *
 * <p>Not the flow behind it: every operation is a route in {@code routes/api}.
 */
@NullMarked
package org.emrexhub.web;

import org.jspecify.annotations.NullMarked;
