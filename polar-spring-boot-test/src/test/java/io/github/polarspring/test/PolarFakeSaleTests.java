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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of the catalog, which is filled by the calls of Polar's API, and of what happens
 * to a payment.
 */
class PolarFakeSaleTests {

	private static final String BUYER = """
			"customer_email":"ada@example.com","customer_name":"Ada",
			"customer_billing_address":{"country":"US","state":"IL","line1":"1 Main Street","city":"Springfield",
			"postal_code":"62701"}""";

	private final HttpClient http = HttpClient.newHttpClient();

	private final PolarFake fake = PolarFake.start();

	private HttpServer shop;

	@BeforeEach
	void listen() throws Exception {
		this.shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.shop.createContext("/", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		this.shop.start();
		this.fake.webhooks()
			.addEndpoint(URI.create("http://127.0.0.1:" + this.shop.getAddress().getPort() + "/"), "x".repeat(32));
	}

	@AfterEach
	void stop() {
		this.fake.close();
		this.shop.stop(0);
	}

	private JsonNode send(int status, String method, String path, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.build();
		var response = this.http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		this.fake.state().webhooks().await();
		return JsonMapper.shared().readTree(response.body().isEmpty() ? "{}" : response.body());
	}

	private String product(String fields) throws Exception {
		return send(201, "POST", "/v1/products/", "{\"name\":\"Plan\"," + fields + "}").at("/id").asString();
	}

	private String monthly() throws Exception {
		return product(
				"\"recurring_interval\":\"month\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":1500}]");
	}

	private String course() throws Exception {
		return product("\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":2000}]");
	}

	private JsonNode open(String product) throws Exception {
		return send(201, "POST", "/v1/checkouts/", "{\"products\":[\"" + product + "\"]," + BUYER + "}");
	}

	private JsonNode confirm(int status, JsonNode session, String token) throws Exception {
		return send(status, "POST", "/v1/checkouts/client/" + session.at("/client_secret").asString() + "/confirm",
				"{\"confirmation_token_id\":\"" + token + "\"}");
	}

	private JsonNode read(JsonNode session) throws Exception {
		return send(200, "GET", "/v1/checkouts/" + session.at("/id").asString(), "");
	}

	private static UUID id(JsonNode json) {
		return UUID.fromString(json.at("/id").asString());
	}

	private List<String> types() {
		return this.fake.webhooks().deliveries().stream().map(Delivery::type).toList();
	}

	private List<String> typesOf(Action action) throws Exception {
		int before = types().size();
		action.run();
		return types().subList(before, types().size());
	}

	private JsonNode lastEvent() {
		List<Delivery> deliveries = this.fake.webhooks().deliveries();
		return JsonMapper.shared().readTree(deliveries.get(deliveries.size() - 1).body());
	}

	@Test
	void benefitsOfAProductAreGrantedAndRevoked() throws Exception {
		String plan = monthly();
		String benefit = send(201, "POST", "/v1/benefits/",
				"{\"type\":\"custom\",\"description\":\"Access\",\"properties\":{}}")
			.at("/id")
			.asString();
		JsonNode product = send(200, "POST", "/v1/products/" + plan + "/benefits",
				"{\"benefits\":[\"" + benefit + "\"]}");
		assertThat(product.at("/benefits/0/id").asString()).isEqualTo(benefit);
		JsonNode session = open(plan);
		assertThat(session.at("/product/benefits/0/description").asString()).isEqualTo("Access");
		assertThat(session.at("/product/benefits/0").has("properties")).isFalse();
		confirm(200, session, "ctoken_1");
		assertThat(types()).contains("benefit.created", "product.updated", "benefit_grant.created");
		String customer = read(session).at("/customer_id").asString();
		assertThat(send(200, "GET", "/v1/customers/" + customer + "/state", "").at("/granted_benefits/0/benefit_id")
			.asString()).isEqualTo(benefit);
		this.fake.revokeSubscription(this.fake.subscriptionIds().get(0));
		assertThat(types()).contains("benefit_grant.revoked");
		assertThat(send(200, "GET", "/v1/customers/" + customer + "/state", "").at("/granted_benefits")).isEmpty();
	}

	@Test
	void archivedProductIsNotSoldAndARepricedOneNeedsANewSession() throws Exception {
		String product = course();
		JsonNode session = open(product);
		send(200, "PATCH", "/v1/products/" + product,
				"{\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":900}]}");
		assertThat(confirm(422, session, "ctoken_1").at("/detail/0/msg").asString()).isEqualTo("Price is archived.");
		assertThat(open(product).at("/amount").asInt()).isEqualTo(900);
		send(200, "PATCH", "/v1/products/" + product, "{\"is_archived\":true}");
		assertThat(send(422, "POST", "/v1/checkouts/", "{\"products\":[\"" + product + "\"]}").at("/detail/0/msg")
			.asString()).isEqualTo("Product is archived.");
	}

	@Test
	void discountIsLimitedByItsDatesAndRedemptions() throws Exception {
		String product = course();
		String over = discount("\"ends_at\":\"2020-01-01T00:00:00Z\"");
		String later = discount("\"starts_at\":\"2999-01-01T00:00:00Z\"");
		for (String discount : List.of(over, later, UUID.randomUUID().toString())) {
			assertThat(
					send(422, "POST", "/v1/checkouts/", discounted(product, discount)).at("/detail/0/msg").asString())
				.isEqualTo("Discount does not exist.");
		}
		String once = discount("\"max_redemptions\":1");
		JsonNode first = send(201, "POST", "/v1/checkouts/", discounted(product, once));
		JsonNode second = send(201, "POST", "/v1/checkouts/", discounted(product, once));
		assertThat(first.at("/is_payment_form_required").asBoolean()).isFalse();
		confirm(200, first, "ctoken_1");
		assertThat(confirm(422, second, "ctoken_1").at("/detail/0/msg").asString())
			.isEqualTo("Discount is no longer redeemable.");
		assertThat(send(200, "GET", "/v1/discounts/" + once, "").at("/redemptions_count").asInt()).isOne();
	}

	private String discount(String fields) throws Exception {
		return send(201, "POST", "/v1/discounts/",
				"{\"name\":\"Gift\",\"type\":\"percentage\",\"basis_points\":10000,\"duration\":\"once\"," + fields
						+ "}")
			.at("/id")
			.asString();
	}

	private static String discounted(String product, String discount) {
		return "{\"products\":[\"" + product + "\"],\"discount_id\":\"" + discount + "\"," + BUYER + "}";
	}

	@Test
	void customFieldsAreCheckedAndRequiredAtConfirmation() throws Exception {
		String field = send(201, "POST", "/v1/custom-fields/",
				"{\"type\":\"number\",\"slug\":\"size\",\"name\":\"Size\",\"properties\":{\"le\":10}}")
			.at("/id")
			.asString();
		String product = product("\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":0}],"
				+ "\"attached_custom_fields\":[{\"custom_field_id\":\"" + field + "\",\"required\":true}]");
		String body = "{\"products\":[\"" + product
				+ "\"],\"customer_email\":\"ada@example.com\",\"custom_field_data\":";
		JsonNode problem = send(422, "POST", "/v1/checkouts/", body + "{\"size\":11}}").at("/detail/0");
		assertThat(problem.at("/type").asString()).isEqualTo("less_than_equal");
		assertThat(problem.at("/loc").toString()).isEqualTo("[\"body\",\"custom_field_data\",\"size\"]");
		JsonNode session = send(201, "POST", "/v1/checkouts/", body + "{\"size\":\"7\",\"unknown\":1}}");
		assertThat(session.at("/custom_field_data").toString()).isEqualTo("{\"size\":7}");
		assertThat(confirm(422, session, "ctoken_1").at("/detail/0/type").asString()).isEqualTo("missing");
	}

	@ParameterizedTest
	@CsvSource({ "ctoken_decline, generic_decline", "ctoken_nofunds, insufficient_funds" })
	void declinedCardChangesNothingAndTheSecondCardPays(String token, String reason) throws Exception {
		JsonNode session = open(course());
		JsonNode declined = confirm(400, session, token);
		assertThat(declined.at("/error").asString()).isEqualTo("PaymentError");
		assertThat(read(session)).isEqualTo(session);
		confirm(200, session, "ctoken_1");
		assertThat(read(session).at("/status").asString()).isEqualTo("succeeded");
		JsonNode payments = send(200, "GET", "/v1/payments/?checkout_id=" + session.at("/id").asString(), "")
			.at("/items");
		assertThat(payments.at("/0/status").asString()).isEqualTo("succeeded");
		assertThat(payments.at("/0/order_id").asString()).isEqualTo(this.fake.orderIds().get(0).toString());
		assertThat(payments.at("/1/decline_reason").asString()).isEqualTo(reason);
		assertThat(send(200, "GET", "/v1/payments/" + payments.at("/1/id").asString(), "")).isEqualTo(payments.get(1));
	}

	@Test
	void challengeIsPassedOrFailed() throws Exception {
		JsonNode session = open(course());
		assertThat(confirm(200, session, "ctoken_3ds").at("/status").asString()).isEqualTo("confirmed");
		assertThat(read(session).at("/status").asString()).isEqualTo("confirmed");
		assertThat(this.fake.orderIds()).isEmpty();
		confirm(403, session, "ctoken_1");
		assertThat(typesOf(() -> this.fake.completeChallenge(id(session), false))).containsExactly("checkout.updated");
		assertThat(read(session).at("/status").asString()).isEqualTo("open");
		this.fake.challenge(id(session));
		assertThat(typesOf(() -> this.fake.completeChallenge(id(session), true))).startsWith("order.created",
				"order.updated", "order.paid", "checkout.updated");
		assertThat(read(session).at("/status").asString()).isEqualTo("succeeded");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.completeChallenge(id(session), true));
	}

	@Test
	void lateDeclineOpensAConfirmedSessionAgain() throws Exception {
		JsonNode session = open(course());
		List<String> types = typesOf(() -> this.fake.declineLate(id(session)));
		assertThat(types).containsSubsequence("checkout.updated", "customer.created", "checkout.updated")
			.doesNotContain("order.created");
		assertThat(read(session).at("/status").asString()).isEqualTo("open");
		assertThat(this.fake.orderIds()).isEmpty();
	}

	@Test
	void declineThatIsHeldBackOpensTheSessionThatAnotherCardHasConfirmed() throws Exception {
		JsonNode session = open(course());
		this.fake.holdNextDecline();
		assertThat(typesOf(() -> confirm(400, session, "ctoken_decline"))).isEmpty();
		assertThat(typesOf(() -> confirm(200, session, "ctoken_1"))).containsSubsequence("checkout.updated",
				"customer.created", "checkout.updated");
		assertThat(read(session).at("/status").asString()).isEqualTo("open");
		assertThat(this.fake.orderIds()).isEmpty();
		JsonNode payments = send(200, "GET", "/v1/payments/?checkout_id=" + session.at("/id").asString(), "");
		assertThat(payments.at("/items")).hasSize(1);
		assertThat(payments.at("/items/0/status").asString()).isEqualTo("failed");
		confirm(200, session, "ctoken_2");
		assertThat(this.fake.orderIds()).hasSize(1);
	}

	@Test
	void unitsAreChargedByTheirTiers() throws Exception {
		String plan = monthly();
		JsonNode session = send(201, "POST", "/v1/checkouts/", units(plan, "volume", "\"units\":5"));
		assertThat(session.at("/amount").asInt()).isEqualTo(500);
		assertThat(session.at("/units").asInt()).isEqualTo(5);
		assertThat(session.at("/product_price/tiers/tiers/0/unit_amount").asString()).isEqualTo("100");
		String path = "/v1/checkouts/" + session.at("/id").asString();
		assertThat(send(200, "PATCH", path, "{\"units\":20}").at("/amount").asInt()).isEqualTo(1600);
		assertThat(send(422, "PATCH", path, "{\"units\":1}").at("/detail/0/type").asString())
			.isEqualTo("greater_than_equal");
		assertThat(send(201, "POST", "/v1/checkouts/", units(plan, "graduated", "\"units\":20")).at("/amount").asInt())
			.isEqualTo(1800);
		assertThat(send(201, "POST", "/v1/checkouts/", units(plan, "volume", BUYER)).at("/units").asInt()).isEqualTo(2);
		confirm(200, session, "ctoken_1");
		JsonNode order = send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "");
		assertThat(order.at("/units").asInt()).isEqualTo(20);
		assertThat(order.at("/subtotal_amount").asInt()).isEqualTo(1600);
	}

	private static String units(String product, String type, String more) {
		return """
				{"products":["%1$s"],"prices":{"%1$s":[{"amount_type":"unit_based","price_currency":"usd","minimum_units":2,
				"tiers":{"type":"%2$s","tiers":[{"bound":10,"unit_amount":100},{"bound":null,"unit_amount":"80"}]}}]},%3$s}
				"""
			.formatted(product, type, more.contains("customer_email") ? more : BUYER + "," + more);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
			{};                                                                        missing;            tiers
			{"tiers":{"tiers":[{"unit_amount":1}]}};                                   missing;            type
			{"tiers":{"type":"volume","tiers":[]}};                                    too_short;          tiers
			{"tiers":{"type":"volume","tiers":[{"bound":0,"unit_amount":1}]}};         greater_than;       bound
			{"tiers":{"type":"volume","tiers":[{"unit_amount":"1.5"}]}};               value_error;        unit_based
			{"tiers":{"type":"volume","tiers":[{"unit_amount":-1}]}};                  greater_than_equal; unit_amount
			{"tiers":{"type":"steps","tiers":[{"unit_amount":1}]}};                    enum;               type
			""")
	void unitBasedPriceWithoutUsableTiersIsRejected(String price, String type, String field) throws Exception {
		String plan = monthly();
		String body = "{\"products\":[\"%1$s\"],\"prices\":{\"%1$s\":[%2$s]}}".formatted(plan,
				price.replaceFirst("\\{", "{\"amount_type\":\"unit_based\"" + (price.equals("{}") ? "" : ",")));
		JsonNode error = send(422, "POST", "/v1/checkouts/", body).at("/detail/0");
		assertThat(error.at("/type").asString()).isEqualTo(type);
		assertThat(error.at("/loc").toString()).endsWith("\"" + field + "\"]");
	}

	@Test
	void ordersCustomersAndSubscriptionsAreExported() throws Exception {
		confirm(200, open(monthly()), "ctoken_1");
		assertThat(csv("orders", "")).startsWith("Email,Created At,Product,Amount,").contains(",Plan,15.0,usd,paid,");
		assertThat(csv("customers", "")).startsWith("ID,External ID,").contains(",US,").endsWith(",{}\r\n");
		assertThat(csv("subscriptions", "?columns=status&columns=product"))
			.isEqualTo("Status,Product\r\nactive,Plan\r\n");
		assertThat(csv("subscriptions", "?status=canceled"))
			.isEqualTo("Email,Started At,Product,Amount,Currency,Status,Billing Interval\r\n");
		send(422, "GET", "/v1/subscriptions/export?columns=color", "");
		send(422, "GET", "/v1/subscriptions/export?timezone=Mars/Base", "");
		send(405, "POST", "/v1/orders/export", "{}");
		this.fake.restrictScopes("checkouts:write");
		send(403, "GET", "/v1/customers/export", "");
	}

	private String csv(String name, String query) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/" + name + "/export" + query))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.build();
		var response = this.http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
		return response.body();
	}

	@Test
	void pagesHaveAnIcon() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve("/favicon.ico")).build();
		assertThat(this.http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
	}

	@Test
	void eventOfAnUpdateIsOlderThanItsResponse() throws Exception {
		JsonNode session = open(course());
		String path = "/v1/checkouts/" + session.at("/id").asString();
		String discount = discount("\"code\":\"SPRING\"");
		JsonNode changed = send(200, "PATCH", path, "{\"discount_id\":\"" + discount + "\"}");
		assertThat(changed.at("/modified_at").isString()).isTrue();
		JsonNode event = lastEvent().at("/data");
		assertThat(event.at("/modified_at").isNull()).isTrue();
		assertThat(event.at("/discount_id").isNull()).isTrue();
		assertThat(event.at("/discount/id").asString()).isEqualTo(discount);
	}

	@Test
	void orderOfAConfirmedSessionShowsTheCurrentPriceAndChargesTheOldOne() throws Exception {
		String course = course();
		JsonNode session = open(course);
		confirm(200, session, "ctoken_3ds");
		long amount = session.at("/amount").asLong();
		send(200, "PATCH", "/v1/products/" + course,
				"{\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":7700}]}");
		this.fake.completeChallenge(id(session), true);
		JsonNode order = send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "");
		assertThat(order.at("/subtotal_amount").asLong()).isEqualTo(amount);
		assertThat(order.at("/items/0/amount").asLong()).isEqualTo(7700);
	}

	@Test
	void orderOfATrialHasNoPrice() throws Exception {
		confirm(200,
				open(product("\"recurring_interval\":\"month\",\"trial_interval\":\"day\",\"trial_interval_count\":7,"
						+ "\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":1500}]")),
				"ctoken_1");
		JsonNode order = send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "");
		assertThat(order.at("/product_price_id").isNull()).isTrue();
		assertThat(order.at("/product_price").isNull()).isTrue();
		assertThat(order.at("/items/0/label").asString()).matches("Trial period for .+ \\(.+ - .+\\)");
	}

	@Test
	void gracePeriodKeepsBenefitsUntilAFailedAttemptAfterIt() throws Exception {
		String plan = monthly();
		String benefit = send(201, "POST", "/v1/benefits/",
				"{\"type\":\"custom\",\"description\":\"Access\",\"properties\":{\"note\":null}}")
			.at("/id")
			.asString();
		send(200, "POST", "/v1/products/" + plan + "/benefits", "{\"benefits\":[\"" + benefit + "\"]}");
		confirm(200, open(plan), "ctoken_1");
		this.fake.gracePeriod(Duration.ofDays(7)).declineRenewals(true);
		UUID subscription = this.fake.subscriptionIds().get(0);
		assertThat(typesOf(() -> this.fake.renewSubscription(subscription))).doesNotContain("benefit_grant.revoked");
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(6)))).isEmpty();
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(2)))).containsExactly("benefit_grant.revoked",
				"customer.state_changed");
	}

	@Test
	void failedRenewalIsPastDueUntilALaterAttemptSucceeds() throws Exception {
		confirm(200, open(monthly()), "ctoken_1");
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals(true);
		assertThat(typesOf(() -> this.fake.renewSubscription(subscription))).containsExactly("subscription.cycled",
				"subscription.updated", "order.created", "subscription.updated", "subscription.past_due",
				"customer.state_changed");
		String path = "/v1/subscriptions/" + subscription;
		assertThat(send(200, "GET", path, "").at("/status").asString()).isEqualTo("past_due");
		JsonNode order = send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "");
		assertThat(order.at("/status").asString()).isEqualTo("pending");
		assertThat(order.at("/next_payment_attempt_at").isString()).isTrue();
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(2)))).isEmpty();
		this.fake.declineRenewals(false);
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(5)))).startsWith("subscription.updated",
				"subscription.active", "order.updated", "order.paid");
		assertThat(send(200, "GET", path, "").at("/status").asString()).isEqualTo("active");
	}

	@Test
	void lateUpdatesTellOfFeeAndInvoiceAndTheLastOneIsStale() throws Exception {
		confirm(200, open(course()), "ctoken_1");
		List<JsonNode> updates = this.fake.webhooks()
			.deliveries()
			.stream()
			.filter((delivery) -> delivery.type().equals("order.updated"))
			.map((delivery) -> JsonMapper.shared().readTree(delivery.body()).at("/data"))
			.toList();
		assertThat(updates).hasSize(3);
		JsonNode fee = updates.get(1);
		JsonNode invoice = updates.get(2);
		assertThat(fee.at("/platform_fee_amount").asLong()).isPositive();
		assertThat(fee.at("/is_invoice_generated").asBoolean()).isFalse();
		assertThat(invoice.at("/is_invoice_generated").asBoolean()).isTrue();
		assertThat(invoice.at("/platform_fee_amount").asLong()).isZero();
		assertThat(Instant.parse(invoice.at("/modified_at").asString()))
			.isAfterOrEqualTo(Instant.parse(fee.at("/modified_at").asString()));
		JsonNode order = send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "");
		assertThat(order.at("/platform_fee_amount")).isEqualTo(fee.at("/platform_fee_amount"));
		assertThat(order.at("/is_invoice_generated").asBoolean()).isTrue();
	}

	@Test
	void subscriptionThatIsStillPastDueIsCycledAndChargedAgain() throws Exception {
		confirm(200, open(product(
				"\"recurring_interval\":\"week\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":1500}]")),
				"ctoken_1");
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals(true).renewSubscription(subscription);
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(8)))).containsExactly("subscription.cycled",
				"subscription.updated", "order.created", "subscription.updated", "customer.state_changed");
		assertThat(send(200, "GET", "/v1/subscriptions/" + subscription, "").at("/status").asString())
			.isEqualTo("past_due");
		assertThat(send(200, "GET", "/v1/orders/?status=pending", "").at("/items").size()).isEqualTo(2);
		this.fake.declineRenewals(false);
		List<String> recovered = typesOf(() -> this.fake.advance(Duration.ofDays(6)));
		assertThat(recovered).startsWith("subscription.updated", "subscription.active", "order.updated", "order.paid");
		assertThat(recovered).filteredOn("subscription.active"::equals).hasSize(1);
	}

	@Test
	void pastDueSubscriptionThatWasCanceledEndsWithThePeriod() throws Exception {
		confirm(200, open(product(
				"\"recurring_interval\":\"week\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":1500}]")),
				"ctoken_1");
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals(true).renewSubscription(subscription);
		send(200, "PATCH", "/v1/subscriptions/" + subscription, "{\"cancel_at_period_end\":true}");
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(8)))).containsExactly("subscription.updated",
				"subscription.canceled", "subscription.revoked", "order.updated", "customer.state_changed");
	}

	@Test
	void paymentTellsWhyARenewalWasDeclined() throws Exception {
		confirm(200, open(monthly()), "ctoken_1");
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals("authentication_required").renewSubscription(subscription);
		String path = "/v1/payments/?status=failed&order_id=" + this.fake.orderIds().get(0);
		assertThat(send(200, "GET", path, "").at("/items/0/decline_reason").asString())
			.isEqualTo("authentication_required");
		this.fake.declineRenewals(true).advance(Duration.ofDays(2));
		assertThat(send(200, "GET", path + "&sorting=-created_at", "").at("/items/0/decline_reason").asString())
			.isEqualTo("insufficient_funds");
	}

	@Test
	void subscriptionEndsAfterTheLastAttempt() throws Exception {
		confirm(200, open(monthly()), "ctoken_1");
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals(true).renewSubscription(subscription);
		List<String> types = typesOf(() -> this.fake.advance(Duration.ofDays(21)));
		assertThat(types).containsSubsequence("subscription.updated", "subscription.canceled", "subscription.revoked");
		assertThat(send(200, "GET", "/v1/subscriptions/" + subscription, "").at("/status").asString())
			.isEqualTo("canceled");
		assertThat(send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "").at("/status").asString())
			.isEqualTo("void");
	}

	@Test
	void trialIsChargedAtItsEndAndOnlyOnceIfAbuseIsPrevented() throws Exception {
		this.fake.preventTrialAbuse(true);
		String plan = product("\"recurring_interval\":\"month\",\"trial_interval\":\"day\",\"trial_interval_count\":7,"
				+ "\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":1500}]");
		JsonNode session = open(plan);
		assertThat(session.at("/is_payment_required").asBoolean()).isFalse();
		assertThat(session.at("/is_payment_setup_required").asBoolean()).isTrue();
		confirm(200, session, "ctoken_1");
		UUID subscription = this.fake.subscriptionIds().get(0);
		assertThat(send(200, "GET", "/v1/subscriptions/" + subscription, "").at("/status").asString())
			.isEqualTo("trialing");
		assertThat(send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "").at("/total_amount").asInt())
			.isZero();
		this.fake.advance(Duration.ofDays(7));
		assertThat(send(200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "").at("/net_amount").asInt())
			.isEqualTo(1500);
		JsonNode second = open(plan);
		assertThat(confirm(403, second, "ctoken_1").at("/error").asString())
			.isEqualTo("AlreadyActiveSubscriptionError");
		this.fake.revokeSubscription(subscription);
		assertThat(confirm(403, second, "ctoken_1").at("/error").asString()).isEqualTo("TrialAlreadyRedeemed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "2020-01-01", "2020-01-01T00:00:00", "2020-01-01T00:00:00+02:00" })
	void timeOfADiscountNeedsNoZone(String time) throws Exception {
		send(422, "POST", "/v1/checkouts/", discounted(course(), discount("\"ends_at\":\"" + time + "\"")));
		assertThat(send(422, "POST", "/v1/discounts/",
				"{\"name\":\"Gift\",\"type\":\"percentage\",\"basis_points\":1,\"duration\":\"once\",\"ends_at\":\"soon\"}")
			.at("/detail/0/loc/2")
			.asString()).isEqualTo("ends_at");
	}

	@Test
	void otherProductIsSoldInItsOwnCurrencyIfNecessary() throws Exception {
		String dollars = course();
		String euros = product(
				"\"prices\":[{\"amount_type\":\"fixed\",\"price_currency\":\"eur\",\"price_amount\":900}]");
		JsonNode session = send(201, "POST", "/v1/checkouts/",
				"{\"products\":[\"" + dollars + "\",\"" + euros + "\"]}");
		JsonNode changed = send(200, "PATCH", "/v1/checkouts/" + session.at("/id").asString(),
				"{\"product_id\":\"" + euros + "\"}");
		assertThat(changed.at("/currency").asString()).isEqualTo("eur");
		assertThat(changed.at("/amount").asInt()).isEqualTo(900);
	}

	@ParameterizedTest
	@ValueSource(strings = { "products", "discounts", "benefits", "meters", "custom-fields" })
	void catalogIsStrictAboutSlashesAndBodies(String collection) throws Exception {
		send(307, "POST", "/v1/" + collection, "{}");
		assertThat(send(422, "POST", "/v1/" + collection + "/", "{}").at("/detail/0/type").asString()).isIn("missing",
				"union_tag_not_found");
		send(404, "GET", "/v1/" + collection + "/" + UUID.randomUUID(), "");
		send(422, "GET", "/v1/" + collection + "/x", "");
	}

	@Test
	void secondSubscriptionIsRejectedUnlessItIsAllowed() throws Exception {
		String plan = monthly();
		confirm(200, open(plan), "ctoken_1");
		JsonNode second = open(plan);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.pay(id(second)))
			.withMessageContaining("AlreadyActiveSubscriptionError");
		confirm(403, second, "ctoken_1");
		this.fake.allowMultipleSubscriptions(true);
		this.fake.pay(id(second));
		assertThat(this.fake.subscriptionIds()).hasSize(2);
	}

	@Test
	void organizationThatPolarHasBlockedCannotSell() throws Exception {
		JsonNode session = open(course());
		this.fake.checkoutPayments(false);
		assertThat(confirm(403, session, "ctoken_1").at("/error").asString()).isEqualTo("PaymentNotReady");
		this.fake.apiAccess(false);
		send(401, "GET", "/v1/checkouts/" + session.at("/id").asString(), "");
		HttpRequest buyer = HttpRequest
			.newBuilder(this.fake.baseUrl().resolve("/v1/checkouts/client/" + session.at("/client_secret").asString()))
			.build();
		assertThat(this.http.send(buyer, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
		this.fake.reset();
		send(201, "POST", "/v1/checkouts/", "{\"products\":[\"" + session.at("/product_id").asString() + "\"]}");
	}

	/**
	 * Call that causes events.
	 */
	@FunctionalInterface
	private interface Action {

		void run() throws Exception;

	}

}
