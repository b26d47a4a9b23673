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
 * Exception thrown when Polar responds with an error. There is a subclass for each kind
 * of error that callers handle differently; use {@link #getStatus()} and
 * {@link #getError()} to distinguish all others.
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
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
	 */
	public PolarApiException(String message, int status, @Nullable String error, @Nullable String detail) {
		this(message, status, error, detail, null);
	}

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
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
	 * Return the HTTP status of the response.
	 * @return the status, 400 to 599
	 */
	public int getStatus() {
		return this.status;
	}

	/**
	 * Return Polar's name of the error, such as {@code NotOpenCheckout}.
	 * @return the name, or {@code null} if the response does not contain one, or was sent
	 * by a proxy, a firewall or another server
	 */
	public @Nullable String getError() {
		return this.error;
	}

	/**
	 * Return Polar's description of the error, intended for developers. E-mail addresses
	 * and tokens are removed.
	 * @return the description, or {@code null} if the response does not contain one, or
	 * was sent by a proxy, a firewall or another server
	 */
	public @Nullable String getDetail() {
		return this.detail;
	}

	/**
	 * Return how long Polar, or a proxy in front of it, asks to wait before the next
	 * call. Polar specifies this when there are too many calls (429).
	 * @return the time to wait, or {@code null} if the response does not specify it
	 */
	public @Nullable Duration getRetryAfter() {
		return this.retryAfter;
	}

}
