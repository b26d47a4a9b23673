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

package io.github.polarspring.test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard of {@link PolarFake}.
 */
class PolarFakeDashboardTests {

	private static final UUID BOOK = UUID.randomUUID();

	private static final UUID PRO = UUID.randomUUID();

	private static final UUID SPRING = UUID.randomUUID();

	private static final String SECRET = "whsec_c2VjcmV0";

	private final PolarFake fake = PolarFake.start()
		.addProduct(BOOK, "Book", 1900, "usd")
		.addSubscription(PRO, "Pro & <More>", 2900, "usd", RecurringInterval.MONTH)
		.addDiscount(SPRING, "SPRING", 25);

	private final WireMockServer shop = new WireMockServer(WireMockConfiguration.options().dynamicPort());

	private final HttpClient http = HttpClient.newHttpClient();

	@BeforeEach
	void startShop() {
		this.shop.start();
		this.shop.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.noContent()));
		this.fake.webhooks().addEndpoint(URI.create(this.shop.baseUrl() + "/webhooks"), SECRET);
	}

	@AfterEach
	void stop() {
		this.shop.stop();
		this.fake.close();
	}

	private UUID buy(UUID product, String fields) throws Exception {
		String body = "{\"products\":[\"%s\"]%s}".formatted(product, fields.replace('\'', '"'));
		HttpResponse<String> response = this.http
			.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/checkouts/"))
				.header("Authorization", "Bearer " + this.fake.accessToken())
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString(body))
				.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(201);
		return UUID.fromString(JsonMapper.shared().readTree(response.body()).path("id").asString());
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.http.send(HttpRequest.newBuilder(URI.create(this.fake.dashboardUrl() + path)).build(),
				BodyHandlers.ofString());
	}

	private String page() throws Exception {
		return text(get("").body());
	}

	/**
	 * Return the text of a page, with a line for each row of a table.
	 */
	private static String text(String html) {
		return html.replaceAll("(?s)<style>.*?</style>", "")
			.replaceAll("</tr>|</dd>|</section>|</h2>", "\n")
			.replaceAll("</t[hd]>", " | ")
			.replaceAll("<[^>]+>", " ")
			.replaceAll("[ \\t]+", " ");
	}

	private String row(String... parts) throws Exception {
		return page().lines().filter((line) -> List.of(parts).stream().allMatch(line::contains)).findFirst().orElse("");
	}

	/**
	 * Submit a form as a browser does.
	 */
	private void submit(String action, String form) throws Exception {
		HttpResponse<String> response = this.http
			.send(HttpRequest.newBuilder(URI.create(this.fake.dashboardUrl() + action))
				.header("Content-Type", "application/x-www-form-urlencoded")
				.header("Origin", this.fake.baseUrl().toString())
				.POST(BodyPublishers.ofString(form))
				.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).contains("/dashboard");
	}

	@Test
	void orderShowsItsAmounts() throws Exception {
		this.fake.pay(buy(BOOK, ",'discount_id':'%s'".formatted(SPRING)), "alice@example.com");
		UUID order = this.fake.orderIds().get(0);
		assertThat(row(order.toString())).contains(
				"| $19.00 | -$4.75 | $14.25 | $1.26 8.875%, US, added | $15.51 | – | paid | Refund",
				"alice@example.com");
		this.fake.refund(order, 1000);
		assertThat(row(order.toString())).contains("| $10.88 | partially refunded | Refund");
		submit("/refund?id=" + order, "");
		assertThat(row(order.toString())).contains("| $15.51 | refunded |").doesNotContain("Refund ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			DE | $3.03 19%, DE, included
			GB | $0.00 GB
			""")
	void orderShowsTheTaxOfTheCountry(String country, String tax) throws Exception {
		this.fake.pay(buy(BOOK, ",'customer_billing_address':{'country':'%s'}".formatted(country)));
		assertThat(row(this.fake.orderIds().get(0).toString())).contains("| " + tax + " |");
	}

	@Test
	void rateThatChangedSinceTheOrderIsNotShown() throws Exception {
		this.fake.pay(buy(BOOK, ",'customer_billing_address':{'country':'DE'}"));
		this.fake.taxRate("DE", 7);
		assertThat(row(this.fake.orderIds().get(0).toString())).contains("| $3.03 DE, included |");
	}

	@Test
	void pastDueSubscriptionShowsTheNextAttempt() throws Exception {
		this.fake.pay(buy(PRO, ",'external_customer_id':'alice'"));
		String subscription = this.fake.subscriptionIds().get(0).toString();
		assertThat(row(subscription)).contains("Pro &amp; &lt;More&gt;", "| $29.00 | active |",
				"Advance to the end of the period", "Cancel", "End now");
		submit("/cards", "decline=true");
		submit("/renew?id=" + subscription, "");
		assertThat(row(subscription)).contains("| past due |").containsPattern("\\| – \\| \\w+ \\d+, 20\\d\\d \\|");
		assertThat(row(this.fake.orderIds().get(0).toString()))
			.containsPattern("pending next attempt \\w+ \\d+, 20\\d\\d");
		assertThat(page()).contains("Cards on file declined");
		submit("/cards", "decline=false");
		this.fake.advance(Duration.ofDays(3));
		assertThat(row(subscription)).contains("| active |");
		submit("/cancel?id=" + subscription, "");
		assertThat(row(subscription)).contains("active, ends after the current period", "Keep");
		submit("/cancel?id=" + subscription, "");
		submit("/revoke?id=" + subscription, "");
		assertThat(row(subscription)).contains("| ended |").doesNotContain("End now");
	}

	@Test
	void trialShowsItsEnd() throws Exception {
		this.fake.pay(buy(PRO, ",'trial_interval':'week','trial_interval_count':1"));
		assertThat(row(this.fake.subscriptionIds().get(0).toString())).contains("| trialing |")
			.containsPattern("(\\w+ \\d+, 20\\d\\d) \\| \\1 \\|");
	}

	@Test
	void sessionsWithoutASaleShowTheirState() throws Exception {
		UUID open = buy(BOOK, ",'external_customer_id':'alice'");
		UUID declined = buy(BOOK, "");
		UUID expired = buy(BOOK, "");
		UUID challenged = buy(BOOK, ",'customer_email':'bob@example.com'");
		UUID paid = buy(BOOK, "");
		this.fake.decline(declined);
		this.fake.expire(expired);
		this.fake.challenge(challenged);
		this.fake.pay(paid);
		assertThat(row(open.toString())).contains("external ID alice", "| $20.69 | open |");
		assertThat(row(declined.toString())).contains("guest", "open declined: generic decline");
		assertThat(row(expired.toString())).contains("| expired |");
		assertThat(row(challenged.toString())).contains("bob@example.com", "confirmed, waiting for the bank");
		assertThat(page().split("Checkout sessions without a sale")[1].split("Customers")[0])
			.doesNotContain(paid.toString());
	}

	@Test
	void customersShowTheirExternalId() throws Exception {
		this.fake.pay(buy(BOOK, ",'external_customer_id':'alice-1','customer_name':'Alice'"), "a@example.com");
		assertThat(row("a@example.com |")).contains("a@example.com | Alice | alice-1 |");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			checkout.created             | API call POST /v1/checkouts/
			order.paid                   | Paid by the buyer
			order.refunded               | Dashboard: order refunded
			subscription.cycled          | Dashboard: advanced to the end of the period
			subscription.canceled        | Dashboard: canceled
			checkout.expired             | Clock advanced by 2d
			product.updated              | API call PATCH /v1/products/
			subscription.past_due        | Emitted subscription.past_due
			made.up                      | Sent on request
			""")
	void eventShowsItsCause(String type, String cause) throws Exception {
		buy(BOOK, "");
		this.fake.pay(buy(PRO, ""));
		this.fake.advance(Duration.ofDays(2));
		String subscription = this.fake.subscriptionIds().get(0).toString();
		submit("/refund?id=" + this.fake.orderIds().get(0), "");
		submit("/renew?id=" + subscription, "");
		this.http.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/products/" + BOOK))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.method("PATCH", BodyPublishers.ofString("{\"name\":\"Book 2\"}"))
			.build(), BodyHandlers.discarding());
		this.fake.webhooks().send("made.up", "{}");
		this.fake.emit("subscription.past_due", UUID.fromString(subscription));
		submit("/cancel?id=" + subscription, "");
		assertThat(page().lines()).filteredOn((line) -> line.contains(type + " "))
			.anySatisfy((line) -> assertThat(line).contains("| " + cause));
	}

	@Test
	void paymentOnThePageAndCancellationInThePortalAreCauses() throws Exception {
		UUID session = buy(PRO, ",'success_url':'http://localhost/thanks'");
		String url = this.fake.state().requireSession(session).url;
		HttpResponse<String> paid = this.http.send(
				HttpRequest.newBuilder(URI.create(url + "/pay")).POST(BodyPublishers.ofString("name=A")).build(),
				BodyHandlers.ofString());
		assertThat(row("order.paid")).contains("| Buyer on the checkout page |");
		Matcher token = Pattern.compile("polar_cst_\\w+").matcher(paid.headers().firstValue("Location").orElseThrow());
		assertThat(token.find()).isTrue();
		this.http.send(HttpRequest
			.newBuilder(this.fake.baseUrl()
				.resolve("/fake-organization/portal/subscriptions/" + this.fake.subscriptionIds().get(0)))
			.POST(BodyPublishers.ofString("action=cancel&customer_session_token=" + token.group()))
			.build(), BodyHandlers.discarding());
		assertThat(row("subscription.canceled")).contains("| Customer in the portal |");
	}

	@Test
	void failedDeliveryShowsAttemptsAndIsRedelivered() throws Exception {
		this.shop.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.serverError()));
		this.fake.webhooks().send("made.up", "{\"id\":\"x-1\"}");
		assertThat(row("made.up x-1")).contains("failed, status 500");
		this.shop.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.noContent()));
		Delivery failed = this.fake.webhooks().deliveries().get(0);
		submit("/redeliver", "event=" + failed.id());
		assertThat(row("made.up")).contains("| status 204", "sent more than once", "attempts");
		assertThat(text(get("/event?id=" + failed.id()).body())).contains("Sent on request",
				"| " + this.shop.baseUrl() + "/webhooks | failed, status 500 |", "| status 204 |", "x-1");
	}

	@Test
	void disorderIsShownAndSwitched() throws Exception {
		submit("/disorder", "seed=3");
		assertThat(page()).contains("Delivery of events in disorder, with seed 3");
		this.fake.pay(buy(PRO, ""));
		assertThat(page()).contains(" outdated ", "| Disorder: an older state |");
		submit("/order", "");
		assertThat(page()).contains("Delivery of events in order");
		submit("/disorder", "seed=many");
		assertThat(page()).contains("Delivery of events in order");
	}

	@Test
	void eventsOfApiCallsAreDeliveredInDisorderToo() throws Exception {
		this.fake.webhooks().disorder(3);
		buy(BOOK, "");
		Awaitility.await().untilAsserted(() -> assertThat(row("checkout.created")).contains("| status 204"));
		assertThat(page()).doesNotContain("held back", "Held back");
	}

	@Test
	void heldEventsAreShownAndReleased() throws Exception {
		this.fake.webhooks().hold();
		this.fake.webhooks().send("made.up", "{}");
		assertThat(page()).contains("Delivery of events held back", "Held back: 1 Send");
		assertThat(row("made.up")).contains("held back", "| not yet |");
		submit("/release", "");
		assertThat(row("made.up")).contains("| status 204").doesNotContain("held back");
	}

	@Test
	void clockSettingsAndFaultsAreShown() throws Exception {
		assertThat(page()).doesNotContain("ahead", "Organization", "Next faults", "Scopes", "Benefits");
		this.fake.allowMultipleSubscriptions(true).preventTrialAbuse(true).checkoutPayments(false).apiAccess(false);
		this.fake.gracePeriod(Duration.ofDays(3)).restrictScopes("orders:read").delayGrants(Duration.ofSeconds(10));
		this.fake.injectFault(PolarFault.serverError(), 2, "/v1/orders/").injectFault(PolarFault.hanging());
		submit("/advance", "by=day");
		submit("/advance", "by=week");
		assertThat(page()).contains(", 8d ahead",
				"Organization no access to the API; payments are paused; one trial per customer;"
						+ " several subscriptions per customer; grace period of 3d",
				"Benefits granted after 10s", "Scopes of the token orders:read",
				"Next faults server error (calls: 2, path: /v1/orders/); hanging (calls: 1, path: any)");
		submit("/advance", "by=month");
		assertThat(page()).containsPattern(", 3[6-9]d ahead");
	}

	@Test
	void fakeWithoutEndpointSaysSo() throws Exception {
		try (PolarFake other = PolarFake.start()) {
			assertThat(
					text(this.http.send(HttpRequest.newBuilder(other.dashboardUrl()).build(), BodyHandlers.ofString())
						.body()))
				.contains("Webhook endpoint none, so no events are sent", "No one has paid yet.",
						"No events have been sent yet.");
		}
	}

	@Test
	void pagesContainNoSecrets() throws Exception {
		this.fake.pay(buy(PRO, ",'success_url':'http://localhost/thanks'"));
		buy(BOOK, "");
		StringBuilder pages = new StringBuilder(get("").body());
		for (FakeEvent event : this.fake.webhooks().events()) {
			pages.append(get("/event?id=" + event.id()).body());
		}
		assertThat(pages).contains("polar_c_…")
			.doesNotContain(SECRET, this.fake.accessToken())
			.doesNotContainPattern("polar_(c|cst|oat)_\\w");
	}

	@Test
	void pagesHaveNoScriptsAndCannotBeFramed() throws Exception {
		HttpResponse<String> response = get("");
		assertThat(response.body()).doesNotContain("<script", "onclick", "javascript:");
		assertThat(response.headers().firstValue("Content-Security-Policy")).hasValueSatisfying(
				(policy) -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
		// with no-referrer, browsers send the origin "null" with forms
		assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("same-origin");
	}

	@Test
	void unknownPagesAndEventsAreNotFound() throws Exception {
		assertThat(get("/event?id=x").statusCode()).isEqualTo(404);
		assertThat(get("/nothing").statusCode()).isEqualTo(404);
	}

}
