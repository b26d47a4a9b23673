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

/**
 * Exception thrown when a call is rejected because the maximum number of concurrent calls
 * to Polar is in progress. Most likely Polar hangs; the limit keeps it from blocking all
 * threads of the application. Nothing was sent. Set the limit with {@code
 * polar.http.max-concurrent-calls}.
 *
 * @since 0.1.0
 */
public class PolarSaturationException extends PolarConnectionException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 */
	public PolarSaturationException(String message) {
		super(message, null);
	}

}
