/**
 * Checks what the tests of all modules send and read against Polar's OpenAPI documents,
 * which are not part of this project: the system property {@code polar.openapi} names
 * their directory.
 */
@NullMarked
package io.github.polarspring.conformance;

import org.jspecify.annotations.NullMarked;
