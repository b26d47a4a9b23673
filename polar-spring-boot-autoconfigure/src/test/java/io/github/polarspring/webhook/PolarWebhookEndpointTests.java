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

package io.github.polarspring.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.polarspring.testsupport.Signed;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the endpoint in a real container, with all kinds of applications around it.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarWebhookEndpointTests {

	private static final String BODY = """
			{"type":"order.paid","timestamp":"2026-08-22T09:31:40.301877Z","data":{"id":\
			"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","status":"paid","paid":true,"description":"café ✓",\
			"metadata":{"external_customer_id":"alice"},\
			"customer":{"external_id":"alice","organization_id":"6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34"}}}""";

	private static final Queue<String> heard = new ConcurrentLinkedQueue<>();

	private final HttpClient polar = HttpClient.newHttpClient();

	private ConfigurableApplicationContext application;

	private void start(Class<?> configuration, String... properties) {
		startWithout(configuration,
				Stream.concat(Stream.of("polar.webhook.secret=" + Signed.SECRET), Stream.of(properties))
					.toArray(String[]::new));
	}

	private void startWithout(Class<?> configuration, String... properties) {
		heard.clear();
		this.application = new SpringApplicationBuilder(configuration).run(
				Stream
					.concat(Stream.of("server.port=0", "logging.level.io.github.polarspring.webhook=info"),
							Stream.of(properties))
					.map("--"::concat)
					.toArray(String[]::new));
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	private HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers)
			throws IOException, InterruptedException {
		return this.polar.send(request(method, path, body, headers), BodyHandlers.ofString());
	}

	private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
		String port = this.application.getEnvironment().getProperty("local.server.port");
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Content-Type", "application/json");
		if (headers.length > 0) {
			request.headers(headers);
		}
		return request.method(method, body).build();
	}

	private HttpResponse<String> deliver(String path, String id, String body) throws Exception {
		return send("POST", path, BodyPublishers.ofString(body), Signed.of(Signed.SECRET, id, body).headers());
	}

	private static String id() {
		return UUID.randomUUID().toString();
	}

	@ParameterizedTest
	@MethodSource("applications")
	void signatureIsAllThatCounts(Class<?> configuration, String context, String property) throws Exception {
		start(configuration, "server.servlet.context-path=" + context, property);
		for (String path : List.of("/webhooks/polar", "/webhooks/polar/", "/webhooks/polar;a=b")) {
			String id = id();
			HttpResponse<String> response = deliver(context + path, id, BODY);
			assertThat(response.statusCode()).as(path).isEqualTo(202);
			assertThat(response.body()).isEqualTo("Accepted\n");
			assertThat(response.headers().map()).doesNotContainKeys("Set-Cookie", "Location");
			assertThat(heard).contains("order:" + id + ":café ✓");
		}
		byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
		assertThat(send("POST", context + "/webhooks/polar",
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)),
				Signed.of(Signed.SECRET, id(), BODY).headers())
			.statusCode()).as("chunked").isEqualTo(202);
		int before = heard.size();
		assertThat(send("POST", context + "/webhooks/polar", BodyPublishers.ofString(BODY),
				Signed.of("another secret of at least 32 characters", id(), BODY).headers())
			.statusCode()).as("forged").isEqualTo(403);
		assertThat(send("POST", context + "/webhooks/polar", BodyPublishers.ofString(BODY)).statusCode()).as("unsigned")
			.isEqualTo(400);
		HttpResponse<String> get = send("GET", context + "/webhooks/polar", BodyPublishers.noBody());
		assertThat(get.statusCode()).isEqualTo(405);
		assertThat(get.headers().firstValue("Allow")).contains("POST");
		assertThat(heard).hasSize(before);
		int other = send("POST", context + "/webhooks/polar/more", BodyPublishers.ofString(BODY)).statusCode();
		assertThat(other).as("a path beside it is not ours").isNotIn(202, 400, 405);
	}

	static Stream<Arguments> applications() {
		return Stream.of(Arguments.of(Plain.class, "", "spring.main.banner-mode=off"),
				Arguments.of(NoSecurity.class, "", "spring.mvc.servlet.path=/mvc"),
				Arguments.of(OwnSecurity.class, "/shop", "spring.mvc.servlet.path=/mvc"),
				Arguments.of(OwnSecurity.class, "", "spring.main.lazy-initialization=true"),
				Arguments.of(SeveralChains.class, "/shop", "server.forward-headers-strategy=framework"),
				Arguments.of(Plain.class, "/a/b", "spring.threads.virtual.enabled=true"));
	}

	@Test
	void securityOfTheApplicationIsAsItWas() throws Exception {
		start(Plain.class);
		assertThat(send("GET", "/page", BodyPublishers.noBody()).statusCode()).isEqualTo(401);
		assertThat(send("POST", "/page", BodyPublishers.noBody()).statusCode()).isIn(401, 403);
	}

	@Test
	void withoutSecretThereIsNoEndpoint() throws Exception {
		startWithout(NoSecurity.class);
		assertThat(deliver("/webhooks/polar", id(), BODY).statusCode()).isEqualTo(404);
		assertThat(this.application.getBean("polarWebhookTraceFilter", FilterRegistrationBean.class).isEnabled())
			.as("the path may be used otherwise")
			.isFalse();
	}

	@Test
	void secretsOfARotationCountTogether() throws Exception {
		String old = "an old secret that has at least 32 characters";
		start(NoSecurity.class, "polar.webhook.secrets[0]=" + old, "polar.webhook.path=/hook");
		assertThat(deliver("/hook", id(), BODY).statusCode()).isEqualTo(202);
		assertThat(
				send("POST", "/hook", BodyPublishers.ofString(BODY), Signed.of(old, id(), BODY).headers()).statusCode())
			.isEqualTo(202);
	}

	@ParameterizedTest
	@ValueSource(strings = { "webhook-id", "webhook-timestamp", "webhook-signature" })
	void headerThatIsMissingOrThereTwiceIsMalformed(String header) throws Exception {
		start(NoSecurity.class);
		String[] headers = Signed.of(Signed.SECRET, id(), BODY).headers();
		String[] missing = headers.clone();
		String[] twice = Arrays.copyOf(headers, 8);
		for (int i = 0; i < 6; i += 2) {
			if (headers[i].equals(header)) {
				missing[i] = "x-other";
				twice[6] = header;
				twice[7] = headers[i + 1];
			}
		}
		assertThat(send("POST", "/webhooks/polar", BodyPublishers.ofString(BODY), missing).statusCode()).isEqualTo(400);
		assertThat(send("POST", "/webhooks/polar", BodyPublishers.ofString(BODY), twice).statusCode()).isEqualTo(400);
		assertThat(heard).isEmpty();
	}

	@Test
	void bodyThatIsTooLargeIsNotReadForLong() throws Exception {
		start(NoSecurity.class, "polar.webhook.max-body-size=1KB");
		String large = BODY.replace("café", "x".repeat(2000));
		assertThat(deliver("/webhooks/polar", id(), large).statusCode()).isEqualTo(413);
		byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
		assertThat(send("POST", "/webhooks/polar", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)),
				Signed.of(Signed.SECRET, id(), large).headers())
			.statusCode()).isEqualTo(413);
		assertThat(deliver("/webhooks/polar", id(), BODY).statusCode()).isEqualTo(202);
	}

	@Test
	void signedNonsenseIsMalformed() throws Exception {
		start(NoSecurity.class);
		for (String body : List.of("", "[]", "{\"type\":\"order.paid\"}", "nonsense")) {
			assertThat(deliver("/webhooks/polar", id(), body).statusCode()).as(body).isEqualTo(400);
		}
	}

	@Test
	void eventOfAnotherOrganizationIsRejected(CapturedOutput output) throws Exception {
		start(NoSecurity.class, "polar.organization-id=6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34");
		assertThat(deliver("/webhooks/polar", id(), BODY).statusCode()).isEqualTo(202);
		String other = BODY.replace("6f0c1f52", "00000000");
		assertThat(deliver("/webhooks/polar", id(), other).statusCode()).isEqualTo(403);
		assertThat(deliver("/webhooks/polar", id(), "{\"type\":\"x.y\",\"data\":{}}").statusCode()).isEqualTo(202);
		assertThat(output).contains("Organizations of sandbox and production are separate");
	}

	@Test
	void failingListenerIsAskedAgainAndTheOthersAreNot(CapturedOutput output) throws Exception {
		start(NoSecurity.class);
		String id = id();
		String failing = BODY.replace("order.paid", "order.updated");
		HttpResponse<String> first = deliver("/webhooks/polar", id, failing);
		assertThat(first.statusCode()).isEqualTo(500);
		assertThat(first.body()).isEqualTo("Failed\n");
		assertThat(deliver("/webhooks/polar", id, failing).statusCode()).isEqualTo(500);
		Listeners.broken = false;
		assertThat(deliver("/webhooks/polar", id, failing).statusCode()).isEqualTo(202);
		assertThat(deliver("/webhooks/polar", id, failing).statusCode()).isEqualTo(202);
		assertThat(heard).containsExactly("first:" + id, "last:" + id, "broken:" + id, "application:order.updated");
		assertThat(output).contains("Listeners#broken failed for the event PolarEvent[type=order.updated")
			.doesNotContain("café");
	}

	@Test
	void eventThatIsBeingHandledIsNotHandledTwice() throws Exception {
		start(NoSecurity.class);
		String id = id();
		String slow = BODY.replace("order.paid", "order.created");
		HttpRequest request = request("POST", "/webhooks/polar", BodyPublishers.ofString(slow),
				Signed.of(Signed.SECRET, id, slow).headers());
		CompletableFuture<HttpResponse<String>> running = this.polar.sendAsync(request, BodyHandlers.ofString());
		assertThat(Listeners.entered.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(deliver("/webhooks/polar", id, slow).statusCode()).isEqualTo(503);
		Listeners.release.countDown();
		assertThat(running.get().statusCode()).isEqualTo(202);
		assertThat(deliver("/webhooks/polar", id, slow).statusCode()).isEqualTo(202);
		assertThat(heard.stream().filter(("slow:" + id)::equals)).hasSize(1);
	}

	@Test
	void shutdownWaitsForTheEventThatIsBeingHandled() throws Exception {
		start(NoSecurity.class, "server.shutdown=graceful");
		String id = id();
		String slow = BODY.replace("order.paid", "order.created");
		CompletableFuture<HttpResponse<String>> running = this.polar.sendAsync(request("POST", "/webhooks/polar",
				BodyPublishers.ofString(slow), Signed.of(Signed.SECRET, id, slow).headers()), BodyHandlers.ofString());
		assertThat(Listeners.entered.await(10, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.application::close);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (isOpen() && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		assertThat(isOpen()).as("new connections are refused").isFalse();
		assertThat(closing).isNotDone();
		Listeners.release.countDown();
		assertThat(running.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
		closing.get(30, TimeUnit.SECONDS);
		assertThat(heard).contains("slow:" + id);
	}

	private boolean isOpen() {
		String port = this.application.getEnvironment().getProperty("local.server.port");
		try (Socket socket = new Socket("localhost", Integer.parseInt(port))) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\nZZ\r\n" })
	void bodyThatBreaksOffIsMalformedAndObserved(String rest) throws Exception {
		start(NoSecurity.class);
		Signed signed = Signed.of(Signed.SECRET, id(), BODY);
		try (Socket socket = new Socket("localhost",
				Integer.parseInt(this.application.getEnvironment().getProperty("local.server.port")))) {
			socket.getOutputStream()
				.write(("POST /webhooks/polar HTTP/1.1\r\nHost: localhost\r\nwebhook-id: %s\r\nwebhook-timestamp: %s\r\n"
						+ "webhook-signature: %s\r\n")
					.formatted(signed.id(), signed.timestamp(), signed.signature())
					.concat(rest)
					.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 400 ");
		}
		TestObservationRegistryAssert.assertThat(this.application.getBean(TestObservationRegistry.class))
			.hasAnObservation((observation) -> observation.hasNameEqualTo("polar.webhook")
				.hasLowCardinalityKeyValue("outcome", "malformed"));
	}

	@Test
	void patternsOfAnyKindDoNotStopTheStart() {
		start(AntPatterns.class, "spring.mvc.pathmatch.matching-strategy=ant_path_matcher");
		assertThat(this.application.isRunning()).isTrue();
	}

	@Test
	void unknownTypeIsAcceptedAndNotedOnce(CapturedOutput output) throws Exception {
		start(NoSecurity.class);
		String novel = "{\"type\":\"novel.thing\",\"data\":{\"id\":\"x\"},\"extra\":1}";
		assertThat(deliver("/webhooks/polar", id(), novel).statusCode()).isEqualTo(202);
		assertThat(deliver("/webhooks/polar", id(), novel).statusCode()).isEqualTo(202);
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("There is no @PolarEventListener for events of the type 'novel.thing'")))
			.singleElement(InstanceOfAssertFactories.STRING)
			.contains("INFO");
	}

	@Test
	void bodyThatAnotherFilterReadIsTheApplicationsMistake(CapturedOutput output) throws Exception {
		start(ReadingFilter.class);
		for (String how : List.of("stream", "reader")) {
			HttpResponse<String> response = send("POST", "/webhooks/polar?how=" + how, BodyPublishers.ofString(BODY),
					Signed.of(Signed.SECRET, id(), BODY).headers());
			assertThat(response.statusCode()).isEqualTo(500);
		}
		assertThat(output).contains("The body of the webhook was read by another filter before it could be verified");
	}

	@Test
	void rejectionsAreWarnedOfOnceAMinuteWithAHint(CapturedOutput output) throws Exception {
		start(NoSecurity.class);
		for (int i = 0; i < 5; i++) {
			send("POST", "/webhooks/polar", BodyPublishers.ofString(BODY),
					Signed.of("another secret of at least 32 characters", id(), BODY).headers());
			send("POST", "/webhooks/polar", BodyPublishers.ofString(BODY));
			send("POST", "/webhooks/polar", BodyPublishers.ofString(BODY), "webhook-id", id(), "webhook-timestamp",
					"1000000000", "webhook-signature", "v1,x");
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("A webhook was rejected"))).hasSize(3);
		assertThat(output)
			.contains("Check that 'polar.webhook.secret' is the secret of this endpoint",
					"Check the clock of this machine", "A proxy may have removed or changed them")
			.doesNotContain(Signed.SECRET, "café");
	}

	@Test
	void everyWebhookIsObserved() throws Exception {
		start(NoSecurity.class);
		TestObservationRegistry observations = this.application.getBean(TestObservationRegistry.class);
		deliver("/webhooks/polar", id(), BODY.replace("\"external_id\":\"alice\"", "\"external_id\":\"mallory\""));
		send("POST", "/webhooks/polar", BodyPublishers.ofString(BODY),
				Signed.of("another secret of at least 32 characters", id(), BODY).headers());
		deliver("/webhooks/polar", id(), "{\"type\":\"made.up." + id() + "\",\"data\":{}}");
		TestObservationRegistryAssert.assertThat(observations)
			.hasAnObservation((observation) -> observation.hasNameEqualTo("polar.webhook")
				.hasLowCardinalityKeyValue("type", "order.paid")
				.hasLowCardinalityKeyValue("outcome", "accepted")
				.hasLowCardinalityKeyValue("reason", "none")
				.hasLowCardinalityKeyValue("buyer", "mismatch"))
			.hasAnObservation((observation) -> observation.hasLowCardinalityKeyValue("type", "none")
				.hasLowCardinalityKeyValue("outcome", "rejected")
				.hasLowCardinalityKeyValue("reason", "signature"))
			.hasAnObservation((observation) -> observation.hasLowCardinalityKeyValue("type", "unknown")
				.hasLowCardinalityKeyValue("outcome", "accepted"));
		assertThat(heard).contains("mismatch:alice/mallory");
	}

	@Test
	void receiverThatIsShadowedOrLateIsWarnedOf(CapturedOutput output) {
		start(Shadowing.class, "spring.security.filter.order=" + Integer.MIN_VALUE);
		assertThat(output).contains("Shadowing#mine is never called")
			.contains("Spring Security's filter runs before the endpoint for Polar's webhooks at /webhooks/polar");
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void listenersWithoutASecretAreWarnedOf(boolean secret, CapturedOutput output) {
		startWithout(NoSecurity.class, secret ? "polar.webhook.secret=" + Signed.SECRET : "polar.webhook.secret=");
		String warning = "There are @PolarEventListener methods, but the webhook endpoint is disabled";
		assertThat(output.toString().contains(warning)).isEqualTo(!secret);
	}

	@Configuration(proxyBeanMethods = false)
	@RestController
	static class AntPatterns extends NoSecurity {

		@GetMapping("/a/**/b{x}c/**/d")
		void any() {
		}

	}

	static class Listeners {

		private static volatile boolean broken = true;

		private static volatile CountDownLatch entered;

		private static volatile CountDownLatch release;

		Listeners() {
			broken = true;
			entered = new CountDownLatch(1);
			release = new CountDownLatch(1);
		}

		@PolarEventListener("order.paid")
		void paid(io.github.polarspring.model.Order order, PolarEventMetadata metadata) {
			heard.add("order:" + metadata.id() + ":" + order.description());
		}

		@PolarEventListener("order.created")
		void slow(PolarEventMetadata metadata) throws InterruptedException {
			heard.add("slow:" + metadata.id());
			entered.countDown();
			if (!release.await(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Nobody let go");
			}
		}

		@PolarEventListener("order.updated")
		@Order(1)
		void first(PolarEventMetadata metadata) {
			heard.add("first:" + metadata.id());
		}

		@PolarEventListener("order.updated")
		@Order(2)
		void broken(PolarEventMetadata metadata) throws IOException {
			if (broken) {
				throw new IOException("out of order");
			}
			heard.add("broken:" + metadata.id());
		}

		@PolarEventListener("order.updated")
		@Order(3)
		void last(PolarEventMetadata metadata) {
			heard.add("last:" + metadata.id());
		}

		@EventListener
		void observe(PolarEvent<io.github.polarspring.model.Order> event) {
			if (event.type().equals("order.updated")) {
				heard.add("application:" + event.type());
				throw new IllegalStateException("an observer fails");
			}
		}

		@EventListener
		void mismatch(PolarIdentityMismatch mismatch) {
			heard.add("mismatch:" + mismatch.buyer().externalId() + "/" + mismatch.buyer().customerExternalId());
		}

	}

	@RestController
	static class Page {

		@GetMapping("/page")
		String page() {
			return "page";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Listeners.class, Page.class })
	static class Plain {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class,
			ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class,
			UserDetailsServiceAutoConfiguration.class })
	@Import({ Listeners.class, Page.class })
	static class NoSecurity {

		@Bean
		ObservationRegistry observations() {
			return TestObservationRegistry.create();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReadingFilter extends NoSecurity {

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> readingFilter() {
			FilterRegistrationBean<OncePerRequestFilter> registration = new FilterRegistrationBean<>(
					new OncePerRequestFilter() {

						@Override
						protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
								FilterChain chain) throws ServletException, IOException {
							if ("reader".equals(request.getQueryString().replace("how=", ""))) {
								request.getReader().readLine();
							}
							else {
								request.getInputStream().readAllBytes();
							}
							chain.doFilter(request, response);
						}

					});
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSecurity
	@EnableAutoConfiguration
	@Import({ Listeners.class, Page.class })
	static class OwnSecurity {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().denyAll())
				.formLogin(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSecurity
	@EnableAutoConfiguration
	@Import({ Listeners.class, Page.class })
	static class SeveralChains {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		SecurityFilterChain hooks(HttpSecurity http) {
			return http.securityMatcher("/webhooks/**")
				.authorizeHttpRequests((requests) -> requests.anyRequest().denyAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		SecurityFilterChain rest(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.formLogin(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Shadowing {

		@PostMapping("/webhooks/polar")
		void mine() {
		}

	}

}
