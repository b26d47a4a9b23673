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

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for usage events, meters, credits, and metered prices of {@link PolarFake}.
 */
class PolarFakeUsageTests extends PolarFakeSeller {

	private static final UUID CALLS = UUID.fromString("5b1f3c7e-2d48-4a96-8c0b-7e6a9d5f1c34");

	private static final UUID TOKENS = UUID.fromString("c9e2a4d6-0b73-4f18-9d5a-3f8b6c1e7a52");

	private static final String METERS = "/v1/customer-meters/?external_customer_id=user_1";

	private void addMeters() {
		this.fake.usage().addMeter(CALLS, "Calls", "call").addMeter(TOKENS, "Tokens", "chat", "sum", "tokens");
	}

	private void createCustomer() throws Exception {
		send(201, "POST", "/v1/customers/", "{\"email\":\"ada@example.com\",\"external_id\":\"user_1\"}");
	}

	private JsonNode ingest(String... events) throws Exception {
		return send(200, "POST", "/v1/events/ingest", "{\"events\":[%s]}".formatted(String.join(",", events)));
	}

	private static String event(String name, String fields) {
		return "{\"name\":\"%s\",\"external_customer_id\":\"user_1\"%s}".formatted(name, fields);
	}

	private void call(int times) throws Exception {
		ingest(Collections.nCopies(times, event("call", "")).toArray(String[]::new));
	}

	private double balance() throws Exception {
		return meter("balance");
	}

	private double meter(String field) throws Exception {
		return get(METERS + "&meter_id=" + CALLS).at("/items/0/" + field).asDouble();
	}

	/**
	 * Subscribe to a product for half a cent a call, of which ten a month are free.
	 */
	private UUID subscribe(String otherPrice) throws Exception {
		String benefit = send(201, "POST", "/v1/benefits/", """
				{"type":"meter_credit","description":"10 calls","properties":
				{"meter_id":"%s","units":10,"rollover":false}}""".formatted(CALLS)).at("/id").asString();
		String product = send(201, "POST", "/v1/products/", """
				{"name":"Pay per call","recurring_interval":"month","prices":[%s{"amount_type":"metered_unit",
				"meter_id":"%s","unit_amount":"0.5","cap_amount":1000}]}""".formatted(otherPrice, CALLS)).at("/id")
			.asString();
		send(200, "POST", "/v1/products/" + product + "/benefits", "{\"benefits\":[\"%s\"]}".formatted(benefit));
		buy(product);
		return this.fake.subscriptionIds().get(0);
	}

	private JsonNode meterOf(UUID subscription) throws Exception {
		return get("/v1/subscriptions/" + subscription).at("/meters/0");
	}

	@Test
	void eventIsReadBackWithItsCustomerAndItsParent() throws Exception {
		createCustomer();
		ingest(event("job", ",\"external_id\":\"j1\",\"metadata\":{\"tokens\":3,\"fast\":true}"),
				event("step", ",\"parent_id\":\"j1\",\"timestamp\":\"2025-01-01T00:00:00+02:00\""));
		JsonNode events = get("/v1/events/").at("/items");
		assertThat(events).extracting((event) -> event.at("/name").asString()).containsExactly("job", "step");
		assertThat(events.get(0).at("/child_count").asInt()).isOne();
		assertThat(events.get(0).at("/metadata").toString()).isEqualTo("{\"tokens\":3,\"fast\":true}");
		assertThat(events.get(0).at("/customer/external_id").asString()).isEqualTo("user_1");
		assertThat(events.get(1).at("/timestamp").asString()).isEqualTo("2024-12-31T22:00:00Z");
		assertThat(events.get(1).at("/parent_id")).isEqualTo(events.get(0).at("/id"));
		assertThat(get("/v1/events/" + events.get(1).at("/id").asString())).isEqualTo(events.get(1));
		send(404, "GET", "/v1/events/" + UUID.randomUUID(), "");
		send(422, "GET", "/v1/events/x", "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			name=job                                   | job
			name=job&name=step                         | step,job
			external_customer_id=user_1                | detail,step,job
			external_customer_id=user_2                | other
			source=system                              | ''
			metadata[tokens]=3                         | job
			meter_id=5b1f3c7e-2d48-4a96-8c0b-7e6a9d5f1c34 | ''
			start_timestamp=2030-01-01T00:00:00Z       | ''
			end_timestamp=2030-01-01T00:00:00Z         | other,detail,step,job
			depth=0                                    | other,job
			depth=1                                    | other,step,job
			sorting=timestamp&limit=2                  | job,step
			""")
	void eventsAreFiltered(String query, String names) throws Exception {
		addMeters();
		createCustomer();
		ingest(event("job", ",\"external_id\":\"j1\",\"metadata\":{\"tokens\":3}"));
		ingest(event("step", ",\"parent_id\":\"j1\",\"external_id\":\"s1\""));
		ingest(event("detail", ",\"parent_id\":\"s1\""));
		ingest("{\"name\":\"other\",\"external_customer_id\":\"user_2\"}");
		JsonNode events = get("/v1/events/?" + query.replace("[", "%5B").replace("]", "%5D")).at("/items");
		assertThat(events).extracting((event) -> event.at("/name").asString())
			.containsExactly(names.isEmpty() ? new String[0] : names.split(","));
	}

	@Test
	void childrenAndDescendantsOfEventAreFound() throws Exception {
		ingest(event("job", ",\"external_id\":\"j1\""), event("step", ",\"parent_id\":\"j1\",\"external_id\":\"s1\""),
				event("detail", ",\"parent_id\":\"s1\""));
		String job = get("/v1/events/?name=job").at("/items/0/id").asString();
		assertThat(get("/v1/events/?parent_id=" + job).at("/items/0/name").asString()).isEqualTo("step");
		assertThat(get("/v1/events/?depth=2&parent_id=" + job).at("/pagination/total_count").asInt()).isEqualTo(3);
		assertThat(get("/v1/events/?depth=1&parent_id=" + job).at("/pagination/total_count").asInt()).isEqualTo(2);
	}

	@Test
	void namesOfEventsAreCounted() throws Exception {
		call(2);
		ingest(event("chat", ""));
		JsonNode names = get("/v1/events/names?source=user").at("/items");
		assertThat(names).extracting((name) -> name.at("/name").asString()).containsExactly("chat", "call");
		assertThat(names.get(1).at("/occurrences").asInt()).isEqualTo(2);
		assertThat(get("/v1/events/names?sorting=-occurrences&query=ca").at("/items/0/name").asString())
			.isEqualTo("call");
		assertThat(send(422, "GET", "/v1/events/names?source=other", "").toString()).contains("'system' or 'user'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			query=job      | Query is only supported when organization_id is provided.
			sorting=name   | 'timestamp' or '-timestamp'
			depth=6        | less than or equal to 5
			filter=x       | Invalid JSON
			filter={}      | Field required
			parent_id=x    | valid UUID
			""")
	void wrongFilterOfEventsIsRejected(String query, String problem) throws Exception {
		assertThat(send(422, "GET", "/v1/events/?" + query.replace("{}", "%7B%7D"), "").toString()).contains(problem);
	}

	@Test
	void eventWithSameKeyIsIngestedOnce() throws Exception {
		JsonNode first = ingest(event("call", ",\"external_id\":\"e1\""), event("call", ",\"external_id\":\"e1\""));
		assertThat(first.toString()).isEqualTo("{\"inserted\":1,\"duplicates\":1}");
		assertThat(this.fake.usage().events()).singleElement()
			.satisfies((event) -> assertThat(event.externalId()).isEqualTo("e1"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'timestamp':'2025-01-01T00:00:00'                      | Input should have timezone info
			'timestamp':'2999-01-01T00:00:00Z'                     | Timestamp must be in the past.
			'metadata':{'_cost':{'amount':'1','currency':'eur'}}   | String should match pattern 'usd'
			'metadata':{'_cost':5}                                 | Input should be a valid dictionary
			'metadata':{'_llm':{'vendor':'acme'}}                  | Field required
			'metadata':{'other':{'a':1}}                           | Input should be a valid string
			""")
	void wrongEventRejectsTheWholeBatch(String field, String problem) throws Exception {
		String bad = event("call", "," + field.replace('\'', '"'));
		assertThat(send(422, "POST", "/v1/events/ingest", "{\"events\":[%s,%s]}".formatted(event("call", ""), bad))
			.toString()).contains(problem);
		assertThat(this.fake.usage().events()).isEmpty();
	}

	@Test
	void customerIsFoundByAnyFormOfTheId() throws Exception {
		addMeters();
		createCustomer();
		String id = get("/v1/customers/external/user_1").at("/id").asString();
		for (String form : new String[] { id, id.toUpperCase(Locale.ROOT), id.replace("-", "") }) {
			ingest("{\"name\":\"call\",\"external_customer_id\":null,\"customer_id\":\"%s\"}".formatted(form));
		}
		ingest(event("call", ",\"customer_id\":\"xxxxxxxxxxxx4xxxaxxxxxxxxxxxxxxx\""));
		this.fake.advance(Duration.ofSeconds(15));
		assertThat(balance()).isEqualTo(-4);
		assertThat(this.fake.usage().events()).allMatch((event) -> "user_1".equals(event.externalCustomerId()));
	}

	@Test
	void unknownMemberIsRejected() throws Exception {
		createCustomer();
		JsonNode customer = get("/v1/customers/external/user_1");
		String body = "{\"events\":[{\"name\":\"call\",\"customer_id\":\"%s\",\"member_id\":\"%s\"}]}"
			.formatted(customer.at("/id").asString(), UUID.randomUUID());
		assertThat(send(422, "POST", "/v1/events/ingest", body).at("/detail/0/type").asString()).isEqualTo("member_id");
	}

	@Test
	void eventsOfUnknownCustomerCountOnceTheCustomerExists() throws Exception {
		addMeters();
		call(2);
		this.fake.advance(Duration.ofMinutes(1));
		createCustomer();
		this.fake.advance(Duration.ofSeconds(15));
		assertThat(balance()).isEqualTo(-2);
	}

	@Test
	void furtherEventsPutOffTheCountForAtMostThreeHours() throws Exception {
		addMeters();
		createCustomer();
		for (int i = 0; i < 3; i++) {
			call(1);
			this.fake.advance(Duration.ofSeconds(10));
		}
		assertThat(get(METERS).at("/items")).isEmpty();
		this.fake.usage().delay(Duration.ofHours(5));
		this.fake.advance(Duration.ofHours(3));
		assertThat(balance()).isEqualTo(-3);
	}

	@Test
	void withoutDelayEventsAreCountedWhenTheyAreIngested() throws Exception {
		addMeters();
		createCustomer();
		this.fake.usage().delay(Duration.ZERO);
		assertThat(typesOf(() -> call(1))).containsExactly("customer.state_changed");
		assertThat(balance()).isEqualTo(-1);
	}

	@Test
	void eventWhoseParentIsMissingIsCountedWithTheNextOne() throws Exception {
		addMeters();
		createCustomer();
		ingest(event("call", ",\"parent_id\":\"later\""));
		this.fake.advance(Duration.ofMinutes(1));
		assertThat(get(METERS).at("/items")).isEmpty();
		call(1);
		this.fake.advance(Duration.ofSeconds(15));
		assertThat(balance()).isEqualTo(-2);
	}

	@Test
	void quantitiesAreUpToDate() throws Exception {
		addMeters();
		Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
		ingest(event("chat", ",\"metadata\":{\"tokens\":10}"), event("chat", ",\"metadata\":{\"tokens\":\"7\"}"),
				event("chat", ",\"metadata\":{\"tokens\":2.5},\"timestamp\":\"%s\"".formatted(now.minusSeconds(86400))),
				"{\"name\":\"chat\",\"external_customer_id\":\"user_2\",\"metadata\":{\"tokens\":100}}");
		String path = "/v1/meters/%s/quantities?start_timestamp=%s&end_timestamp=%s&interval=day".formatted(TOKENS,
				now.minusSeconds(2 * 86400), now.plusSeconds(60));
		assertThat(get(path).at("/total").asDouble()).isEqualTo(112.5);
		assertThat(get(path + "&external_customer_id=user_1").at("/quantities"))
			.extracting((quantity) -> quantity.at("/quantity").asDouble())
			.startsWith(0.0, 2.5);
		assertThat(get(path + "&external_customer_id=user_1").at("/total").asDouble()).isEqualTo(12.5);
		assertThat(get(path + "&customer_aggregation_function=max").at("/total").asDouble()).isEqualTo(102.5);
		assertThat(get(path + "&external_customer_id=nobody").at("/total").asDouble()).isZero();
		send(422, "GET", path + "&timezone=Mars/Base", "");
		send(422, "GET", path.replace("interval=day", "interval=second"), "");
		send(404, "GET", path.replace(TOKENS.toString(), UUID.randomUUID().toString()), "");
		JsonNode missing = send(422, "GET", "/v1/meters/%s/quantities".formatted(TOKENS), "").at("/detail");
		assertThat(missing).hasSize(3).allMatch((problem) -> problem.at("/input").isNull());
		this.fake.restrictScopes("customer_meters:read");
		send(403, "GET", path, "");
	}

	@Test
	void filterOfMeterCannotChangeOnceItHasCountedEvents() throws Exception {
		addMeters();
		String path = "/v1/meters/" + CALLS;
		String change = "{\"aggregation\":{\"func\":\"sum\",\"property\":\"n\"}}";
		ingest(event("other", ""));
		send(200, "PATCH", path, change);
		send(200, "PATCH", path, "{\"aggregation\":{\"func\":\"count\"}}");
		call(1);
		assertThat(send(422, "PATCH", path, change).at("/detail/0/type").asString()).isEqualTo("forbidden");
		send(200, "PATCH", path, "{\"name\":\"Calls made\"}");
	}

	@Test
	void creditsAreCountedImmediatelyAndNeverBelowZero() throws Exception {
		addMeters();
		createCustomer();
		assertThat(typesOf(() -> this.fake.usage().credit(CALLS, "user_1", 100)))
			.containsExactly("customer.state_changed");
		assertThat(balance()).isEqualTo(100);
		this.fake.usage().credit(CALLS, "user_1", -500);
		assertThat(balance()).isZero();
		this.fake.usage().credit(CALLS, "user_1", 5);
		assertThat(meter("credited_units")).isEqualTo(5);
		assertThat(get("/v1/events/?source=system").at("/items/0/metadata/units").asInt()).isEqualTo(5);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.usage().credit(CALLS, "user_9", 1));
		assertThatIllegalStateException().isThrownBy(() -> this.fake.usage().credit(UUID.randomUUID(), "user_1", 1));
	}

	@Test
	void metersOfSubscriptionChangeFifteenMinutesAfterTheEvent() throws Exception {
		addMeters();
		UUID subscription = subscribe("");
		call(25);
		assertThat(typesOf(() -> this.fake.advance(Duration.ofSeconds(15)))).containsExactly("customer.state_changed");
		assertThat(balance()).isEqualTo(-15);
		assertThat(meterOf(subscription).at("/consumed_units").asInt()).isZero();
		assertThat(typesOf(() -> this.fake.advance(Duration.ofMinutes(15)))).containsExactly("subscription.updated",
				"customer.state_changed");
		JsonNode meter = meterOf(subscription);
		assertThat(meter.at("/consumed_units").asInt()).isEqualTo(25);
		assertThat(meter.at("/credited_units").asInt()).isEqualTo(10);
		assertThat(meter.at("/amount").asInt()).isEqualTo(8);
		assertThat(meter.at("/meter/name").asString()).isEqualTo("Calls");
		JsonNode state = get("/v1/customers/external/user_1/state").at("/active_subscriptions/0/meters/0");
		assertThat(state.at("/amount").asInt()).isEqualTo(8);
		assertThat(state.has("meter")).isFalse();
	}

	@Test
	void renewalChargesUsageAndStartsToCountAnew() throws Exception {
		addMeters();
		UUID subscription = subscribe("{\"amount_type\":\"fixed\",\"price_amount\":2000},");
		call(110);
		this.fake.advance(Duration.ofMinutes(15));
		this.fake.renewSubscription(subscription);
		JsonNode order = get("/v1/orders/" + this.fake.orderIds().get(0));
		assertThat(order.at("/net_amount").asInt()).isEqualTo(2050);
		assertThat(order.at("/items/1/label").asString()).isEqualTo("Calls (100 consumed units)");
		assertThat(order.at("/items/1/amount").asInt()).isEqualTo(50);
		assertThat(meterOf(subscription).at("/consumed_units").asInt()).isZero();
		assertThat(meter("consumed_units")).isZero();
		assertThat(balance()).isEqualTo(10);
		this.fake.renewSubscription(subscription);
		assertThat(get("/v1/orders/" + this.fake.orderIds().get(0)).at("/net_amount").asInt()).isEqualTo(2000);
	}

	@Test
	void renewalWithoutUsageOfOnlyMeteredPriceHasNoOrder() throws Exception {
		addMeters();
		UUID subscription = subscribe("");
		assertThat(get("/v1/orders/" + this.fake.orderIds().get(0)).at("/items")).isEmpty();
		this.fake.renewSubscription(subscription);
		assertThat(this.fake.orderIds()).hasSize(1);
		call(5000);
		this.fake.renewSubscription(subscription);
		assertThat(get("/v1/orders/" + this.fake.orderIds().get(0)).at("/net_amount").asInt()).isEqualTo(1000);
	}

	@Test
	void lastOrderOfCanceledSubscriptionChargesUsage() throws Exception {
		addMeters();
		UUID subscription = subscribe("");
		call(1010);
		this.fake.cancelSubscription(subscription);
		this.fake.renewSubscription(subscription);
		assertThat(get("/v1/orders/" + this.fake.orderIds().get(0)).at("/net_amount").asInt()).isEqualTo(500);
	}

	@Test
	void eventsAreAsserted() throws Exception {
		assertThat(this.fake.usage().events()).isEmpty();
		PolarFakeAssertions.assertThat(this.fake).hasNoUsageEvent();
		ingest(event("call", ",\"metadata\":{\"form\":\"f1\"}"), event("call", ""));
		PolarFakeAssertions.assertThat(this.fake)
			.usageEvent()
			.withName("call")
			.forCustomer("user_1")
			.hasCount(2)
			.withMetadata("form", "f1")
			.hasCount(1);
		assertThat(this.fake.usage().events().get(0).metadata()).isEqualTo(Map.of("form", "f1"));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> PolarFakeAssertions.assertThat(this.fake).usageEvent().withName("chat"))
			.withMessageContaining("Expected a usage event with the name 'chat' but there are:")
			.withMessageContaining("call for 'user_1', metadata {form=f1}");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> PolarFakeAssertions.assertThat(this.fake).usageEvent().hasCount(1))
			.withMessageContaining("Expected 1 times a usage event but found 2");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> PolarFakeAssertions.assertThat(this.fake).hasNoUsageEvent());
	}

	@Test
	void resetRemovesUsageAndRestoresTheDelay() throws Exception {
		addMeters();
		this.fake.usage().delay(Duration.ZERO);
		call(1);
		this.fake.reset();
		assertThat(this.fake.usage().events()).isEmpty();
		createCustomer();
		call(1);
		assertThat(get(METERS).at("/items")).isEmpty();
		assertThat(get("/v1/meters/").at("/items")).hasSize(2);
	}

	@Test
	void wrongMeterIsRejected() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.fake.usage().addMeter(CALLS, "Calls", "call", "median", "n"))
			.withMessageContaining("median");
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.usage().delay(Duration.ofSeconds(-1)));
	}

}
