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

package io.github.polarspring.web.reactive;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.github.polarspring.web.ForeignTraceHeaders;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Decorator that hides the trace context of requests to an endpoint, so that Polar's
 * traces do not become the parents of the application's traces. Polar sends its trace
 * context with each webhook. The starter declares this decorator for its endpoint. For
 * your own endpoint in a WebFlux application, declare it as a bean. A {@code WebFilter}
 * would be too late: the observation of a request starts before all filters.
 *
 * <pre class="code">
 * &#64;Bean
 * ForeignTraceDecorator webhookTraceDecorator() {
 *     return new ForeignTraceDecorator("/hooks/polar");
 * }
 * </pre>
 *
 * All other headers remain visible.
 *
 * @since 0.1.0
 */
public final class ForeignTraceDecorator implements HttpHandlerDecoratorFactory {

	private final EndpointPath path;

	private final ForeignTraceHeaders foreign;

	/**
	 * Create a decorator that hides the headers of all widespread formats, such as W3C
	 * Trace Context, W3C Baggage and B3.
	 * @param path path of the endpoint within the base path of the application. Also
	 * applies to the path with a trailing slash
	 */
	public ForeignTraceDecorator(String path) {
		this(path, Set::of);
	}

	/**
	 * Create a decorator that hides the headers of all widespread formats, and additional
	 * ones.
	 * @param path path of the endpoint within the base path of the application. Also
	 * applies to the path with a trailing slash
	 * @param additional returns the names of the additional headers, called once, for the
	 * first request to the endpoint
	 */
	public ForeignTraceDecorator(String path, Supplier<? extends Collection<String>> additional) {
		this.path = new EndpointPath(path);
		this.foreign = new ForeignTraceHeaders(additional);
	}

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> handler.handle(this.path.matches(request) ? traceless(request) : request,
				response);
	}

	private ServerHttpRequest traceless(ServerHttpRequest request) {
		return request.mutate().headers(this::removeForeign).build();
	}

	private void removeForeign(HttpHeaders headers) {
		List.copyOf(headers.headerNames()).stream().filter(this.foreign::include).forEach(headers::remove);
	}

}
