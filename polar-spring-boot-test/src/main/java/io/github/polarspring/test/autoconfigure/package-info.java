/**
 * Auto-configuration of the fake for applications without an access token.
 */
@NullMarked
package io.github.polarspring.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
