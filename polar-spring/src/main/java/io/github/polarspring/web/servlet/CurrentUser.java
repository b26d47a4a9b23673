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

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as far as the web application knows.
 */
interface CurrentUser {

	/**
	 * Users that the container knows.
	 */
	CurrentUser OF_CONTAINER = HttpServletRequest::getUserPrincipal;

	/**
	 * Return the signed-in user.
	 * @param request the request
	 * @return the user, or {@code null} if no one is signed in
	 */
	@Nullable Principal principal(HttpServletRequest request);

	/**
	 * Return whether HTTP sessions are in use for a request.
	 * @param request the request
	 * @return {@code false} where the application is stateless
	 */
	default boolean usesSession(HttpServletRequest request) {
		return true;
	}

}
