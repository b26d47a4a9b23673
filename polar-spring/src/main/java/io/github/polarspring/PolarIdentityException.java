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
 * Says that a user is signed in, but that it is not certain which external customer id
 * the user has, so nothing was sold. The message tells the developer which class and
 * which setting to change; it never contains the name or the id of the user.
 *
 * @since 0.1.0
 */
public class PolarIdentityException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without personal data
	 */
	public PolarIdentityException(String message) {
		super(message, null);
	}

}
