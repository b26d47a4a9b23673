/**
 * What Polar tells the application: webhooks, verified and typed.
 */
@NullMarked
package io.github.polarspring.webhook;

import org.jspecify.annotations.NullMarked;
