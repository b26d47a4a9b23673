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

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for changes of the subscriptions of a {@link PolarFake} by merchants.
 */
class PolarFakeSubscriptionTests extends PolarFakeSeller {

	private String plan(String name, String price) throws Exception {
		return send(201, "POST", "/v1/products/",
				"{'name':'%s','recurring_interval':'month','prices':[%s]}".formatted(name, price).replace('\'', '"'))
			.at("/id")
			.asString();
	}

	private String plan(String name, long amount) throws Exception {
		return plan(name, "{'amount_type':'fixed','price_amount':%d}".formatted(amount));
	}

	private String yearly(long amount) throws Exception {
		return send(201, "POST", "/v1/products/", """
				{"name":"Year","recurring_interval":"year","prices":[{"amount_type":"fixed","price_amount":%d}]}"""
			.formatted(amount)).at("/id").asString();
	}

	/**
	 * Return the ID of a free subscription without a card.
	 */
	private String free(String plan) throws Exception {
		String customer = send(201, "POST", "/v1/customers/", """
				{"email":"ada@example.com","external_id":"user_1"}""").at("/id").asString();
		return send(201, "POST", "/v1/subscriptions/",
				"{\"product_id\":\"%s\",\"customer_id\":\"%s\",\"metadata\":{\"user\":\"1\"}}".formatted(plan,
						customer))
			.at("/id")
			.asString();
	}

	private String bought(String plan) throws Exception {
		buy(plan);
		return this.fake.subscriptionIds().get(0).toString();
	}

	private JsonNode change(int status, String subscription, String body) throws Exception {
		return send(status, "PATCH", "/v1/subscriptions/" + subscription, body.replace('\'', '"'));
	}

	private JsonNode read(String subscription) throws Exception {
		return get("/v1/subscriptions/" + subscription);
	}

	private JsonNode orders(String subscription) throws Exception {
		return get("/v1/orders/?sorting=-created_at&subscription_id=" + subscription).at("/items");
	}

	private static List<String> items(JsonNode order) {
		return order.at("/items")
			.valueStream()
			.map((item) -> item.at("/label").asString().replaceFirst(" — .*", "") + " " + item.at("/amount").asLong())
			.sorted()
			.toList();
	}

	private void halfAPeriod(String subscription) throws Exception {
		JsonNode json = read(subscription);
		Instant start = Instant.parse(json.at("/current_period_start").asString());
		Instant end = Instant.parse(json.at("/current_period_end").asString());
		this.fake.advance(Duration.between(start, end).dividedBy(2));
	}

	@Test
	void differenceOfAnUpgradeIsChargedImmediatelyWithInvoice() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String pro = plan("Pro", 3000);
		halfAPeriod(subscription);
		List<String> types = typesOf(() -> assertThat(
				change(200, subscription, "{'product_id':'%s','proration_behavior':'invoice'}".formatted(pro))
					.at("/amount")
					.asLong())
			.isEqualTo(3000));
		assertThat(types).startsWith("order.created", "subscription.updated", "order.updated", "order.paid");
		JsonNode order = orders(subscription).get(0);
		assertThat(order.at("/billing_reason").asString()).isEqualTo("subscription_update");
		assertThat(items(order)).containsExactly("Pro 1500", "Remaining time on Basic -500");
		assertThat(order.at("/total_amount").asLong()).isEqualTo(1000);
	}

	@Test
	void downgradeWithInvoiceIsABalanceThatTheNextOrderUses() throws Exception {
		String subscription = bought(plan("Pro", 3000));
		String basic = plan("Basic", 1000);
		halfAPeriod(subscription);
		change(200, subscription, "{'product_id':'%s','proration_behavior':'invoice'}".formatted(basic));
		JsonNode credit = orders(subscription).get(0);
		assertThat(credit.at("/total_amount").asLong()).isEqualTo(-1000);
		assertThat(credit.at("/due_amount").asLong()).isZero();
		assertThat(credit.at("/status").asString()).isEqualTo("paid");
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		JsonNode renewal = orders(subscription).get(0);
		assertThat(renewal.at("/total_amount").asLong()).isEqualTo(1000);
		assertThat(renewal.at("/applied_balance_amount").asLong()).isEqualTo(-1000);
		assertThat(renewal.at("/due_amount").asLong()).isZero();
	}

	@Test
	void prorationsWaitForTheRenewalByDefault() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		halfAPeriod(subscription);
		assertThat(typesOf(() -> change(200, subscription, "{'product_id':'%s'}".formatted(plan("Pro", 3000)))))
			.contains("subscription.updated")
			.doesNotContain("order.created");
		JsonNode preview = get("/v1/subscriptions/" + subscription + "/charge-preview");
		assertThat(preview.at("/base_amount").asLong()).isEqualTo(3000);
		assertThat(preview.at("/proration_amount").asLong()).isEqualTo(1000);
		assertThat(preview.at("/due_amount").asLong()).isEqualTo(4000);
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		assertThat(items(orders(subscription).get(0))).containsExactly("Pro 1500", "Pro 3000",
				"Remaining time on Basic -500");
		assertThat(get("/v1/subscriptions/" + subscription + "/charge-preview").at("/proration_amount").asLong())
			.isZero();
	}

	@Test
	void organizationCanChooseAnotherDefault() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String pro = plan("Pro", 3000);
		this.fake.prorationBehavior("next_period");
		assertThat(change(200, subscription, "{'product_id':'%s'}".formatted(pro)).at("/pending_update/product_id")
			.asString()).isEqualTo(pro);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void changeThatCannotBePaidChangesNothing(boolean card) throws Exception {
		String basic = plan("Basic", card ? 1000 : 0);
		String subscription = card ? bought(basic) : free(basic);
		this.fake.declineNextCharge("insufficient_funds");
		JsonNode before = read(subscription);
		int orders = orders(subscription).size();
		JsonNode[] error = new JsonNode[1];
		assertThat(typesOf(() -> error[0] = change(402, subscription,
				"{'product_id':'%s','proration_behavior':'invoice'}".formatted(plan("Pro", 3000)))))
			.doesNotContain("subscription.updated", "order.created");
		assertThat(error[0].toString())
			.isEqualTo("{\"error\":\"PaymentFailed\",\"detail\":\"Payment failed with reason: %s.\"}"
				.formatted(card ? "card_error" : "missing_payment_method"));
		assertThat(read(subscription)).isEqualTo(before);
		assertThat(orders(subscription)).hasSize(orders);
		JsonNode payments = get("/v1/payments/?status=failed").at("/items");
		assertThat(payments).hasSize(card ? 1 : 0);
		if (card) {
			assertThat(payments.at("/0/decline_reason").asString()).isEqualTo("insufficient_funds");
			assertThat(payments.at("/0/order_id").isNull()).isTrue();
			assertThat(payments.at("/0/checkout_id").isNull()).isTrue();
		}
	}

	@Test
	void onlyTheNextChargeIsDeclined() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String upgrade = "{'product_id':'%s','proration_behavior':'invoice'}".formatted(plan("Pro", 3000));
		this.fake.declineNextCharge("expired_card");
		change(402, subscription, upgrade);
		change(200, subscription, upgrade);
	}

	@Test
	void freePlanBecomesPaidWithoutACardAndIsThenPastDue() throws Exception {
		String subscription = free(plan("Free", 0));
		change(200, subscription, "{'product_id':'%s'}".formatted(plan("Pro", 3000)));
		assertThat(orders(subscription)).isEmpty();
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		assertThat(read(subscription).at("/status").asString()).isEqualTo("past_due");
		JsonNode order = orders(subscription).get(0);
		assertThat(order.at("/due_amount").asLong()).isEqualTo(6000);
		assertThat(order.at("/metadata/user").asString()).isEqualTo("1");
		JsonNode preview = get("/v1/subscriptions/" + subscription + "/cancel-preview");
		assertThat(preview.toString()).isEqualTo("{\"stops_collection\":true,\"outstanding_amount\":6000}");
		send(404, "GET", "/v1/subscriptions/" + subscription + "/charge-preview", "");
	}

	@Test
	void withoutACardThePaymentIsGivenUpAfterThreeWeeks() throws Exception {
		String subscription = free(plan("Free", 0));
		change(200, subscription, "{'product_id':'%s'}".formatted(plan("Pro", 3000)));
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		this.fake.advance(Duration.ofDays(16));
		assertThat(read(subscription).at("/status").asString()).isEqualTo("past_due");
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(7)))).startsWith("subscription.updated",
				"subscription.canceled", "subscription.revoked", "order.updated");
		assertThat(orders(subscription).at("/0/status").asString()).isEqualTo("void");
	}

	@Test
	void expiredCardIsChargedAgainOnlyOnce() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		this.fake.declineRenewals("expired_card").renewSubscription(this.fake.subscriptionIds().get(0));
		this.fake.advance(Duration.ofDays(21));
		assertThat(get("/v1/payments/?status=failed").at("/items")).hasSize(1);
		assertThat(read(subscription).at("/status").asString()).isEqualTo("past_due");
		this.fake.advance(Duration.ofMinutes(1));
		assertThat(get("/v1/payments/?status=failed").at("/items")).hasSize(2);
		assertThat(read(subscription).at("/status").asString()).isEqualTo("canceled");
	}

	@Test
	void renewalOfAPlanWithMeteredPricesOnlyHasNoOrder() throws Exception {
		String meter = send(201, "POST", "/v1/meters/", """
				{"name":"Calls","filter":{"conjunction":"and","clauses":[]},"aggregation":{"func":"count"}}""")
			.at("/id")
			.asString();
		String subscription = bought(
				plan("Usage", "{'amount_type':'metered_unit','meter_id':'%s','unit_amount':'0.5'}".formatted(meter)));
		assertThat(typesOf(() -> this.fake.renewSubscription(this.fake.subscriptionIds().get(0))))
			.containsExactly("subscription.cycled", "subscription.updated", "customer.state_changed");
		assertThat(orders(subscription)).hasSize(1);
		assertThat(get("/v1/subscriptions/" + subscription + "/charge-preview").at("/due_amount").asLong()).isZero();
	}

	@Test
	void anotherIntervalStartsAPeriodThatIsChargedNow() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		halfAPeriod(subscription);
		JsonNode changed = change(200, subscription, "{'product_id':'%s'}".formatted(yearly(10000)));
		assertThat(Instant.parse(changed.at("/current_period_end").asString()))
			.isAfter(Instant.now().plus(Duration.ofDays(370)));
		JsonNode order = orders(subscription).get(0);
		assertThat(items(order)).containsExactly("Remaining time on Basic -500", "Year 10000");
		assertThat(order.at("/due_amount").asLong()).isEqualTo(9500);
	}

	@Test
	void changeOfTheNextPeriodIsAppliedWithTheRenewal() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String pro = plan("Pro", 3000);
		String small = plan("Small", 500);
		JsonNode first = change(200, subscription,
				"{'product_id':'%s','proration_behavior':'next_period'}".formatted(pro));
		assertThat(first.at("/amount").asLong()).isEqualTo(1000);
		assertThat(first.at("/pending_update/applies_at").asString())
			.isEqualTo(first.at("/current_period_end").asString());
		JsonNode second = change(200, subscription,
				"{'product_id':'%s','proration_behavior':'next_period'}".formatted(small));
		assertThat(second.at("/pending_update/id")).isEqualTo(first.at("/pending_update/id"));
		assertThat(get("/v1/subscriptions/" + subscription + "/charge-preview").at("/base_amount").asLong())
			.isEqualTo(500);
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		JsonNode renewed = read(subscription);
		assertThat(renewed.at("/product_id").asString()).isEqualTo(small);
		assertThat(renewed.at("/pending_update").isNull()).isTrue();
		assertThat(items(orders(subscription).get(0))).containsExactly("Small 500");
	}

	@Test
	void scheduledChangeIsClearedOrDroppedByAnImmediateOne() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String later = "{'product_id':'%s','proration_behavior':'next_period'}".formatted(plan("Pro", 3000));
		change(200, subscription, later);
		assertThat(change(200, subscription, "{'pending_update':null}").at("/pending_update").isNull()).isTrue();
		assertThat(change(422, subscription, "{'pending_update':null}").at("/detail/0/msg").asString())
			.isEqualTo("This subscription has no pending update to clear.");
		change(200, subscription, later);
		assertThat(change(200, subscription, "{'product_id':'%s'}".formatted(plan("Other", 1000))).at("/pending_update")
			.isNull()).isTrue();
	}

	@Test
	void seatsAreProratedAndLimited() throws Exception {
		String subscription = bought(plan("Team", """
				{'amount_type':'seat_based','seat_tiers':{'tiers':[{'min_seats':1,'max_seats':4,'price_per_seat':1000},
				{'min_seats':5,'max_seats':10,'price_per_seat':800}]}}"""));
		halfAPeriod(subscription);
		assertThat(typesOf(() -> change(200, subscription, "{'seats':1}"))).isEmpty();
		change(200, subscription, "{'seats':5,'proration_behavior':'invoice'}");
		JsonNode order = orders(subscription).get(0);
		// unlike the prorations of products, those of seats are truncated
		assertThat(items(order)).containsExactly("Team (1 → 5 seats) 1499");
		assertThat(order.at("/seats").isNull()).isTrue();
		assertThat(change(400, subscription, "{'seats':11}").at("/error").asString()).isEqualTo("AboveMaximumSeats");
		for (String name : List.of("b", "c")) {
			send(200, "POST", "/v1/customer-seats",
					"{\"subscription_id\":\"%s\",\"email\":\"%s@example.com\",\"immediate_claim\":true}"
						.formatted(subscription, name));
		}
		assertThat(change(400, subscription, "{'seats':1}").at("/error").asString()).isEqualTo("SeatsAlreadyAssigned");
		assertThat(
				change(200, subscription, "{'seats':3,'proration_behavior':'next_period'}").at("/pending_update/seats")
					.asInt())
			.isEqualTo(3);
		assertThat(change(200, subscription, "{'seats':5}").at("/pending_update").isNull()).isTrue();
		change(200, subscription, "{'seats':3,'proration_behavior':'next_period'}");
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		assertThat(read(subscription).at("/seats").asInt()).isEqualTo(3);
		assertThat(items(orders(subscription).get(0))).containsExactly("Team (3 seats) 3000");
	}

	@Test
	void changeToSeatsMakesTheBuyerATeamWithASeat() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String team = plan("Team", """
				{'amount_type':'seat_based','seat_tiers':{'tiers':[{'min_seats':2,'price_per_seat':1000}]}}""");
		assertThat(change(422, subscription, "{'product_id':'%s','proration_behavior':'next_period'}".formatted(team))
			.at("/detail/0/loc/1")
			.asString()).isEqualTo("proration_behavior");
		assertThat(typesOf(() -> change(200, subscription, "{'product_id':'%s'}".formatted(team))))
			.startsWith("customer_seat.claimed", "subscription.updated")
			.contains("customer.updated");
		JsonNode seats = get("/v1/customer-seats?subscription_id=" + subscription);
		assertThat(seats.at("/total_seats").asInt()).isEqualTo(2);
		assertThat(seats.at("/available_seats").asInt()).isOne();
		assertThat(seats.at("/seats/0/status").asString()).isEqualTo("claimed");
	}

	@Test
	void unitsAreChanged() throws Exception {
		String subscription = bought(plan("Units", """
				{'amount_type':'unit_based','tiers':{'type':'volume','tiers':[{'bound':10,'unit_amount':'100'}]}}"""));
		halfAPeriod(subscription);
		change(200, subscription, "{'units':5,'proration_behavior':'invoice'}");
		assertThat(read(subscription).at("/units").asInt()).isEqualTo(5);
		assertThat(items(orders(subscription).get(0))).containsExactly("Units (1 unit → 5 units) 199");
		assertThat(change(400, subscription, "{'units':11}").at("/error").asString()).isEqualTo("AboveMaximumUnits");
		assertThat(change(400, subscription, "{'seats':2}").at("/error").asString())
			.isEqualTo("NotASeatBasedSubscription");
	}

	@Test
	void resetStartsAPeriodForTheWholePriceIfItIsAllowed() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String reset = "{'product_id':'%s','proration_behavior':'reset'}".formatted(plan("Pro", 3000));
		assertThat(change(422, subscription, reset).at("/detail/0/msg").asString())
			.isEqualTo("The 'reset' proration behavior is not enabled for this organization.");
		this.fake.allowProrationReset(true);
		halfAPeriod(subscription);
		JsonNode changed = change(200, subscription, reset);
		assertThat(Instant.parse(changed.at("/current_period_start").asString()))
			.isAfter(Instant.now().plus(Duration.ofDays(13)));
		assertThat(items(orders(subscription).get(0))).containsExactly("Pro 3000");
	}

	@Test
	void discountAppliesFromTheNextInvoiceAndOnce() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String discount = send(201, "POST", "/v1/discounts/", """
				{"name":"Half","type":"percentage","basis_points":5000,"duration":"once"}""").at("/id").asString();
		assertThat(change(200, subscription, "{'discount_id':'%s'}".formatted(discount)).at("/amount").asLong())
			.isEqualTo(500);
		assertThat(change(422, subscription, "{'discount_id':'%s'}".formatted(discount)).at("/detail/0/msg").asString())
			.isEqualTo("This discount is already applied to the subscription.");
		assertThat(get("/v1/discounts/" + discount).at("/redemptions_count").asInt()).isOne();
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		assertThat(orders(subscription).at("/0/discount_amount").asLong()).isEqualTo(500);
		assertThat(read(subscription).at("/discount_id").asString()).isEqualTo(discount);
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		assertThat(orders(subscription).at("/0/discount_amount").asLong()).isZero();
		assertThat(read(subscription).at("/amount").asLong()).isEqualTo(1000);
		assertThat(read(subscription).at("/discount_id").isNull()).isTrue();
	}

	@Test
	void pauseTakesEffectAtTheEndOfThePeriodAndEndsByItself() throws Exception {
		String subscription = bought(monthly());
		String resume = Instant.now().plus(Duration.ofDays(60)).toString();
		assertThat(typesOf(() -> assertThat(
				change(200, subscription, "{'pause_at_period_end':true,'resumes_at':'%s'}".formatted(resume))
					.at("/status")
					.asString())
			.isEqualTo("active"))).containsExactly("subscription.updated", "customer.state_changed");
		assertThat(typesOf(() -> this.fake.renewSubscription(this.fake.subscriptionIds().get(0)))).containsExactly(
				"subscription.updated", "subscription.paused", "benefit_grant.revoked", "customer.state_changed");
		assertThat(read(subscription).at("/status").asString()).isEqualTo("paused");
		assertThat(typesOf(() -> this.fake.advance(Duration.ofDays(40)))).startsWith("subscription.updated",
				"subscription.resumed", "benefit_grant.created", "order.created");
		assertThat(read(subscription).at("/status").asString()).isEqualTo("active");
		assertThat(read(subscription).at("/resumes_at").isNull()).isTrue();
	}

	@Test
	void pauseIsUndoneAndAPausedSubscriptionIsResumed() throws Exception {
		String subscription = bought(monthly());
		change(409, subscription, "{'pause_at_period_end':false}");
		change(409, subscription, "{'resume':true}");
		change(200, subscription, "{'pause_at_period_end':true}");
		assertThat(change(409, subscription, "{'pause_at_period_end':true}").at("/error").asString())
			.isEqualTo("CannotPauseSubscription");
		change(200, subscription, "{'pause_at_period_end':false}");
		change(200, subscription, "{'pause_at_period_end':true}");
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		assertThat(change(403, subscription, "{'cancel_at_period_end':true}").at("/error").asString())
			.isEqualTo("AlreadyCanceledSubscription");
		assertThat(change(200, subscription, "{'resume':true}").at("/status").asString()).isEqualTo("active");
		assertThat(orders(subscription)).hasSize(2);
	}

	@Test
	void trialIsAddedMovedAndEnded() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		Instant end = Instant.now().plus(Duration.ofDays(45));
		assertThat(change(422, subscription, "{'trial_end':'now'}").at("/detail/0/msg").asString())
			.isEqualTo("The subscription is not currently trialing.");
		JsonNode trial = change(200, subscription, "{'trial_end':'%s'}".formatted(end));
		assertThat(trial.at("/status").asString()).isEqualTo("trialing");
		assertThat(trial.at("/trial_start").isNull()).isTrue();
		assertThat(trial.at("/current_period_end").asString()).isEqualTo(trial.at("/trial_end").asString());
		assertThat(typesOf(() -> assertThat(change(200, subscription, "{'trial_end':'now'}").at("/status").asString())
			.isEqualTo("active"))).startsWith("subscription.cycled", "subscription.updated", "order.created");
		assertThat(orders(subscription)).hasSize(2);
	}

	@Test
	void endOfThePeriodIsMovedAndReturnedAsItWasSent() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String end = Instant.now().plus(Duration.ofDays(5)).toString().substring(0, 19);
		JsonNode changed = change(200, subscription, "{'current_billing_period_end':'%s'}".formatted(end));
		assertThat(changed.at("/current_period_end").asString()).isEqualTo(end);
		assertThat(read(subscription).at("/current_period_end").asString()).isEqualTo(end + "Z");
		this.fake.advance(Duration.ofDays(5));
		assertThat(orders(subscription)).hasSize(2);
	}

	@Test
	void severalValuesAreChangedAtOnceOrNotAtAll() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		change(422, subscription,
				"{'product_id':'%s','metadata':{'a':1},'trial_end':'now'}".formatted(plan("Pro", 3000)));
		assertThat(read(subscription).at("/amount").asLong()).isEqualTo(1000);
		assertThat(read(subscription).at("/metadata").isEmpty()).isTrue();
		change(200, subscription, "{'product_id':'%s','metadata':{'a':1}}".formatted(plan("Pro", 3000)));
		assertThat(read(subscription).at("/amount").asLong()).isEqualTo(3000);
		assertThat(read(subscription).at("/metadata").toString()).isEqualTo("{\"a\":1}");
	}

	@Test
	void changeThatChangesNothingIsNotAModification() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		JsonNode before = read(subscription);
		for (String body : List.of("{}", "{'product_id':null}", "{'proration_behavior':'invoice'}")) {
			assertThat(typesOf(() -> change(200, subscription, body))).as(body)
				.containsExactly("subscription.updated", "customer.state_changed");
		}
		assertThat(read(subscription)).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{'colour':1}                                    | SubscriptionUpdateBase.colour extra_forbidden
					{'seats':'many'}                                | SubscriptionUpdateSeats.seats int_parsing
					{'units':'many'}                                | SubscriptionUpdateUnits.units int_parsing
					{'current_billing_period_end':'2020-01-01'}     | SubscriptionUpdateBillingPeriod.current_billing_period_end datetime_future
					{'cancel_at_period_end':null}                   | SubscriptionCancel.cancel_at_period_end bool_type
					{'revoke':false}                                | SubscriptionRevoke.revoke literal_error
					{'revoke':true,'customer_cancellation_reason':'bored'} | SubscriptionRevoke.customer_cancellation_reason enum
					{'pause_at_period_end':true,'resumes_at':'now'} | SubscriptionPause.resumes_at datetime_from_date_parsing
					{'resume':false}                                | SubscriptionResume.resume literal_error
					{'pending_update':{}}                           | SubscriptionUpdateClear.pending_update none_required
					{'trial_end':'later'}                           | SubscriptionUpdateBase.trial_end.literal['now'] literal_error
					{'proration_behavior':'later'}                  | SubscriptionUpdateBase.proration_behavior enum
					""")
	void problemsOfAllShapesAreReported(String body, String problem) throws Exception {
		JsonNode error = change(422, bought(plan("Basic", 1000)), body);
		List<String> problems = error.at("/detail")
			.valueStream()
			.map((item) -> String.join(".", item.at("/loc").valueStream().skip(1).map(JsonNode::asString).toList())
					+ " " + item.at("/type").asString())
			.toList();
		assertThat(problems).contains(problem);
		assertThat(problems.stream().map((each) -> each.replaceAll("[. ].*", "")).distinct()).hasSize(9);
	}

	@Test
	void previewsTellWhatAChangeCostsAndChangeNothing() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String pro = plan("Pro", 3000);
		halfAPeriod(subscription);
		JsonNode before = read(subscription);
		String path = "/v1/subscriptions/" + subscription + "/change-preview";
		assertThat(send(200, "POST", path, "{\"product_id\":\"%s\",\"proration_behavior\":\"invoice\"}".formatted(pro))
			.at("/due_amount")
			.asLong()).isEqualTo(1000);
		assertThat(
				send(200, "POST", path, "{\"product_id\":\"%s\",\"proration_behavior\":\"next_period\"}".formatted(pro))
					.at("/due_amount")
					.asLong())
			.isZero();
		assertThat(send(400, "POST", path, "{\"seats\":2}").at("/error").asString())
			.isEqualTo("NotASeatBasedSubscription");
		assertThat(read(subscription)).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "UpdateSubscriptionPlanNotAllowed,product_id", "UpdateSubscriptionSeatsNotAllowed,seats",
			"PauseResumeNotAllowed,pause_at_period_end" })
	void customersChangeOnlyWhatTheSettingsPermit(String error, String field) throws Exception {
		String subscription = bought(plan("Basic", 1000));
		String value = field.equals("product_id") ? "\"" + plan("Pro", 3000) + "\""
				: field.equals("seats") ? "2" : "true";
		String token = send(201, "POST", "/v1/customer-sessions/", "{\"external_customer_id\":\"user_1\"}").at("/token")
			.asString();
		this.fake.portalPermissions(false, false, false);
		assertThat(inPortal(token, subscription, "{\"%s\":%s}".formatted(field, value))).contains(error);
		this.fake.portalPermissions(true, true, true);
		assertThat(inPortal(token, subscription, "{\"%s\":%s}".formatted(field, value))).doesNotContain(error);
	}

	@Test
	void slowChangeIsMadeAfterTheClientGaveUp() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/subscriptions/" + subscription))
			.method("PATCH", BodyPublishers.ofString("{\"product_id\":\"%s\"}".formatted(plan("Pro", 3000))))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.timeout(Duration.ofMillis(200))
			.build();
		this.fake.injectFault(PolarFault.slowProcessing(Duration.ofSeconds(2)), 1, "/v1/subscriptions/");
		assertThatExceptionOfType(HttpTimeoutException.class)
			.isThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.discarding()));
		assertThat(read(subscription).at("/amount").asLong()).isEqualTo(1000);
		await().untilAsserted(() -> assertThat(read(subscription).at("/amount").asLong()).isEqualTo(3000));
	}

	@Test
	void lockedSubscriptionIsNotChanged() throws Exception {
		String subscription = bought(plan("Basic", 1000));
		this.fake.injectFault(PolarFault.subscriptionLocked());
		assertThat(change(409, subscription, "{'metadata':{'a':1}}").at("/error").asString())
			.isEqualTo("SubscriptionLocked");
		assertThat(read(subscription).at("/metadata").isEmpty()).isTrue();
	}

	private String inPortal(String token, String subscription, String body) throws Exception {
		return RawHttp.send(this.fake.baseUrl(), "PATCH", "/v1/customer-portal/subscriptions/" + subscription,
				Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Content-Length",
						String.valueOf(body.length())),
				body.getBytes(StandardCharsets.UTF_8))
			.body();
	}

}
