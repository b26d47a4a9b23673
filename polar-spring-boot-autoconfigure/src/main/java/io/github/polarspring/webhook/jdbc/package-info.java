/**
 * An inbox for webhooks in a database.
 */
@NullMarked
package io.github.polarspring.webhook.jdbc;

import org.jspecify.annotations.NullMarked;
