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
 * Base class of the exceptions of this library. Messages and causes never contain the
 * access token, a client secret, a request or response body, or personal data, so they
 * can be logged.
 *
 * @since 0.1.0
 */
public abstract class PolarException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param cause the cause, with a message that can be logged, or {@code null}
	 */
	protected PolarException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
