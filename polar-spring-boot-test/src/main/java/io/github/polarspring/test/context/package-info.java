/**
 * The fake in Spring's tests.
 */
@NullMarked
package io.github.polarspring.test.context;

import org.jspecify.annotations.NullMarked;
