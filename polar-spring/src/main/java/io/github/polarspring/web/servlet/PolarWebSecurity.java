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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/**
 * Entry point for Spring Security in servlet applications: who is signed in, how to sign
 * in, and where HTTP sessions are in use. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarWebSecurity implements CurrentUser {

	private static final HttpSessionSecurityContextRepository SESSION = new HttpSessionSecurityContextRepository();

	private final SecurityContextHolderStrategy securityContext;

	private final SecuritySessionPolicy sessionPolicy;

	private final LoginRequirement loginRequirement;

	/**
	 * Create the entry point.
	 * @param chains the filter chains of the application
	 * @param securityContext where the authentication is stored
	 */
	public PolarWebSecurity(ObjectProvider<SecurityFilterChain> chains, SecurityContextHolderStrategy securityContext) {
		this.securityContext = securityContext;
		this.sessionPolicy = new SecuritySessionPolicy(chains, securityContext);
		this.loginRequirement = new EntryPointLoginRequirement(chains);
	}

	/**
	 * Return the strategy that redirects to the application's own login.
	 * @return the strategy
	 */
	public LoginRequirement loginRequirement() {
		return this.loginRequirement;
	}

	/**
	 * Return the authentication. A signed-in user stays signed in where no filter chain
	 * handles the path, and so none looks into the session.
	 */
	@Override
	public @Nullable Principal principal(HttpServletRequest request) {
		Authentication authentication = this.securityContext.getContext().getAuthentication();
		if (authentication == null && request.getAttribute(EntryPointLoginRequirement.IN_CHAIN_ATTRIBUTE) == null) {
			authentication = SESSION.loadDeferredContext(request).get().getAuthentication();
		}
		return SecurityContextUser.signedIn(authentication, request);
	}

	@Override
	public boolean usesSession(HttpServletRequest request) {
		return this.sessionPolicy.usesSession(request);
	}

}
