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

package io.github.polarspring.entitlement;

import java.time.Duration;

import io.github.polarspring.PolarException;
import org.jspecify.annotations.Nullable;

/**
 * Exception thrown when it is not known what a user may do: Polar cannot be read now, and
 * nothing is stored about the user, or the user has paid since; or a team has just bought
 * seats, and Polar may still grant the user the benefits of one. Also thrown when it is
 * not known how much a customer has left on a meter. In a web request, the status of the
 * response is 503. A user must not be offered to buy then.
 *
 * @since 0.1.0
 */
public class PolarEntitlementsUnavailableException extends PolarException {

	private final Duration retryAfter;

	/**
	 * Create an exception.
	 * @param retryAfter when to try again
	 * @param cause why Polar cannot be read, {@code null} if it was not tried
	 */
	public PolarEntitlementsUnavailableException(Duration retryAfter, @Nullable Throwable cause) {
		super((cause != null) ? "The entitlements of the user are not known, because Polar cannot be read now"
				: "The entitlements of the user are not known yet", cause);
		this.retryAfter = retryAfter;
	}

	/**
	 * Create an exception.
	 * @param message what is not known
	 * @param retryAfter when to try again
	 * @param cause why Polar cannot be read, {@code null} if it was not tried
	 */
	public PolarEntitlementsUnavailableException(String message, Duration retryAfter, @Nullable Throwable cause) {
		super(message, cause);
		this.retryAfter = retryAfter;
	}

	/**
	 * Return when to try again.
	 * @return the duration from now
	 */
	public Duration getRetryAfter() {
		return this.retryAfter;
	}

}
