/**
 * Polar's environments and the exceptions of calls to its API.
 */
@NullMarked
package io.github.polarspring;

import org.jspecify.annotations.NullMarked;
