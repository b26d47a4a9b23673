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
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.PolarCheckout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
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
 * Tests for {@link PolarCheckout} in a real container, with a security configuration that
 * guards everything but the buy buttons.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_secrettoken", "polar.products.pro=" + PolarCheckoutTests.PRO,
				"polar.products.team=" + PolarCheckoutTests.TEAM, "shop.product=team",
				"polar.checkout.success-url=/thanks?id={CHECKOUT_ID}" })
class PolarCheckoutTests {

	static final String PRO = "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710";

	static final String TEAM = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

	private static final String URL = "https://sandbox.polar.sh/checkout/polar_c_clientsecret";

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	@LocalServerPort
	private int port;

	private final HttpClient browser = HttpClient.newHttpClient();

	@DynamicPropertySource
	static void polar(DynamicPropertyRegistry registry) {
		registry.add("polar.base-url", () -> "http://localhost:" + polar.getPort());
	}

	@BeforeEach
	void responseWithASession() {
		answer(session(URL));
	}

	private static ResponseDefinitionBuilder session(String url) {
		return aResponse().withStatus(201).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"%s"}""".formatted(url));
	}

	private static void answer(ResponseDefinitionBuilder answer) {
		polar.stubFor(post(anyUrl()).willReturn(answer));
	}

	private HttpResponse<String> buy(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d%s".formatted(this.port, path)))
			.POST(BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	private static String login(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
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
		polar.verify(postRequestedFor(urlEqualTo("/v1/checkouts/")).withRequestBody(equalToJson(fromABrowser(json))));
	}

	private String successUrl() {
		return "http://localhost:%d/thanks?id={CHECKOUT_ID}".formatted(this.port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/controller", "/buy/rest", "/buy/meta", "/buy/id" })
	void sendsTheBrowserToPolar(String path) throws Exception {
		HttpResponse<String> response = buy(path, "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains(URL);
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
		assertThat(response.body()).isEmpty();
		verifySent("""
				{"products":["%s"],"success_url":"%s","locale":"en"}""".formatted(PRO, successUrl())
			.replace("\"en\"", "\"${json-unit.any-string}\""));
	}

	@Test
	void sellsSeveralProductsByPlaceholderAndName() throws Exception {
		assertThat(buy("/buy/either", "Accept-Language", "pt-BR").statusCode()).isEqualTo(303);
		verifySent("""
				{"products":["%s","%s"],"success_url":"%s","locale":"pt-BR"}""".formatted(TEAM, PRO, successUrl()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			zh-Hans-CN | zh-CN
			sr-Latn    | sr
			es-419     | es-419
			no-NO-NY   | no-NO
			iw         | he
			fil-PH     | fil-PH
			ja-JP-u-ca-japanese | ja-JP
			""")
	void languageAndRegionOfTheBrowserAreSent(String accepted, String locale) throws Exception {
		assertThat(buy("/buy/controller", "Accept-Language", accepted).statusCode()).isEqualTo(303);
		verifySent("""
				{"products":["%s"],"success_url":"%s","locale":"%s"}""".formatted(PRO, successUrl(), locale));
	}

	@Test
	void loggedInUserIsTheCustomer() throws Exception {
		assertThat(buy("/buy/controller", "Authorization", login("alice"), "Accept-Language", "de").statusCode())
			.isEqualTo(303);
		verifySent("""
				{"products":["%s"],"external_customer_id":"alice","metadata":{"external_customer_id":"alice"},
				"success_url":"%s","locale":"de"}""".formatted(PRO, successUrl()));
	}

	@Test
	void adminWhoBuysForACustomerShowsNothingOfThemselves() throws Exception {
		assertThat(buy("/buy/for/customer-42", "Authorization", login("admin"), "Accept-Language", "fr-FR",
				"X-Forwarded-For", "203.0.113.50")
			.body()).isEqualTo(URL);
		verifySent("""
				{"products":["%s"],"external_customer_id":"customer-42","success_url":"%s","locale":"de",
				"metadata":{"external_customer_id":"customer-42"}}""".formatted(PRO, successUrl()));
	}

	@Test
	void callerCannotSayWhoHeIs() throws Exception {
		String forged = URLEncoder.encode("bob", StandardCharsets.UTF_8);
		assertThat(
				buy("/buy/controller?external_customer_id=" + forged + "&externalCustomerId=" + forged, "Authorization",
						login("alice"), "external_customer_id", "bob", "X-User", "bob", "Accept-Language", "de")
					.statusCode())
			.isEqualTo(303);
		verifySent("""
				{"products":["%s"],"external_customer_id":"alice","metadata":{"external_customer_id":"alice"},
				"success_url":"%s","locale":"de"}""".formatted(PRO, successUrl()));
	}

	@Test
	void addressBehindTheProxyIsSent() throws Exception {
		assertThat(buy("/buy/controller", "X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.0.0.1", "Accept-Language",
				"de")
			.statusCode()).isEqualTo(303);
		verifySent("""
				{"products":["%s"],"customer_ip_address":"203.0.113.9","success_url":"%s","locale":"de"}"""
			.formatted(PRO, successUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "500,500 of Polar", "502,<html>bad gateway of Polar</html>", "503,of Polar", "307,of Polar",
			"200,garbage of Polar" })
	void faultOfPolarIsNoLoginPageButA503(int status, String body) throws Exception {
		answer(aResponse().withStatus(status).withHeader("Location", "https://evil.example").withBody(body));
		assertUnavailable();
	}

	@ParameterizedTest
	@ValueSource(strings = { "EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "MALFORMED_RESPONSE_CHUNK",
			"RANDOM_DATA_THEN_CLOSE" })
	void brokenConnectionIsNoLoginPageButA503(Fault fault) throws Exception {
		answer(aResponse().withFault(fault));
		assertUnavailable();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://polar.example/checkout/x", "javascript:alert(1)", "//evil.example",
			"https://polar.sh@evil.example/", "https:///checkout", "https://polar.sh/\\r\\nX-Evil: 1", "/checkout",
			"" })
	void urlThatIsNotSafeIsNotFollowed(String url) throws Exception {
		answer(session(url));
		assertUnavailable();
	}

	@Test
	void connectionResetByPolarIsNotTakenForABrowserThatWentAway() throws Exception {
		answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
		assertThat(buy("/buy/for/customer-42", "Authorization", login("admin")).statusCode()).isEqualTo(503);
	}

	private void assertUnavailable() throws Exception {
		HttpResponse<String> page = buy("/buy/controller", "Accept", "text/html,*/*;q=0.8");
		assertThat(page.statusCode()).isEqualTo(503);
		assertThat(page.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/html"));
		assertThat(page.headers().firstValue("Location")).isEmpty();
		assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
		assertThat(page.body()).contains("Whitelabel", "type=Service Unavailable, status=503", "try again in a moment")
			.doesNotContainIgnoringCase("of polar", "evil", "polar_");
		HttpResponse<String> json = buy("/buy/rest");
		assertThat(json.statusCode()).isEqualTo(503);
		assertThat(json.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(json.body()).isEqualTo("""
				{"type":"about:blank","title":"Service Unavailable","status":503,\
				"detail":"The checkout is not available right now. Please try again in a moment."}""");
	}

	@Test
	void rateLimitSaysWhenToComeBack() throws Exception {
		answer(aResponse().withStatus(429).withHeader("Retry-After", "60"));
		HttpResponse<String> response = buy("/buy/controller", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).contains("60");
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404, 411, 422 })
	void mistakeOfADeveloperIsA500AndLogged(int status, CapturedOutput output) throws Exception {
		answer(aResponse().withStatus(status)
			.withBody("{\"error\":\"OfPolar\",\"detail\":\"alice@example.com polar_oat_secrettoken\"}"));
		HttpResponse<String> response = buy("/buy/controller", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.body()).contains("The checkout could not be started.")
			.doesNotContain("OfPolar", "polar_oat_", "alice@");
		assertThat(output).contains("PolarCheckoutTests$ShopController#buy", "responded with " + status)
			.doesNotContain("polar_oat_secrettoken", "alice@example.com");
	}

	@Test
	void missingScopeIsNamedInTheLog(CapturedOutput output) throws Exception {
		answer(aResponse().withStatus(403)
			.withHeader("WWW-Authenticate",
					"Bearer realm=\"polar\", error=\"insufficient_scope\", scope=\"checkouts:write\"")
			.withBody("{\"error\":\"insufficient_scope\"}"));
		assertThat(buy("/buy/controller", "Accept", "text/html").statusCode()).isEqualTo(500);
		assertThat(output.getAll().lines().filter((line) -> line.contains("PolarCheckoutTests$ShopController#buy")))
			.singleElement()
			.asString()
			.contains("The access token lacks a scope. Add 'checkouts:write' to it in Polar's dashboard");
	}

	@Test
	void logOfASaleHoldsNoSecretAtAnyLevel(CapturedOutput output) throws Exception {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		List<String> loggers = List.of("io.github.polarspring", "org.springframework.web", "org.springframework.http");
		loggers.forEach((logger) -> logging.setLogLevel(logger, LogLevel.TRACE));
		try {
			buy("/buy/controller", "Authorization", login("alice"), "X-Forwarded-For", "203.0.113.9");
		}
		finally {
			loggers.forEach((logger) -> logging.setLogLevel(logger, null));
		}
		assertThat(output).contains("POST \"/buy/controller\"")
			.doesNotContain("polar_oat_secrettoken", "polar_c_clientsecret", "203.0.113.9");
	}

	@Test
	void exceptionHandlerOfTheApplicationComesFirst() throws Exception {
		answer(aResponse().withStatus(429));
		HttpResponse<String> response = buy("/buy/handled", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(423);
		assertThat(response.body()).isEqualTo("come back later");
	}

	@ParameterizedTest
	@CsvSource({ "/buy/failing/conflict,409", "/buy/failing/annotated,410", "/buy/failing/unexpected,500",
			"/buy/failing/number?count=x,400", "/buy/failing/number,400" })
	void exceptionOfTheMethodKeepsItsStatusAndCreatesNothing(String path, int status) throws Exception {
		HttpResponse<String> page = buy(path, "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(status);
		assertThat(page.body()).contains("status=" + status).doesNotContain("secret detail");
		HttpResponse<String> json = buy(path, "Accept", "application/json");
		assertThat(json.statusCode()).isEqualTo(status);
		assertThat(json.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(json.body()).contains("\"status\":" + status).doesNotContain("secret detail");
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@Test
	void headersOfAnErrorResponseAreKept() throws Exception {
		HttpResponse<String> response = buy("/buy/failing/closed", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).contains("120");
	}

	@Test
	void browserThatWentAwayIsNoErrorOfTheShop(CapturedOutput output) throws Exception {
		buy("/buy/failing/gone", "Accept", "text/html");
		assertThat(output).doesNotContain("#gone");
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@Test
	void deniedGuestGoesToTheLogin() throws Exception {
		HttpResponse<String> response = buy("/buy/failing/denied", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(302);
		assertThat(response.headers().firstValue("Location"))
			.hasValueSatisfying((location) -> assertThat(location).endsWith("/login"));
		assertThat(buy("/buy/failing/denied", "Authorization", login("alice")).statusCode()).isEqualTo(403);
	}

	@Test
	void adminWhoBuysForThemselvesIsFilledIn() throws Exception {
		assertThat(buy("/buy/controller", "Authorization", login("admin"), "Accept-Language", "de").statusCode())
			.isEqualTo(303);
		verifySent("""
				{"products":["%s"],"external_customer_id":"admin","customer_email":"admin@example.com",
				"customer_name":"Ada Admin","metadata":{"external_customer_id":"admin"},"success_url":"%s",
				"locale":"de"}""".formatted(PRO, successUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy/seats", "/buy/rest/seats", "/buy/request", "/buy/rest/request", "/buy/builder",
			"/buy/session" })
	void methodSaysWhatIsSold(String path) throws Exception {
		HttpResponse<String> response = buy(path + "?seats=12&customerEmail=bob%40example.com&guest=true",
				"Authorization", login("alice"), "Accept-Language", "de");
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains(URL);
		verifySent("""
				{"products":["%s"],"seats":12,"external_customer_id":"alice",
				"metadata":{"external_customer_id":"alice"},"success_url":"%s","locale":"de"}""".formatted(TEAM,
				successUrl()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			application/json                             | 200
			application/json, text/plain, */*            | 200
			application/json;charset=utf-8               | 200
			text/html,application/xhtml+xml,*/*;q=0.8    | 303
			text/html, application/json                  | 303
			*/*                                          | 303
			nonsense                                     | 303
			""")
	void callerWhoAsksForJsonGetsTheUrl(String accept, int status) throws Exception {
		for (String path : List.of("/buy/controller", "/buy/rest")) {
			HttpResponse<String> response = buy(path, "Accept", accept);
			assertThat(response.statusCode()).isEqualTo(status);
			assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
			assertThat(response.headers().firstValue("Location").isPresent()).isEqualTo(status == 303);
			if (status == 200) {
				assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
				assertThat(response.body()).isEqualTo("{\"url\":\"" + URL + "\"}");
			}
		}
	}

	@Test
	void jsonSaysWhenTheSessionExpires() throws Exception {
		answer(aResponse().withStatus(201).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/x",
				"expires_at":"2026-08-23T09:15:30.481206Z","client_secret":"polar_c_x"}"""));
		assertThat(buy("/buy/controller", "Accept", "application/json").body())
			.isEqualTo("{\"url\":\"https://polar.sh/checkout/x\",\"expiresAt\":\"2026-08-23T09:15:30.481206Z\"}");
	}

	@Test
	void htmxIsRedirectedOffThePage() throws Exception {
		HttpResponse<String> response = buy("/buy/controller", "HX-Request", "true", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("HX-Redirect")).contains(URL);
		assertThat(response.headers().firstValue("Location")).isEmpty();
		assertThat(response.body()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Sec-Purpose | prefetch
			Sec-Purpose | prefetch;prerender
			Purpose     | prefetch
			X-Moz       | prefetch
			X-Purpose   | preview
			X-Sec-Purpose | prefetch
			Sec-Purpose | prefetch;anonymous-client-ip
			Sec-Purpose | PREFETCH ; Prerender
			Sec-Purpose | fast, prefetch
			Sec-Purpose | "prefetch"
			X-Moz       | Prefetch
			HX-Preloaded | true
			VND.PREFETCH | true
			Next-Router-Prefetch | 1
			Next-Router-Segment-Prefetch | /_tree
			X-Middleware-Prefetch | 1
			""", quoteCharacter = '`')
	void prefetchCreatesNothing(String header, String value) throws Exception {
		HttpResponse<String> response = buy("/buy/controller", header, value);
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@Test
	void prefetchIsRecognizedInAnyLineOfTheHeader() throws Exception {
		assertThat(buy("/buy/controller", "Sec-Purpose", "fast", "Sec-Purpose", "prefetch").statusCode())
			.isEqualTo(503);
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "Sec-Purpose,buy", "Purpose,prefetching", "X-Sec-Purpose,''", "HX-Preloaded,false",
			"VND.PREFETCH,false" })
	void otherPurposeIsAPurchase(String header, String value) throws Exception {
		assertThat(buy("/buy/controller", header, value).statusCode()).isEqualTo(303);
	}

	@Test
	void headCreatesNothing() throws Exception {
		URI uri = URI.create("http://localhost:%d/buy/get".formatted(this.port));
		HttpResponse<String> head = this.browser
			.send(HttpRequest.newBuilder(uri).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
		assertThat(head.statusCode()).isEqualTo(204);
		polar.verify(0, postRequestedFor(anyUrl()));
		assertThat(this.browser.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode())
			.isEqualTo(303);
	}

	@Test
	void builderOfOneRequestIsNotThatOfTheNext() throws Exception {
		assertThat(buy("/buy/seats?seats=12", "Accept-Language", "de").statusCode()).isEqualTo(303);
		polar.resetRequests();
		assertThat(buy("/buy/seats?seats=7", "Accept-Language", "de").statusCode()).isEqualTo(303);
		verifySent("""
				{"products":["%s"],"seats":7,"success_url":"%s","locale":"de"}""".formatted(TEAM, successUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "/buy/nothing,500", "/buy/seats,400", "/buy/seats?seats=x,400" })
	void methodThatSaysNothingSellsNothing(String path, int status) throws Exception {
		assertThat(buy(path, "Accept", "text/html").statusCode()).isEqualTo(status);
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@Test
	void otherHandlersAreLeftAlone() throws Exception {
		HttpResponse<String> text = buy("/buy/other/text");
		assertThat(text.statusCode()).isEqualTo(200);
		assertThat(text.body()).isEqualTo("text");
		assertThat(buy("/buy/other/nothing").statusCode()).isEqualTo(204);
		// guarded by the application: its own affair
		assertThat(buy("/buy/other/failing", "Accept", "text/html").statusCode()).isEqualTo(302);
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@Retention(RetentionPolicy.RUNTIME)
	@PolarCheckout("pro")
	@interface BuyPro {

	}

	@Controller
	static class ShopController {

		private final PolarCheckoutOperations checkouts;

		ShopController(@Lazy PolarCheckoutOperations checkouts) {
			this.checkouts = checkouts;
		}

		@PostMapping("/buy/controller")
		@PolarCheckout("pro")
		void buy() {
		}

		@PostMapping("/buy/meta")
		@BuyPro
		void buyWithMetaAnnotation() {
		}

		@PostMapping("/buy/id")
		@PolarCheckout(PRO)
		void buyById() {
		}

		@PostMapping("/buy/either")
		@PolarCheckout({ "${shop.product}", "pro" })
		void buyEither() {
		}

		@GetMapping("/buy/get")
		@PolarCheckout("pro")
		void get() {
		}

		@PostMapping("/buy/seats")
		@PolarCheckout("team")
		void seats(CheckoutRequest.Builder checkout, @RequestParam int seats) {
			checkout.seats(seats);
		}

		@PostMapping("/buy/request")
		@PolarCheckout
		CheckoutRequest request(@RequestParam int seats) {
			return CheckoutRequest.forProducts("team").seats(seats).build();
		}

		@PostMapping("/buy/builder")
		@PolarCheckout("team")
		CheckoutRequest.Builder builder(CheckoutRequest.Builder checkout, @RequestParam int seats) {
			return checkout.seats(seats);
		}

		@PostMapping("/buy/session")
		@PolarCheckout
		CheckoutSession session(@RequestParam int seats) {
			return this.checkouts.create(CheckoutRequest.forProducts("team").seats(seats).build());
		}

		@PostMapping("/buy/nothing")
		@PolarCheckout
		CheckoutRequest nothing() {
			return null;
		}

		@PostMapping("/buy/failing/conflict")
		@PolarCheckout("pro")
		void conflict() {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@PostMapping("/buy/failing/closed")
		@PolarCheckout("pro")
		void closed() {
			ErrorResponseException ex = new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE);
			ex.getHeaders().set("Retry-After", "120");
			throw ex;
		}

		@PostMapping("/buy/failing/gone")
		@PolarCheckout("pro")
		void gone() throws IOException {
			throw new IOException("Broken pipe");
		}

		@PostMapping("/buy/failing/annotated")
		@PolarCheckout("pro")
		void annotated() {
			throw new GoneException();
		}

		@PostMapping("/buy/failing/unexpected")
		@PolarCheckout("pro")
		void unexpected() {
			throw new IllegalStateException("secret detail");
		}

		@PostMapping("/buy/failing/number")
		@PolarCheckout("pro")
		void number(@RequestParam int count) {
		}

		@PostMapping("/buy/failing/denied")
		@PolarCheckout("pro")
		void denied() {
			throw new AccessDeniedException("no");
		}

	}

	@ResponseStatus(HttpStatus.GONE)
	static class GoneException extends RuntimeException {

	}

	@RestController
	static class ShopRestController {

		@PostMapping("/buy/rest/seats")
		@PolarCheckout("team")
		void seats(CheckoutRequest.Builder checkout, @RequestParam int seats) {
			checkout.seats(seats);
		}

		@PostMapping("/buy/rest/request")
		@PolarCheckout
		CheckoutRequest request(@RequestParam int seats) {
			return CheckoutRequest.forProducts("team").seats(seats).build();
		}

		private final PolarCheckoutOperations checkouts;

		ShopRestController(PolarCheckoutOperations checkouts) {
			this.checkouts = checkouts;
		}

		@PostMapping("/buy/rest")
		@PolarCheckout("pro")
		void buy() {
		}

		@PostMapping("/buy/for/{customer}")
		String buyFor(@PathVariable String customer) {
			return this.checkouts
				.create(CheckoutRequest.forProducts("pro")
					.externalCustomerId(customer)
					.withoutCustomerIpAddress()
					.locale(Locale.GERMAN)
					.build())
				.url();
		}

		@PostMapping("/buy/other/text")
		String text() {
			return "text";
		}

		@PostMapping("/buy/other/nothing")
		@ResponseStatus(HttpStatus.NO_CONTENT)
		void nothing() {
		}

		@PostMapping("/buy/other/failing")
		void failing() {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@GetMapping("/")
		Map<String, UUID> nothingToSeeHere() {
			return Map.of();
		}

	}

	@RestController
	static class HandlingController {

		@PostMapping("/buy/handled")
		@PolarCheckout("pro")
		void buy() {
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.LOCKED)
		String limited(PolarRateLimitException ex) {
			return "come back later";
		}

	}

	static class Admin extends User implements PolarIdentityPrincipal {

		Admin() {
			super("admin", "{noop}admin", List.of());
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			return PolarIdentity.of("admin").withEmail("admin@example.com").withName("Ada Admin");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ShopController.class, ShopRestController.class, HandlingController.class })
	static class Shop {

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http.csrf(AbstractHttpConfigurer::disable)
				.authorizeHttpRequests(
						(requests) -> requests.requestMatchers("/buy/**").permitAll().anyRequest().authenticated())
				.formLogin(Customizer.withDefaults())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		UserDetailsService users() {
			InMemoryUserDetailsManager users = new InMemoryUserDetailsManager(
					User.withUsername("alice").password("{noop}alice").build());
			return (name) -> name.equals("admin") ? new Admin() : users.loadUserByUsername(name);
		}

	}

}
