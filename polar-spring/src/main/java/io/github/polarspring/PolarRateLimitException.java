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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Exception thrown when there are too many calls (429). Polar counts calls per
 * organization, across all of its tokens, and did not process this one.
 * {@link #getRetryAfter()} returns when to call again: it exceeds the remainder of {@code
 * polar.http.total-timeout}, or the call was retried and rejected again.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/introduction#rate-limits">Polar's
 * rate limits</a>
 */
public class PolarRateLimitException extends PolarApiException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
	 * @param retryAfter how long Polar asks to wait
	 */
	public PolarRateLimitException(String message, int status, @Nullable String error, @Nullable String detail,
			@Nullable Duration retryAfter) {
		super(message, status, error, detail, retryAfter);
	}

}
