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
 * Exception thrown when there is no usable response from Polar: the connection failed,
 * timed out or was reset, TLS failed, or the response was a redirect, was too large or
 * could not be read. It is unknown whether a write was processed, except for a
 * {@link PolarSaturationException}.
 *
 * @since 0.1.0
 */
public class PolarConnectionException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param cause the failure of the HTTP client, with a message that can be logged, or
	 * {@code null}
	 */
	public PolarConnectionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
