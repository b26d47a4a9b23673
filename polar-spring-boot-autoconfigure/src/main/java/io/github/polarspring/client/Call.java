package io.github.polarspring.client;

import org.jspecify.annotations.Nullable;

/**
 * What is called.
 *
 * @param operation method and path with template variables
 * @param repeatable whether a repetition does no harm if the call was processed
 * @param body what to send, if it can change between attempts
 * @param anonymous whether it does without the access token
 */
record Call(String operation, boolean repeatable, @Nullable RepeatableBody body, boolean anonymous) {

}
