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
import java.util.function.Supplier;

import io.github.polarspring.clientip.ClientIpResolver;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Filter that provides the shopper's IP address during a request. The address is resolved
 * when it is first used, so other requests have no overhead.
 *
 * @since 0.1.0
 * @see ClientIpResolver
 */
public final class ClientIpFilter extends OncePerRequestFilter {

	private static final String ATTRIBUTE = ClientIpFilter.class.getName() + ".clientIp";

	private final ClientIpResolver resolver;

	/**
	 * Create a filter.
	 * @param resolver determines the address
	 */
	public ClientIpFilter(ClientIpResolver resolver) {
		this.resolver = resolver;
	}

	/**
	 * Return the shopper's address for a request that passed this filter.
	 * @param request the request
	 * @return an IPv4 or IPv6 literal, or {@code null} if no trustworthy address is
	 * available
	 */
	public static @Nullable String getClientIp(HttpServletRequest request) {
		return (request.getAttribute(ATTRIBUTE) instanceof Supplier<?> supplier
				&& supplier.get() instanceof String clientIp) ? clientIp : null;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		HttpServletRequest original = withoutForwardedHeaderFilter(request);
		request.setAttribute(ATTRIBUTE, SingletonSupplier
			.ofNullable(() -> this.resolver.resolve(original.getRemoteAddr(), original::getHeaders)));
		chain.doFilter(request, response);
	}

	/**
	 * Return the request without the wrapper of Spring's {@code ForwardedHeaderFilter},
	 * which trusts forwarded headers from any sender and hides them.
	 */
	private static HttpServletRequest withoutForwardedHeaderFilter(HttpServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
			if (wrapper.getClass().getEnclosingClass() == ForwardedHeaderFilter.class
					&& current instanceof HttpServletRequest original) {
				return original;
			}
		}
		return request;
	}

}
