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

import io.github.polarspring.smoke.TracedShop.Traces;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * A shop with WebFlux and tracing.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ TracedShop.Traces.class, TracedReactiveShop.Endpoints.class })
class TracedReactiveShop {

	private static final String PATH = "/webhooks/polar";

	private static final List<String> TRACE_HEADERS = List.of("traceparent", "tracestate", "baggage", "b3");

	@Bean
	HttpHandlerDecoratorFactory withoutForeignTraces() {
		return (handler) -> (request, response) -> handler.handle(withoutForeignTrace(request), response);
	}

	private static ServerHttpRequest withoutForeignTrace(ServerHttpRequest request) {
		return request.getPath().pathWithinApplication().value().equals(PATH)
				? request.mutate().headers((headers) -> TRACE_HEADERS.forEach(headers::remove)).build() : request;
	}

	@RestController
	static class Endpoints {

		private final Traces traces;

		private final PolarWebhookReceiver receiver;

		Endpoints(Traces traces, PolarWebhookReceiver receiver) {
			this.traces = traces;
			this.receiver = receiver;
		}

		@GetMapping("/trace")
		String trace() {
			return this.traces.current().toString();
		}

		@PostMapping(PATH)
		Mono<ResponseEntity<String>> webhook(@RequestHeader HttpHeaders headers, @RequestBody byte[] body) {
			this.traces.requests.add(this.traces.current());
			return Mono.fromCallable(() -> this.receiver.receive(headers, body).toResponseEntity());
		}

	}

}
