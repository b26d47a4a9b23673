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

import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/**
 * Leads to the login of the application: by the exception that its filter chain expects
 * or, where no chain watches over the request, by the entry point of the last one on
 * which users log in, else of the last one of all.
 */
final class EntryPointLoginRequirement implements LoginRequirement {

	private static final String MESSAGE = "Log in to buy";

	/**
	 * Set by Spring Security while one of its chains watches over a request.
	 */
	static final String IN_CHAIN_ATTRIBUTE = SecurityContextHolderFilter.class.getName() + ".APPLIED";

	private final ObjectProvider<SecurityFilterChain> chains;

	/**
	 * Create a requirement.
	 * @param chains the filter chains of the application
	 */
	EntryPointLoginRequirement(ObjectProvider<SecurityFilterChain> chains) {
		this.chains = chains;
	}

	@Override
	public RuntimeException exception(HttpServletRequest request) {
		return (request.getAttribute(IN_CHAIN_ATTRIBUTE) != null) ? new InsufficientAuthenticationException(MESSAGE)
				: LoginRequirement.super.exception(request);
	}

	@Override
	public boolean commence(HttpServletRequest request, HttpServletResponse response)
			throws IOException, ServletException {
		AuthenticationEntryPoint entryPoint = entryPoint();
		if (entryPoint != null) {
			entryPoint.commence(request, response, new InsufficientAuthenticationException(MESSAGE));
		}
		return entryPoint != null;
	}

	private @Nullable AuthenticationEntryPoint entryPoint() {
		AuthenticationEntryPoint last = null;
		AuthenticationEntryPoint lastWithLogin = null;
		for (SecurityFilterChain chain : this.chains.orderedStream().toList()) {
			AuthenticationEntryPoint entryPoint = null;
			boolean login = false;
			for (Filter filter : chain.getFilters()) {
				if (filter instanceof ExceptionTranslationFilter translation) {
					entryPoint = translation.getAuthenticationEntryPoint();
				}
				login |= filter instanceof AbstractAuthenticationProcessingFilter;
			}
			last = (entryPoint != null) ? entryPoint : last;
			lastWithLogin = (login && entryPoint != null) ? entryPoint : lastWithLogin;
		}
		return (lastWithLogin != null) ? lastWithLogin : last;
	}

}
