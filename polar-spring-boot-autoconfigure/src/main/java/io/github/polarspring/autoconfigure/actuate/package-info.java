/**
 * Auto-configuration for health, metrics and the actuator endpoint.
 */
@NullMarked
package io.github.polarspring.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
