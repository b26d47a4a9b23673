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

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignTraceDecorator}.
 */
class ForeignTraceDecoratorTests {

	@ParameterizedTest
	@CsvSource({ "/hooks/polar,true", "/hooks/polar/,true", "/hooks/polar/more,false", "/hooks,false" })
	void traceIsHiddenFromTheEndpointOnly(String path, boolean hidden) {
		AtomicReference<HttpHeaders> seen = new AtomicReference<>();
		new ForeignTraceDecorator("/hooks/polar", () -> Set.of("X-Tenant")).apply((request, response) -> {
			seen.set(request.getHeaders());
			return Mono.empty();
		})
			.handle(MockServerHttpRequest.post("/shop" + path)
				.contextPath("/shop")
				.header("TraceParent", "00-1-2-01")
				.header("X-B3-TraceId", "1")
				.header("x-tenant", "polar")
				.header("webhook-id", "1", "2")
				.build(), new MockServerHttpResponse())
			.block();
		assertThat(seen.get().get("webhook-id")).containsExactly("1", "2");
		for (String header : Set.of("traceparent", "x-b3-traceid", "X-Tenant")) {
			assertThat(seen.get().containsHeader(header)).as(header).isNotEqualTo(hidden);
		}
	}

}
