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

package io.github.polarspring.sample;

import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.context.WithPolarFake;
import io.github.polarspring.webhook.PolarEventRecorder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.notMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static io.github.polarspring.test.SignedWebhook.signedWebhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * Tests for the shop.
 */
@WithPolarFake
@SpringBootTest
@AutoConfigureMockMvc
class ShopTests {

	private static final Pattern CHECKOUT_ID = Pattern.compile("checkout_id=([0-9a-f-]{36})");

	@Autowired
	private MockMvcTester shop;

	@Autowired
	private PolarFake polar;

	@Autowired
	private PolarCheckoutOperations checkouts;

	@Autowired
	private PolarConnectionDetails connectionDetails;

	private UUID buyAndPay(String buyer) {
		MvcTestResult result = this.shop.post().uri("/buy/pro").with(csrf()).with(user(buyer)).exchange();
		assertThat(result).hasStatus(303);
		String secret = URI.create(result.getResponse().getHeader("Location"))
			.getPath()
			.substring("/checkout/".length());
		Matcher id = CHECKOUT_ID
			.matcher(this.polar.wireMock().getAllServeEvents().get(0).getResponse().getBodyAsString());
		assertThat(secret).startsWith("polar_c_");
		assertThat(id.find()).isTrue();
		UUID session = UUID.fromString(id.group(1));
		this.polar.pay(session);
		return session;
	}

	@Test
	void shelfShowsTheProductsAndAButtonForEach() {
		assertThat(this.shop.get().uri("/")).hasStatusOk()
			.bodyText()
			.contains("The Pocket Handbook", "$19.00", "action=\"/buy/handbook\"", "Lumen Pro", "$29.00",
					"action=\"/buy/pro\"", "Lumen Team", "$99.00", "action=\"/buy/team\"", "name=\"_csrf\"", "Log in");
		assertThat(this.shop.get().uri("/").with(user("alice"))).bodyText()
			.contains("Logged in as", "alice", "Log out");
	}

	@ParameterizedTest
	@ValueSource(strings = { "handbook", "pro", "team" })
	void guestCanBuy(String product) {
		assertThat(this.shop.post().uri("/buy/" + product).with(csrf())).hasStatus(303)
			.headers()
			.hasHeaderSatisfying("Location",
					(values) -> assertThat(values.get(0)).startsWith(this.polar.baseUrl() + "/checkout/polar_c_"));
		this.polar.wireMock()
			.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
				.withRequestBody(
						matchingJsonPath("$.success_url", WireMock.containing("/thanks?checkout_id={CHECKOUT_ID}")))
				.withRequestBody(notMatching(".*external_customer_id.*")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			any         |       | $.products.length() | 3
			pro-for-you |       | $.prices['7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90'][0].price_amount | 2320
			seats       | 12    | $.seats | 12
			seats       | 12    | $.prices['c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25'][0].seat_tiers.tiers.length() | 2
			support     |       | $.prices['5b9d0c7e-41f2-4c68-9a37-0e6f8d2b7c14'][0].preset_amount | 500
			support     |       | $.external_customer_id | alice
			""")
	void offersAreSoldAsTheySay(String offer, @Nullable String seats, String path, String value) {
		assertThat(this.shop.post()
			.uri("/buy/" + offer)
			.param("seats", (seats != null) ? seats : "")
			.with(csrf())
			.with(user("alice"))).hasStatus(303)
			.headers()
			.hasHeaderSatisfying("Location",
					(values) -> assertThat(values.get(0)).startsWith(this.polar.baseUrl() + "/checkout/polar_c_"));
		this.polar.wireMock()
			.verify(postRequestedFor(urlEqualTo("/v1/checkouts/"))
				.withRequestBody(matchingJsonPath(path, WireMock.equalTo(value))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "51", "many", "" })
	void numberOfSeatsThatIsNotForSaleIsABadRequest(String seats) {
		assertThat(this.shop.post().uri("/buy/seats").param("seats", seats).with(csrf())).hasStatus(400);
		assertThat(this.polar.wireMock().getAllServeEvents()).isEmpty();
	}

	@Test
	void priceOfAGuestIsTheCatalogs() {
		assertThat(this.shop.get().uri("/")).bodyText().contains("Buy Pro for $29.00");
		assertThat(this.shop.get().uri("/").with(user("alice"))).bodyText().contains("Buy Pro for $23.20");
	}

	@Test
	void outageOfAnOfferIsAnErrorPage() {
		this.polar.wireMock().stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.serverError()));
		assertThat(this.shop.post().uri("/buy/support").with(csrf())).hasStatus(503)
			.bodyText()
			.contains("The checkout is not available right now");
	}

	@Test
	void buyerIsTheCustomer() {
		assertThat(this.shop.post()
			.uri("/buy/pro")
			.with(csrf())
			.with(user("alice"))
			.header("Accept-Language", "de")
			.header("X-Forwarded-For", "203.0.113.9")).hasStatus(303);
		this.polar.wireMock().verify(postRequestedFor(urlEqualTo("/v1/checkouts/")).withRequestBody(equalToJson("""
				{"products":["7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90"],"external_customer_id":"alice",
				"customer_ip_address":"203.0.113.9","metadata":{"external_customer_id":"alice",
				"browser_hash":"${json-unit.regex}[0-9a-f]{64}"},
				"success_url":"http://localhost/thanks?checkout_id={CHECKOUT_ID}","return_url":"http://localhost/",
				"locale":"de"}""")));
	}

	@Test
	void paidSessionIsThankedForAndShownToItsBuyerOnly() {
		UUID session = buyAndPay("alice");
		assertThat(this.checkouts.get(session).isSucceeded()).isTrue();
		assertThat(this.shop.get().uri("/thanks?checkout_id={id}", session).with(user("alice"))).hasStatusOk()
			.bodyText()
			.contains("Thank you", "Your payment succeeded");
		assertThat(this.shop.get().uri("/thanks?checkout_id={id}", session).with(user("bob"))).hasStatusOk()
			.bodyText()
			.contains("Payment not found")
			.doesNotContain("succeeded");
	}

	@Test
	void unknownSessionIsHandledLikeSomeoneElses() {
		assertThat(this.shop.get().uri("/thanks?checkout_id={id}", UUID.randomUUID()).with(user("alice"))).hasStatusOk()
			.bodyText()
			.contains("Payment not found");
		assertThat(this.shop.get().uri("/thanks?checkout_id=x").with(user("alice"))).hasStatusOk()
			.bodyText()
			.contains("Payment not found");
		assertThat(this.shop.get().uri("/thanks").with(user("alice"))).hasStatusOk()
			.bodyText()
			.contains("Payment not found");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/anything", "/error" })
	void everyOtherPathNeedsALogin(String path) {
		assertThat(this.shop.get().uri(path).header("Accept", "text/html")).hasStatus(302).hasRedirectedUrl("/login");
	}

	@ParameterizedTest
	@CsvSource({ "alice,alice,true", "alice,mallory,false", "alice,,true" })
	void orderIsTheBuyersWhateverCustomerPolarNames(String ours, @Nullable String polars, boolean given)
			throws UnsupportedEncodingException {
		UUID id = UUID.randomUUID();
		String order = """
				{"id":"%1$s","status":"paid","paid":true,"total_amount":4200,"description":"Lamp %1$s",
				"metadata":{"external_customer_id":"%2$s"},"customer":{"external_id":%3$s}}""".formatted(id, ours,
				(polars != null) ? "\"" + polars + "\"" : "null");
		isAtPolar(id, order);
		for (int i = 0; i < 2; i++) {
			send("order.paid", order);
		}
		assertThat(account("alice").contains("Lamp " + id)).isEqualTo(given);
		assertThat(account("mallory")).doesNotContain("Lamp " + id);
	}

	@Test
	void refundStaysARefundThoughThePaymentIsReportedLater() throws UnsupportedEncodingException {
		UUID id = UUID.randomUUID();
		String paid = """
				{"id":"%1$s","status":"paid","paid":true,"total_amount":2511,"refunded_amount":0,
				"modified_at":"2026-11-28T16:36:09Z","description":"Lamp %1$s","metadata":{"external_customer_id":"carol"}}"""
			.formatted(id);
		String refunded = paid.replace("\"status\":\"paid\"", "\"status\":\"refunded\"")
			.replace("\"refunded_amount\":0", "\"refunded_amount\":2320")
			.replace("16:36:09", "16:36:07");
		isAtPolar(id, refunded);
		send("order.refunded", refunded);
		send("order.updated", paid);
		send("order.paid", paid);
		assertThat(account("carol")).contains("Lamp " + id, "$25.11", "<td>refunded</td>")
			.doesNotContain("<td>paid</td>");
	}

	private void isAtPolar(UUID id, String order) {
		this.polar.wireMock().stubFor(WireMock.get("/v1/orders/" + id).willReturn(WireMock.okJson(order)));
	}

	private void send(String type, String data) {
		assertThat(this.shop.post()
			.uri("/webhooks/polar")
			.content("{\"type\":\"%s\",\"data\":%s}".formatted(type, data))
			.with(signedWebhook(this.connectionDetails.getWebhookSecrets().get(0)))).hasStatus(202);
	}

	private String account(String user) throws UnsupportedEncodingException {
		return this.shop.get().uri("/account").with(user(user)).exchange().getResponse().getContentAsString();
	}

	@Test
	void forgedWebhookIsRejected() {
		assertThat(this.shop.post()
			.uri("/webhooks/polar")
			.content("{\"type\":\"order.paid\",\"data\":{}}")
			.with(signedWebhook("another secret of at least 32 characters"))).hasStatus(403);
	}

	@Test
	void buyingNeedsTheCsrfToken() {
		assertThat(this.shop.post().uri("/buy/pro")).hasStatus(403);
	}

	@Test
	void outageShowsTheShopsErrorPageToAGuest() {
		this.polar.wireMock().stubFor(WireMock.post(WireMock.anyUrl()).willReturn(WireMock.serviceUnavailable()));
		assertThat(this.shop.post().uri("/buy/pro").with(csrf()).header("Accept", "text/html")).hasStatus(503)
			.bodyText()
			.contains("Sorry, something went wrong.", "The checkout is not available right now.", "Back to the shop");
	}

	@Test
	void healthIsForEveryoneAndAllElseForTheOperator() {
		assertThat(this.shop.get().uri("/actuator/health")).hasStatusOk().bodyText().doesNotContain("components");
		assertThat(this.shop.get().uri("/actuator/metrics").with(user("alice"))).hasStatus(403);
		assertThat(this.shop.get().uri("/actuator/metrics").with(user("operator").roles("OPERATOR"))).hasStatusOk();
		assertThat(this.shop.get().uri("/actuator/health").with(user("operator").roles("OPERATOR"))).bodyText()
			.contains("polar", "polarInbox");
		assertThat(this.shop.get().uri("/actuator/env").with(user("operator").roles("OPERATOR"))).hasStatus(404);
	}

	@Test
	void documentationNamesTheEventsThatTheStarterNeeds(@Autowired List<PolarEventRecorder> recorders) {
		String page = Page.of("docs/reference/webhook-endpoint.md").text().split("## Events to select")[1]
			.split("\n## ")[0];
		assertThat(recorders.stream().flatMap((recorder) -> recorder.types().stream())).contains("order.refunded")
			.allSatisfy((type) -> assertThat(page).contains("`" + type + "`"));
	}

}
