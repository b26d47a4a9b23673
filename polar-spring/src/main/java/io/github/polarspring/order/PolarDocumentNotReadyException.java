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

package io.github.polarspring.order;

import java.time.Duration;

import io.github.polarspring.PolarException;

/**
 * Exception thrown when Polar has not generated an invoice or a receipt in time. It will
 * be there later. In a web request, the status of the response is 503.
 *
 * @since 0.1.0
 */
public class PolarDocumentNotReadyException extends PolarException {

	private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 */
	public PolarDocumentNotReadyException(String message) {
		super(message, null);
	}

	/**
	 * Return when to try again.
	 * @return the duration from now
	 */
	public Duration getRetryAfter() {
		return RETRY_AFTER;
	}

}
