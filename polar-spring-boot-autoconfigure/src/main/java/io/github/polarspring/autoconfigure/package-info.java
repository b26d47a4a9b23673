/**
 * Auto-configuration of the client and of checkout sessions.
 */
@NullMarked
package io.github.polarspring.autoconfigure;

import org.jspecify.annotations.NullMarked;
