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
 * Exception thrown when a method needs the user of the current request, and no user is
 * signed in. With Spring MVC, the caller is sent to the application's login, as for a
 * feature that requires one.
 *
 * @since 0.1.0
 */
@ResponseStatus(HttpStatus.UNAUTHORIZED)
public class PolarLoginRequiredException extends PolarIdentityException {

	/**
	 * Create an exception.
	 */
	public PolarLoginRequiredException() {
		super("No user is signed in");
	}

}
