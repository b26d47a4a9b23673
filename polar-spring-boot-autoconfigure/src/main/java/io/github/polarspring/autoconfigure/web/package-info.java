/**
 * Auto-configuration for servlet web applications.
 */
@NullMarked
package io.github.polarspring.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
