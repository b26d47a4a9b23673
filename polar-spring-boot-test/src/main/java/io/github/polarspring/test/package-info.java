/**
 * Polar on a laptop: a fake of its API and checkout page, for tests and local
 * development.
 */
@NullMarked
package io.github.polarspring.test;

import org.jspecify.annotations.NullMarked;
