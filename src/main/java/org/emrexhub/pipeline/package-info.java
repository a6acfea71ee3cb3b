/**
 * The beans that the hub's routes call, and the consumers made from the catalogue.
 *
 * <p>Not the flow itself: that stands in {@code routes/hub}, one file per step.
 */
@NullMarked
package org.emrexhub.pipeline;

import org.jspecify.annotations.NullMarked;
