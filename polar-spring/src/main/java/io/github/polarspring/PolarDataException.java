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
 * Exception thrown when a value that determines money or identity is missing or cannot be
 * read. Such a value has no default. The JSON that Polar sent is still available from
 * {@code json()} of the resource or {@code payload()} of the event.
 *
 * @since 0.1.0
 */
public class PolarDataException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without the value and without personal data
	 */
	public PolarDataException(String message) {
		super(message, null);
	}

}
