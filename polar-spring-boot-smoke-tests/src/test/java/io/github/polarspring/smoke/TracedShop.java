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

package io.github.polarspring.smoke;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.polarspring.web.servlet.ForeignTraceFilter;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * A shop with tracing, and with an endpoint for webhooks next to the starter's.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ TracedShop.Traces.class, TracedShop.Endpoints.class })
class TracedShop {

	@Bean
	FilterRegistrationBean<ForeignTraceFilter> ownEndpointTraces() {
		FilterRegistrationBean<ForeignTraceFilter> registration = new FilterRegistrationBean<>(
				new ForeignTraceFilter());
		registration.addUrlPatterns("/hooks/polar");
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	@Bean
	FilterRegistrationBean<Filter> requests(Traces traces) {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
			traces.requests.add(traces.current());
			traces.tenants.add(String.valueOf(((HttpServletRequest) request).getHeader("x-tenant")));
			chain.doFilter(request, response);
		});
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
		return registration;
	}

	record Trace(String id, Map<String, String> baggage) {

	}

	/**
	 * The traces of requests and listeners.
	 */
	static class Traces {

		final List<Trace> requests = new CopyOnWriteArrayList<>();

		final List<Trace> listeners = new CopyOnWriteArrayList<>();

		final List<String> tenants = new CopyOnWriteArrayList<>();

		private final Tracer tracer;

		Traces(Tracer tracer) {
			this.tracer = tracer;
		}

		@PolarEventListener
		void on(PolarEvent<?> event) {
			this.listeners.add(current());
		}

		Trace current() {
			Span span = this.tracer.currentSpan();
			return new Trace((span != null) ? span.context().traceId() : "none", this.tracer.getAllBaggage());
		}

	}

	@RestController
	static class Endpoints {

		private final Traces traces;

		private final PolarWebhookReceiver receiver;

		Endpoints(Traces traces, PolarWebhookReceiver receiver) {
			this.traces = traces;
			this.receiver = receiver;
		}

		@GetMapping({ "/trace", "/webhooks/polar/more" })
		String trace() {
			return this.traces.current().toString();
		}

		@PostMapping("/hooks/polar")
		ResponseEntity<String> webhook(@RequestHeader HttpHeaders headers, HttpServletRequest request) {
			return this.receiver.receive(headers, request::getInputStream).toResponseEntity();
		}

	}

}
