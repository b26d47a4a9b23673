/**
 * Auto-configuration for applications with Spring Security.
 */
@NullMarked
package io.github.polarspring.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
