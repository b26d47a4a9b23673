/**
 * HTTP client for the Polar API.
 */
@NullMarked
package io.github.polarspring.client;

import org.jspecify.annotations.NullMarked;
