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

package io.github.polarspring.web;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

/**
 * Names of the headers that contain a trace context, in all widespread formats. Internal:
 * not meant for applications.
 *
 * @since 0.1.0
 */
public final class ForeignTraceHeaders {

	private static final Set<String> NAMES = Set.of("traceparent", "tracestate", "baggage", "b3", "uber-trace-id",
			"jaeger-debug-id", "jaeger-baggage", "x-amzn-trace-id", "x-cloud-trace-context", "grpc-trace-bin",
			"x-ot-span-context", "sentry-trace", "newrelic", "elastic-apm-traceparent", "x-dynatrace",
			"correlation-context");

	private static final List<String> PREFIXES = List.of("x-b3-", "uberctx-", "baggage-", "ot-tracer-", "ot-baggage-",
			"x-datadog-", "x-instana-", "sw8");

	private final Supplier<Set<String>> names;

	/**
	 * Create the names.
	 * @param additional returns the names of additional headers, called once, when a
	 * header is checked for the first time
	 */
	public ForeignTraceHeaders(Supplier<? extends Collection<String>> additional) {
		Assert.notNull(additional, "additional must not be null");
		this.names = SingletonSupplier.of(() -> additional.get()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet()));
	}

	/**
	 * Return whether a header is part of a trace context.
	 * @param header name of the header, in any case
	 * @return {@code true} if it must be hidden
	 */
	public boolean include(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith) || this.names.get().contains(name);
	}

}
