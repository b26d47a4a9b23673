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

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/**
 * Takes a filter chain that does not look into the HTTP session for who is logged in as
 * stateless. Chains do not tell how they were configured, so each is watched once.
 */
final class SecuritySessionPolicy {

	private final ObjectProvider<SecurityFilterChain> chains;

	private final SecurityContextHolderStrategy securityContext;

	private final Map<SecurityFilterChain, Boolean> known = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Create a policy.
	 * @param chains the filter chains of the application
	 * @param securityContext where the authentication is held
	 */
	SecuritySessionPolicy(ObjectProvider<SecurityFilterChain> chains, SecurityContextHolderStrategy securityContext) {
		this.chains = chains;
		this.securityContext = securityContext;
	}

	boolean usesSession(HttpServletRequest request) {
		if (request.getAttribute(EntryPointLoginRequirement.IN_CHAIN_ATTRIBUTE) == null) {
			return true;
		}
		return this.chains.orderedStream().filter((chain) -> chain.matches(request)).findFirst().map((chain) -> {
			Boolean known = this.known.get(chain);
			if (known == null) {
				known = usesSession(chain, request);
				this.known.put(chain, known);
			}
			return known;
		}).orElse(true);
	}

	private boolean usesSession(SecurityFilterChain chain, HttpServletRequest request) {
		Filter filter = chain.getFilters()
			.stream()
			.filter(SecurityContextHolderFilter.class::isInstance)
			.findFirst()
			.orElse(null);
		if (filter == null) {
			return true;
		}
		WatchedRequest watched = new WatchedRequest(request);
		SecurityContext current = this.securityContext.getContext();
		try {
			// asks for nothing before somebody asks who is logged in
			filter.doFilter(watched, null,
					(ignored, response) -> this.securityContext.getContext().getAuthentication());
		}
		catch (IOException | ServletException | RuntimeException ex) {
			return true;
		}
		finally {
			this.securityContext.setContext(current);
		}
		return watched.sessionWanted.get();
	}

	/**
	 * A request without session, which notes who asks for it.
	 */
	private static final class WatchedRequest extends HttpServletRequestWrapper {

		private final AtomicBoolean sessionWanted = new AtomicBoolean();

		WatchedRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable HttpSession getSession(boolean create) {
			this.sessionWanted.set(true);
			return null;
		}

		@Override
		public @Nullable HttpSession getSession() {
			return getSession(true);
		}

		@Override
		public @Nullable Object getAttribute(String name) {
			// with it the filter would not do its work again
			return name.equals(EntryPointLoginRequirement.IN_CHAIN_ATTRIBUTE) ? null : super.getAttribute(name);
		}

		@Override
		public void setAttribute(String name, @Nullable Object value) {
			// kept from the real request
		}

		@Override
		public void removeAttribute(String name) {
			// kept from the real request
		}

	}

}
