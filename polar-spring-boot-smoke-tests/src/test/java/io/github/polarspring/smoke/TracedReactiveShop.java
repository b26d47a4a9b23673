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

import io.github.polarspring.smoke.TracedShop.Trace;
import io.github.polarspring.smoke.TracedShop.Traces;
import io.github.polarspring.web.reactive.ForeignTraceDecorator;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/**
 * A shop with WebFlux and tracing, and with an endpoint for webhooks next to the
 * starter's.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ TracedShop.Traces.class, TracedReactiveShop.Endpoints.class })
class TracedReactiveShop {

	@Bean
	ForeignTraceDecorator ownEndpointTraces() {
		return new ForeignTraceDecorator(OwnEndpoints.PATH);
	}

	/**
	 * Records the trace of each request, also if the thread does not have it.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 2)
	WebFilter requests(Traces traces) {
		return (exchange, chain) -> Mono.deferContextual((context) -> {
			context.<Observation>get(ObservationThreadLocalAccessor.KEY)
				.scoped(() -> traces.requests.add(traces.current()));
			traces.tenants.add(String.valueOf(exchange.getRequest().getHeaders().getFirst("x-tenant")));
			return chain.filter(exchange);
		});
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
		Mono<String> trace() {
			return Mono.deferContextual((context) -> Mono
				.just(context.<Observation>get(ObservationThreadLocalAccessor.KEY).scoped(this.traces::current))
				.map(Trace::toString));
		}

		@PostMapping(OwnEndpoints.PATH)
		Mono<ResponseEntity<String>> webhook(@RequestHeader HttpHeaders headers, @RequestBody byte[] body) {
			return Mono
				.deferContextual((context) -> Mono.just(context.<Observation>get(ObservationThreadLocalAccessor.KEY)
					.scoped(() -> this.receiver.receive(headers, body).toResponseEntity())));
		}

	}

}
