/**
 * Checkout from Spring MVC controllers, and the shopper's IP address.
 */
@NullMarked
package io.github.polarspring.web;

import org.jspecify.annotations.NullMarked;
