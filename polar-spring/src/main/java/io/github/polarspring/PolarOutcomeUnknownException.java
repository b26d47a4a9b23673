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
 * Exception thrown when it is not known whether Polar made a change that can move money,
 * such as a change of the plan or a refund: there was no complete response, and the
 * change was not visible within the time that the library waits for it. Polar may still
 * make it.
 * <p>
 * The library has not repeated the call. Tell the user that the outcome is not known yet,
 * and read the subscription or the order again later.
 *
 * @since 0.1.0
 */
public class PolarOutcomeUnknownException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param cause why there was no complete response, or {@code null}
	 */
	public PolarOutcomeUnknownException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
