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

import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.util.ClassUtils;

/**
 * Lookup of the signed-in user. With Spring Security, no user is signed in on a path that
 * no filter chain handles.
 */
final class CurrentUser {

	private static final boolean SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.core.Authentication", CurrentUser.class.getClassLoader());

	private static final String FILTER_CHAIN = "springSecurityFilterChain";

	private final BeanFactory beanFactory;

	CurrentUser(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Nullable Principal of(HttpServletRequest request) {
		return SECURITY_PRESENT ? Security.principal(request, this.beanFactory) : request.getUserPrincipal();
	}

	private static final class Security {

		private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

		/**
		 * Return the signed-in user. An anonymous authentication does not count: its name
		 * is the same for all guests.
		 */
		static @Nullable Principal principal(HttpServletRequest request, BeanFactory beanFactory) {
			Authentication authentication = beanFactory.getBeanProvider(SecurityContextHolderStrategy.class)
				.getIfUnique(SecurityContextHolder::getContextHolderStrategy)
				.getContext()
				.getAuthentication();
			if (authentication == null) {
				return beanFactory.containsBean(FILTER_CHAIN) ? null : request.getUserPrincipal();
			}
			return TRUST.isAuthenticated(authentication) ? authentication : null;
		}

	}

}
