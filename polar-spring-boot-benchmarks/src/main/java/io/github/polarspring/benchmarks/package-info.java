/**
 * Benchmarks.
 */
@NullMarked
package io.github.polarspring.benchmarks;

import org.jspecify.annotations.NullMarked;
