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

package io.github.polarspring.web.servlet;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * Strategy for callers who must log in: to open the customer portal, to use a feature,
 * and to buy, if {@code polar.checkout.require-login} is set. With Spring Security, the
 * default redirects to the application's login. A bean of this type replaces it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LoginRequirement {

	/**
	 * Return the exception to throw if no user is signed in.
	 * @param request the caller's request
	 * @return an exception that redirects to the login, or a
	 * {@link LoginRequiredException}
	 */
	RuntimeException exception(HttpServletRequest request);

	/**
	 * Exception thrown when the caller must log in. Results in a response with the status
	 * 401.
	 */
	final class LoginRequiredException extends ErrorResponseException {

		/**
		 * Create an exception.
		 */
		public LoginRequiredException() {
			super(HttpStatus.UNAUTHORIZED);
			setDetail("Log in to continue.");
		}

	}

}
