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
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.validation.annotation.Validated;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for all forms that a {@link PolarCheckout} method can have, in a real container.
 * Users are known by a filter that does not run again when an asynchronous result comes
 * in, as many applications have one for their tokens.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_secrettoken", "polar.products.pro=" + CheckoutFormsTests.PRO,
				"polar.products.team=" + CheckoutFormsTests.TEAM, "shop.seats=3", "shop.theme=dark",
				"shop.discount=" + CheckoutFormsTests.DISCOUNT,
				"polar.checkout.application-url=https://Shop.example:443/app", "polar.checkout.theme=light",
				"polar.checkout.send-locale=false" })
class CheckoutFormsTests {

	static final String PRO = "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710";

	static final String TEAM = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

	static final String DISCOUNT = "3f8a2b6c-7d1e-4f5a-9b8c-0d1e2f3a4b5c";

	private static final String URL = "https://sandbox.polar.sh/checkout/polar_c_clientsecret";

	private static final AtomicInteger calls = new AtomicInteger();

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
	void responseWithASession() {
		calls.set(0);
		answer(0);
	}

	private static void answer(int delay) {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withFixedDelay(delay).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"%s"}""".formatted(URL))));
	}

	private HttpRequest request(String method, String path, String... headers) {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d%s".formatted(this.port, path)))
			.method(method, BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return request.build();
	}

	private HttpResponse<String> buy(String path, String... headers) throws IOException, InterruptedException {
		return this.browser.send(request("POST", path, headers), BodyHandlers.ofString());
	}

	/**
	 * Add what every checkout of a browser has.
	 */
	private static String fromABrowser(String json) {
		ObjectNode request = (ObjectNode) JsonMapper.shared().readTree(json);
		ObjectNode metadata = request.withObject("/metadata");
		metadata.put("browser_hash", "${json-unit.regex}[0-9a-f]{64}");
		if (request.has("customer_id")) {
			metadata.put("checkout_buyer", "customer:" + request.get("customer_id").asString());
		}
		else if (!metadata.has("external_customer_id")) {
			metadata.put("checkout_buyer", "guest");
		}
		return request.toString();
	}

	private static void verifySent(String json) {
		polar.verify(1,
				postRequestedFor(urlEqualTo("/v1/checkouts/")).withRequestBody(equalToJson(fromABrowser(json))));
		polar.verify(1, postRequestedFor(anyUrl()));
	}

	private static void verifyNothingSent() {
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "callable", "task", "future", "stage", "deferred", "mono", "void", "callable-void",
			"builder", "session" })
	void asynchronousMethodSellsToAnyoneWhoSentTheRequest(String form) throws Exception {
		for (String path : List.of("/buy/later/" + form, "/buy/rest/later/" + form)) {
			polar.resetRequests();
			HttpResponse<String> response = buy(path, "X-Token", "alice", "X-Forwarded-For", "203.0.113.9");
			assertThat(response.statusCode()).as(path).isEqualTo(303);
			assertThat(response.headers().firstValue("Location")).contains(URL + "?theme=light");
			assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
			verifySent("""
					{"products":["%s"],"seats":3,"external_customer_id":"alice","customer_ip_address":"203.0.113.9",
					"metadata":{"external_customer_id":"alice"}}""".formatted(TEAM));
		}
	}

	@ParameterizedTest
	@CsvSource({ "failing,409", "null,500", "unauthenticated-null,500" })
	void asynchronousFailureIsHandledLikeAnyOther(String form, int status) throws Exception {
		HttpResponse<String> response = buy("/buy/later/" + form, "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
		verifyNothingSent();
	}

	@Test
	void attributesSayItAll() throws Exception {
		HttpResponse<String> response = buy("/buy/all");
		assertThat(response.headers().firstValue("Location")).contains(URL + "?theme=dark");
		verifySent("""
				{"products":["%s"],"seats":3,"discount_id":"%s","locale":"pt-BR",
				"success_url":"https://Shop.example:443/app/welcome?checkout_id={CHECKOUT_ID}#top",
				"return_url":"https://other.example/pricing"}""".formatted(TEAM, DISCOUNT));
	}

	@Test
	void metaAnnotationOverridesAttributes() throws Exception {
		assertThat(buy("/buy/meta").headers().firstValue("Location")).contains(URL + "?theme=dark");
		verifySent("""
				{"products":["%s"],"success_url":"https://Shop.example:443/app/hello/{CHECKOUT_ID}"}""".formatted(PRO));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/interface", "/buy/proxied?seats=3" })
	void annotationOnAnInterfaceCounts(String path) throws Exception {
		assertThat(buy(path).statusCode()).isEqualTo(303);
		verifySent("{\"products\":[\"" + PRO + "\"]}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/open", "/buy/open/builder" })
	void attributesFillInWhatARequestLeavesOpen(String path) throws Exception {
		assertThat(buy(path).statusCode()).isEqualTo(303);
		verifySent("""
				{"products":["%s"],"seats":9,"discount_id":"%s",
				"success_url":"https://Shop.example:443/app/own?checkout_id={CHECKOUT_ID}",
				"return_url":"https://Shop.example:443/app/shelf"}""".formatted(TEAM, DISCOUNT));
	}

	@ParameterizedTest
	@CsvSource({ "/own,https://Shop.example:443/app/own?checkout_id={CHECKOUT_ID}",
			"/own?a=b,https://Shop.example:443/app/own?a=b&checkout_id={CHECKOUT_ID}",
			"/own?#x,https://Shop.example:443/app/own?checkout_id={CHECKOUT_ID}#x",
			"/{CHECKOUT_ID},https://Shop.example:443/app/{CHECKOUT_ID}",
			"/own?checkout_id=5,https://Shop.example:443/app/own?checkout_id=5",
			"/own#%7BCHECKOUT_ID%7D,https://Shop.example:443/app/own#%7BCHECKOUT_ID%7D",
			"/own?c=%7bCHECKOUT_ID%7d,https://Shop.example:443/app/own?c=%7bCHECKOUT_ID%7d&checkout_id={CHECKOUT_ID}",
			"/own?c=%7BCHECKOUT_ID%7d,https://Shop.example:443/app/own?c=%7BCHECKOUT_ID%7d&checkout_id={CHECKOUT_ID}",
			"/own?c={CHECKOUT_ID%7D,https://Shop.example:443/app/own?c={CHECKOUT_ID%7D&checkout_id={CHECKOUT_ID}",
			"/{checkout_id},https://Shop.example:443/app/{checkout_id}?checkout_id={CHECKOUT_ID}",
			"/own?checkout_id=%7bCHECKOUT_ID%7d,https://Shop.example:443/app/own?checkout_id={CHECKOUT_ID}",
			"/own?a=b&checkout_id={checkout_id}#x,https://Shop.example:443/app/own?a=b&checkout_id={CHECKOUT_ID}#x",
			"/own?checkout_id=%7BCheckout_Id%7d&a=b,https://Shop.example:443/app/own?checkout_id={CHECKOUT_ID}&a=b",
			"https://shop.example/own,https://shop.example/own?checkout_id={CHECKOUT_ID}",
			"https://other.example/own,https://other.example/own", "http://shop.example/own,http://shop.example/own" })
	void ownSuccessUrlNamesTheSession(String url, String sent) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:%d/buy/to".formatted(this.port)))
			.POST(BodyPublishers.ofString(url))
			.header("Content-Type", "text/plain")
			.build();
		assertThat(this.browser.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(303);
		verifySent("{\"products\":[\"" + PRO + "\"],\"success_url\":\"" + sent + "\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/seats?seats=0", "/buy/seats?seats=51", "/buy/proxied?seats=0", "/buy/body" })
	void invalidInputCreatesNothing(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(this.port, path)))
			.POST(BodyPublishers.ofString("{\"coupon\":\" \"}"))
			.header("Content-Type", "application/json")
			.header("Accept", "application/json")
			.build();
		HttpResponse<String> response = this.browser.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(path.contains("proxied") ? 500 : 400);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
		verifyNothingSent();
	}

	@ParameterizedTest
	@CsvSource({ "HEAD,,204", "GET,prefetch,503", "GET,prefetch;prerender,503" })
	void methodIsNotEvenCalledWhereNoOneWantsToBuy(String method, String purpose, int status) throws Exception {
		HttpRequest request = (purpose != null) ? request(method, "/buy/get", "Sec-Purpose", purpose)
				: request(method, "/buy/get");
		HttpResponse<String> response = this.browser.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
		assertThat(calls).hasValue(0);
		verifyNothingSent();
		assertThat(
				this.browser.send(request("GET", "/other", "Sec-Purpose", "prefetch"), BodyHandlers.ofString()).body())
			.isEqualTo("other");
	}

	@Test
	void rejectedTokenIsALineForEachBuyerAndNoStackTrace(CapturedOutput output) throws Exception {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(401).withBody("{\"error\":\"invalid_token\"}")));
		for (int i = 0; i < 2; i++) {
			assertThat(buy("/buy/pro").statusCode()).isEqualTo(500);
		}
		assertThat(output.getAll().split("Checkout method .* failed: POST")).hasSize(3);
		assertThat(output).doesNotContain("\tat io.github.polarspring");
	}

	private CompletableFuture<HttpResponse<String>> click(String path, String... headers) {
		return this.browser.sendAsync(request("POST", path, headers), BodyHandlers.ofString());
	}

	@Test
	void scriptCanEmbedThePageInTheApplicationsOwn() throws Exception {
		HttpResponse<String> response = buy("/buy/pro", "Accept", "application/json", "Origin", "https://evil.example",
				"Host-Override", "evil.example");
		assertThat(response.body()).isEqualTo("{\"url\":\"" + URL + "?theme=light\"}");
		verifySent("{\"products\":[\"" + PRO + "\"],\"embed_origin\":\"https://shop.example\"}");
	}

	@Test
	void nothingInTheRequestSaysWhereTheBuyerGoes() throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d/buy/pro?".formatted(this.port)
					+ "success_url=https://evil.example&successUrl=https://evil.example&return_url=https://evil.example"
					+ "&embed_origin=https://evil.example&embedOrigin=https://evil.example&discount_id=" + DISCOUNT))
			.POST(BodyPublishers.ofString("embed_origin=https://evil.example&success_url=https://evil.example"))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.header("Accept", "application/json")
			.header("X-Forwarded-Host", "evil.example")
			.header("Referer", "https://evil.example/")
			.build();
		assertThat(this.browser.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
		verifySent("{\"products\":[\"" + PRO + "\"],\"embed_origin\":\"https://shop.example\"}");
	}

	@Retention(RetentionPolicy.RUNTIME)
	@PolarCheckout(value = "pro", theme = "dark")
	@interface BuyPro {

		@AliasFor(annotation = PolarCheckout.class, attribute = "successUrl")
		String welcome() default "/welcome";

	}

	interface Buying {

		@PostMapping("/buy/interface")
		@PolarCheckout("pro")
		void buy();

	}

	@Controller
	static class InterfaceController implements Buying {

		@Override
		public void buy() {
		}

	}

	@Controller
	@Validated
	static class ProxiedController {

		@PostMapping("/buy/proxied")
		@PolarCheckout("pro")
		public void proxied(@RequestParam @Min(1) int seats) {
		}

	}

	record Coupon(@NotBlank String coupon) {

	}

	@Controller
	static class ShopController {

		@PostMapping("/buy/pro")
		@PolarCheckout("pro")
		void pro() {
		}

		@PostMapping("/buy/all")
		@PolarCheckout(value = "team", seats = "${shop.seats}", discount = "${shop.discount}", locale = "pt-BR",
				theme = "${shop.theme}", successUrl = "${shop.welcome:/welcome}#top",
				returnUrl = "https://other.example/pricing")
		void all() {
		}

		@PostMapping("/buy/meta")
		@BuyPro(welcome = "/hello/{CHECKOUT_ID}")
		void meta() {
		}

		@PostMapping("/buy/open")
		@PolarCheckout(seats = "3", discount = "${shop.discount}", successUrl = "/none", returnUrl = "/shelf")
		CheckoutRequest open() {
			return CheckoutRequest.forProducts("team").seats(9).successUrl("/own").build();
		}

		@PostMapping("/buy/open/builder")
		@PolarCheckout(seats = "3", discount = "${shop.discount}", successUrl = "/none", returnUrl = "/shelf")
		CheckoutRequest.Builder openBuilder() {
			return CheckoutRequest.forProducts("team").seats(9).successUrl("/own");
		}

		@PostMapping("/buy/to")
		@PolarCheckout("pro")
		void to(CheckoutRequest.Builder checkout, @RequestBody String url) {
			checkout.successUrl(url);
		}

		@PostMapping("/buy/seats")
		@PolarCheckout("team")
		void seats(CheckoutRequest.Builder checkout, @RequestParam @Min(1) @Max(50) int seats) {
			checkout.seats(seats);
		}

		@PostMapping("/buy/body")
		@PolarCheckout("team")
		void body(@RequestBody @Valid Coupon coupon) {
		}

		@GetMapping("/buy/get")
		@PolarCheckout("pro")
		void get() {
			calls.incrementAndGet();
		}

		@PostMapping("/buy/later/failing")
		@PolarCheckout("pro")
		CompletableFuture<CheckoutRequest> failing() {
			return CompletableFuture.failedFuture(new ResponseStatusException(HttpStatus.CONFLICT));
		}

		@PostMapping("/buy/later/null")
		@PolarCheckout
		Callable<CheckoutRequest> nothing() {
			return () -> null;
		}

		@PostMapping("/buy/later/unauthenticated-null")
		@PolarCheckout
		DeferredResult<CheckoutSession> nothingDeferred() {
			DeferredResult<CheckoutSession> result = new DeferredResult<>();
			result.setResult(null);
			return result;
		}

	}

	@Controller
	static class LaterController extends Later {

		LaterController(PolarCheckoutOperations checkouts) {
			super(checkouts);
		}

		@PostMapping("/buy/later/callable")
		@PolarCheckout
		Callable<CheckoutRequest> callable() {
			return this::team;
		}

		@PostMapping("/buy/later/task")
		@PolarCheckout
		WebAsyncTask<CheckoutRequest> task() {
			return new WebAsyncTask<>(this::team);
		}

		@PostMapping("/buy/later/future")
		@PolarCheckout
		CompletableFuture<CheckoutRequest> future() {
			return CompletableFuture.supplyAsync(this::team, ForkJoinPool.commonPool());
		}

		@PostMapping("/buy/later/stage")
		@PolarCheckout
		java.util.concurrent.CompletionStage<CheckoutRequest> stage() {
			return CompletableFuture.supplyAsync(this::team);
		}

		@PostMapping("/buy/later/deferred")
		@PolarCheckout
		DeferredResult<CheckoutRequest> deferred() {
			DeferredResult<CheckoutRequest> result = new DeferredResult<>();
			CompletableFuture.runAsync(() -> result.setResult(team()));
			return result;
		}

		@PostMapping("/buy/later/mono")
		@PolarCheckout
		Mono<CheckoutRequest> mono() {
			return Mono.fromCallable(this::team);
		}

		@PostMapping("/buy/later/void")
		@PolarCheckout("team")
		CompletableFuture<Void> nothing(CheckoutRequest.Builder checkout) {
			return CompletableFuture.runAsync(() -> checkout.seats(3));
		}

		@PostMapping("/buy/later/callable-void")
		@PolarCheckout(value = "team", seats = "3")
		Callable<Void> callableOfNothing() {
			return () -> null;
		}

		@PostMapping("/buy/later/builder")
		@PolarCheckout("team")
		Callable<CheckoutRequest.Builder> builder(CheckoutRequest.Builder checkout) {
			return () -> checkout.seats(3);
		}

		@PostMapping("/buy/later/session")
		@PolarCheckout
		CompletableFuture<CheckoutSession> session() {
			return own();
		}

	}

	@RestController
	static class LaterRestController extends Later {

		LaterRestController(PolarCheckoutOperations checkouts) {
			super(checkouts);
		}

		@PostMapping("/buy/rest/later/callable")
		@PolarCheckout
		Callable<CheckoutRequest> callable() {
			return this::team;
		}

		@PostMapping("/buy/rest/later/task")
		@PolarCheckout
		WebAsyncTask<CheckoutRequest> task() {
			return new WebAsyncTask<>(this::team);
		}

		@PostMapping({ "/buy/rest/later/future", "/buy/rest/later/stage" })
		@PolarCheckout
		CompletableFuture<CheckoutRequest> future() {
			return CompletableFuture.supplyAsync(this::team);
		}

		@PostMapping("/buy/rest/later/deferred")
		@PolarCheckout
		DeferredResult<CheckoutRequest> deferred() {
			DeferredResult<CheckoutRequest> result = new DeferredResult<>();
			CompletableFuture.runAsync(() -> result.setResult(team()));
			return result;
		}

		@PostMapping("/buy/rest/later/mono")
		@PolarCheckout
		Mono<CheckoutRequest> mono() {
			return Mono.fromCallable(this::team);
		}

		@PostMapping({ "/buy/rest/later/void", "/buy/rest/later/callable-void" })
		@PolarCheckout("team")
		CompletableFuture<Void> nothing(CheckoutRequest.Builder checkout) {
			return CompletableFuture.runAsync(() -> checkout.seats(3));
		}

		@PostMapping("/buy/rest/later/builder")
		@PolarCheckout("team")
		Callable<CheckoutRequest.Builder> builder(CheckoutRequest.Builder checkout) {
			return () -> checkout.seats(3);
		}

		@PostMapping("/buy/rest/later/session")
		@PolarCheckout
		CompletableFuture<CheckoutSession> session() {
			return own();
		}

		@PostMapping("/session")
		String openSession(HttpSession session) {
			return session.getId();
		}

		@GetMapping("/other")
		String other() {
			return "other";
		}

	}

	abstract static class Later {

		private final PolarCheckoutOperations checkouts;

		Later(PolarCheckoutOperations checkouts) {
			this.checkouts = checkouts;
		}

		CheckoutRequest team() {
			return CheckoutRequest.forProducts(UUID.fromString(TEAM)).seats(3).build();
		}

		CompletableFuture<CheckoutSession> own() {
			CheckoutContext context = this.checkouts.currentContext();
			return CompletableFuture.supplyAsync(() -> this.checkouts.create(team(), context));
		}

	}

	static class TokenFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String user = request.getHeader("X-Token");
			if (user != null) {
				SecurityContextHolder.getContext()
					.setAuthentication(
							new TestingAuthenticationToken(User.withUsername(user).password("").build(), null, "USER"));
			}
			chain.doFilter(request, response);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ShopController.class, InterfaceController.class, ProxiedController.class, LaterController.class,
			LaterRestController.class })
	static class Shop {

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http.csrf(AbstractHttpConfigurer::disable)
				.addFilterBefore(new TokenFilter(), AnonymousAuthenticationFilter.class)
				.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

	}

}
