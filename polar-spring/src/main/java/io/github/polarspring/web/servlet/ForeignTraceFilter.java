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
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;
import java.util.function.Supplier;

import io.github.polarspring.web.ForeignTraceHeaders;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Filter that hides the trace context of a request, so that Polar's traces do not become
 * the parents of the application's traces. Polar sends its trace context with each
 * webhook. The starter registers this filter for its endpoint. For your own endpoint,
 * register it with the highest precedence, ahead of the filter that starts the
 * observation of the request:
 *
 * <pre class="code">
 * FilterRegistrationBean&lt;ForeignTraceFilter&gt; registration = new FilterRegistrationBean&lt;&gt;(new ForeignTraceFilter());
 * registration.addUrlPatterns("/hooks/polar");
 * registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
 * </pre>
 *
 * All other headers remain visible.
 *
 * @since 0.1.0
 */
public final class ForeignTraceFilter implements Filter {

	private final ForeignTraceHeaders foreign;

	/**
	 * Create a filter that hides the headers of all widespread formats, such as W3C Trace
	 * Context, W3C Baggage and B3.
	 */
	public ForeignTraceFilter() {
		this(Set::of);
	}

	/**
	 * Create a filter that hides the headers of all widespread formats, and additional
	 * ones.
	 * @param additional returns the names of the additional headers, called once, for the
	 * first request
	 */
	public ForeignTraceFilter(Supplier<? extends Collection<String>> additional) {
		this.foreign = new ForeignTraceHeaders(additional);
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter((request instanceof HttpServletRequest http) ? new TracelessRequest(http) : request, response);
	}

	private boolean hides(String header) {
		return this.foreign.include(header);
	}

	private final class TracelessRequest extends HttpServletRequestWrapper {

		TracelessRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable String getHeader(String name) {
			return hides(name) ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return hides(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
		}

		@Override
		public Enumeration<String> getHeaderNames() {
			return Collections
				.enumeration(Collections.list(super.getHeaderNames()).stream().filter((name) -> !hides(name)).toList());
		}

		@Override
		public long getDateHeader(String name) {
			return hides(name) ? -1 : super.getDateHeader(name);
		}

		@Override
		public int getIntHeader(String name) {
			return hides(name) ? -1 : super.getIntHeader(name);
		}

	}

}
