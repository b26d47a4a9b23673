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
 * Polar answered with an error. A subclass exists where a caller acts differently; all
 * others are told apart by {@link #getStatus()} and {@link #getError()}.
 *
 * @since 0.1.0
 */
public class PolarApiException extends PolarException {

	private final int status;

	private final @Nullable String error;

	private final @Nullable String detail;

	private final @Nullable Duration retryAfter;

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 */
	public PolarApiException(String message, int status, @Nullable String error, @Nullable String detail) {
		this(message, status, error, detail, null);
	}

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 * @param retryAfter how long Polar asks to wait
	 */
	public PolarApiException(String message, int status, @Nullable String error, @Nullable String detail,
			@Nullable Duration retryAfter) {
		super(message, null);
		this.status = status;
		this.error = error;
		this.detail = detail;
		this.retryAfter = retryAfter;
	}

	/**
	 * Return the HTTP status of the answer.
	 * @return the status, 400 to 599
	 */
	public int getStatus() {
		return this.status;
	}

	/**
	 * Return Polar's name of the error, such as {@code NotOpenCheckout}.
	 * @return the name, or {@code null} when the answer has none: Polar's platform and
	 * the proxies in front of it answer in forms of their own
	 */
	public @Nullable String getError() {
		return this.error;
	}

	/**
	 * Return Polar's text about the error, meant for developers and cleaned of e-mail
	 * addresses and tokens.
	 * @return the text, or {@code null} when the answer has none
	 */
	public @Nullable String getDetail() {
		return this.detail;
	}

	/**
	 * Return how long Polar, or what stands in front of it, asks to wait before the next
	 * call. Polar says so when there were too many calls (429).
	 * @return the time to wait, or {@code null} when the answer does not say
	 */
	public @Nullable Duration getRetryAfter() {
		return this.retryAfter;
	}

}
