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

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the lists of a {@link PolarFake} that say who has what: subscriptions,
 * orders, and benefit grants.
 */
class PolarFakeListTests extends PolarFakeSeller {

	private static final String ADDRESS = ",\"customer_billing_address\":{\"country\":\"DE\"}";

	private UUID buyAs(String user, String email, String product) throws Exception {
		JsonNode session = send(201, "POST", "/v1/checkouts/", """
				{"products":["%s"],"customer_email":"%s","external_customer_id":"%s",
				"metadata":{"external_customer_id":"%s"}%s}""".formatted(product, email, user, user, ADDRESS));
		this.fake.pay(UUID.fromString(session.at("/id").asString()));
		return this.fake.orderIds().get(0);
	}

	private UUID buyAs(String user, String product) throws Exception {
		return buyAs(user, user + "@example.com", product);
	}

	private UUID subscribe(String user, String product) throws Exception {
		buyAs(user, product);
		return this.fake.subscriptionIds().get(0);
	}

	private String customer(String externalId) throws Exception {
		return get("/v1/customers/external/" + externalId).at("/id").asString();
	}

	/**
	 * Return a member of all items of a list, and verify how many there are.
	 */
	private List<String> list(String path, String member) throws Exception {
		JsonNode page = get(path);
		List<String> values = page.at("/items").valueStream().map((item) -> item.at(member).asString()).toList();
		assertThat(page.at("/pagination/total_count").asInt()).isEqualTo(values.size());
		assertThat(page.at("/pagination/max_page").asInt()).isEqualTo(values.isEmpty() ? 0 : 1);
		return values;
	}

	@Test
	void purchasesAreFoundByMetadataOfSessionWhenCustomerHasAnotherId() throws Exception {
		buyAs("mallory", "alice@example.com", course());
		buyAs("alice", "alice@example.com", monthly());
		for (String list : List.of("subscriptions", "orders")) {
			String path = "/v1/" + list + "/?external_customer_id=";
			assertThat(list(path + "alice", "/id")).isEmpty();
			assertThat(list(path + "mallory", "/id")).hasSize(list.equals("orders") ? 2 : 1);
			path = "/v1/" + list + "/?metadata[external_customer_id]=";
			assertThat(list(path + "alice", "/customer/external_id")).containsExactly("mallory");
			assertThat(list(path + "mallory", "/id")).hasSize(list.equals("orders") ? 1 : 0);
			path = "/v1/" + list + "/?metadata%5Bexternal_customer_id%5D=";
			assertThat(list(path + "alice&customer_id=" + customer("mallory"), "/id")).hasSize(1);
			assertThat(list(path + "alice&customer_id=" + UUID.randomUUID(), "/id")).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "status=active, active canceling", "status=past_due&status=paused, late",
					"status=canceled&status=active, active canceling ended", "active=true, active canceling",
					"active=false, ended", "cancel_at_period_end=true, canceling",
					"external_customer_id=late&external_customer_id=ended, late ended",
					"canceled_at_after=2020-01-01, canceling ended", "canceled_at_before=2020-01-01, none",
					"started_after=2020-01-01&status=past_due, late", "started_before=2020-01-01, none",
					"customer_cancellation_reason=unused&customer_cancellation_reason=other, canceling" })
	void subscriptionsAreFiltered(String query, String expected) throws Exception {
		String product = monthly();
		subscribe("active", product);
		UUID late = subscribe("late", product);
		UUID canceling = subscribe("canceling", product);
		UUID ended = subscribe("ended", product);
		send(200, "PATCH", "/v1/subscriptions/" + canceling,
				"{\"cancel_at_period_end\":true,\"customer_cancellation_reason\":\"unused\"}");
		this.fake.revokeSubscription(ended);
		this.fake.emit("subscription.past_due", late);
		List<String> found = list("/v1/subscriptions/?product_id=" + product + "&" + query, "/customer/external_id");
		assertThat(found).containsExactlyInAnyOrder((expected != null) ? expected.split(" ") : new String[0]);
	}

	@ParameterizedTest
	@ValueSource(strings = { "status=ended", "active=maybe", "customer_cancellation_reason=bored",
			"started_after=yesterday", "sorting=created_at", "product_id=pro" })
	void subscriptionsCannotBeFilteredByWhatPolarDoesNotKnow(String query) throws Exception {
		send(422, "GET", "/v1/subscriptions/?" + query, "");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "product_billing_type=one_time, course refunded", "product_billing_type=recurring, monthly",
					"product_billing_type=one_time&product_billing_type=recurring, course refunded monthly",
					"status=paid&product_billing_type=one_time, course", "status=refunded, refunded",
					"status=paid&status=refunded, course refunded monthly", "status=void, none",
					"external_customer_id=monthly&external_customer_id=course, course monthly",
					"metadata[external_customer_id]=course&product_billing_type=recurring, none" })
	void ordersAreFiltered(String query, String expected) throws Exception {
		String course = course();
		buyAs("course", course);
		UUID refunded = buyAs("refunded", course);
		this.fake.refund(refunded, get("/v1/orders/" + refunded).at("/net_amount").asLong());
		buyAs("monthly", monthly());
		assertThat(list("/v1/orders/?" + query, "/customer/external_id"))
			.containsExactlyInAnyOrder((expected != null) ? expected.split(" ") : new String[0]);
		assertThat(list("/v1/orders/?product_id=" + course, "/customer/external_id")).containsExactly("refunded",
				"course");
	}

	@ParameterizedTest
	@ValueSource(strings = { "subscriptions", "orders", "benefit-grants" })
	void pagesHaveWhatTheFilterLeaves(String list) throws Exception {
		String product = monthly();
		for (String user : List.of("a", "b", "c", "d")) {
			buyAs(user, product);
		}
		String path = "/v1/" + list + "/?external_customer_id=a&external_customer_id=b&external_customer_id=c&limit=2";
		JsonNode first = get(path);
		assertThat(first.at("/pagination").toString()).isEqualTo(get(path + "&page=2").at("/pagination").toString());
		assertThat(first.at("/pagination/total_count").asInt()).isEqualTo(3);
		assertThat(first.at("/pagination/max_page").asInt()).isEqualTo(2);
		assertThat(first.at("/items/0/customer/external_id").asString()).isEqualTo("c");
		assertThat(first.at("/items").size()).isEqualTo(2);
		assertThat(get(path + "&page=2").at("/items/0/customer/external_id").asString()).isEqualTo("a");
		assertThat(get(path + "&page=3").at("/items").isEmpty()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "ended_at, ended active", "-ended_at, active ended", "started_at, active ended",
			"-started_at, ended active", "-current_period_end, ended active", "status, active ended",
			"-customer, ended active" })
	void subscriptionsAreSorted(String sorting, String expected) throws Exception {
		String product = monthly();
		subscribe("active", product);
		UUID ended = subscribe("ended", product);
		this.fake.revokeSubscription(ended);
		assertThat(list("/v1/subscriptions/?sorting=" + sorting, "/customer/external_id"))
			.containsExactly(expected.split(" "));
	}

	@ParameterizedTest
	@CsvSource({ "revoked_at, ended active", "-revoked_at, active ended", "granted_at, active ended",
			"-created_at, ended active" })
	void grantsAreSorted(String sorting, String expected) throws Exception {
		String product = monthly();
		subscribe("active", product);
		this.fake.revokeSubscription(subscribe("ended", product));
		assertThat(list("/v1/benefit-grants/?sorting=" + sorting, "/customer/external_id"))
			.containsExactly(expected.split(" "));
	}

	@Test
	void grantNamesPurchaseAndOwner() throws Exception {
		UUID order = buyAs("reader", course());
		UUID subscription = subscribe("subscriber", monthly());
		String customers = "/v1/benefit-grants/?sorting=created_at&customer_id=" + customer("reader");
		JsonNode grant = get(customers).at("/items/0");
		assertThat(grant.at("/order_id").asString()).isEqualTo(order.toString());
		assertThat(grant.at("/subscription_id").isNull()).isTrue();
		assertThat(grant.at("/member/role").asString()).isEqualTo("owner");
		assertThat(grant.at("/member/external_id").asString()).isEqualTo("reader");
		assertThat(grant.at("/member/id")).isEqualTo(grant.at("/member_id"));
		assertThat(list(customers + "&customer_id=" + customer("subscriber"), "/subscription_id")).hasSize(2)
			.contains(subscription.toString());
		assertThat(list("/v1/benefit-grants/?external_customer_id=reader&external_customer_id=subscriber", "/id"))
			.hasSize(2);
	}

	@Test
	void grantNamesHolderOfSeatAndMetadataOfBenefit() throws Exception {
		String product = product("""
				"recurring_interval":"month","prices":[{"amount_type":"seat_based","seat_tiers":
				{"tiers":[{"min_seats":1,"max_seats":null,"price_per_seat":1000}]}}]""");
		String benefit = send(201, "POST", "/v1/benefits/", """
				{"type":"feature_flag","description":"Export","properties":{},"metadata":{"forms":50,"export":true}}""")
			.at("/id")
			.asString();
		send(200, "POST", "/v1/products/" + product + "/benefits", "{\"benefits\":[\"%s\"]}".formatted(benefit));
		buy(product, ",\"seats\":2,\"success_url\":\"https://shop.example/\"" + ADDRESS);
		send(200, "POST", "/v1/customer-seats", """
				{"subscription_id":"%s","email":"bob@example.com","external_member_id":"bob","immediate_claim":true}"""
			.formatted(this.fake.subscriptionIds().get(0)));
		JsonNode grant = get("/v1/benefit-grants/?customer_id=" + customer("user_1")).at("/items/0");
		assertThat(grant.at("/customer/external_id").asString()).isEqualTo("user_1");
		assertThat(grant.at("/member/external_id").asString()).isEqualTo("bob");
		assertThat(grant.at("/member/role").asString()).isEqualTo("member");
		assertThat(grant.at("/subscription_id").asString()).isEqualTo(this.fake.subscriptionIds().get(0).toString());
		assertThat(grant.at("/benefit/metadata").toString()).isEqualTo("{\"forms\":50,\"export\":true}");
	}

	@Test
	void onlyGrantsOfABenefitAreFilteredByMember() throws Exception {
		buyAs("reader", course());
		JsonNode grant = get("/v1/benefit-grants/?member_id=" + UUID.randomUUID()).at("/items/0");
		String ofBenefit = "/v1/benefits/" + grant.at("/benefit_id").asString() + "/grants?member_id=";
		assertThat(list(ofBenefit + UUID.randomUUID(), "/id")).isEmpty();
		assertThat(list(ofBenefit + grant.at("/member_id").asString(), "/id"))
			.containsExactly(grant.at("/id").asString());
	}

}
