/**
 * The temporary repository: imports that wait until somebody decides, with the credit transfer application.
 *
 * <p>Not a delivery: once decided, an import goes the ordinary way.
 */
@NullMarked
package org.emrexhub.imports;

import org.jspecify.annotations.NullMarked;
