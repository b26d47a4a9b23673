/**
 * Tells tests what the public API is.
 */
@NullMarked
package io.github.polarspring.api;

import org.jspecify.annotations.NullMarked;
