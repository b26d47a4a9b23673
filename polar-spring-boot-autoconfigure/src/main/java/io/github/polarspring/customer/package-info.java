/**
 * Who buys: the link between a user of the application and a customer at Polar.
 */
@NullMarked
package io.github.polarspring.customer;

import org.jspecify.annotations.NullMarked;
