/**
 * The registers and student information systems that this hub serves, read from the folders of its home and checked at start.
 *
 * <p>Not a registry of code: what differs between systems is a folder, never a class.
 */
@NullMarked
package org.emrexhub.catalog;

import org.jspecify.annotations.NullMarked;
