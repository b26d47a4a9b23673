/**
 * A small shop that sells with Polar.
 */
@NullMarked
package io.github.polarspring.sample;

import org.jspecify.annotations.NullMarked;
