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

package io.github.polarspring.autoconfigure.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.B3Propagation;
import brave.propagation.TraceContext;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutRequestCustomizer;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.DefaultPolarApiObservationConvention;
import io.github.polarspring.client.PolarApiObservationContext;
import io.github.polarspring.client.PolarApiObservationDocumentation;
import io.github.polarspring.model.Order;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.web.DefaultPolarCheckoutObservationConvention;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutObservationContext;
import io.github.polarspring.web.PolarCheckoutObservationDocumentation;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is measured and traced, in a running application with Actuator.
 */
@Timeout(60)
class ObservationTests {

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	private static final HttpClient browser = HttpClient.newHttpClient();

	private static void answer(int... statuses) {
		String state = Scenario.STARTED;
		for (int i = 0; i < statuses.length; i++) {
			String next = (i < statuses.length - 1) ? "after " + i : state;
			String body = (statuses[i] == 422)
					? "{\"error\":\"PolarRequestValidationError\",\"detail\":[{\"type\":\"a\",\"loc\":[\"body\",\"locale\"],\"msg\":\"No\"}]}"
					: """
							{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x"}""";
			polar.stubFor(post(anyUrl()).inScenario("answers")
				.whenScenarioStateIs(state)
				.willSetStateTo(next)
				.willReturn(aResponse().withStatus(statuses[i]).withHeader("Polar-Version", "2026-10").withBody(body)));
			state = next;
		}
	}

	private static ConfigurableApplicationContext start(Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(Shop.class));
		sources.addAll(List.of(more));
		return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
			.properties(Map.of("server.port", "0", "polar.access-token", "polar_oat_test", "polar.base-url",
					"http://localhost:" + polar.getPort(), "polar.http.retry.initial-delay", "1ms",
					"polar.http.max-concurrent-calls", "1", "polar.webhook.check-interval", "0", "polar.webhook.secret",
					Signed.SECRET, "spring.main.banner-mode", "off"))
			.run();
	}

	private static int send(ConfigurableApplicationContext context, String path, String body, String... headers)
			throws IOException, InterruptedException {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.POST(BodyPublishers.ofString(body));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return browser.send(request.build(), BodyHandlers.ofString()).statusCode();
	}

	private static List<Map<String, String>> meters(ConfigurableApplicationContext context, String name) {
		List<Map<String, String>> meters = new ArrayList<>();
		for (Meter meter : context.getBean(MeterRegistry.class).find(name).meters()) {
			Map<String, String> tags = new TreeMap<>();
			for (Tag tag : meter.getId().getTags()) {
				tags.put(tag.getKey(), tag.getValue());
			}
			meter.measure().iterator().forEachRemaining((measurement) -> {
				if (measurement.getStatistic().name().equals("COUNT")) {
					tags.put("", String.valueOf((int) measurement.getValue()));
				}
			});
			meters.add(tags);
		}
		return meters;
	}

	@Test
	void checkoutIsMeasuredAndTracedFromTheBrowserToPolar() throws Exception {
		answer(201);
		try (ConfigurableApplicationContext context = start()) {
			assertThat(send(context, "/buy", "")).isEqualTo(303);
			await().until(() -> !meters(context, "http.server.requests").isEmpty());
			await().untilAsserted(() -> assertThat(meters(context, "polar.checkout"))
				.containsExactly(Map.of("handler", "ObservationTests.ShopController.buy", "response", "redirect",
						"buyer", "guest", "outcome", "created", "error", "none", "", "1")));
			await().untilAsserted(() -> assertThat(meters(context, "polar.api")).containsExactly(Map.of("operation",
					"POST /v1/checkouts/", "environment", "custom", "outcome", "success", "error", "none", "", "1")));
			await().untilAsserted(() -> assertThat(meters(context, "http.client.requests")).singleElement()
				.satisfies((tags) -> assertThat(tags).containsEntry("uri", "/v1/checkouts/").containsEntry("", "1")));
			await().untilAsserted(() -> assertThat(context.getBean(Recorder.class).parents())
				.contains("http.client.requests < polar.api < polar.checkout < http.server.requests"));
			polar.verify(postRequestedFor(anyUrl()).withHeader("X-B3-TraceId", matching("[0-9a-f]+"))
				.withHeader("X-B3-SpanId", matching("[0-9a-f]+")));
			await().untilAsserted(() -> assertThat(context.getBean(Spans.class).traceIds).hasSizeGreaterThan(3)
				.containsOnly(polar.getAllServeEvents().get(0).getRequest().getHeader("X-B3-TraceId")));
		}
	}

	@Test
	void repetitionsAreCounted() throws Exception {
		answer(503, 429, 201);
		try (ConfigurableApplicationContext context = start()) {
			assertThat(send(context, "/buy", "")).isEqualTo(303);
			await().untilAsserted(() -> assertThat(meters(context, "polar.api.retry")).containsExactlyInAnyOrder(
					Map.of("operation", "POST /v1/checkouts/", "environment", "custom", "outcome", "server_error", "",
							"1"),
					Map.of("operation", "POST /v1/checkouts/", "environment", "custom", "outcome", "rate_limited", "",
							"1")));
			await().untilAsserted(() -> assertThat(meters(context, "polar.api")).singleElement()
				.satisfies((tags) -> assertThat(tags).containsEntry("outcome", "success").containsEntry("", "1")));
			await().untilAsserted(() -> assertThat(meters(context, "http.client.requests")).hasSize(3));
			await().untilAsserted(() -> assertThat(context.getBean(Recorder.class).attempts).containsExactly("3"));
		}
	}

	@Test
	void droppedPrefillIsCounted() throws Exception {
		answer(422, 201);
		try (ConfigurableApplicationContext context = start()) {
			assertThat(send(context, "/buy", "", "Accept-Language", "de")).isEqualTo(303);
			await().untilAsserted(() -> assertThat(meters(context, "polar.api.fallback")).containsExactly(Map
				.of("operation", "POST /v1/checkouts/", "environment", "custom", "outcome", "invalid", "", "1")));
		}
	}

	@Test
	void failuresAreMeasuredByKind() throws Exception {
		answer(500);
		try (ConfigurableApplicationContext context = start()) {
			assertThat(send(context, "/buy", "", "Accept", "application/json")).isEqualTo(503);
			await().untilAsserted(() -> assertThat(meters(context, "polar.checkout"))
				.containsExactly(Map.of("handler", "ObservationTests.ShopController.buy", "response", "json", "buyer",
						"none", "outcome", "unavailable", "error", "PolarApiException", "", "1")));
			answer(401);
			assertThat(send(context, "/buy", "", "HX-Request", "true")).isEqualTo(500);
			await().untilAsserted(() -> assertThat(meters(context, "polar.checkout")).anySatisfy(
					(tags) -> assertThat(tags).containsEntry("response", "htmx").containsEntry("outcome", "failed")));
			await()
				.untilAsserted(() -> assertThat(meters(context, "polar.api")).extracting((tags) -> tags.get("outcome"))
					.containsExactlyInAnyOrder("server_error", "unauthorized"));
		}
	}

	@Test
	void callerWhomTheApplicationTurnsAwayIsNoFailure() throws Exception {
		try (ConfigurableApplicationContext context = start(Refusing.class)) {
			assertThat(send(context, "/buy", "")).isEqualTo(409);
			await().untilAsserted(() -> assertThat(meters(context, "polar.checkout")).singleElement()
				.satisfies((tags) -> assertThat(tags).containsEntry("outcome", "rejected")
					.containsEntry("error", "none")));
		}
	}

	@Test
	void callThatWasNotMadeIsMeasured() throws Exception {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withFixedDelay(5000).withBody("{}")));
		try (ConfigurableApplicationContext context = start()) {
			PolarCheckoutOperations checkouts = context.getBean(PolarCheckoutOperations.class);
			CheckoutRequest request = CheckoutRequest.forProducts(Shop.PRO).build();
			Thread slow = new Thread(() -> {
				try {
					checkouts.create(request);
				}
				catch (RuntimeException ex) {
					// it is interrupted
				}
			});
			slow.start();
			await().until(() -> !meters(context, "http.client.requests.active").isEmpty());
			assertThatExceptionOfType(PolarSaturationException.class).isThrownBy(() -> checkouts.create(request));
			assertThat(meters(context, "polar.api")).containsExactly(Map.of("operation", "POST /v1/checkouts/",
					"environment", "custom", "outcome", "saturated", "error", "PolarSaturationException", "", "1"));
			slow.interrupt();
			slow.join();
		}
	}

	@Test
	void listenerIsMeasured() throws Exception {
		String body = """
				{"type":"order.paid","timestamp":"2026-08-22T09:31:40Z","data":{"id":"%s","status":"paid","metadata":{"checkout_buyer":"guest"}}}"""
			.formatted(UUID.randomUUID());
		try (ConfigurableApplicationContext context = start()) {
			assertThat(send(context, "/webhooks/polar", body, Signed.of(Signed.SECRET, "msg_1", body).headers()))
				.isEqualTo(202);
			await().untilAsserted(
					() -> assertThat(meters(context, "polar.webhook.listener")).containsExactly(Map.of("listener",
							"ObservationTests.ShopController.paid", "type", "order.paid", "error", "none", "", "1")));
			await().untilAsserted(
					() -> assertThat(meters(context, "polar.webhook")).containsExactly(Map.of("type", "order.paid",
							"outcome", "accepted", "reason", "none", "buyer", "guest", "error", "none", "", "1")));
			await().untilAsserted(() -> assertThat(context.getBean(Recorder.class).parents())
				.contains("polar.webhook.listener < polar.webhook < http.server.requests"));
		}
	}

	@Test
	void conventionsAreReplaceable() throws Exception {
		answer(503, 201);
		try (ConfigurableApplicationContext context = start(Conventions.class)) {
			assertThat(send(context, "/buy", "")).isEqualTo(303);
			await().untilAsserted(() -> assertThat(meters(context, "shop.polar"))
				.containsExactly(Map.of("shop", "north", "result", "success", "error", "none", "", "1")));
			await().untilAsserted(() -> assertThat(meters(context, "shop.polar.retry"))
				.containsExactly(Map.of("shop", "north", "result", "server_error", "", "1")));
			await().untilAsserted(() -> assertThat(meters(context, "shop.checkout")).singleElement()
				.satisfies((tags) -> assertThat(tags).containsOnlyKeys("handler", "error", "")));
		}
	}

	@Test
	void globalConventionGetsNoKeyThatItDoesNotKnow() throws Exception {
		answer(503, 201);
		try (ConfigurableApplicationContext context = start(GlobalConvention.class)) {
			assertThat(send(context, "/buy", "")).isEqualTo(303);
			await().untilAsserted(() -> assertThat(meters(context, "shop.polar"))
				.containsExactly(Map.of("shop", "north", "error", "none", "", "1")));
			await().untilAsserted(() -> assertThat(meters(context, "shop.polar.retry"))
				.containsExactly(Map.of("shop", "north", "", "1")));
		}
	}

	@Test
	void documentationNamesWhatIsThere() throws Exception {
		answer(201);
		try (ConfigurableApplicationContext context = start()) {
			assertThat(send(context, "/buy", "")).isEqualTo(303);
			assertKeys(context, "polar.api", PolarApiObservationDocumentation.API_CALL.getLowCardinalityKeyNames());
			assertKeys(context, "polar.checkout",
					PolarCheckoutObservationDocumentation.CHECKOUT.getLowCardinalityKeyNames());
		}
	}

	private static void assertKeys(ConfigurableApplicationContext context, String name, KeyName[] keys) {
		Timer timer = context.getBean(MeterRegistry.class).get(name).timer();
		Set<String> tags = new java.util.TreeSet<>();
		timer.getId().getTags().forEach((tag) -> tags.add(tag.getKey()));
		tags.remove("error");
		assertThat(keys).extracting(KeyName::asString).containsExactlyInAnyOrderElementsOf(tags);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class,
					ManagementWebSecurityAutoConfiguration.class, DataSourceAutoConfiguration.class })
	static class Shop {

		static final String PRO = "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710";

		@Bean
		SimpleMeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		ShopController shop() {
			return new ShopController();
		}

		@Bean
		Spans spans() {
			return new Spans();
		}

		@Bean
		Tracing tracing(Spans spans) {
			return Tracing.newBuilder()
				.addSpanHandler(spans)
				.propagationFactory(B3Propagation.newFactoryBuilder().injectFormat(B3Propagation.Format.MULTI).build())
				.build();
		}

		@Bean
		Recorder recorder() {
			return new Recorder();
		}

		@Bean
		ObservationHandler<?> tracingHandler(Tracing tracing) {
			return TracingHandlers.of(tracing);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class GlobalConvention {

		@Bean
		GlobalObservationConvention<PolarApiObservationContext> globalConvention() {
			return new GlobalObservationConvention<>() {

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof PolarApiObservationContext;
				}

				@Override
				public String getName() {
					return "shop.polar";
				}

				@Override
				public KeyValues getLowCardinalityKeyValues(PolarApiObservationContext context) {
					return KeyValues.of("shop", "north");
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Refusing {

		@Bean
		CheckoutRequestCustomizer refusal() {
			return (checkout) -> {
				throw new ResponseStatusException(HttpStatus.CONFLICT);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Conventions {

		@Bean
		DefaultPolarApiObservationConvention apiConvention() {
			return new DefaultPolarApiObservationConvention() {

				@Override
				public String getName() {
					return "shop.polar";
				}

				@Override
				public KeyValues getLowCardinalityKeyValues(PolarApiObservationContext context) {
					return KeyValues.of("result", context.getOutcome(), "shop", "north");
				}

			};
		}

		@Bean
		DefaultPolarCheckoutObservationConvention checkoutConvention() {
			return new DefaultPolarCheckoutObservationConvention() {

				@Override
				public String getName() {
					return "shop.checkout";
				}

				@Override
				public KeyValues getLowCardinalityKeyValues(PolarCheckoutObservationContext context) {
					return KeyValues.of("handler", context.getHandler());
				}

			};
		}

	}

	@Controller
	static class ShopController {

		@PostMapping("/buy")
		@PolarCheckout(Shop.PRO)
		void buy() {
		}

		@PolarEventListener("order.paid")
		void paid(PolarEvent<Order> event) {
		}

	}

	static class Spans extends SpanHandler {

		private final List<String> traceIds = new CopyOnWriteArrayList<>();

		@Override
		public boolean end(TraceContext context, MutableSpan span, Cause cause) {
			this.traceIds.add(context.traceIdString());
			return true;
		}

	}

	/**
	 * Remembers what was within what.
	 */
	static class Recorder implements ObservationHandler<Observation.Context> {

		private final List<Observation.Context> contexts = new CopyOnWriteArrayList<>();

		private final List<String> attempts = new CopyOnWriteArrayList<>();

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStop(Observation.Context context) {
			this.contexts.add(context);
			KeyValue attempts = context.getHighCardinalityKeyValue("attempts");
			if (attempts != null) {
				this.attempts.add(attempts.getValue());
			}
		}

		List<String> parents() {
			return this.contexts.stream().map(Recorder::describe).toList();
		}

		private static String describe(Observation.ContextView context) {
			return (context.getParentObservation() != null)
					? context.getName() + " < " + describe(context.getParentObservation().getContextView())
					: context.getName();
		}

	}

}
