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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.customer.PolarPortalMismatch;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityPrincipal;
import io.github.polarspring.web.OnActiveSubscription;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarPortal} in a real container with a login.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_secrettoken", "polar.products.pro=" + PolarPortalTests.PRO,
				"polar.products.book=" + PolarPortalTests.BOOK, "polar.portal.return-url=/account",
				"server.servlet.context-path=/shop" })
class PolarPortalTests {

	static final String PRO = "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710";

	static final String BOOK = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

	private static final String CUSTOMER = "8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018";

	private static final String OTHER = "9e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018";

	private static final String PORTAL = "https://sandbox.polar.sh/shop/portal?customer_session_token=polar_cst_secret";

	private static final String NONE = "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}";

	private static final String NO_CUSTOMER = """
			{"error":"PolarRequestValidationError","detail":[{"type":"value_error",
			"loc":["body","external_customer_id"],"msg":"Customer does not exist.","input":"alice"}]}""";

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	@LocalServerPort
	private int port;

	@Autowired
	private Merchant merchant;

	private final HttpClient browser = HttpClient.newHttpClient();

	@DynamicPropertySource
	static void polar(DynamicPropertyRegistry registry) {
		registry.add("polar.base-url", () -> "http://localhost:" + polar.getPort());
	}

	@BeforeEach
	void aliceHasBought() {
		this.merchant.told.clear();
		this.merchant.failure = null;
		session(201, """
				{"id":"%1$s","token":"polar_cst_secret","customer_portal_url":"%2$s","customer_id":"%1$s",
				"expires_at":"2026-08-23T09:15:30.481206Z",
				"customer":{"id":"%1$s","external_id":"alice","email":"alice@example.com"}}""".formatted(CUSTOMER,
				PORTAL));
		list("/v1/subscriptions/", NONE);
		list("/v1/orders/", NONE);
		product(PRO, true);
		product(BOOK, false);
		polar.stubFor(post("/v1/checkouts/").willReturn(aResponse().withStatus(201).withBody("""
				{"id":"%s","status":"open","url":"https://sandbox.polar.sh/checkout/x"}""".formatted(OTHER))));
	}

	private static void session(int status, String body) {
		session(aResponse().withStatus(status).withBody(body));
	}

	private static void session(ResponseDefinitionBuilder response) {
		polar.stubFor(post("/v1/customer-sessions/").willReturn(response));
	}

	private static void list(String path, String body) {
		polar.stubFor(list(path).willReturn(aResponse().withBody(body)));
	}

	private static MappingBuilder list(String path) {
		return get(urlPathEqualTo(path)).atPriority(9);
	}

	private static void product(String id, boolean recurring) {
		polar.stubFor(get("/v1/products/" + id)
			.willReturn(aResponse().withBody("{\"id\":\"%s\",\"is_recurring\":%s}".formatted(id, recurring))));
	}

	private static String items(String item) {
		return "{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}".formatted(item);
	}

	private HttpResponse<String> click(String path, String... headers) throws IOException, InterruptedException {
		return send("GET", path, headers);
	}

	private HttpResponse<String> clickAsAlice(String path, String... headers) throws IOException, InterruptedException {
		return send("GET", path, withLogin(headers));
	}

	private HttpResponse<String> buyAsAlice(String path, String... headers) throws IOException, InterruptedException {
		return send("POST", path, withLogin(headers));
	}

	private static String[] withLogin(String... headers) {
		List<String> all = new ArrayList<>(List.of(headers));
		all.add("Authorization");
		all.add("Basic " + Base64.getEncoder().encodeToString("alice:alice".getBytes(StandardCharsets.UTF_8)));
		return all.toArray(String[]::new);
	}

	private HttpResponse<String> send(String method, String path, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d/shop%s".formatted(this.port, path)))
			.method(method, HttpRequest.BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1].replace("{port}", String.valueOf(this.port)));
		}
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/billing", "/rest/billing", "/later/billing", "/future/billing" })
	void sendsTheBrowserToThePortal(String path) throws Exception {
		HttpResponse<String> response = clickAsAlice(path, "Accept", "text/html");
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains(PORTAL);
		assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
		assertThat(response.body()).isEmpty();
		polar.verify(1,
				postRequestedFor(urlPathEqualTo("/v1/customer-sessions/")).withRequestBody(equalToJson(
						"{\"external_customer_id\":\"alice\",\"return_url\":\"http://localhost:%d/shop/account\"}"
							.formatted(this.port))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/state", "a/", "..", "a b", "\u00e4" })
	void userOpensThePortalOfTheirOwnIdOnly(String user) throws Exception {
		assertThat(clickAs(user).statusCode()).isEqualTo(303);
		polar.verify(1, postRequestedFor(urlPathEqualTo("/v1/customer-sessions/"))
			.withRequestBody(matchingJsonPath("$.external_customer_id", equalTo(user))));
		polar.verify(0, anyRequestedFor(urlPathMatching("/v1/customers.*")));
	}

	@Test
	void userWhoseIdCannotBeThatOfACustomerIsRejected() throws Exception {
		assertThat(clickAs("x".repeat(201)).statusCode()).isEqualTo(403);
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	private HttpResponse<String> clickAs(String user) throws IOException, InterruptedException {
		return click("/billing", "Accept", "text/html", "Authorization",
				"Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void scriptGetsTheUrl() throws Exception {
		HttpResponse<String> response = clickAsAlice("/billing", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body())
			.isEqualTo("{\"url\":\"%s\",\"expiresAt\":\"2026-08-23T09:15:30.481206Z\"}".formatted(PORTAL));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			HX-Request         | true            | 200 | HX-Redirect
			X-IC-Request       | true            | 200 | X-IC-Redirect
			X-Inertia          | true            | 409 | X-Inertia-Location
			""")
	void scriptLibraryGetsWhatItFollows(String header, String value, int status, String redirect) throws Exception {
		HttpResponse<String> response = clickAsAlice("/billing", header, value);
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue(redirect)).contains(PORTAL);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Accept           | text/vnd.turbo-stream.html, text/html | <turbo-stream
			Datastar-Request | true                                  | event: datastar-patch-elements
			""")
	void scriptLibraryGetsAnElementThatOpensThePortal(String header, String value, String content) throws Exception {
		HttpResponse<String> response = clickAsAlice("/billing", header, value);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains(content, "0; url=" + PORTAL);
	}

	@Test
	void libraryThatDisplaysPagesLoadsTheLinkAgain() throws Exception {
		HttpResponse<String> response = clickAsAlice("/billing", "Turbo-Frame", "menu", "Accept", "text/html");
		assertThat(response.body()).contains("0; url=/shop/billing").doesNotContain("polar_cst");
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void guestLogsInFirst() throws Exception {
		HttpResponse<String> page = click("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(302);
		assertThat(page.headers().firstValue("Location"))
			.hasValueSatisfying((url) -> assertThat(url).endsWith("/login"));
		HttpResponse<String> script = click("/billing", "X-Requested-With", "XMLHttpRequest", "Accept",
				"application/json");
		assertThat(script.statusCode()).isEqualTo(401);
		assertThat(script.body()).contains("Log in to continue.");
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "Sec-Purpose,prefetch,503", "Purpose,prefetch,503", "HX-Preloaded,true,503",
			"Sec-Fetch-Dest,image,406" })
	void requestWithoutAClickCreatesNothing(String header, String value, int status) throws Exception {
		assertThat(clickAsAlice("/billing", header, value).statusCode()).isEqualTo(status);
		assertThat(send("HEAD", "/billing", withLogin()).statusCode()).isEqualTo(204);
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
							/billing                           | http://localhost:{port}/shop/projects/7?token=secret#x | /shop/projects/7
							/billing                           | http://localhost:{port}                                | /shop/account
							/billing                           | http://LOCALHOST:{port}/shop/a%20b                     | /shop/a%20b
							/billing                           | http://localhost:{port}/shop/billing                   | /shop/account
							/billing                           | https://localhost:{port}/shop/other                    | /shop/account
							/billing                           | http://localhost:1/shop/other                          | /shop/account
							/billing                           | http://alice@localhost:{port}/shop/other               | /shop/account
							/billing                           | https://evil.example/shop/other                        | /shop/account
					/billing                           | //localhost:{port}/shop/other                          | /shop/account
					/billing                           | http://localhost:{port}/other/app                      | /shop/account
					/billing                           | http://localhost:{port}/shopping                       | /shop/account
					/billing                           | http://localhost:{port}/shop/a;jsessionid=secret/b     | /shop/a/b
					/billing                           | http://localhost:{port}/shop                           | /shop
							/billing                           | javascript:alert(1)                                    | /shop/account
							/billing                           | not a URL                                              | /shop/account
							/billing                           | -                                                      | /shop/account
							/billing?continue                  | http://localhost:{port}/shop/login                     | /shop/account
							/billing?return_url=https://evil.example&returnUrl=https://evil.example | - | /shop/account
							/rest/billing/elsewhere            | -                                                      | /shop/team
							""")
	void returnUrlIsThePageOfTheClickOrTheConfiguredOne(String path, @Nullable String referrer, String returnUrl)
			throws Exception {
		String[] headers = (referrer != null) ? new String[] { "Accept", "text/html", "Referer", referrer }
				: new String[0];
		assertThat(clickAsAlice(path, headers).statusCode()).isEqualTo(303);
		verifyReturnUrl("http://localhost:%d%s".formatted(this.port, returnUrl));
	}

	@Test
	void referrerThatIsTooLongIsIgnored() throws Exception {
		clickAsAlice("/billing", "Referer", "http://localhost:{port}/shop/" + "x".repeat(2100));
		verifyReturnUrl("http://localhost:%d/shop/account".formatted(this.port));
	}

	private void verifyReturnUrl(String url) {
		polar.verify(1, postRequestedFor(urlPathEqualTo("/v1/customer-sessions/"))
			.withRequestBody(equalToJson("{\"external_customer_id\":\"alice\",\"return_url\":\"%s\"}".formatted(url))));
	}

	@Test
	void userWhoNeverBoughtGoesElsewhere() throws Exception {
		session(422, NO_CUSTOMER);
		HttpResponse<String> page = clickAsAlice("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(303);
		assertThat(page.headers().firstValue("Location")).contains("/shop/pricing?from=billing");
		assertThat(clickAsAlice("/billing", "Accept", "application/json").body())
			.isEqualTo("{\"url\":\"/shop/pricing?from=billing\"}");
		HttpResponse<String> without = clickAsAlice("/rest/billing", "Accept", "text/html");
		assertThat(without.statusCode()).isEqualTo(404);
		assertThat(without.body()).contains("You have not bought anything yet.");
	}

	@Test
	void userWhoseCustomerHasAPurchaseOfAnotherUserGetsAPage(CapturedOutput output) throws Exception {
		list("/v1/subscriptions/",
				items("{\"id\":\"%s\",\"metadata\":{\"external_customer_id\":\"bob\"}}".formatted(OTHER)));
		assertMismatch(CUSTOMER, output);
	}

	@Test
	void userWhosePurchasesAreThoseOfAnotherCustomerGetsAPage(CapturedOutput output) throws Exception {
		session(422, NO_CUSTOMER);
		list("/v1/orders/", items("""
				{"id":"%1$s","customer":{"id":"%1$s","external_id":"bob","email":"bob@example.com"}}"""
			.formatted(OTHER)));
		assertMismatch(OTHER, output);
	}

	private void assertMismatch(String customer, CapturedOutput output) throws Exception {
		HttpResponse<String> page = clickAsAlice("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(409);
		assertThat(page.headers().firstValue("Location")).isEmpty();
		assertThat(page.body()).contains("those of another customer", "or contact our support.")
			.doesNotContain("polar_cst", "bob");
		assertThat(clickAsAlice("/billing", "Accept", "application/json").body()).contains("\"status\":409")
			.doesNotContain("polar_cst", "bob");
		assertThat(this.merchant.told).hasSize(1).allSatisfy((mismatch) -> {
			assertThat(mismatch.externalId()).isEqualTo("alice");
			assertThat(mismatch.customerId()).hasToString(customer);
		});
		assertThat(output).contains("The customer portal was not opened for a user: customer " + customer)
			.doesNotContain("alice", "bob@", "polar_cst");
	}

	@Test
	void userWhoseAddressIsNotVerifiedGetsAPage(CapturedOutput output) throws Exception {
		session(422, NO_CUSTOMER);
		list("/v1/orders/", items(
				"{\"id\":\"%1$s\",\"customer\":{\"id\":\"%1$s\",\"external_id\":null,\"email\":\"alice@example.com\"}}"
					.formatted(UUID.randomUUID())));
		HttpResponse<String> page = clickAsAlice("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(409);
		assertThat(page.body()).contains("an email address that is not confirmed for your account");
		assertThat(this.merchant.told).hasSize(1);
		assertThat(output).contains("an email address that is not verified for the user").doesNotContain("alice@");
	}

	@Test
	void listenerThatFailsDoesNotTakeThePage(CapturedOutput output) throws Exception {
		this.merchant.failure = new IllegalStateException("no help desk");
		session(422, NO_CUSTOMER);
		list("/v1/orders/", items("{\"id\":\"%1$s\",\"customer\":{\"id\":\"%1$s\",\"external_id\":\"carol\"}}"
			.formatted(UUID.randomUUID())));
		assertThat(clickAsAlice("/billing", "Accept", "text/html").statusCode()).isEqualTo(409);
		assertThat(output).contains("A listener for PolarPortalMismatch[customerId=", "no help desk");
	}

	@Test
	void userWhoIsNotAMemberOfTheTeamGetsAPage() throws Exception {
		session(422, NO_CUSTOMER.replace("external_customer_id", "member_id"));
		polar.stubFor(post("/v1/customer-sessions/").withRequestBody(matchingJsonPath("$.external_member_id"))
			.willReturn(aResponse().withStatus(422)
				.withBody(NO_CUSTOMER.replace("external_customer_id", "external_member_id"))));
		list("/v1/members/", items("{\"id\":\"%s\",\"role\":\"owner\",\"external_id\":\"bob\"}".formatted(OTHER)));
		HttpResponse<String> page = clickAsAlice("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(403);
		assertThat(page.body()).contains("You are not a member of the team");
	}

	@Test
	void userWhoCannotBeIdentifiedGetsAPage() throws Exception {
		HttpResponse<String> page = click("/billing", "Accept", "text/html", "Authorization",
				"Basic " + Base64.getEncoder().encodeToString("broken:broken".getBytes(StandardCharsets.UTF_8)));
		assertThat(page.statusCode()).isEqualTo(403);
		assertThat(page.body()).contains("Your purchases cannot be matched to your account.");
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "500,500 of Polar", "502,<html>bad gateway of Polar</html>", "307,of Polar", "200,garbage of Polar" })
	void faultOfPolarIsA503(int status, String body) throws Exception {
		session(aResponse().withStatus(status).withHeader("Location", "https://evil.example").withBody(body));
		assertUnavailable();
	}

	@Test
	void brokenConnectionIsA503() throws Exception {
		session(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
		assertUnavailable();
	}

	@Test
	void faultDuringTheCheckIsA503() throws Exception {
		polar.stubFor(list("/v1/orders/").willReturn(aResponse().withStatus(500)));
		assertUnavailable();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://polar.example/portal", "javascript:alert(1)", "https://polar.sh@evil.example/" })
	void urlThatIsNotSafeIsNotFollowed(String url) throws Exception {
		session(201, """
				{"id":"%1$s","token":"t","customer_portal_url":"%2$s","customer_id":"%1$s"}""".formatted(CUSTOMER,
				url));
		assertUnavailable();
	}

	private void assertUnavailable() throws Exception {
		HttpResponse<String> page = clickAsAlice("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(503);
		assertThat(page.headers().firstValue("Location")).isEmpty();
		assertThat(page.body()).contains("The customer portal is not available right now.")
			.doesNotContainIgnoringCase("of polar", "evil", "polar_");
		assertThat(clickAsAlice("/billing", "Accept", "application/json").body()).isEqualTo("""
				{"type":"about:blank","title":"Service Unavailable","status":503,\
				"detail":"The customer portal is not available right now. Please try again in a moment."}""");
	}

	@Test
	void rateLimitSaysWhenToComeBack() throws Exception {
		session(aResponse().withStatus(429).withHeader("Retry-After", "60"));
		HttpResponse<String> response = clickAsAlice("/billing", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).contains("60");
	}

	@Test
	void missingScopeIsLogged(CapturedOutput output) throws Exception {
		session(aResponse().withStatus(403)
			.withHeader("WWW-Authenticate", "Bearer realm=\"polar\", scope=\"customer_sessions:write\"")
			.withBody("{\"error\":\"insufficient_scope\"}"));
		HttpResponse<String> page = clickAsAlice("/billing", "Accept", "text/html");
		assertThat(page.statusCode()).isEqualTo(500);
		assertThat(page.body()).contains("The customer portal could not be opened.");
		assertThat(output).contains("Portal method", "customer_sessions:write").doesNotContain("polar_oat_secrettoken");
	}

	@Test
	void twoClicksAtOnceOpenThePortalTwice() {
		List<CompletableFuture<HttpResponse<String>>> clicks = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			clicks.add(CompletableFuture.supplyAsync(() -> {
				try {
					return clickAsAlice("/billing");
				}
				catch (IOException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}));
		}
		assertThat(clicks).allSatisfy((response) -> assertThat(response.join().statusCode()).isEqualTo(303));
		polar.verify(2, postRequestedFor(urlPathEqualTo("/v1/customer-sessions/")));
	}

	@Test
	void nothingSecretIsLogged(CapturedOutput output) throws Exception {
		clickAsAlice("/billing");
		assertThat(output).doesNotContain("polar_cst", "customer_session_token", "alice");
	}

	@Test
	void subscriberIsSentToThePortalInsteadOfASecondCheckout() throws Exception {
		list("/v1/subscriptions/", subscription("past_due"));
		HttpResponse<String> response = buyAsAlice("/subscribe");
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains(PORTAL);
		polar.verify(0, postRequestedFor(urlPathEqualTo("/v1/checkouts/")));
	}

	@Test
	void subscriberIsRejected() throws Exception {
		list("/v1/subscriptions/", subscription("trialing"));
		HttpResponse<String> response = buyAsAlice("/subscribe-once", "Accept", "application/json");
		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(response.body()).contains("You already have a subscription.");
		polar.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/buy-book", "/buy-either", "/upgrade", "/subscribe-any", "/subscribe-as-guest" })
	void purchaseThatPolarAcceptsIsNotPrevented(String path) throws Exception {
		list("/v1/subscriptions/", subscription("active"));
		assertCheckout(buyAsAlice(path));
		polar.verify(0, getRequestedFor(urlPathEqualTo("/v1/subscriptions/")));
	}

	@Test
	void subscriberWhoseCustomerWasDeletedMeanwhileIsRejected() throws Exception {
		polar.stubFor(get(urlPathEqualTo("/v1/subscriptions/")).withQueryParam("external_customer_id", equalTo("alice"))
			.willReturn(aResponse().withBody(subscription("active"))));
		session(422, NO_CUSTOMER);
		assertThat(buyAsAlice("/subscribe", "Accept", "application/json").body())
			.contains("You already have a subscription.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "canceled", "paused", "unpaid", "incomplete" })
	void otherSubscriptionDoesNotPreventACheckout(String status) throws Exception {
		list("/v1/subscriptions/", subscription(status));
		assertCheckout(buyAsAlice("/subscribe"));
	}

	@Test
	void guestSubscribesWithoutALookup() throws Exception {
		assertCheckout(send("POST", "/subscribe"));
		polar.verify(1, anyRequestedFor(anyUrl()));
	}

	private static void assertCheckout(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains("https://sandbox.polar.sh/checkout/x");
	}

	private static String subscription(String status) {
		return items("{\"id\":\"%s\",\"status\":\"%s\",\"metadata\":{\"external_customer_id\":\"alice\"}}"
			.formatted(OTHER, status));
	}

	@Controller
	static class BillingController {

		@GetMapping("/billing")
		@PolarPortal(orElse = "/pricing?from=billing")
		void billing() {
		}

		@GetMapping({ "/account", "/pricing", "/team" })
		String page() {
			return "page";
		}

		@GetMapping("/later/billing")
		@PolarPortal
		Callable<Void> later() {
			return () -> null;
		}

		@GetMapping("/future/billing")
		@PolarPortal
		CompletableFuture<Void> future() {
			return CompletableFuture.completedFuture(null);
		}

		@PostMapping("/subscribe")
		@PolarCheckout(value = "pro", onActiveSubscription = OnActiveSubscription.PORTAL)
		void subscribe() {
		}

		@PostMapping("/subscribe-once")
		@PolarCheckout(value = "pro", onActiveSubscription = OnActiveSubscription.FAIL)
		void subscribeOnce() {
		}

		@PostMapping("/subscribe-any")
		@PolarCheckout("pro")
		void subscribeAny() {
		}

		@PostMapping("/subscribe-as-guest")
		@PolarCheckout(value = "pro", onActiveSubscription = OnActiveSubscription.FAIL)
		void subscribeAsGuest(CheckoutRequest.Builder checkout) {
			checkout.guest();
		}

		@PostMapping("/buy-book")
		@PolarCheckout(value = "book", onActiveSubscription = OnActiveSubscription.FAIL)
		void buyBook() {
		}

		@PostMapping("/buy-either")
		@PolarCheckout(value = { "pro", "book" }, onActiveSubscription = OnActiveSubscription.FAIL)
		void buyEither() {
		}

		@PostMapping("/upgrade")
		@PolarCheckout(value = "pro", onActiveSubscription = OnActiveSubscription.FAIL)
		void upgrade(CheckoutRequest.Builder checkout) {
			checkout.subscriptionId(UUID.fromString(OTHER));
		}

	}

	@RestController
	static class BillingRestController {

		@GetMapping("/rest/billing")
		@PolarPortal
		void billing() {
		}

		@GetMapping("/rest/billing/elsewhere")
		@PolarPortal(returnUrl = "/team")
		void elsewhere() {
		}

	}

	static class Broken extends User implements PolarIdentityPrincipal {

		Broken() {
			super("broken", "{noop}broken", List.of());
		}

		@Override
		public PolarIdentity toPolarIdentity() {
			throw new PolarIdentityException("no id");
		}

	}

	static class Merchant {

		private final List<PolarPortalMismatch> told = new ArrayList<>();

		private @Nullable RuntimeException failure;

		@EventListener
		void on(PolarPortalMismatch mismatch) {
			this.told.add(mismatch);
			if (this.failure != null) {
				throw this.failure;
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ BillingController.class, BillingRestController.class, Merchant.class })
	static class Shop {

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http.csrf(AbstractHttpConfigurer::disable)
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.formLogin(Customizer.withDefaults())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		UserDetailsService users() {
			return (name) -> name.equals("broken") ? new Broken()
					: User.withUsername(name).password("{noop}" + name).build();
		}

	}

}
