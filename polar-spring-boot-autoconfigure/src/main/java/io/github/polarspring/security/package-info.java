/**
 * Customers from Spring Security's authentication.
 */
@NullMarked
package io.github.polarspring.security;

import org.jspecify.annotations.NullMarked;
