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

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.polarspring.security.PolarAuthorization;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/**
 * Entry point for login and logout with Spring Security. Internal: not meant for
 * applications.
 *
 * @since 0.1.0
 */
public final class PolarWebSecurity {

	private static final Log logger = LogFactory.getLog(PolarWebSecurity.class);

	/**
	 * Request attributes that Spring Security sets while one of its chains handles a
	 * request, the second one if contexts are saved implicitly.
	 */
	private static final List<String> IN_CHAIN_ATTRIBUTES = List
		.of(SecurityContextHolderFilter.class.getName() + ".APPLIED", "__spring_security_scpf_applied");

	private PolarWebSecurity() {
	}

	/**
	 * Return the handler that deletes the cookies of the browser on logout.
	 * @return the handler
	 */
	public static LogoutHandler logoutHandler() {
		return (request, response, authentication) -> {
			CheckoutCookie.forget(request, response);
			ContinueCookie.forget(request, response);
			PaidCookie.forget(request, response);
		};
	}

	/**
	 * Create the handler for users whom {@link PolarAuthorization} did not let in.
	 * @param mvc the entry point of Spring MVC
	 * @return the handler, which treats all other users like Spring Security's default
	 */
	public static AccessDeniedHandler accessDeniedHandler(ObjectProvider<PolarWebMvc> mvc) {
		return new EntitlementDeniedHandler(mvc::getObject);
	}

	/**
	 * Return the strategy that redirects to the login of the filter chain that handles
	 * the request. A script gets a 401 response, because the login page can be on another
	 * origin.
	 * @return the strategy
	 */
	public static LoginRequirement loginRequirement() {
		AtomicBoolean reported = new AtomicBoolean();
		return (request) -> {
			if (CheckoutCaller.isScript(request)) {
				return new LoginRequirement.LoginRequiredException();
			}
			if (IN_CHAIN_ATTRIBUTES.stream().anyMatch((name) -> request.getAttribute(name) != null)) {
				return new InsufficientAuthenticationException("Log in to continue");
			}
			if (reported.compareAndSet(false, true)) {
				logger.warn(
						"A checkout, the customer portal, or a feature requires a login, but was opened on a path that"
								+ " no SecurityFilterChain handles, so no user is signed in. Include the path in a"
								+ " SecurityFilterChain");
			}
			return new LoginRequirement.LoginRequiredException();
		};
	}

}
