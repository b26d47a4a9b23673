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

import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Users of applications with the core of Spring Security only.
 */
final class SecurityContextUser implements CurrentUser {

	private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

	@Override
	public @Nullable Principal principal(HttpServletRequest request) {
		return signedIn(SecurityContextHolder.getContext().getAuthentication(), request);
	}

	/**
	 * Return who is signed in. An anonymous authentication is no one: its name is the
	 * same for all guests.
	 */
	static @Nullable Principal signedIn(@Nullable Authentication authentication, HttpServletRequest request) {
		if (authentication == null) {
			return request.getUserPrincipal();
		}
		return TRUST.isAuthenticated(authentication) ? authentication : null;
	}

}
