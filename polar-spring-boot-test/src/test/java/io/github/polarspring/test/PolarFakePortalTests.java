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
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the customer portal of {@link PolarFake}: the pages and the API.
 */
class PolarFakePortalTests extends PolarFakeSeller {

	private static final String PORTAL = "/fake-organization/portal";

	private static final String API = "/v1/customer-portal/";

	private final HttpClient http = HttpClient.newHttpClient();

	private String token = "";

	private void open(String fields) throws Exception {
		this.token = send(201, "POST", "/v1/customer-sessions/",
				"{\"external_customer_id\":\"user_1\",\"return_url\":\"https://shop.example/account\"%s}"
					.formatted(fields))
			.at("/token")
			.asString();
	}

	private String plan(String name, String interval, int price) throws Exception {
		return product(
				"\"name\":\"%s\",\"recurring_interval\":\"%s\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":%d}]"
					.formatted(name, interval, price));
	}

	private HttpResponse<String> page(String page) throws Exception {
		return this.http.send(HttpRequest
			.newBuilder(this.fake.baseUrl().resolve(PORTAL + page + "?customer_session_token=" + this.token))
			.build(), BodyHandlers.ofString());
	}

	private HttpResponse<String> submit(String page, String form) throws Exception {
		return this.http.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(PORTAL + page))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("customer_session_token=" + this.token + "&" + form))
			.build(), BodyHandlers.ofString());
	}

	private void change(String page, String form) throws Exception {
		HttpResponse<String> response = submit(page, form);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location"))
			.contains(PORTAL + page + "?customer_session_token=" + this.token);
	}

	private JsonNode call(int status, String method, String path, String body) throws Exception {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(API + path))
			.header("Authorization", "Bearer " + this.token)
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		this.fake.webhooks().await();
		return JsonMapper.shared().readTree(response.body().isEmpty() ? "{}" : response.body());
	}

	private UUID subscribe() throws Exception {
		buy(plan("Basic", "month", 1500));
		open("");
		return this.fake.subscriptionIds().get(0);
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	@Test
	void overviewShowsSubscriptionsBenefitsAndOrders() throws Exception {
		UUID subscription = subscribe();
		HttpResponse<String> overview = page("");
		assertThat(overview.statusCode()).isEqualTo(200);
		assertThat(overview.headers().allValues("Cache-Control")).containsExactly("private, no-store");
		assertThat(overview.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
		assertThat(overview.headers().firstValue("Content-Security-Policy").orElse("")).contains("default-src 'none'");
		assertThat(overview.body()).contains("Hello, Ada", "Basic", "$15.00 per month", "Access", "paid",
				"href=\"https://shop.example/account\"", "/portal/subscriptions/" + subscription,
				"/portal/orders/" + this.fake.orderIds().get(0), "/portal/settings?");
		assertThat(page("/overview").body()).contains("Hello, Ada");
		assertThat(page("/orders").body()).contains("$15.00");
		assertThat(page("/orders/" + this.fake.orderIds().get(0)).body()).contains("Invoice-FAKE", "Receipt-RCPT");
		assertThat(page("/nothing").statusCode()).isEqualTo(404);
	}

	@Test
	void pagesEscapeWhatUsersHaveEntered() throws Exception {
		buy(product(
				"\"name\":\"<b>Plan</b>\",\"recurring_interval\":\"month\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":100}]"));
		open("");
		change("/settings", "action=name&name=" + encode("\"><script>alert(1)</script>"));
		assertThat(page("").body()).contains("&lt;b&gt;Plan").doesNotContain("<b>Plan");
		assertThat(page("/settings").body()).contains("&quot;&gt;&lt;script&gt;").doesNotContain("<script");
	}

	@Test
	void customerCancelsWithAReasonAndUndoes() throws Exception {
		UUID subscription = subscribe();
		String page = "/subscriptions/" + subscription;
		assertThat(typesOf(() -> change(page, "action=cancel&reason=too_expensive&comment=Sorry")))
			.containsExactly("subscription.updated", "subscription.canceled", "customer.state_changed");
		JsonNode canceled = get("/v1/subscriptions/" + subscription);
		assertThat(canceled.at("/cancel_at_period_end").asBoolean()).isTrue();
		assertThat(canceled.at("/customer_cancellation_reason").asString()).isEqualTo("too_expensive");
		assertThat(canceled.at("/customer_cancellation_comment").asString()).isEqualTo("Sorry");
		assertThat(page(page).body()).contains("Keep the subscription").doesNotContain("Change plan");
		assertThat(typesOf(() -> change(page, "action=cancel"))).isEmpty();
		assertThat(typesOf(() -> change(page, "action=keep"))).containsExactly("subscription.updated",
				"subscription.uncanceled", "customer.state_changed");
		assertThat(get("/v1/subscriptions/" + subscription).at("/customer_cancellation_reason").isNull()).isTrue();
	}

	@Test
	void customerChangesToAPlanWithTheSameInterval() throws Exception {
		UUID subscription = subscribe();
		String pro = plan("Pro", "month", 3000);
		String page = "/subscriptions/" + subscription;
		assertThat(page(page).body()).contains("Pro, $30.00 per month");
		assertThat(typesOf(() -> change(page, "action=change&product=" + pro))).containsExactly("subscription.updated",
				"benefit_grant.revoked", "benefit_grant.created", "customer.state_changed");
		assertThat(get("/v1/subscriptions/" + subscription).at("/amount").asInt()).isEqualTo(3000);
		assertThat(this.fake.orderIds()).hasSize(1);
		this.fake.renewSubscription(subscription);
		JsonNode order = get("/v1/orders/" + this.fake.orderIds().get(0));
		assertThat(order.at("/items")).hasSize(3);
		assertThat(order.at("/items/0/label").asString()).startsWith("Remaining time on Basic — From ");
		assertThat(order.at("/items/0/amount").asInt()).isBetween(-1500, -1499);
		assertThat(order.at("/items/1/amount").asInt()).isBetween(2999, 3000);
		assertThat(order.at("/items/2/amount").asInt()).isEqualTo(3000);
		assertThat(order.at("/total_amount").asInt()).isBetween(4499, 4501);
		this.fake.renewSubscription(subscription);
		assertThat(get("/v1/orders/" + this.fake.orderIds().get(0)).at("/total_amount").asInt()).isEqualTo(3000);
	}

	@Test
	void planWithAnotherIntervalIsChargedNow() throws Exception {
		UUID subscription = subscribe();
		String year = plan("Year", "year", 12000);
		String page = "/subscriptions/" + subscription;
		change("/settings", "action=card&card=0341");
		HttpResponse<String> declined = submit(page, "action=change&product=" + year);
		assertThat(declined.statusCode()).isEqualTo(422);
		assertThat(declined.body()).contains("The card was declined.");
		assertThat(get("/v1/subscriptions/" + subscription).at("/amount").asInt()).isEqualTo(1500);
		change("/settings", "action=card&card=4242");
		assertThat(typesOf(() -> change(page, "action=change&product=" + year))).containsExactly("order.created",
				"subscription.updated", "order.updated", "order.paid", "order.updated", "benefit_grant.revoked",
				"benefit_grant.created", "customer.state_changed", "order.updated");
		JsonNode order = get("/v1/orders/" + this.fake.orderIds().get(0));
		assertThat(order.at("/billing_reason").asString()).isEqualTo("subscription_update");
		assertThat(order.at("/checkout_id").isNull()).isTrue();
		assertThat(order.at("/total_amount").asInt()).isBetween(10500, 10501);
		assertThat(get("/v1/subscriptions/" + subscription).at("/recurring_interval").asString()).isEqualTo("year");
	}

	@Test
	void cardThatIsDeclinedMakesTheNextRenewalPastDueUntilTheCustomerPays() throws Exception {
		UUID subscription = subscribe();
		assertThat(page("/settings").body()).contains("ending in 4242");
		assertThat(typesOf(() -> change("/settings", "action=card&card=0341"))).isEmpty();
		assertThat(page("/settings").body()).contains("ending in 0341, which is declined");
		this.fake.renewSubscription(subscription);
		assertThat(get("/v1/subscriptions/" + subscription).at("/status").asString()).isEqualTo("past_due");
		// the session has expired meanwhile
		open("");
		assertThat(page("/subscriptions/" + subscription).body()).contains("Pay $15.00");
		UUID order = this.fake.orderIds().get(0);
		assertThat(typesOf(
				() -> assertThat(submit("/orders/" + order, "action=pay&card=0341").statusCode()).isEqualTo(422)))
			.isEmpty();
		assertThat(typesOf(() -> change("/orders/" + order, "action=pay&card=4242"))).containsExactly(
				"subscription.updated", "subscription.active", "order.updated", "order.paid", "order.updated",
				"benefit_grant.created", "customer.state_changed", "order.updated");
		assertThat(get("/v1/orders/" + order).at("/status").asString()).isEqualTo("paid");
	}

	@Test
	void customerSeesWhatAChangeAndTheNextPeriodCost() throws Exception {
		UUID subscription = subscribe();
		String path = "subscriptions/" + subscription;
		assertThat(call(200, "GET", path + "/charge-preview", "").at("/due_amount").asLong()).isEqualTo(1500);
		assertThat(call(200, "GET", path + "/cancel-preview", "").at("/stops_collection").asBoolean()).isFalse();
		String change = "{\"product_id\":\"%s\"}".formatted(plan("Pro", "month", 4500));
		assertThat(call(200, "POST", path + "/change-preview", change).at("/proration_amount").asLong())
			.isEqualTo(3000);
		assertThat(call(422, "POST", path + "/change-preview", "{}").at("/detail")).hasSize(2);
		this.fake.portalPermissions(false, true, false);
		assertThat(call(403, "POST", path + "/change-preview", change).at("/error").asString())
			.isEqualTo("UpdateSubscriptionPlanNotAllowed");
		call(405, "GET", path + "/change-preview", "");
	}

	@Test
	void newCardIsChargedForThePastDueSubscription() throws Exception {
		UUID subscription = subscribe();
		this.fake.declineRenewals("stolen_card").renewSubscription(subscription);
		this.fake.declineRenewals(false);
		open("");
		assertThat(typesOf(() -> change("/settings", "action=card&card=4242"))).startsWith("subscription.updated",
				"subscription.active", "order.updated", "order.paid");
		assertThat(get("/v1/payments/?status=succeeded").at("/items/0/trigger").asString())
			.isEqualTo("retry_payment_method_update");
	}

	@Test
	void emittedPaymentIsAcceptedEvenIfTheCardIsDeclined() throws Exception {
		UUID subscription = subscribe();
		change("/settings", "action=card&card=0341");
		this.fake.renewSubscription(subscription);
		this.fake.emit("order.paid", this.fake.orderIds().get(0));
		assertThat(get("/v1/subscriptions/" + subscription).at("/status").asString()).isEqualTo("active");
	}

	@Test
	void expiredTokenLeadsToAPageThatSaysSo() throws Exception {
		UUID subscription = subscribe();
		this.fake.advance(Duration.ofMinutes(61));
		for (HttpResponse<String> response : new HttpResponse[] { page(""), page("/subscriptions/" + subscription),
				submit("/subscriptions/" + subscription, "action=cancel") }) {
			assertThat(response.statusCode()).isEqualTo(303);
			assertThat(response.headers().firstValue("Location")).contains(PORTAL + "/request");
		}
		assertThat(get("/v1/subscriptions/" + subscription).at("/cancel_at_period_end").asBoolean()).isFalse();
		HttpResponse<String> expired = page("/request");
		assertThat(expired.statusCode()).isEqualTo(200);
		assertThat(expired.body()).contains("This link has expired").doesNotContain(this.token);
		assertThat(call(401, "GET", "customers/me", "").at("/error").asString()).isEqualTo("invalid_token");
	}

	@Test
	void tokenInTheUrlOfAFormIsNotEnough() throws Exception {
		UUID subscription = subscribe();
		HttpResponse<String> response = this.http.send(HttpRequest
			.newBuilder(this.fake.baseUrl()
				.resolve(PORTAL + "/subscriptions/" + subscription + "?customer_session_token=" + this.token))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("action=cancel"))
			.build(), BodyHandlers.ofString());
		assertThat(response.headers().firstValue("Location")).contains(PORTAL + "/request");
		assertThat(get("/v1/subscriptions/" + subscription).at("/cancel_at_period_end").asBoolean()).isFalse();
	}

	@Test
	void resourcesOfOtherCustomersDoNotExist() throws Exception {
		UUID foreign = subscribe();
		UUID order = this.fake.orderIds().get(0);
		send(201, "POST", "/v1/customers/", "{\"email\":\"bob@example.com\",\"external_id\":\"user_2\"}");
		this.token = send(201, "POST", "/v1/customer-sessions/", "{\"external_customer_id\":\"user_2\"}").at("/token")
			.asString();
		assertThat(page("").body()).contains("You have no subscriptions.").doesNotContain("← Back");
		assertThat(page("/subscriptions/" + foreign).statusCode()).isEqualTo(404);
		assertThat(page("/orders/" + order).statusCode()).isEqualTo(404);
		assertThat(typesOf(() -> submit("/subscriptions/" + foreign, "action=cancel"))).isEmpty();
		call(404, "GET", "subscriptions/" + foreign, "");
		call(404, "PATCH", "subscriptions/" + foreign, "{\"cancel_at_period_end\":true}");
		call(404, "DELETE", "subscriptions/" + foreign, "");
		call(404, "GET", "orders/" + order, "");
		assertThat(call(200, "GET", "orders/", "").at("/items")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "member", "billing_manager" })
	void onlyBillingManagersOfATeamSeeOrdersAndChangeSomething(String role) throws Exception {
		UUID subscription = subscribe();
		String customer = get("/v1/customers/external/user_1").at("/id").asString();
		send(200, "PATCH", "/v1/customers/" + customer, "{\"type\":\"team\"}");
		send(201, "POST", "/v1/customers/" + customer + "/members",
				"{\"email\":\"clerk@example.com\",\"external_id\":\"clerk\",\"role\":\"%s\"}".formatted(role));
		open(",\"external_member_id\":\"clerk\"");
		boolean billing = role.equals("billing_manager");
		String page = "/subscriptions/" + subscription;
		assertThat(page("").body().contains("Orders</a>")).isEqualTo(billing);
		assertThat(page("").body().contains("Settings</a>")).isEqualTo(billing);
		assertThat(page("/orders").statusCode()).isEqualTo(billing ? 200 : 403);
		assertThat(page("/settings").statusCode()).isEqualTo(billing ? 200 : 403);
		assertThat(page(page).body().contains("Cancel at the end")).isEqualTo(billing);
		assertThat(submit("/settings", "action=card&card=0341").statusCode()).isEqualTo(billing ? 303 : 403);
		assertThat(submit(page, "action=cancel").statusCode()).isEqualTo(billing ? 303 : 403);
		assertThat(get("/v1/subscriptions/" + subscription).at("/cancel_at_period_end").asBoolean()).isEqualTo(billing);
		call(billing ? 200 : 403, "GET", "orders/", "");
		call(billing ? 200 : 403, "GET", "members", "");
		call(billing ? 200 : 403, "PATCH", "subscriptions/" + subscription, "{\"cancel_at_period_end\":false}");
		assertThat(call(200, "GET", "customer-session/user", "").at("/role").asString()).isEqualTo(role);
	}

	@Test
	void deleteAtTheApiCancelsAtTheEndOfThePeriod() throws Exception {
		UUID subscription = subscribe();
		String path = "subscriptions/" + subscription;
		assertThat(typesOf(() -> call(200, "DELETE", path, ""))).containsExactly("subscription.updated",
				"subscription.canceled", "customer.state_changed");
		assertThat(call(403, "DELETE", path, "").at("/error").asString()).isEqualTo("AlreadyCanceledSubscription");
		assertThat(call(200, "PATCH", path, "{\"cancel_at_period_end\":false}").at("/status").asString())
			.isEqualTo("active");
		assertThat(call(409, "PATCH", path, "{\"cancel_at_period_end\":false}").at("/error").asString())
			.isEqualTo("SubscriptionNotScheduledToCancel");
	}

	@Test
	void planAtTheApiMustBePublic() throws Exception {
		UUID subscription = subscribe();
		String hidden = product(
				"\"visibility\":\"private\",\"recurring_interval\":\"month\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":100}]");
		String path = "subscriptions/" + subscription;
		assertThat(call(422, "PATCH", path, "{\"product_id\":\"%s\"}".formatted(hidden)).at("/detail/0/msg").asString())
			.isEqualTo("Product visibility is not allowed.");
		assertThat(
				call(422, "PATCH", path, "{\"product_id\":\"%s\"}".formatted(course())).at("/detail/0/msg").asString())
			.isEqualTo("Product is not recurring.");
	}

	private String subscribeFree() throws Exception {
		send(201, "POST", "/v1/customers/", "{\"email\":\"ada@example.com\",\"external_id\":\"user_1\"}");
		String id = send(201, "POST", "/v1/subscriptions/",
				"{\"product_id\":\"%s\",\"external_customer_id\":\"user_1\"}".formatted(plan("Free", "month", 0)))
			.at("/id")
			.asString();
		open("");
		return id;
	}

	@Test
	void planThatIsChargedNowNeedsACard() throws Exception {
		String id = subscribeFree();
		String year = plan("Year", "year", 12000);
		assertThat(call(402, "PATCH", "subscriptions/" + id, "{\"product_id\":\"%s\"}".formatted(year)).at("/detail")
			.asString()).isEqualTo("Payment failed with reason: missing_payment_method.");
		assertThat(submit("/subscriptions/" + id, "action=change&product=" + year).body())
			.contains("There is no card on file.");
	}

	@Test
	void planThatIsChargedLaterNeedsACardAtTheRenewal() throws Exception {
		String id = subscribeFree();
		assertThat(typesOf(() -> change("/subscriptions/" + id, "action=change&product=" + plan("Pro", "month", 3000))))
			.endsWith("subscription.updated", "benefit_grant.revoked", "benefit_grant.created",
					"customer.state_changed");
		assertThat(typesOf(() -> this.fake.renewSubscription(UUID.fromString(id)))).containsExactly(
				"subscription.cycled", "subscription.updated", "order.created", "subscription.updated",
				"subscription.past_due", "order.updated", "benefit_grant.revoked", "customer.state_changed");
	}

	@Test
	void dashboardOpensThePortalOfACustomer() throws Exception {
		subscribe();
		String customer = get("/v1/customers/external/user_1").at("/id").asString();
		HttpResponse<String> response = this.http
			.send(HttpRequest.newBuilder(URI.create(this.fake.dashboardUrl() + "/portal?id=" + customer))
				.header("Origin", this.fake.baseUrl().toString())
				.POST(BodyPublishers.noBody())
				.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(303);
		HttpResponse<String> portal = this.http.send(
				HttpRequest.newBuilder(URI.create(response.headers().firstValue("Location").orElseThrow())).build(),
				BodyHandlers.ofString());
		assertThat(portal.body()).contains("Hello, Ada", "href=\"%s\"".formatted(this.fake.dashboardUrl()));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void tokenIsNeitherLoggedNorShownOnTheDashboard(CapturedOutput output) throws Exception {
		UUID subscription = subscribe();
		page("");
		change("/subscriptions/" + subscription, "action=cancel");
		call(200, "GET", "customers/me", "");
		assertThat(output.getAll()).doesNotContain(this.token);
		assertThat(this.http
			.send(HttpRequest.newBuilder(URI.create(this.fake.dashboardUrl().toString())).build(),
					BodyHandlers.ofString())
			.body()).doesNotContain(this.token);
	}

}
