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

package io.github.polarspring.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CheckoutSession;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.Assert;
import org.springframework.web.client.RestClient;

/**
 * Creation of a checkout session over the loopback interface, with the same request and
 * response and a persistent connection.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 5, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SessionCreationBenchmark {

	private static final UUID PRODUCT = UUID.fromString("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90");

	private static final String TOKEN = "polar_oat_benchmark0123456789";

	private LoopbackServer polar;

	private LoopbackServer stripe;

	private ConfigurableApplicationContext application;

	private PolarCheckoutOperations checkouts;

	private PolarCheckoutOperations streamingCheckouts;

	private RestClient restClient;

	private JsonMapper mapper;

	private HttpClient httpClient;

	private HttpRequest readyMade;

	private StripeClient stripeClient;

	/**
	 * Start the servers and clients.
	 */
	@Setup
	public void start() {
		this.polar = new LoopbackServer("201 Created", Payloads.read("checkout-session.json"),
				"Polar-Version: 2026-10");
		this.stripe = new LoopbackServer("200 OK", Payloads.read("stripe-session.json"));
		this.application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--polar.access-token=" + TOKEN,
					"--polar.base-url=" + this.polar.url());
		this.checkouts = this.application.getBean(PolarCheckoutOperations.class);
		JdkClientHttpRequestFactory requestFactory = new JdkClientHttpRequestFactory(
				HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
		requestFactory.setReadTimeout(Duration.ofSeconds(6));
		this.streamingCheckouts = PolarCheckoutTemplate
			.builder(PolarClient.builder()
				.accessToken(TOKEN)
				.baseUrl(URI.create(this.polar.url()))
				.requestFactory(requestFactory)
				.build())
			.build();
		this.restClient = this.application.getBean(RestClient.Builder.class)
			.baseUrl(this.polar.url())
			.defaultHeader("Authorization", "Bearer " + TOKEN)
			.defaultHeader("Polar-Version", "2026-10")
			.build();
		this.mapper = this.application.getBean(JsonMapper.class);
		this.httpClient = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		this.readyMade = HttpRequest.newBuilder(URI.create(this.polar.url() + "/v1/checkouts/"))
			.header("Authorization", "Bearer " + TOKEN)
			.header("Polar-Version", "2026-10")
			.header("Accept", "application/json")
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofByteArray(this.mapper.writeValueAsBytes(body())))
			.build();
		Stripe.enableTelemetry = false;
		this.stripeClient = StripeClient.builder()
			.setApiKey("sk_test_benchmark")
			.setApiBase(this.stripe.url())
			.setMaxNetworkRetries(0)
			.build();
	}

	/**
	 * Stop the servers and clients.
	 */
	@TearDown
	public void stop() {
		this.application.close();
		this.polar.close();
		this.stripe.close();
	}

	/**
	 * The JDK's client with a prepared request: the lower bound.
	 */
	@Benchmark
	public byte[] floor() throws Exception {
		HttpResponse<byte[]> response = this.httpClient.send(this.readyMade, BodyHandlers.ofByteArray());
		Assert.state(response.statusCode() == 201, "Not created");
		return response.body();
	}

	/**
	 * The starter, which reads the complete object.
	 */
	@Benchmark
	public CheckoutSession polar() {
		return this.checkouts.create(request());
	}

	/**
	 * The starter with Spring's request factory for the JDK's client.
	 */
	@Benchmark
	public CheckoutSession polarStreaming() {
		return this.streamingCheckouts.create(request());
	}

	/**
	 * A hand-written call with Spring Boot's client that reads six fields. The body is a
	 * byte array, because Polar requires a content length.
	 */
	@Benchmark
	public @Nullable HandWrittenSession restClient() {
		return this.restClient.post()
			.uri("/v1/checkouts/")
			.contentType(MediaType.APPLICATION_JSON)
			.accept(MediaType.APPLICATION_JSON)
			.body(this.mapper.writeValueAsBytes(body()))
			.retrieve()
			.body(HandWrittenSession.class);
	}

	/**
	 * A checkout session of Stripe with its library.
	 */
	@Benchmark
	public Session stripe() throws StripeException {
		return this.stripeClient.v1()
			.checkout()
			.sessions()
			.create(SessionCreateParams.builder()
				.setMode(SessionCreateParams.Mode.PAYMENT)
				.addLineItem(SessionCreateParams.LineItem.builder().setPrice("price_1Pro").setQuantity(1L).build())
				.setClientReferenceId("user-4711")
				.setCustomerEmail("alice@example.com")
				.putMetadata("external_customer_id", "user-4711")
				.setSuccessUrl("https://shop.example/thanks?checkout_id={CHECKOUT_SESSION_ID}")
				.setLocale(SessionCreateParams.Locale.EN)
				.build());
	}

	private static CheckoutRequest request() {
		return CheckoutRequest.forProducts(PRODUCT)
			.externalCustomerId("user-4711")
			.customerEmail("alice@example.com")
			.customerName("Alice Doe")
			.customerIpAddress("93.184.216.34")
			.successUrl("https://shop.example/thanks?checkout_id={CHECKOUT_ID}")
			.locale(Locale.ENGLISH)
			.build();
	}

	private static Map<String, Object> body() {
		return Map.of("products", List.of(PRODUCT), "external_customer_id", "user-4711", "customer_email",
				"alice@example.com", "customer_name", "Alice Doe", "customer_ip_address", "93.184.216.34",
				"success_url", "https://shop.example/thanks?checkout_id={CHECKOUT_ID}", "locale", "en", "metadata",
				Map.of("external_customer_id", "user-4711"));
	}

	/**
	 * The fields that the hand-written client reads.
	 */
	record HandWrittenSession(String id, String status, String url, @JsonProperty("client_secret") String clientSecret,
			@JsonProperty("expires_at") String expiresAt, @JsonProperty("total_amount") Long totalAmount) {
	}

	/**
	 * An application without a web server.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ JacksonAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
			HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
			RestClientAutoConfiguration.class, io.github.polarspring.autoconfigure.PolarAutoConfiguration.class })
	static class Application {

	}

}
