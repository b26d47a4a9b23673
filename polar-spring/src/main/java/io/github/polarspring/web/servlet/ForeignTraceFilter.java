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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

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

	private static final Set<String> NAMES = Set.of("traceparent", "tracestate", "baggage", "b3", "uber-trace-id",
			"jaeger-debug-id", "jaeger-baggage", "x-amzn-trace-id", "x-cloud-trace-context", "grpc-trace-bin",
			"x-ot-span-context", "sentry-trace", "newrelic", "elastic-apm-traceparent", "x-dynatrace",
			"correlation-context");

	private static final List<String> PREFIXES = List.of("x-b3-", "uberctx-", "baggage-", "ot-tracer-", "ot-baggage-",
			"x-datadog-", "x-instana-", "sw8");

	private final Supplier<Set<String>> names;

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
		Assert.notNull(additional, "additional must not be null");
		this.names = SingletonSupplier.of(() -> additional.get()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet()));
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter((request instanceof HttpServletRequest http) ? new TracelessRequest(http) : request, response);
	}

	private boolean hides(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith) || this.names.get().contains(name);
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
