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
import java.util.Optional;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lookup of the signed-in user. With Spring Security, no user is signed in on a path that
 * no filter chain handles.
 */
final class CurrentUser {

	private static final boolean SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.core.Authentication", CurrentUser.class.getClassLoader());

	private static final String FILTER_CHAIN = "springSecurityFilterChain";

	private final @Nullable Security security;

	CurrentUser(BeanFactory beanFactory) {
		this.security = SECURITY_PRESENT ? new Security(beanFactory) : null;
	}

	@Nullable Principal of(HttpServletRequest request) {
		return (this.security != null) ? this.security.principal(request) : request.getUserPrincipal();
	}

	/**
	 * Return the user on whose behalf the current thread runs, if it is not that of a
	 * request.
	 */
	@Nullable Principal ofThread() {
		return (this.security != null) ? this.security.principal() : null;
	}

	private static final class Security {

		private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

		private final BeanFactory beanFactory;

		private final Supplier<Optional<SecurityContextHolderStrategy>> strategy;

		Security(BeanFactory beanFactory) {
			this.beanFactory = beanFactory;
			this.strategy = SingletonSupplier.of(() -> Optional
				.ofNullable(beanFactory.getBeanProvider(SecurityContextHolderStrategy.class).getIfUnique()));
		}

		/**
		 * Return the signed-in user. An anonymous authentication does not count: its name
		 * is the same for all guests.
		 */
		@Nullable Principal principal(HttpServletRequest request) {
			Authentication authentication = authentication();
			if (authentication == null) {
				return this.beanFactory.containsBean(FILTER_CHAIN) ? null : request.getUserPrincipal();
			}
			return TRUST.isAuthenticated(authentication) ? authentication : null;
		}

		@Nullable Principal principal() {
			Authentication authentication = authentication();
			return TRUST.isAuthenticated(authentication) ? authentication : null;
		}

		private @Nullable Authentication authentication() {
			return this.strategy.get()
				.orElseGet(SecurityContextHolder::getContextHolderStrategy)
				.getContext()
				.getAuthentication();
		}

	}

}
