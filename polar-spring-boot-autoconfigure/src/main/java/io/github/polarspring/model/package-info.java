/**
 * Polar's resources, as they come in events. What a later version of Polar adds is read
 * as {@code UNKNOWN} and {@code additionalProperties}, what an older one leaves out as
 * {@code null}, 0 or empty.
 */
@NullMarked
package io.github.polarspring.model;

import org.jspecify.annotations.NullMarked;
