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

package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Exception thrown when the current state of an object does not permit a call, such as a
 * change of the product of a subscription that is set to cancel. Read the object again
 * and show its state to the user: repeating the call does not help.
 * <p>
 * Polar responds with 409, with 410 if the object has ended, with 400 for seats, and in
 * many cases with 403, which has nothing to do with the access token then.
 * {@link #getError()} names the reason, such as {@code AlreadyCanceledSubscription}.
 *
 * @since 0.1.0
 */
public class PolarConflictException extends PolarApiException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
	 */
	public PolarConflictException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, status, error, detail);
	}

}
