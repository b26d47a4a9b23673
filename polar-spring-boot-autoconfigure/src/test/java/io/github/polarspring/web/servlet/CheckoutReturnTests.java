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
import java.net.HttpCookie;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.server.ResponseStatusException;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarCheckoutReturn} in a real container.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_x", "polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
				"polar.checkout.success-url=/thanks", "polar.checkout.application-url=https://shop.example/prefix" })
class CheckoutReturnTests {

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	@LocalServerPort
	private int port;

	private final CookieManager cookies = new CookieManager();

	private final HttpClient browser = HttpClient.newBuilder().cookieHandler(this.cookies).build();

	private final UUID id = UUID.randomUUID();

	/**
	 * Users of their own for each test, as there are limits for each.
	 */
	private final String alice = "alice-" + this.id;

	private final String bob = "bob-" + this.id;

	@DynamicPropertySource
	static void polar(DynamicPropertyRegistry registry) {
		registry.add("polar.base-url", () -> "http://localhost:" + polar.getPort());
	}

	private String session(String status, String externalCustomerId) {
		return """
				{"id":"%s","status":"%s","url":"https://sandbox.polar.sh/checkout/x","client_secret":"polar_c_x",
				"expires_at":"%s","metadata":%s}""".formatted(this.id, status, Instant.now().plusSeconds(3600),
				JsonMapper.shared().writeValueAsString(metadata(externalCustomerId)));
	}

	/**
	 * What the last checkout had.
	 */
	private static Map<String, String> metadata(String externalCustomerId) {
		Map<String, String> metadata = new LinkedHashMap<>();
		List<LoggedRequest> created = polar.findAll(postRequestedFor(urlEqualTo("/v1/checkouts/")));
		if (!created.isEmpty()) {
			JsonNode body = JsonMapper.shared().readTree(created.get(created.size() - 1).getBody());
			metadata.put("browser_hash", body.at("/metadata/browser_hash").asString());
		}
		if (externalCustomerId != null) {
			metadata.put("external_customer_id", externalCustomerId);
		}
		return metadata;
	}

	private void polarSays(String status, String externalCustomerId) {
		polar.stubFor(get(urlEqualTo("/v1/checkouts/" + this.id))
			.willReturn(aResponse().withBody(session(status, externalCustomerId))));
	}

	private HttpResponse<String> buy(String path, String... headers) throws IOException, InterruptedException {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withBody(session("open", null))));
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	private void logIn(String user) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri("/login"))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("username=%1$s&password=%1$s".formatted(user)))
			.build();
		assertThat(this.browser.send(request, BodyHandlers.ofString()).headers().firstValue("Location"))
			.hasValueSatisfying((location) -> assertThat(location).doesNotContain("error"));
	}

	private HttpResponse<String> open(String path) throws IOException, InterruptedException {
		return open(this.browser, path);
	}

	private HttpResponse<String> open(HttpClient browser, String path, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return browser.send(request.build(), BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:%d%s".formatted(this.port, path));
	}

	private String thanks() throws IOException, InterruptedException {
		HttpResponse<String> response = open("/thanks?checkout_id=" + this.id);
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	private static void verifyAsked(int times) {
		polar.verify(times, getRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "succeeded,succeeded", "open,pending", "confirmed,pending", "failed,failed", "expired,expired",
			"novel,pending" })
	void loggedInBuyerSeesWhatHappenedToTheirCheckout(String status, String outcome) throws Exception {
		logIn(this.alice);
		polarSays(status, this.alice);
		assertThat(thanks()).isEqualTo(outcome);
	}

	@Test
	void openSessionWhoseTimeIsOverIsStillChecked() throws Exception {
		logIn(this.alice);
		polar.stubFor(get(anyUrl())
			.willReturn(aResponse().withBody(session("open", this.alice).replaceFirst("\"expires_at\":\"[^\"]*\"",
					"\"expires_at\":\"%s\"".formatted(Instant.now().minusSeconds(1))))));
		assertThat(thanks()).isEqualTo("pending");
	}

	@Test
	void strangersIdAndUnknownIdLookTheSameAndAreNotAskedForAgain() throws Exception {
		logIn(this.bob);
		polarSays("succeeded", this.alice);
		assertThat(thanks()).isEqualTo("unconfirmed");
		assertThat(thanks()).isEqualTo("unconfirmed");
		verifyAsked(1);
		polar.stubFor(
				get(anyUrl()).willReturn(aResponse().withStatus(404).withBody("{\"error\":\"ResourceNotFound\"}")));
		String unknown = "/thanks?checkout_id=" + UUID.randomUUID();
		assertThat(open(unknown).body()).isEqualTo("unconfirmed");
		assertThat(open(unknown).body()).isEqualTo("unconfirmed");
		verifyAsked(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?checkout_id=", "?checkout_id=x", "?checkout_id=1-1-1-1-1",
			"?checkout_id=6ba7b810-9dad-11d1-80b4-00c04fd430c8", "?checkout_id=..%2F..%2Fv1%2Forders",
			"?checkout_id=8e0f5b3c-1d72-4a96-7f4e-6c93a2d7e018", "?checkout_id=8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018%00",
			"?id=8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018" })
	void whatIsNoIdOfPolarsIsNotAskedFor(String query) throws Exception {
		logIn(this.alice);
		assertThat(open("/thanks" + query).body()).isEqualTo("unconfirmed");
		verifyAsked(0);
	}

	@Test
	void guestSeesWhatHeBoughtInThisBrowserOnly() throws Exception {
		assertThat(buy("/buy/pro", "Accept", "text/html").statusCode()).isEqualTo(303);
		polarSays("succeeded", null);
		assertThat(thanks()).isEqualTo("succeeded");
		assertThat(open(HttpClient.newHttpClient(), "/thanks?checkout_id=" + this.id).body()).isEqualTo("unconfirmed");
		verifyAsked(1);
	}

	@Test
	void guestWhoLogsInOnTheWayBackSeesWhatHeBought() throws Exception {
		buy("/buy/pro", "HX-Request", "true");
		polarSays("succeeded", null);
		HttpResponse<String> guarded = open("/account/thanks/" + this.id + "?customer_session_token=polar_cst_secret");
		assertThat(guarded.statusCode()).isEqualTo(303);
		guarded = open("/account/thanks/" + this.id + guarded.headers().firstValue("Location").orElseThrow());
		assertThat(guarded.statusCode()).isEqualTo(302);
		HttpRequest login = HttpRequest.newBuilder(uri("/login"))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("username=%1$s&password=%1$s".formatted(this.alice)))
			.build();
		String saved = this.browser.send(login, BodyHandlers.ofString()).headers().firstValue("Location").orElseThrow();
		assertThat(saved).contains("/account/thanks/" + this.id).doesNotContain("polar_cst_");
		assertThat(this.browser.send(HttpRequest.newBuilder(uri("/").resolve(saved)).build(), BodyHandlers.ofString())
			.body()).isEqualTo("succeeded");
	}

	@Test
	void nextUserOfTheBrowserDoesNotSeeWhatTheOneBeforeBought() throws Exception {
		logIn(this.alice);
		buy("/buy/pro", "Accept", "text/html");
		polarSays("succeeded", this.alice);
		assertThat(thanks()).isEqualTo("succeeded");
		logIn(this.bob);
		assertThat(thanks()).isEqualTo("unconfirmed");
	}

	@Test
	void buyerWhoseLoginDidNotComeAlongIsKnownByTheCookie() throws Exception {
		// what a browser does with SameSite=Strict when another site leads here
		logIn(this.alice);
		buy("/buy/pro", "Accept", "text/html");
		polarSays("succeeded", this.alice);
		this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().equals("JSESSIONID"))
			.toList()
			.forEach((cookie) -> this.cookies.getCookieStore().remove(null, cookie));
		assertThat(thanks()).isEqualTo("succeeded");
	}

	@Test
	void buyerWhoIsNotCertainSeesNoPurchaseOfAUser() throws Exception {
		logIn(this.alice);
		buy("/buy/pro", "Accept", "text/html");
		polarSays("succeeded", this.alice);
		assertThat(open(this.browser, "/thanks?checkout_id=" + this.id, "X-Broken-Resolver", "true").body())
			.isEqualTo("unconfirmed");
	}

	@Test
	void anotherBrowserIsNotTheBuyers() throws Exception {
		logIn(this.alice);
		polarSays("succeeded", this.alice);
		assertThat(open(HttpClient.newHttpClient(), "/thanks?checkout_id=" + this.id).body()).isEqualTo("unconfirmed");
		assertThat(thanks()).isEqualTo("succeeded");
	}

	@Test
	void statelessChainSellsWithoutASession() throws Exception {
		assertThat(buy("/api/buy/pro", "Accept", "text/html").statusCode()).isEqualTo(303);
		polarSays("succeeded", null);
		assertThat(open(this.browser, "/api/thanks?checkout_id=" + this.id).body()).isEqualTo("succeeded");
		assertThat(this.cookies.getCookieStore().getCookies()).extracting(HttpCookie::getName)
			.isNotEmpty()
			.allMatch((name) -> name.startsWith("polar-checkout"));
	}

	@Test
	void statelessChainKnowsTheUser() throws Exception {
		polarSays("succeeded", this.alice);
		String alice = "Basic " + Base64.getEncoder().encodeToString((this.alice + ":" + this.alice).getBytes());
		assertThat(
				open(HttpClient.newHttpClient(), "/api/thanks?checkout_id=" + this.id, "Authorization", alice).body())
			.isEqualTo("succeeded");
	}

	@Test
	void twoSalesASecondFromOneAddressNeverSeeALimit() throws Exception {
		logIn(this.alice);
		polarSays("succeeded", this.alice);
		String session = session("succeeded", this.alice);
		for (int sale = 0; sale < 120; sale++) {
			UUID own = UUID.randomUUID();
			polar.stubFor(get(urlEqualTo("/v1/checkouts/" + own)).inScenario(own.toString())
				.willReturn(aResponse().withBody(session.replace("succeeded", "confirmed")))
				.willSetStateTo("paid"));
			polar.stubFor(get(urlEqualTo("/v1/checkouts/" + own)).inScenario(own.toString())
				.whenScenarioStateIs("paid")
				.willReturn(aResponse().withBody(session)));
			assertThat(open("/thanks?checkout_id=" + own).body()).isEqualTo("pending");
			assertThat(open("/thanks?checkout_id=" + own).body()).isEqualTo("succeeded");
		}
		verifyAsked(240);
	}

	@Test
	void callerWhoGuessesIdsStopsNoOneElse(CapturedOutput output) throws Exception {
		logIn(this.bob);
		polar.stubFor(
				get(anyUrl()).willReturn(aResponse().withStatus(404).withBody("{\"error\":\"ResourceNotFound\"}")));
		for (int i = 0; i < 30; i++) {
			assertThat(open("/thanks?checkout_id=" + UUID.randomUUID()).body())
				.isEqualTo((i < 20) ? "unconfirmed" : "pending");
		}
		verifyAsked(20);
		assertThat(output.getAll().split("requested the outcome of too many checkouts")).hasSize(2);
		assertThat(output).doesNotContain(this.bob);
		logIn(this.alice);
		polarSays("succeeded", this.alice);
		assertThat(thanks()).isEqualTo("succeeded");
	}

	@Test
	void cookieIsForThisBrowserAndSiteOnly() throws Exception {
		List<String> cookies = buy("/buy/pro").headers().allValues("Set-Cookie");
		assertThat(cookies).hasSize(2)
			.allSatisfy((cookie) -> assertThat(cookie)
				.matches("polar-checkout(-[\\w-]{8})?=[\\w-]{22}; Path=/; Max-Age=259200; Expires=[^;]+; HttpOnly;"
						+ " SameSite=Lax"));
		String key = cookies.get(0).substring(0, 30);
		for (String accept : List.of("text/html", "application/json")) {
			assertThat(buy("/buy/pro", "Accept", accept).headers().allValues("Set-Cookie")).singleElement()
				.asString()
				.as("lasts from now on")
				.contains("polar-checkout=", "Max-Age=259200", key.substring(key.indexOf('=') + 1));
		}
	}

	@Test
	void copyIsUsedWhereTheCookieIsMissingOrDoubled() throws Exception {
		buy("/buy/pro");
		polarSays("succeeded", null);
		String copy = this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().startsWith("polar-checkout-"))
			.map((cookie) -> cookie.getName() + "=" + cookie.getValue())
			.findFirst()
			.orElseThrow();
		String doubled = "polar-checkout=AAAAAAAAAAAAAAAAAAAAAA; polar-checkout=BBBBBBBBBBBBBBBBBBBBBB; ";
		for (String cookies : List.of(copy, doubled + copy, copy + "; " + doubled + "x=1")) {
			assertThat(open(HttpClient.newHttpClient(), "/thanks?checkout_id=" + this.id, "Cookie", cookies).body())
				.isEqualTo("succeeded");
			assertThat(HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri("/buy/pro"))
					.header("Cookie", cookies)
					.POST(BodyPublishers.noBody())
					.build(), BodyHandlers.ofString())
				.headers()
				.allValues("Set-Cookie")).singleElement()
				.asString()
				.startsWith("polar-checkout=" + copy.substring(copy.indexOf('=') + 1));
		}
	}

	@Test
	void browserForgetsItsCheckoutsAtTheLogout() throws Exception {
		logIn(this.alice);
		buy("/buy/pro");
		polarSays("succeeded", this.alice);
		assertThat(thanks()).isEqualTo("succeeded");
		HttpResponse<String> logout = this.browser.send(
				HttpRequest.newBuilder(uri("/logout")).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
		assertThat(logout.headers().allValues("Set-Cookie")).filteredOn((cookie) -> cookie.startsWith("polar-checkout"))
			.hasSize(2)
			.allSatisfy((cookie) -> assertThat(cookie).contains("Max-Age=0", "Path=/"));
		assertThat(this.cookies.getCookieStore().getCookies()).extracting(HttpCookie::getName)
			.noneMatch((name) -> name.startsWith("polar-checkout"));
		assertThat(thanks()).isEqualTo("unconfirmed");
	}

	@Test
	void hashButNotTheKeyGoesToPolar() throws Exception {
		String key = buy("/buy/pro").headers()
			.allValues("Set-Cookie")
			.stream()
			.filter((cookie) -> cookie.startsWith("polar-checkout="))
			.findFirst()
			.orElseThrow()
			.substring(15, 37);
		String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes()));
		polar.verify(
				postRequestedFor(anyUrl()).withRequestBody(matchingJsonPath("$.metadata.browser_hash", equalTo(hash))));
		polar.verify(0, postRequestedFor(anyUrl()).withRequestBody(containing(key)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "polar-checkout=", "polar-checkout=x", "polar-checkout=AAAAAAAAAAAAAAAAAAAAA\u00e9",
			"polar-checkout=AAAAAAAAAAAAAAAAAAAAAA; polar-checkout=BBBBBBBBBBBBBBBBBBBBBB",
			"polar-checkout=AAAAAAAAAAAAAAAAAAAAAA; polar-checkout=AAAAAAAAAAAAAAAAAAAAAA", "LONG" })
	void cookieThatIsNotOursIsIgnored(String cookie) throws Exception {
		String sent = cookie.equals("LONG") ? "polar-checkout=" + "A".repeat(4096) : cookie;
		HttpClient client = HttpClient.newHttpClient();
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withBody(session("open", null))));
		HttpResponse<String> bought = client.send(
				HttpRequest.newBuilder(uri("/buy/pro")).header("Cookie", sent).POST(BodyPublishers.noBody()).build(),
				BodyHandlers.ofString());
		assertThat(bought.statusCode()).isEqualTo(303);
		assertThat(bought.headers().allValues("Set-Cookie")).hasSize(2);
		polarSays("succeeded", null);
		assertThat(open(client, "/thanks?checkout_id=" + this.id, "Cookie", sent).body()).isEqualTo("unconfirmed");
		verifyAsked(0);
	}

	@Test
	void lookIsLeftForThePageThatIsLoadedAgain() throws Exception {
		logIn(this.alice);
		polarSays("confirmed", this.alice);
		assertThat(thanks()).isEqualTo("pending");
		polarSays("succeeded", this.alice);
		assertThat(thanks()).isEqualTo("succeeded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "succeeded", "failed", "expired" })
	void whatIsFinalIsNotAskedForAgain(String status) throws Exception {
		logIn(this.alice);
		polarSays(status, this.alice);
		for (int i = 0; i < 10; i++) {
			assertThat(thanks()).isEqualTo(status);
		}
		verifyAsked(1);
		logIn(this.bob);
		assertThat(thanks()).isEqualTo("unconfirmed");
		verifyAsked(1);
	}

	@Test
	void pageIsNotForCaches() throws Exception {
		assertThat(open("/thanks").headers().firstValue("Cache-Control"))
			.hasValueSatisfying((value) -> assertThat(value).contains("no-store"));
	}

	@ParameterizedTest
	@CsvSource({ "500,WARN", "429,WARN", "200,WARN", "401,ERROR", "403,ERROR" })
	void failureOfPolarIsNotTheBuyers(int status, String level, CapturedOutput output) throws Exception {
		logIn(this.alice);
		polar.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(status).withBody("garbage of Polar")));
		assertThat(thanks()).isEqualTo("pending");
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("The outcome of the checkout session " + this.id))).singleElement()
			.asString()
			.contains(level);
		assertThat(output).doesNotContain("garbage of Polar");
	}

	@ParameterizedTest
	@CsvSource({ "/thanks,checkout_id=1&customer_session_token=polar_cst_secret,?checkout_id=1",
			"/thanks,customer_session_token=polar_cst_secret&checkout_id=%7B1%7D&x,?checkout_id=%7B1%7D&x",
			"/thanks,customer_session_token=polar_cst_secret,?", "/thanks,a&customer_session_token&b=,?a&b=",
			"/bought/pro,customer_session_token=polar_cst_secret&customer_session_token=2,?",
			"/account/thanks/5,customer_session_token=polar_cst_secret&q=https://x.example/?a,?q=https://x.example/?a",
			"/annotated,customer_session_token=polar_cst_secret,?",
			"/vielen%20dank,customer_session_token=polar_cst_secret,?",
			"/best%C3%A4tigt/1-2,customer_session_token=polar_cst_secret,?",
			"/elsewhere,customer_session_token=polar_cst_secret,?", "/other,customer_session_token=polar_cst_secret,?",
			"/interface/thanks,customer_session_token=polar_cst_secret,?" })
	void tokenIsTakenOutOfTheUrl(String path, String query, String location) throws Exception {
		HttpResponse<String> response = open(path + "?" + query);
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().allValues("Location")).containsExactly(location);
		assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
		assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
		assertThat(response.headers().map()).doesNotContainKey("Set-Cookie");
	}

	@ParameterizedTest
	@ValueSource(strings = { "//evil.example/thanks", "/%2F%2Fevil.example/thanks", "/thanks//evil.example",
			"/thanks/..//evil.example/thanks", "/\\evil.example/thanks", "/thanks;@evil.example", "///evil.example" })
	void redirectCannotBeLedOffTheSite(String path) throws Exception {
		try (var socket = new Socket("localhost", this.port)) {
			socket.getOutputStream()
				.write(("GET %s?customer_session_token=polar_cst_x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
					.formatted(path)).getBytes());
			String answer = new String(socket.getInputStream().readAllBytes());
			assertThat(answer).matches("(?s)HTTP/1.1 (303|302|400|404|200) .*");
			if (answer.startsWith("HTTP/1.1 303")) {
				assertThat(answer).containsIgnoringCase("\r\nLocation: ?\r\n");
			}
			answer.lines()
				.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith("location:"))
				.forEach((line) -> assertThat(line.substring(9).strip())
					.matches("\\?|/login.*|http://localhost(:\\d+)?/login.*"));
		}
	}

	@Test
	void formsKeepTheirParameters() throws Exception {
		logIn(this.alice);
		assertThat(buy("/thanks/post?customer_session_token=polar_cst_mine").body()).isEqualTo("polar_cst_mine");
	}

	@Test
	void failureOfThePageIsNoLoginPage() throws Exception {
		HttpResponse<String> response = open(this.browser, "/failing?checkout_id=1", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(open(this.browser, "/interface/failing?checkout_id=1", "Accept", "text/html").statusCode())
			.isEqualTo(409);
	}

	@Test
	void failureOfThePageDoesNotInviteToPayAgain() throws Exception {
		HttpResponse<String> response = open(this.browser, "/failing/polar?checkout_id=1", "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("If you paid, your payment is not affected.").doesNotContain("try again");
	}

	@Test
	void methodThatReturnsARequestMayHaveTheResponse() throws Exception {
		HttpResponse<String> response = buy("/buy/with-response");
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("X-Own")).contains("here");
	}

	interface Returning {

		@GetMapping("/interface/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome);

		@GetMapping("/interface/failing")
		String failing(@PolarCheckoutReturn CheckoutOutcome outcome);

	}

	@RestController
	static class ReturningController implements Returning {

		@Override
		public String thanks(CheckoutOutcome outcome) {
			return outcome.name();
		}

		@Override
		public String failing(CheckoutOutcome outcome) {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

	}

	@RestController
	static class Shop {

		@PostMapping({ "/buy/pro", "/api/buy/pro" })
		@PolarCheckout("pro")
		void buy() {
		}

		@PostMapping("/buy/annotated")
		@PolarCheckout(value = "pro", successUrl = "/annotated?id={CHECKOUT_ID}")
		void annotated() {
		}

		@PostMapping("/buy/in-path")
		@PolarCheckout(value = "pro", successUrl = "/bought/{CHECKOUT_ID}")
		void inPath() {
		}

		@GetMapping({ "/thanks", "/api/thanks" })
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.name();
		}

		@GetMapping("/account/thanks/{id}")
		String accountThanks(@PolarCheckoutReturn("id") CheckoutOutcome outcome) {
			return outcome.name();
		}

		@GetMapping("/failing")
		String failing(@PolarCheckoutReturn CheckoutOutcome outcome) {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@GetMapping("/failing/polar")
		String failingPolar(@PolarCheckoutReturn CheckoutOutcome outcome) {
			throw new PolarConnectionException("no answer", null);
		}

		@PostMapping("/buy/encoded")
		@PolarCheckout(value = "pro", successUrl = "/vielen%20dank")
		void encoded() {
		}

		@PostMapping("/buy/umlaut")
		@PolarCheckout(value = "pro", successUrl = "/bestätigt/%7BCHECKOUT_ID%7D")
		void umlaut() {
		}

		@PostMapping("/buy/prefixed")
		@PolarCheckout(value = "pro", successUrl = "https://shop.example/prefix/elsewhere")
		void prefixed() {
		}

		@PostMapping("/buy/with-response")
		@PolarCheckout
		CheckoutRequest withResponse(HttpServletResponse response) {
			response.setHeader("X-Own", "here");
			return CheckoutRequest.forProducts("pro").build();
		}

		@GetMapping("/other")
		String other(@RequestParam("customer_session_token") String token) {
			return token;
		}

		@PostMapping("/thanks/post")
		String post(@RequestParam("customer_session_token") String token) {
			return token;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Shop.class, ReturningController.class })
	static class Application {

		@Bean
		@Order(1)
		SecurityFilterChain statelessChain(HttpSecurity http) {
			return http.securityMatcher("/api/**")
				.csrf(AbstractHttpConfigurer::disable)
				.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		PolarIdentityResolver customerResolver() {
			return (user) -> {
				ServletRequestAttributes attributes = (ServletRequestAttributes) RequestContextHolder
					.currentRequestAttributes();
				if (attributes.getRequest().getHeader("X-Broken-Resolver") != null) {
					throw new AccessDeniedException("not you");
				}
				return (attributes.getRequest().getUserPrincipal() != null) ? PolarIdentity.of(user.getName()) : null;
			};
		}

		@Bean
		@Order(2)
		SecurityFilterChain chain(HttpSecurity http) {
			return http.csrf(AbstractHttpConfigurer::disable)
				.authorizeHttpRequests((requests) -> requests
					.requestMatchers("/buy/**", "/thanks/**", "/bought/**", "/annotated", "/failing/**", "/session",
							"/interface/**")
					.permitAll()
					.anyRequest()
					.authenticated())
				.formLogin(Customizer.withDefaults())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return (name) -> User.withUsername(name).password("{noop}" + name).build();
		}

	}

}
