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

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutRequestCustomizer;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.switchuser.SwitchUserFilter;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who buys, in a real container, in an application that sells to users only.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_test", "polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
				"polar.checkout.require-login=true", "spring.threads.virtual.enabled=true" })
@ExtendWith(OutputCaptureExtension.class)
class CheckoutIdentityTests {

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	@LocalServerPort
	private int port;

	private final HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

	@DynamicPropertySource
	static void polar(DynamicPropertyRegistry registry) {
		registry.add("polar.base-url", () -> "http://localhost:" + polar.getPort());
	}

	@BeforeEach
	void answer() {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open",
				"url":"https://sandbox.polar.sh/checkout/polar_c_x"}""")));
	}

	private HttpResponse<String> send(String path, String body, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.POST(BodyPublishers.ofString(body));
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	private static String login(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
	}

	private static void verifyBuyer(String externalId) {
		polar.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
			.withRequestBody(matchingJsonPath("$.external_customer_id", equalTo(externalId)))
			.withRequestBody(matchingJsonPath("$.metadata.external_customer_id", equalTo(externalId)))
			.withRequestBody(matchingJsonPath("$.customer_id", absent()))
			.withRequestBody(matchingJsonPath("$.customer_email", absent())));
	}

	private static void verifyNothingSold() {
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@MethodSource("forgeries")
	void nothingInTheRequestSaysWhoBuys(String query, String contentType, String body) throws Exception {
		HttpResponse<String> response = send("/buy/pro" + query, body, "Authorization", login("alice"), "Content-Type",
				contentType, "external_customer_id", "bob", "External-Customer-Id", "bob", "X-External-Customer-Id",
				"bob", "X-User", "bob", "X-Forwarded-User", "bob");
		assertThat(response.statusCode()).isEqualTo(303);
		verifyBuyer("alice");
	}

	static Stream<Arguments> forgeries() {
		String form = "external_customer_id=bob&externalCustomerId=bob&customer_id=8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"
				+ "&customer_email=bob%40example.com&metadata[external_customer_id]=bob&metadata.external_customer_id=bob";
		String json = """
				{"external_customer_id":"bob","externalCustomerId":"bob","customer_email":"bob@example.com",
				"customer_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","metadata":{"external_customer_id":"bob"}}""";
		String multipart = Stream.of("external_customer_id", "externalCustomerId", "metadata.external_customer_id")
			.map((name) -> "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\nbob\r\n".formatted(name))
			.reduce("", String::concat) + "--x--\r\n";
		return Stream.of(Arguments.of("?" + form.replace("[", "%5B").replace("]", "%5D"), "text/plain", ""),
				Arguments.of("", "application/x-www-form-urlencoded", form), Arguments.of("", "application/json", json),
				Arguments.of("", "multipart/form-data; boundary=x", multipart));
	}

	@Test
	void guestIsLedToTheLoginAndCanBuyAfterwards() throws Exception {
		HttpResponse<String> page = send("/buy/pro", "", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(302);
		assertThat(page.headers().firstValue("Location"))
			.hasValueSatisfying((location) -> assertThat(location).endsWith("/login"));
		verifyNothingSold();
		assertThat(send("/login", "username=alice&password=alice", "Content-Type", "application/x-www-form-urlencoded")
			.headers()
			.firstValue("Location")).hasValueSatisfying((location) -> assertThat(location).doesNotContain("error"));
		verifyNothingSold();
		assertThat(send("/buy/pro", "", "Accept", "text/html").statusCode()).isEqualTo(303);
		verifyBuyer("alice");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/pro", "/buy/code" })
	void apiCallerIsUnauthorized(String path) throws Exception {
		HttpResponse<String> response = send(path, "", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("WWW-Authenticate"))
			.hasValueSatisfying((challenge) -> assertThat(challenge).startsWith("Basic "));
		verifyNothingSold();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Sec-Fetch-Mode   | cors        | */*
			Sec-Fetch-Mode   | cors        | text/html
			Sec-Fetch-Mode   | same-origin | application/json
			X-Any            | 1           | text/vnd.turbo-stream.html, text/html
			HX-Request       | true        | */*
			X-Inertia        | true        | text/html, application/xhtml+xml
			Datastar-Request | true        | text/event-stream
			X-Up-Version     | 3.14.3      | */*
			X-Requested-With | swup        | text/html
			""")
	void scriptOfAGuestIsNotRedirectedToTheLogin(String header, String value, String accept) throws Exception {
		HttpResponse<String> response = send("/buy/pro", "", header, value, "Accept", accept);
		assertThat(response.statusCode()).isEqualTo(value.equals("swup") ? 406 : 401);
		assertThat(response.headers().firstValue("Location")).isEmpty();
		assertThat(response.body()).isNotEmpty();
		verifyNothingSold();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/open/pro", "/open/code" })
	void noOneIsSignedInOnAPathWithoutChain(String path) throws Exception {
		assertThat(send(path, "", "Accept", "text/html").statusCode()).isEqualTo(401);
		send("/login", "username=alice&password=alice", "Content-Type", "application/x-www-form-urlencoded");
		assertThat(send(path, "", "Accept", "text/html").statusCode()).isEqualTo(401);
		verifyNothingSold();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/code", "/buy/email" })
	void guestOfAnyControllerIsLedToTheLogin(String path) throws Exception {
		HttpResponse<String> page = send(path, "", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(302);
		assertThat(page.headers().firstValue("Location"))
			.hasValueSatisfying((location) -> assertThat(location).endsWith("/login"));
		verifyNothingSold();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/pro", "/buy/code" })
	void userOfUnknownKindIsRejectedWithAMessageForTheDeveloper(String path, CapturedOutput output) throws Exception {
		HttpResponse<String> response = send(path, "", "X-Own-Filter", "alice", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).doesNotContain("alice", "java.lang.String");
		assertThat(output).contains("No checkout session was created: The name of the principal (java.lang.String)",
				"'polar.identity.strategy'");
		assertThat(output.toString().lines().filter((line) -> line.contains("ERROR"))).hasSize(1)
			.allSatisfy((line) -> assertThat(line).doesNotContain("alice"));
		verifyNothingSold();
	}

	@Test
	void codeThatSaysWhoBuysNeedsNoLogin() throws Exception {
		assertThat(send("/buy/kiosk", "").statusCode()).isEqualTo(200);
		verifyBuyer("kiosk-7");
	}

	@Test
	void codeThatSellsToAGuestNeedsNoLogin() throws Exception {
		assertThat(send("/buy/guest", "").statusCode()).isEqualTo(200);
		polar.verify(1, postRequestedFor(urlEqualTo("/v1/checkouts/")));
	}

	@Test
	void otherThreadThatKnowsNoOneSellsNothing() throws Exception {
		assertThat(send("/buy/forgotten", "", "Authorization", login("alice")).body())
			.contains("Call PolarCheckoutOperations.currentContext on the thread of the request");
		verifyNothingSold();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/code", "/buy/callable", "/buy/callable/context", "/buy/future" })
	void asynchronousControllerSellsToTheCallerOfTheRequest(String path) throws Exception {
		HttpResponse<String> response = send(path, "", "Authorization", login("alice"), "X-Forwarded-For",
				"203.0.113.9", "Accept-Language", "de", "X-Tenant", "acme");
		assertThat(response.statusCode()).isEqualTo(200);
		verifyBuyer("alice");
		polar.verify(postRequestedFor(anyUrl())
			.withRequestBody(matchingJsonPath("$.customer_ip_address", equalTo("203.0.113.9")))
			.withRequestBody(matchingJsonPath("$.locale", equalTo("de")))
			.withRequestBody(matchingJsonPath("$.metadata.order", equalTo("2"))));
	}

	/**
	 * What a customizer reads from the current request is not there on another thread.
	 */
	@Test
	void customizersRunInTheThreadThatCreatesTheSession() throws Exception {
		for (String path : List.of("/buy/code", "/buy/callable", "/buy/future")) {
			polar.resetRequests();
			send(path, "", "Authorization", login("alice"), "X-Tenant", "acme");
			polar.verify(path.equals("/buy/future") ? 0 : 1,
					postRequestedFor(anyUrl()).withRequestBody(matchingJsonPath("$.metadata.tenant", equalTo("acme"))));
		}
	}

	@Test
	void supportThatActsAsACustomerCannotBuyForHim() throws Exception {
		assertThat(
				send("/login", "username=support&password=support", "Content-Type", "application/x-www-form-urlencoded")
					.statusCode())
			.isEqualTo(302);
		assertThat(send("/buy/impersonate?username=alice", "").statusCode()).isEqualTo(302);
		assertThat(send("/buy/pro", "", "Accept", "text/html").statusCode()).isEqualTo(403);
		verifyNothingSold();
	}

	@RestController
	static class Shop {

		private final PolarCheckoutOperations checkouts;

		Shop(PolarCheckoutOperations checkouts) {
			this.checkouts = checkouts;
		}

		@PostMapping({ "/buy/pro", "/open/pro" })
		@PolarCheckout("pro")
		void buy() {
		}

		@PostMapping("/buy/email")
		String email() {
			return this.checkouts.create(CheckoutRequest.forProducts("pro").customerEmail("me@example.com").build())
				.url();
		}

		@PostMapping("/buy/guest")
		String guest() {
			return this.checkouts.create(CheckoutRequest.forProducts("pro").guest().build()).url();
		}

		@PostMapping("/buy/forgotten")
		CompletableFuture<String> forgotten() {
			return CompletableFuture
				.supplyAsync(() -> this.checkouts.create(CheckoutRequest.forProducts("pro").build()).url())
				.exceptionally((ex) -> ex.getMessage());
		}

		@PostMapping({ "/buy/code", "/open/code" })
		String code() {
			return this.checkouts.create(CheckoutRequest.forProducts("pro").build()).url();
		}

		@PostMapping("/buy/kiosk")
		String kiosk() {
			return this.checkouts.create(CheckoutRequest.forProducts("pro").externalCustomerId("kiosk-7").build())
				.url();
		}

		@PostMapping("/buy/callable")
		Callable<String> callable() {
			return () -> this.checkouts.create(CheckoutRequest.forProducts("pro").build()).url();
		}

		@PostMapping("/buy/callable/context")
		Callable<String> callableWithContext() {
			CheckoutContext context = this.checkouts.currentContext();
			return () -> this.checkouts.create(CheckoutRequest.forProducts("pro").build(), context).url();
		}

		@PostMapping("/buy/future")
		CompletableFuture<String> future() {
			CheckoutContext context = this.checkouts.currentContext();
			return CompletableFuture
				.supplyAsync(() -> this.checkouts.create(CheckoutRequest.forProducts("pro").build(), context).url());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shop.class)
	static class App {

		@Bean
		SecurityFilterChain chain(HttpSecurity http, InMemoryUserDetailsManager users) {
			SwitchUserFilter switchUser = new SwitchUserFilter();
			switchUser.setUserDetailsService(users);
			switchUser.setSwitchUserUrl("/buy/impersonate");
			switchUser.setTargetUrl("/");
			switchUser.afterPropertiesSet();
			return http.securityMatcher("/buy/**", "/login")
				.csrf(AbstractHttpConfigurer::disable)
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.formLogin(Customizer.withDefaults())
				.httpBasic(Customizer.withDefaults())
				.addFilter(switchUser)
				.addFilterAfter((request, response, chain) -> {
					String user = ((HttpServletRequest) request).getHeader("X-Own-Filter");
					if (user != null) {
						SecurityContextHolder.getContext()
							.setAuthentication(
									UsernamePasswordAuthenticationToken.authenticated(user, null, List.of()));
					}
					chain.doFilter(request, response);
				}, SwitchUserFilter.class)
				.build();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(User.withUsername("alice").password("{noop}alice").build(),
					User.withUsername("support").password("{noop}support").build());
		}

		@Bean
		@Order(1)
		CheckoutRequestCustomizer tenant() {
			return (checkout) -> {
				if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
					HttpServletRequest request = attributes.getRequest();
					String tenant = request.getHeader("X-Tenant");
					checkout.metadata("tenant", (tenant != null) ? tenant : "none").metadata("order", "1");
				}
			};
		}

		@Bean
		@Order(2)
		CheckoutRequestCustomizer campaign() {
			return (checkout) -> checkout.metadata("order", "2");
		}

	}

}
