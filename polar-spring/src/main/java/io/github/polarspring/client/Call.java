/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.polarspring.client;

import java.util.function.Function;

import io.github.polarspring.PolarException;
import org.jspecify.annotations.Nullable;

/**
 * Call to the Polar API.
 *
 * @param operation method and path with template variables
 * @param retryable whether the call can be retried even if it may have been processed
 * @param single whether the call is never retried
 * @param body the body to send, if any
 * @param fallback returns the body to send instead after a failure
 * @param anonymous whether the call is made without the access token
 * @param limit the {@link System#nanoTime()} by which the call ends, although less than
 * the total timeout has passed, {@code null} for none
 */
record Call(String operation, boolean retryable, boolean single, @Nullable Object body,
		@Nullable Function<PolarException, @Nullable Object> fallback, boolean anonymous, @Nullable Long limit) {

}
