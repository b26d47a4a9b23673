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
 * Exception thrown when Polar does not support the requested API version (a bare 404).
 * Polar supports a version for about nine months. To move to the next one without a new
 * release of this library, set {@code polar.api-version}.
 *
 * @since 0.1.0
 */
public class PolarApiVersionException extends PolarApiException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
	 */
	public PolarApiVersionException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, status, error, detail);
	}

}
