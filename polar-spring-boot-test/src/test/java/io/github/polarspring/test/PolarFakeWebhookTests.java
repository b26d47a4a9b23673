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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.PolarWebhookException;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the webhooks of {@link PolarFake}.
 */
class PolarFakeWebhookTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	@RegisterExtension
	static final WireMockExtension shop = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort())
		.build();

	private static final UUID MONTHLY = UUID.fromString("c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25");

	private static final String SECRET = "correct horse battery staple 2026";

	private final PolarFake fake = PolarFake.start()
		.addProduct(PRO, "Pro", 2900, "usd")
		.addSubscription(MONTHLY, "Monthly", 900, "usd", RecurringInterval.MONTH);

	@BeforeEach
	void answer() {
		shop.stubFor(post(anyUrl()).willReturn(WireMock.aResponse().withStatus(202)));
	}

	@AfterEach
	void close() {
		this.fake.close();
	}

	private CheckoutSession buy(String customer, UUID product) {
		PolarClient client = PolarClient.builder()
			.accessToken(this.fake.accessToken())
			.baseUrl(this.fake.baseUrl())
			.build();
		return PolarCheckoutTemplate.builder(client)
			.build()
			.create(CheckoutRequest.forProducts(product).externalCustomerId(customer).build());
	}

	@ParameterizedTest
	@ValueSource(strings = { "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=",
			"whsec_6Afvc06oO02JXw2adyUB1Uito0x7LtmB5bBVA1fUTdM", "correct horse battery staple 2026" })
	void paymentIsReportedInPolarsOrderAndSigned(String secret) {
		this.fake.webhooks().addEndpoint(URI.create(shop.baseUrl() + "/hook"), secret);
		CheckoutSession session = buy("alice", PRO);
		this.fake.pay(session.id());
		List<LoggedRequest> requests = shop.getAllServeEvents().stream().map(ServeEvent::getRequest).toList();
		PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(secret), Duration.ofMinutes(5),
				Clock.systemUTC());
		// newest first
		assertThat(requests).extracting((request) -> {
			String id = request.getHeader("webhook-id");
			verifier.verify(id, request.getHeader("webhook-timestamp"), request.getHeader("webhook-signature"),
					request.getBody());
			assertThat(request.getHeader("webhook-api-version")).isEqualTo("2026-10");
			return PolarEvent.read(id, request.getBody()).type();
		})
			.containsExactly("order.updated", "checkout.updated", "order.paid", "order.updated", "order.created",
					"customer.state_changed", "customer.created", "checkout.updated", "member.created",
					"checkout.created");
		assertThat(requests).extracting((request) -> request.getHeader("webhook-id")).doesNotHaveDuplicates();
		PolarEvent<?> paid = PolarEvent.read("id", requests.get(2).getBody());
		assertThat(paid.buyer()).isEqualTo(new Buyer.Known("alice"));
		assertThat(paid.data()).isInstanceOfSatisfying(Order.class, (order) -> {
			assertThat(order.paid()).isTrue();
			assertThat(order.netAmount()).isEqualTo(2900);
			assertThat(order.taxAmount()).isEqualTo(257);
			assertThat(order.totalAmount()).isEqualTo(3157);
			assertThat(order.checkoutId()).isEqualTo(session.id());
			assertThat(order.productId()).isEqualTo(PRO);
		});
		OpenApiDocument.all().forEach((name, document) -> {
			assertThat(document.violations("WebhookOrderPaidPayload", requests.get(2).getBodyAsString())).as(name)
				.isEmpty();
			assertThat(document.violations("WebhookCheckoutUpdatedPayload", requests.get(1).getBodyAsString())).as(name)
				.isEmpty();
		});
	}

	private List<String> types() {
		return this.fake.webhooks().deliveries().stream().map(Delivery::type).toList();
	}

	private void listen() {
		this.fake.webhooks().addEndpoint(URI.create(shop.baseUrl()), SECRET);
	}

	@Test
	void disorderIsReproducibleAndLosesNothing() {
		listen();
		List<List<String>> deliveries = new ArrayList<>();
		for (long seed : List.of(7L, 7L, 8L)) {
			this.fake.reset();
			this.fake.webhooks().disorder(seed);
			this.fake.pay(buy("alice", PRO).id());
			this.fake.refund(this.fake.orderIds().get(0), 2900);
			deliveries.add(types());
			assertThat(types()).contains("order.created", "order.paid", "order.refunded", "refund.created",
					"customer.created");
		}
		assertThat(deliveries.get(0)).isEqualTo(deliveries.get(1)).isNotEqualTo(deliveries.get(2));
		this.fake.webhooks().order();
		this.fake.webhooks().send("x.first", "{}");
		this.fake.webhooks().send("x.second", "{}");
		assertThat(types()).endsWith("x.first", "x.second");
	}

	@Test
	void disorderRepeatsEventsAndSendsOutdatedStates() {
		listen();
		Set<String> seen = new HashSet<>();
		for (long seed = 0; seed < 20; seed++) {
			this.fake.reset();
			this.fake.webhooks().disorder(seed);
			this.fake.pay(buy("alice", PRO).id());
			this.fake.refund(this.fake.orderIds().get(0), 2900);
			List<Delivery> deliveries = this.fake.webhooks().deliveries();
			if (deliveries.stream().map(Delivery::id).distinct().count() < deliveries.size()) {
				seen.add("repeated");
			}
			List<PolarEvent<?>> events = deliveries.stream()
				.<PolarEvent<?>>map(
						(delivery) -> PolarEvent.read(delivery.id(), delivery.body().getBytes(StandardCharsets.UTF_8)))
				.toList();
			int refunded = events.stream().map(PolarEvent::type).toList().indexOf("order.refunded");
			Instant modified = ((Order) events.get(refunded).data()).modifiedAt();
			events.stream()
				.skip(refunded)
				.filter((event) -> event.data() instanceof Order order && order.status() == OrderStatus.PAID
						&& order.modifiedAt().isAfter(modified))
				.forEach((event) -> seen.add("outdated"));
		}
		assertThat(seen).containsExactlyInAnyOrder("repeated", "outdated");
	}

	@Test
	void storyOfASubscriptionIsReportedAsPolarTellsIt() {
		listen();
		CheckoutSession session = buy("alice", MONTHLY);
		this.fake.pay(session.id());
		assertThat(types()).containsExactly("checkout.created", "member.created", "checkout.updated",
				"customer.created", "customer.state_changed", "subscription.created", "subscription.active",
				"subscription.updated", "order.created", "order.updated", "order.paid", "checkout.updated",
				"order.updated", "customer.state_changed");
		UUID subscription = this.fake.subscriptionIds().get(0);
		assertStory(() -> this.fake.renewSubscription(subscription), "subscription.cycled", "subscription.updated",
				"order.created", "order.updated", "order.paid", "order.updated", "customer.state_changed");
		assertStory(() -> this.fake.advance(Duration.ofDays(31)), "subscription.cycled", "subscription.updated",
				"order.created", "order.updated", "order.paid", "order.updated", "customer.state_changed");
		assertStory(() -> this.fake.cancelSubscription(subscription), "subscription.updated", "subscription.canceled",
				"customer.state_changed");
		assertStory(() -> this.fake.advance(Duration.ofDays(32)), "subscription.updated", "subscription.canceled",
				"subscription.revoked", "customer.state_changed");
		assertStory(() -> this.fake.refund(this.fake.orderIds().get(0), 500), "refund.created", "order.updated",
				"order.refunded", "refund.updated");
		assertThat(this.fake.orderIds()).hasSize(3);
	}

	@Test
	void storyOfASaleThatFailsIsReportedAsPolarTellsIt() {
		listen();
		UUID session = buy("alice", PRO).id();
		this.fake.webhooks().reset();
		assertStory(() -> this.fake.decline(session), "checkout.updated");
		assertStory(() -> this.fake.expire(session), "checkout.expired");
		UUID other = buy("alice", PRO).id();
		this.fake.webhooks().reset();
		assertStory(() -> this.fake.advance(Duration.ofDays(1)));
		assertStory(() -> this.fake.advance(Duration.ofMinutes(15)), "checkout.expired");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.pay(other));
	}

	private void assertStory(Runnable story, String... types) {
		this.fake.webhooks().reset();
		story.run();
		assertThat(types()).containsExactly(types);
	}

	@Test
	void everyEventIsAsPolarDescribesIt() {
		listen();
		this.fake.pay(buy("alice", MONTHLY).id());
		this.fake.pay(buy("alice", PRO).id());
		this.fake.renewSubscription(this.fake.subscriptionIds().get(0));
		this.fake.cancelSubscription(this.fake.subscriptionIds().get(0));
		this.fake.revokeSubscription(this.fake.subscriptionIds().get(0));
		this.fake.refund(this.fake.orderIds().get(0), 100);
		UUID expiring = buy("bob", PRO).id();
		this.fake.expire(expiring);
		assertThat(this.fake.webhooks().deliveries()).hasSizeGreaterThan(30);
		for (Delivery delivery : this.fake.webhooks().deliveries()) {
			PolarEvent<?> event = PolarEvent.read(delivery.id(), delivery.body().getBytes(StandardCharsets.UTF_8));
			assertThat(event.data()).isInstanceOf(PolarEventTypes.payloads().get(delivery.type()));
			OpenApiDocument.all().forEach((name, document) -> {
				String schema = document.webhooks()
					.get(delivery.type())
					.at("/post/requestBody/content/application~1json/schema/$ref")
					.asString()
					.replaceFirst(".*/", "");
				assertThat(document.violations(schema, delivery.body())).as(name + " " + delivery.type()).isEmpty();
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "order.paid", "checkout.updated", "customer.state_changed", "subscription.active" })
	@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
			disabledReason = "Polar's examples are not part of this project: -Dpolar.openapi=<directory> names theirs")
	void eventHasTheShapeOfPolarsOwn(String type) {
		listen();
		this.fake.pay(buy("alice", MONTHLY).id());
		Path directory = OpenApiDocument.directory();
		assertThat(directory).isNotNull();
		JsonNode example = OpenApiDocument.read(directory.resolve("examples/webhook-" + type + ".json"));
		String body = this.fake.webhooks()
			.deliveries()
			.stream()
			.filter((delivery) -> delivery.type().equals(type))
			.reduce((first, second) -> second)
			.orElseThrow()
			.body();
		JsonNode own = JsonMapper.shared().readTree(body);
		assertThat(own.propertyNames()).containsAll(example.propertyNames());
		Set<String> missing = new TreeSet<>(example.get("data").propertyNames());
		missing.removeAll(own.get("data").propertyNames());
		// sent by Polar, but not in its documents
		assertThat(missing).isEmpty();
		assertThat(example.get("data").propertyNames())
			.containsAll(new TreeSet<>(own.get("data").propertyNames()).stream()
				.filter((name) -> !List.of("seats", "units", "min_units", "max_units", "user", "price", "product_price")
					.contains(name))
				.toList());
	}

	@Test
	void deliveryThatFailsIsRepeatedWithTheSameIdAndANewSignature() {
		shop.stubFor(post(anyUrl()).inScenario("retry").willReturn(WireMock.serverError()).willSetStateTo("up"));
		shop.stubFor(post(anyUrl()).inScenario("retry").whenScenarioStateIs("up").willReturn(WireMock.ok()));
		listen();
		this.fake.webhooks().send("order.paid", "{\"id\":\"x\"}");
		await(() -> this.fake.webhooks().deliveries().size() == 2);
		assertThat(this.fake.webhooks().deliveries()).extracting(Delivery::status).containsExactly(500, 200);
		assertThat(this.fake.webhooks().deliveries()).extracting(Delivery::attempt).containsExactly(1, 2);
		assertThat(this.fake.webhooks().deliveries()).extracting(Delivery::id)
			.containsOnly(this.fake.webhooks().deliveries().get(0).id());
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		assertThat(condition.getAsBoolean()).isTrue();
	}

	@Test
	void endpointThatIsNotThereDoesNotHoldThePaymentUp() {
		this.fake.webhooks().addEndpoint(() -> null, SECRET);
		this.fake.webhooks().addEndpoint(URI.create("http://localhost:1/"), SECRET);
		this.fake.pay(buy("alice", PRO).id());
		assertThat(this.fake.webhooks().deliveries()).extracting(Delivery::status).containsOnly(0);
	}

	@Test
	void whatCanGoWrongDoesSoOnDemand() {
		listen();
		PolarFakeWebhooks webhooks = this.fake.webhooks();
		PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(SECRET), Duration.ofMinutes(5),
				Clock.systemUTC());
		webhooks.duplicateNext();
		webhooks.send("novel.thing", "{\"a\":1}");
		assertThat(types()).containsExactly("novel.thing", "novel.thing");
		assertThat(webhooks.deliveries().get(0).id()).isEqualTo(webhooks.deliveries().get(1).id());
		webhooks.redeliver(webhooks.deliveries().get(0).id());
		assertThat(webhooks.deliveries()).hasSize(3)
			.extracting(Delivery::id)
			.containsOnly(webhooks.deliveries().get(0).id());
		shop.resetRequests();
		webhooks.corruptNext();
		webhooks.send("order.paid", "{}");
		assertThatExceptionOfType(PolarWebhookException.class).isThrownBy(() -> verifyLast(verifier));
		webhooks.backdateNext(Duration.ofMinutes(6));
		webhooks.send("order.paid", "{}");
		assertThatExceptionOfType(PolarWebhookException.class).isThrownBy(() -> verifyLast(verifier))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(PolarWebhookException.Reason.TIMESTAMP));
		webhooks.signWith("another secret of at least 32 characters");
		webhooks.send("order.paid", "{}");
		assertThatExceptionOfType(PolarWebhookException.class).isThrownBy(() -> verifyLast(verifier));
		webhooks.signWith(null);
		webhooks.send("order.paid", "{}");
		verifyLast(verifier);
		webhooks.duplicateNext();
		webhooks.hold();
		webhooks.send("order.created", "{}");
		webhooks.send("order.paid", "{}");
		assertThat(types()).doesNotContain("order.created");
		webhooks.releaseReversed();
		assertThat(types()).endsWith("order.paid", "order.created", "order.created");
		assertThatIllegalStateException().isThrownBy(() -> webhooks.redeliver("unknown"));
	}

	private static void verifyLast(PolarWebhookVerifier verifier) {
		LoggedRequest request = shop.getAllServeEvents().get(0).getRequest();
		verifier.verify(request.getHeader("webhook-id"), request.getHeader("webhook-timestamp"),
				request.getHeader("webhook-signature"), request.getBody());
	}

}
