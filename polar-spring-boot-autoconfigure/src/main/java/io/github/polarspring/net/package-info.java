/**
 * IP addresses.
 */
@NullMarked
package io.github.polarspring.net;

import org.jspecify.annotations.NullMarked;
