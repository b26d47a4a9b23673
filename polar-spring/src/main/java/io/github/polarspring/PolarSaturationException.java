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
 * As many calls to Polar as allowed are under way, so this one was not made: most likely
 * Polar hangs, and a thread that waits for it is missing elsewhere. Nothing was sent.
 * {@code polar.http.max-concurrent-calls} sets how many there may be. Requests that wait
 * for a checkout session of the same browser are limited, too.
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
