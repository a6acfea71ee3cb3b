/**
 * The one way in which the hub calls a register or a student information system over HTTP: what the HTTP component can't
 * do in YAML, namely a time-out for the whole exchange, a limit for the answer, and a failure code for every way to fail.
 *
 * <p>Not aware of any system: addresses, methods and credentials come from the calling route.
 */
@NullMarked
package org.emrexhub.pipeline.http;

import org.jspecify.annotations.NullMarked;
