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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarFake#emit(String, UUID)}.
 */
class PolarFakeEmitTests {

	private static final UUID BOOK = UUID.randomUUID();

	private static final UUID PLAN = UUID.randomUUID();

	private final PolarFake fake = PolarFake.start()
		.addProduct(BOOK, "Book", 1000, "usd")
		.addSubscription(PLAN, "Plan", 1500, "usd", RecurringInterval.MONTH);

	@BeforeEach
	void listen() {
		// no one listens, so every first attempt fails at once
		this.fake.webhooks().addEndpoint(URI.create("http://127.0.0.1:9/"), "x".repeat(32));
	}

	@AfterEach
	void stop() {
		this.fake.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					checkout.created         | session      | checkout.created
					checkout.updated         | session      | checkout.updated
					checkout.expired         | session      | checkout.expired
					order.created            | session      | member.created checkout.updated customer.created customer.state_changed order.created order.updated order.paid checkout.updated order.updated
					order.paid               | session      | member.created checkout.updated customer.created customer.state_changed order.created order.updated order.paid checkout.updated order.updated
					order.updated            | order        | order.updated
					order.refunded           | order        | refund.created order.updated order.refunded refund.updated
					refund.created           | order        | refund.created order.updated order.refunded refund.updated
					refund.updated           | refund       | refund.updated order.updated
					refund.updated           | pending      | refund.updated order.updated order.refunded
					customer.created         | customer     | member.created customer.created customer.state_changed
					customer.updated         | customer     | customer.updated customer.state_changed
					customer.state_changed   | customer     | customer.state_changed
					member.created           | customer     | member.created
					member.updated           | customer     | member.updated
					member.updated           | member       | member.updated
					discount.created         | discount     | discount.created
					discount.updated         | discount     | discount.updated
					discount.deleted         | discount     | discount.deleted
					benefit.created          | benefit      | benefit.created
					benefit.updated          | benefit      | benefit.updated
					product.created          | product      | product.created
					product.updated          | product      | product.updated
					subscription.updated     | subscription | subscription.updated customer.state_changed
					subscription.canceled    | subscription | subscription.updated subscription.canceled customer.state_changed
					subscription.uncanceled  | canceled     | subscription.updated subscription.uncanceled customer.state_changed
					subscription.cycled      | subscription | subscription.cycled subscription.updated order.created order.updated order.paid order.updated customer.state_changed
					subscription.revoked     | subscription | subscription.updated subscription.canceled subscription.revoked customer.state_changed
					subscription.past_due    | subscription | subscription.cycled subscription.updated order.created subscription.updated subscription.past_due customer.state_changed
					subscription.active      | past due     | subscription.updated subscription.active order.updated order.paid order.updated customer.state_changed
					order.paid               | unpaid order | subscription.updated subscription.active order.updated order.paid order.updated customer.state_changed
					subscription.paused      | subscription | subscription.updated subscription.paused customer.state_changed
					subscription.resumed     | paused       | subscription.updated subscription.resumed order.created order.updated order.paid order.updated customer.state_changed
					""")
	void eventOfTheObjectAndAllThatFollowAreSent(String type, String object, String expected) {
		UUID id = prepare(object);
		int before = types().size();
		this.fake.emit(type, id);
		List<String> sent = types().subList(before, types().size());
		assertThat(sent).startsWith(expected.split(" ")).contains(type);
	}

	@ParameterizedTest
	@CsvSource({ "subscription.past_due, past_due", "subscription.paused, paused", "subscription.revoked, canceled",
			"subscription.canceled, active", "subscription.cycled, active" })
	void stateOfTheObjectChanges(String type, String status) {
		UUID id = prepare("subscription");
		this.fake.emit(type, id);
		assertThat(this.fake.state().subscription(id).toJson(UUID.randomUUID())).containsEntry("status", status);
	}

	@Test
	void otherCardsAreNotDeclined() {
		UUID first = prepare("subscription");
		UUID second = prepare("subscription");
		this.fake.emit("subscription.past_due", first);
		this.fake.renewSubscription(second);
		assertThat(this.fake.state().subscription(second).isActive()).isTrue();
	}

	@Test
	void deletedCustomerIsGone() {
		UUID id = prepare("customer");
		this.fake.emit("customer.deleted", id);
		assertThat(types()).contains("customer.deleted");
		assertThat(this.fake.state().customer(id)).isNull();
	}

	@Test
	void grantsAreRevokedAndGrantedAgain() {
		this.fake.state().product(PLAN).benefits(List.of(Map.of("id", UUID.randomUUID(), "type", "custom")));
		prepare("subscription");
		UUID grant = UUID.fromString(last("benefit_grant.created").at("/data/id").asString());
		for (String type : List.of("benefit_grant.updated", "benefit_grant.cycled", "benefit_grant.revoked",
				"benefit_grant.created")) {
			this.fake.emit(type, grant);
			assertThat(last(type).at("/data/is_granted").asBoolean()).isEqualTo(!type.equals("benefit_grant.revoked"));
		}
		assertThatIllegalStateException().isThrownBy(() -> this.fake.emit("benefit_grant.created", grant));
	}

	@ParameterizedTest
	@CsvSource({ "subscription.canceled, canceled", "subscription.uncanceled, subscription",
			"subscription.resumed, subscription", "subscription.active, subscription",
			"subscription.past_due, past due", "order.paid, order", "checkout.expired, paid session",
			"subscription.paused, paused", "order.refunded, unpaid order", "order.refunded, disputed",
			"refund.updated, failed refund", "subscription.past_due, order", "subscription.past_due, canceled",
			"subscription.cycled, canceled", "subscription.created, session", "subscription.active, session",
			"subscription.revoked, ended" })
	void whatCannotHappenIsRejectedAndSendsNothing(String type, String object) {
		UUID id = prepare(object);
		int before = types().size();
		assertThatIllegalStateException().isThrownBy(() -> this.fake.emit(type, id))
			.withMessageContaining(id.toString());
		assertThat(types()).hasSize(before);
	}

	@Test
	void delayedRefundSucceeds() {
		UUID order = prepare("order");
		this.fake.delayRefunds(true);
		int before = types().size();
		this.fake.emit("order.refunded", order);
		assertThat(types().subList(before, types().size())).containsExactly("refund.created", "refund.updated",
				"refund.updated", "order.updated", "order.refunded");
	}

	@Test
	void pausedSubscriptionCanBeRevoked() {
		UUID subscription = prepare("paused");
		this.fake.emit("subscription.revoked", subscription);
		assertThat(last("subscription.revoked").at("/data/status").asString()).isEqualTo("canceled");
	}

	@Test
	void unsupportedTypeNamesTheSupportedOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.emit("order.shipped", UUID.randomUUID()))
			.withMessageContaining("order.shipped")
			.withMessageContaining("subscription.past_due")
			.withMessageContaining("webhooks().send");
	}

	@Test
	void documentationListsTheTypes() throws IOException {
		String page = Files.readString(Path.of("../docs/reference/fake.md"));
		String table = page.substring(page.indexOf("## Events to emit"), page.indexOf("The fake does not emit"));
		List<String> documented = table.lines()
			.filter((line) -> line.startsWith("| `"))
			.flatMap((line) -> Pattern.compile("`([a-z_.]+)`").matcher(line.split("\\|")[1]).results())
			.map((type) -> type.group(1))
			.toList();
		assertThat(documented).doesNotHaveDuplicates()
			.containsExactlyInAnyOrderElementsOf(new FakeEmitter(this.fake.state()).types());
	}

	/**
	 * Every type of Polar can be emitted, or is documented as one that cannot.
	 */
	@Test
	void documentationNamesTheOtherTypesOfPolar() throws IOException {
		String page = Files.readString(Path.of("../docs/reference/fake.md"));
		String others = page.substring(page.indexOf("The fake does not emit"));
		List<String> types = Pattern.compile("`([a-z_]+\\.[a-z_]+)`")
			.matcher(others)
			.results()
			.map((type) -> type.group(1))
			.toList();
		assertThat(types).doesNotContainAnyElementsOf(new FakeEmitter(this.fake.state()).types());
		assertThat(types.size() + new FakeEmitter(this.fake.state()).types().size()).isEqualTo(42);
	}

	private UUID prepare(String object) {
		return switch (object) {
			case "session" -> session(BOOK);
			case "paid session" -> paid(BOOK);
			case "order" -> {
				paid(BOOK);
				yield this.fake.orderIds().get(0);
			}
			case "refund" -> {
				this.fake.emit("refund.created", prepare("order"));
				yield (UUID) this.fake.state().refunds().get(0).get("id");
			}
			case "pending" -> {
				this.fake.delayRefunds(true);
				yield prepare("refund");
			}
			case "failed refund" -> {
				UUID refund = prepare("pending");
				this.fake.completeRefund(refund, false);
				yield refund;
			}
			case "disputed" -> {
				UUID order = prepare("order");
				this.fake.dispute(order);
				yield order;
			}
			case "member" -> {
				prepare("customer");
				yield this.fake.state().customers().get(0).owner().id;
			}
			case "discount" -> {
				UUID discount = UUID.randomUUID();
				this.fake.addDiscount(discount, "SPRING", 25);
				yield discount;
			}
			case "benefit" -> benefit();
			case "customer" -> {
				paid(BOOK);
				yield this.fake.state().customers().get(0).id();
			}
			case "product" -> BOOK;
			case "canceled" -> after("subscription.canceled");
			case "past due" -> after("subscription.past_due");
			case "paused" -> after("subscription.paused");
			case "ended" -> after("subscription.revoked");
			case "unpaid order" -> {
				after("subscription.past_due");
				yield this.fake.orderIds().get(0);
			}
			default -> {
				paid(PLAN);
				yield this.fake.subscriptionIds().get(0);
			}
		};
	}

	private UUID after(String type) {
		UUID subscription = prepare("subscription");
		this.fake.emit(type, subscription);
		return subscription;
	}

	private UUID paid(UUID product) {
		UUID session = session(product);
		this.fake.pay(session);
		return session;
	}

	private UUID session(UUID product) {
		FakeProduct sold = this.fake.state().product(product);
		UUID id = (UUID) this.fake.state()
			.create(new LinkedHashMap<>(), List.of(sold), Map.of(product, sold.prices()))
			.get("id");
		this.fake.webhooks().await();
		return id;
	}

	private UUID benefit() {
		try {
			HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/benefits/"))
				.header("Authorization", "Bearer " + this.fake.accessToken())
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString("{\"type\":\"custom\",\"description\":\"Access\",\"properties\":{}}"))
				.build();
			String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
			this.fake.webhooks().await();
			return UUID.fromString(JsonMapper.shared().readTree(body).at("/id").asString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<String> types() {
		return this.fake.webhooks()
			.deliveries()
			.stream()
			.filter((delivery) -> delivery.attempt() == 1)
			.map(Delivery::type)
			.toList();
	}

	private JsonNode last(String type) {
		return this.fake.webhooks()
			.deliveries()
			.stream()
			.filter((delivery) -> delivery.type().equals(type))
			.reduce((first, second) -> second)
			.map((delivery) -> JsonMapper.shared().readTree(delivery.body()))
			.orElseThrow();
	}

}
