/**
 * Auto-configuration for webhooks.
 */
@NullMarked
package io.github.polarspring.autoconfigure.webhook;

import org.jspecify.annotations.NullMarked;
