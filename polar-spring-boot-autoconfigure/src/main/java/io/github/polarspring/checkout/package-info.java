/**
 * Checkout sessions: the pages on which Polar takes a payment.
 */
@NullMarked
package io.github.polarspring.checkout;

import org.jspecify.annotations.NullMarked;
