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
import java.util.UUID;

import io.github.polarspring.smoke.TracedShop.Trace;
import io.github.polarspring.smoke.TracedShop.Traces;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.boot.Banner.Mode;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static io.github.polarspring.smoke.Library.ACTUATOR;
import static io.github.polarspring.smoke.Library.BRAVE;
import static io.github.polarspring.smoke.Library.JETTY;
import static io.github.polarspring.smoke.Library.METRICS;
import static io.github.polarspring.smoke.Library.OPEN_TELEMETRY;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_FLUX;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the trace of a webhook, which is never a part of Polar's trace, with Spring
 * Boot's own auto-configuration for tracing.
 */
class ForeignTraceTests {

	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

	private static final String SPAN = "00f067aa0ba902b7";

	private static final List<List<String>> FORMATS = List.of(
			List.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", "polar=1"),
			List.of("B3", TRACE + "-" + SPAN + "-1"),
			List.of("X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, "X-B3-Sampled", "1"));

	private final Browser browser = new Browser();

	@ApplicationWith({ WEB_MVC, TOMCAT, ACTUATOR, METRICS, BRAVE })
	void brave() throws Exception {
		traceOfAWebhookIsNew();
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, ACTUATOR, METRICS, OPEN_TELEMETRY })
	void openTelemetry() throws Exception {
		traceOfAWebhookIsNew();
	}

	@ApplicationWith({ WEB_MVC, JETTY, ACTUATOR, METRICS, OPEN_TELEMETRY })
	void openTelemetryOnJetty() throws Exception {
		traceOfAWebhookIsNew();
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, ACTUATOR, METRICS, BRAVE })
	void propagatorOfTheApplicationWithBrave() throws Exception {
		formatOfTheApplicationIsHidden();
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, ACTUATOR, METRICS, OPEN_TELEMETRY })
	void propagatorOfTheApplicationWithOpenTelemetry() throws Exception {
		formatOfTheApplicationIsHidden();
	}

	@ApplicationWith({ WEB_FLUX, ACTUATOR, METRICS, OPEN_TELEMETRY })
	void webFluxWithOpenTelemetry() throws Exception {
		traceOfAWebhookIsNew(TracedReactiveShop.class, "spring.webflux.base-path");
	}

	@ApplicationWith({ WEB_FLUX, ACTUATOR, METRICS, BRAVE })
	void webFluxWithBrave() throws Exception {
		traceOfAWebhookIsNew(TracedReactiveShop.class, "spring.webflux.base-path");
	}

	@ApplicationWith({ WEB_FLUX, ACTUATOR, METRICS, BRAVE })
	void webFluxWithAutomaticContextPropagation() throws Exception {
		try (ConfigurableApplicationContext context = start(TracedReactiveShop.class,
				"--spring.reactor.context-propagation=auto")) {
			for (List<String> format : FORMATS) {
				assertThat(get(context, "/trace", format)).contains(TRACE);
				assertNewTrace(context, "/webhooks/polar", format);
			}
		}
	}

	private void traceOfAWebhookIsNew() throws Exception {
		traceOfAWebhookIsNew(TracedShop.class, "server.servlet.context-path");
	}

	private void traceOfAWebhookIsNew(Class<?> shop, String contextPathProperty) throws Exception {
		for (String contextPath : List.of("", "/shop")) {
			try (ConfigurableApplicationContext context = start(shop, "--" + contextPathProperty + "=" + contextPath)) {
				for (List<String> format : FORMATS) {
					assertThat(get(context, contextPath + "/trace", format)).as("%s", format).contains(TRACE);
					assertThat(get(context, contextPath + "/webhooks/polar/more", format)).contains(TRACE);
					for (String path : List.of("/webhooks/polar", "/webhooks/polar/", "/hooks/polar")) {
						assertNewTrace(context, contextPath + path, format);
					}
				}
			}
		}
		baggageIsNotTaken(shop);
		try (ConfigurableApplicationContext context = start(shop, "--polar.webhook.path=/other")) {
			assertNewTrace(context, "/other", FORMATS.get(0));
			assertThat(get(context, "/trace", FORMATS.get(0))).contains(TRACE);
		}
	}

	private void baggageIsNotTaken(Class<?> shop) throws Exception {
		try (ConfigurableApplicationContext context = start(shop)) {
			List<String> trace = FORMATS.get(0);
			for (List<String> baggage : List.of(List.of("x-tenant", "polar"), List.of("baggage", "x-tenant=polar"))) {
				assertNewTrace(context, "/webhooks/polar",
						List.of(trace.get(0), trace.get(1), baggage.get(0), baggage.get(1)));
			}
			assertThat(get(context, "/trace", List.of(trace.get(0), trace.get(1), "x-tenant", "polar")))
				.contains("x-tenant=polar");
		}
		try (ConfigurableApplicationContext context = start(shop, "--management.tracing.baggage.remote-fields=")) {
			assertNewTrace(context, "/webhooks/polar", List.of("x-tenant", "cdn"));
			assertThat(context.getBean(Traces.class).tenants).as("other headers remain visible").containsExactly("cdn");
		}
	}

	private void formatOfTheApplicationIsHidden() throws Exception {
		try (ConfigurableApplicationContext context = start(OwnFormat.class)) {
			List<String> format = List.of("my-trace", TRACE);
			assertThat(get(context, "/trace", format)).contains(TRACE);
			assertNewTrace(context, "/webhooks/polar", format);
		}
	}

	private String get(ConfigurableApplicationContext context, String path, List<String> headers) throws Exception {
		return this.browser.get(port(context), path, headers.toArray(String[]::new)).body();
	}

	private void assertNewTrace(ConfigurableApplicationContext context, String path, List<String> headers)
			throws Exception {
		Traces traces = context.getBean(Traces.class);
		traces.requests.clear();
		traces.listeners.clear();
		assertThat(this.browser
			.webhook(port(context), path, Browser.SECRET, UUID.randomUUID().toString(), Browser.ORDER_PAID,
					headers.toArray(String[]::new))
			.statusCode()).isEqualTo(202);
		Trace trace = traces.listeners.get(0);
		assertThat(traces.requests).as("the listener belongs to the trace of the request").containsExactly(trace);
		assertThat(trace.id()).as("%s %s", path, headers).hasSize(32).isNotEqualTo(TRACE);
		assertThat(trace.baggage()).isEqualTo(Map.of());
	}

	private static ConfigurableApplicationContext start(Class<?> application, String... arguments) {
		return new SpringApplicationBuilder(application).bannerMode(Mode.OFF)
			.registerShutdownHook(false)
			.properties(Map.of("server.port", "0", "polar.webhook.secret", Browser.SECRET,
					"management.tracing.sampling.probability", "1.0", "management.tracing.propagation.consume",
					"W3C,B3,B3_MULTI", "management.tracing.baggage.remote-fields", "x-tenant"))
			.run(arguments);
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/**
	 * A format of the application.
	 */
	@Import(TracedShop.class)
	static class OwnFormat {

		@Bean
		Propagator ownPropagator(Tracer tracer) {
			return new Propagator() {

				@Override
				public List<String> fields() {
					return List.of("My-Trace");
				}

				@Override
				public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
				}

				@Override
				public <C> Span.Builder extract(C carrier, Getter<C> getter) {
					Span.Builder span = tracer.spanBuilder();
					String trace = getter.get(carrier, "my-trace");
					if (trace != null) {
						span.setParent(tracer.traceContextBuilder().traceId(trace).spanId(SPAN).sampled(true).build());
					}
					return span;
				}

			};
		}

	}

}
