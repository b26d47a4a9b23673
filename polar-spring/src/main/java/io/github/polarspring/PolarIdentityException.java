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

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * Exception thrown when a user is signed in whose external customer id cannot be
 * determined with certainty. No checkout session is created. The message names the class
 * and the setting to change; it never contains the name or the id of the user. In a web
 * request, the status of the response is 403.
 *
 * @since 0.1.0
 */
@ResponseStatus(HttpStatus.FORBIDDEN)
public class PolarIdentityException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without personal data
	 */
	public PolarIdentityException(String message) {
		super(message, null);
	}

}
