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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignTraceFilter}. That it prevents foreign traces, with the bridges
 * of Micrometer Tracing, is tested in the smoke tests.
 */
class ForeignTraceFilterTests {

	private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/webhooks/polar");

	private HttpServletRequest filtered(ForeignTraceFilter filter) throws Exception {
		MockFilterChain chain = new MockFilterChain();
		filter.doFilter(this.request, new MockHttpServletResponse(), chain);
		return (HttpServletRequest) chain.getRequest();
	}

	@ParameterizedTest
	@ValueSource(strings = { "traceparent", "tracestate", "baggage", "b3", "X-B3-TraceId", "X-B3-SpanId",
			"X-B3-ParentSpanId", "X-B3-Sampled", "X-B3-Flags", "uber-trace-id", "uberctx-user", "X-Amzn-Trace-Id",
			"X-Cloud-Trace-Context", "ot-tracer-traceid", "ot-baggage-user", "sw8", "sw8-correlation", "sentry-trace",
			"x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority", "newrelic", "X-INSTANA-T",
			"elastic-apm-traceparent", "baggage-user", "jaeger-baggage", "jaeger-debug-id", "grpc-trace-bin" })
	void headersOfTracesAreHidden(String header) throws Exception {
		for (String name : List.of(header, header.toUpperCase(Locale.ROOT), header.toLowerCase(Locale.ROOT))) {
			this.request.removeHeader(header);
			this.request.addHeader(name, "1");
			assertHidden(filtered(new ForeignTraceFilter()), name);
		}
	}

	@Test
	void additionalHeadersAreHidden() throws Exception {
		this.request.addHeader("my-trace", "1");
		assertHidden(filtered(new ForeignTraceFilter(() -> Set.of("My-Trace"))), "MY-TRACE");
	}

	private static void assertHidden(HttpServletRequest request, String name) {
		assertThat(request.getHeader(name)).isNull();
		assertThat(Collections.list(request.getHeaders(name))).isEmpty();
		assertThat(request.getIntHeader(name)).isEqualTo(-1);
		assertThat(request.getDateHeader(name)).isEqualTo(-1);
		assertThat(Collections.list(request.getHeaderNames())).doesNotContain(name, name.toLowerCase(Locale.ROOT));
	}

	@Test
	void otherHeadersRemainVisible() throws Exception {
		List<String> names = List.of("webhook-id", "webhook-signature", "User-Agent", "X-Forwarded-For", "Host",
				"X-Request-Id", "X-Tenant");
		names.forEach((name) -> this.request.addHeader(name, "7"));
		this.request.addHeader("Date", "Sun, 29 Nov 2026 00:00:00 GMT");
		HttpServletRequest filtered = filtered(new ForeignTraceFilter());
		for (String name : names) {
			assertThat(filtered.getHeader(name)).isEqualTo("7");
			assertThat(Collections.list(filtered.getHeaders(name))).containsExactly("7");
			assertThat(filtered.getIntHeader(name)).isEqualTo(7);
		}
		assertThat(filtered.getDateHeader("Date")).isPositive();
		List<String> expected = new ArrayList<>(names);
		expected.add("Date");
		assertThat(Collections.list(filtered.getHeaderNames())).containsExactlyElementsOf(expected);
	}

}
