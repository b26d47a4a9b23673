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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.PolarException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarEntitlementAutoConfiguration;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.EntitlementReport;
import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.PaymentProblem;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an application that is told by webhooks of the fake what has changed.
 */
class EntitlementLifeFakeTests {

	private static final UUID BOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

	private static final UUID CLOUD = UUID.fromString("3e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412");

	private static final UUID TEAM = UUID.fromString("7b1d8f0e-3c59-4a26-9e74-d2c5b8a6f913");

	private static final List<String> USERS = List.of("alice", "bob", "mallory");

	private final PolarFake fake = PolarFake.start()
		.addProduct(BOOK, "Book", 1900, "usd")
		.addSubscription(CLOUD, "Cloud", 900, "usd", RecurringInterval.MONTH)
		.addSubscription(TEAM, "Team", 2900, "usd", RecurringInterval.MONTH)
		.allowMultipleSubscriptions(true);

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private final PolarCheckoutTemplate checkouts = PolarCheckoutTemplate.builder(this.client).build();

	private final UUID export = benefit("export");

	private final UUID share = benefit("share");

	/**
	 * Events that have arrived, and are not recorded yet.
	 */
	private final List<PolarEvent<?>> arrived = new CopyOnWriteArrayList<>();

	private final List<AnnotationConfigApplicationContext> applications = new ArrayList<>();

	private final Clock clock = new Clock() {

		@Override
		public Instant instant() {
			return Instant.now().plus(EntitlementLifeFakeTests.this.ahead);
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	};

	private volatile Duration ahead = Duration.ZERO;

	private HttpServer receiver;

	private PolarEntitlements entitlements;

	private PolarEventRecorder recorder;

	@BeforeEach
	void start() throws Exception {
		grants(BOOK, this.share);
		grants(CLOUD, this.export);
		grants(TEAM, this.share, this.export);
		AnnotationConfigApplicationContext application = application();
		this.entitlements = application.getBean(PolarEntitlements.class);
		this.recorder = application.getBean(PolarEventRecorder.class);
		this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.receiver.createContext("/", (exchange) -> {
			byte[] body = exchange.getRequestBody().readAllBytes();
			this.arrived.add(PolarEvent.read(exchange.getRequestHeaders().getFirst("webhook-id"), body));
			exchange.sendResponseHeaders(202, -1);
			exchange.close();
		});
		this.receiver.start();
		this.fake.webhooks()
			.addEndpoint(URI.create("http://127.0.0.1:" + this.receiver.getAddress().getPort() + "/"), "x".repeat(32));
	}

	@AfterEach
	void stop() {
		this.applications.forEach(AnnotationConfigApplicationContext::close);
		this.receiver.stop(0);
		this.fake.close();
	}

	private UUID benefit(String name) {
		JsonNode benefit = this.client.post(JsonNode.class, "/v1/benefits/",
				Map.of("type", "feature_flag", "description", name, "properties", Map.of(), "metadata",
						Map.of("forms", name.equals("export") ? "50" : "10")));
		return UUID.fromString(benefit.path("id").asString());
	}

	private void grants(UUID product, UUID... benefits) {
		this.client.post(JsonNode.class, "/v1/products/{id}/benefits", Map.of("benefits", List.of(benefits)), product);
	}

	/**
	 * Start an application that has read nothing yet.
	 */
	private AnnotationConfigApplicationContext application() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues
			.of("polar.access-token=" + this.fake.accessToken(), "polar.base-url=" + this.fake.baseUrl(),
					"polar.products.book=" + BOOK, "polar.products.cloud=" + CLOUD, "polar.products.team=" + TEAM,
					"polar.features.book.products=book", "polar.features.cloud.products=cloud,team",
					"polar.features.export.benefits=" + this.export, "polar.features.share.benefits=" + this.share,
					"polar.entitlements.defaults.forms=3", "polar.entitlements.read-timeout=20s")
			.applyTo(context);
		context.registerBean(Clock.class, () -> this.clock);
		context.register(PolarAutoConfiguration.class, PolarEntitlementAutoConfiguration.class);
		context.refresh();
		this.applications.add(context);
		return context;
	}

	private void buy(String user, String email, UUID product) {
		CheckoutRequest request = CheckoutRequest.forProducts(product).externalCustomerId(user).build();
		this.fake.pay(this.checkouts.create(request).id(), email);
	}

	private void buy(String user, UUID product) {
		buy(user, user + "@example.com", product);
	}

	private UUID subscription() {
		return this.fake.subscriptionIds().get(0);
	}

	private void recordAll() {
		this.arrived.forEach(this.recorder::record);
		this.arrived.clear();
	}

	/**
	 * Return the features of a user after all events that have arrived.
	 */
	private List<String> features(String user) {
		recordAll();
		return this.entitlements.of(user)
			.report()
			.features()
			.entrySet()
			.stream()
			.filter((feature) -> feature.getValue().granted())
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
	}

	private void changePlan(UUID subscription, UUID product) {
		FakeState state = this.fake.state();
		this.fake.happen("Plan changed", () -> state.sales().changes
			.changePlan(Objects.requireNonNull(state.subscription(subscription)), product.toString(), false));
	}

	@Test
	void userWhoBuysGetsInAtTheNextCheck() {
		assertThat(features("alice")).isEmpty();
		buy("alice", CLOUD);
		assertThat(features("alice")).containsExactly("cloud", "export");
		assertThat(this.entitlements.of("alice").limit("forms")).isEqualTo(50);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 10 })
	void benefitsThatPolarGrantsLaterCountAtOnce(int seconds) {
		assertThat(features("alice")).isEmpty();
		this.fake.delayGrants(Duration.ofSeconds(seconds));
		buy("alice", BOOK);
		assertThat(features("alice")).containsExactly("book", "share");
		this.fake.advance(Duration.ofSeconds(seconds));
		assertThat(features("alice")).containsExactly("book", "share");
		assertThat(this.entitlements.of("alice").report().features().get("share").basis()).isEqualTo(Basis.BENEFIT);
	}

	@Test
	void buyerWithTheAddressOfAnotherUserKeepsWhatTheyBought() {
		buy("mallory", "alice@example.com", BOOK);
		assertThat(features("mallory")).containsExactly("book", "share");
		assertThat(features("alice")).isEmpty();
		buy("alice", "alice@example.com", CLOUD);
		assertThat(features("alice")).containsExactly("cloud", "export");
		assertThat(features("mallory")).containsExactly("book", "share");
		this.fake.revokeSubscription(subscription());
		assertThat(features("alice")).isEmpty();
		assertThat(features("mallory")).containsExactly("book", "share");
	}

	@Test
	void refundEndsAnOrder() {
		buy("alice", BOOK);
		this.fake.refund(this.fake.orderIds().get(0), 900);
		assertThat(features("alice")).as("partially refunded").containsExactly("book", "share");
		this.fake.refund(this.fake.orderIds().get(0), 1000);
		assertThat(features("alice")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void lostDisputeEndsAnOrder(boolean won) {
		buy("alice", BOOK);
		UUID order = this.fake.orderIds().get(0);
		this.fake.dispute(order);
		assertThat(features("alice")).containsExactly("book", "share");
		this.fake.closeDispute(order, won);
		assertThat(features("alice")).isEqualTo(won ? List.of("book", "share") : List.of());
	}

	@Test
	void benefitThatIsRevokedIsLost() {
		buy("alice", TEAM);
		assertThat(features("alice")).containsExactly("cloud", "export", "share");
		// benefits that are missing count within a minute of the purchase
		this.ahead = Duration.ofMinutes(2);
		this.fake.revokeBenefit(this.export, "alice");
		assertThat(features("alice")).containsExactly("cloud", "share");
		assertThat(this.entitlements.of("alice").limit("forms")).isEqualTo(10);
		this.fake.grantBenefit(this.export, "alice");
		assertThat(features("alice")).containsExactly("cloud", "export", "share");
	}

	@Test
	void failedRenewalEndsASubscriptionUntilItIsPaid() {
		buy("alice", CLOUD);
		assertThat(features("alice")).containsExactly("cloud", "export");
		this.fake.declineRenewals(true);
		this.fake.renewSubscription(subscription());
		assertThat(features("alice")).isEmpty();
		assertThat(this.entitlements.of("alice").paymentProblem()).get()
			.extracting(PaymentProblem::subscriptionId)
			.isEqualTo(subscription());
		assertThat(this.entitlements.of("alice").paymentProblem().map(PaymentProblem::nextAttempt)).isPresent();
		assertThat(this.entitlements.of("alice").limit("forms")).isEqualTo(3);
		this.fake.declineRenewals(false);
		this.fake.advance(Duration.ofDays(2));
		assertThat(features("alice")).containsExactly("cloud", "export");
		assertThat(this.entitlements.of("alice").paymentProblem()).isEmpty();
	}

	@Test
	void failedRenewalLeavesAGracePeriod() {
		this.fake.gracePeriod(Duration.ofDays(5));
		buy("alice", CLOUD);
		this.fake.declineRenewals(true);
		this.fake.renewSubscription(subscription());
		assertThat(features("alice")).containsExactly("cloud", "export");
		assertThat(this.entitlements.of("alice").paymentProblem()).isPresent();
		this.fake.advance(Duration.ofDays(7));
		assertThat(features("alice")).isEmpty();
	}

	@Test
	void canceledSubscriptionEndsWithItsPeriod() {
		buy("alice", CLOUD);
		this.fake.cancelSubscription(subscription());
		assertThat(features("alice")).containsExactly("cloud", "export");
		this.fake.renewSubscription(subscription());
		assertThat(features("alice")).isEmpty();
	}

	@Test
	void pausedSubscriptionCountsWhenItIsResumed() {
		buy("alice", CLOUD);
		this.fake.emit("subscription.paused", subscription());
		assertThat(features("alice")).isEmpty();
		this.fake.emit("subscription.resumed", subscription());
		assertThat(features("alice")).containsExactly("cloud", "export");
	}

	@Test
	void changedPlanCountsAtOnce() {
		buy("alice", CLOUD);
		assertThat(features("alice")).containsExactly("cloud", "export");
		this.fake.delayGrants(Duration.ofSeconds(10));
		changePlan(subscription(), TEAM);
		assertThat(features("alice")).containsExactly("cloud", "export", "share");
		this.fake.advance(Duration.ofSeconds(10));
		assertThat(features("alice")).containsExactly("cloud", "export", "share");
		changePlan(subscription(), CLOUD);
		assertThat(features("alice")).containsExactly("cloud", "export");
	}

	@Test
	void deletedCustomerLosesEverything() {
		buy("alice", CLOUD);
		buy("alice", BOOK);
		assertThat(features("alice")).containsExactly("book", "cloud", "export", "share");
		this.client.delete("/v1/customers/external/{id}", "alice");
		this.fake.webhooks().await();
		assertThat(features("alice")).isEmpty();
	}

	/**
	 * Whatever the order in which the events arrive, late and doubled, what is kept in
	 * the end is what Polar says.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void keptStateIsThatOfPolarInTheEnd(long seed) {
		Random random = new Random(seed);
		this.fake.webhooks().disorder(seed);
		List<PolarEvent<?>> late = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			act(random);
			late.addAll(this.arrived);
			this.arrived.clear();
			for (int j = random.nextInt(6); j > 0 && !late.isEmpty(); j--) {
				PolarEvent<?> event = late.get(random.nextInt(late.size()));
				this.recorder.record(event);
				if (random.nextInt(4) > 0) {
					late.remove(event);
				}
			}
			if (random.nextBoolean()) {
				this.entitlements.of(USERS.get(random.nextInt(USERS.size()))).report();
			}
		}
		while (!late.isEmpty()) {
			this.recorder.record(late.remove(random.nextInt(late.size())));
			if (random.nextInt(5) == 0) {
				this.entitlements.of(USERS.get(random.nextInt(USERS.size()))).report();
			}
		}
		PolarEntitlements fresh = application().getBean(PolarEntitlements.class);
		for (String user : USERS) {
			EntitlementReport kept = this.entitlements.of(user).report();
			assertThat(kept.features()).as("%s, seed %d", user, seed).isEqualTo(fresh.of(user).report().features());
			assertThat(kept.limits()).isEqualTo(fresh.of(user).report().limits());
			assertThat(this.entitlements.of(user).paymentProblem()).isEqualTo(fresh.of(user).paymentProblem());
		}
	}

	private void act(Random random) {
		String user = USERS.get(random.nextInt(USERS.size()));
		List<UUID> subscriptions = this.fake.subscriptionIds();
		List<UUID> orders = this.fake.orderIds();
		try {
			switch (subscriptions.isEmpty() ? 0 : random.nextInt(12)) {
				case 0, 1, 2 -> buy(user, (random.nextBoolean() ? user : "alice") + "@example.com",
						List.of(BOOK, CLOUD, TEAM).get(random.nextInt(3)));
				case 3 -> this.fake.refund(orders.get(random.nextInt(orders.size())), 900);
				case 4 -> this.fake.revokeSubscription(subscriptions.get(random.nextInt(subscriptions.size())));
				case 5 -> this.fake.cancelSubscription(subscriptions.get(random.nextInt(subscriptions.size())));
				case 6 -> this.fake.declineRenewals(random.nextBoolean());
				case 7 -> this.fake.renewSubscription(subscriptions.get(random.nextInt(subscriptions.size())));
				case 8 -> changePlan(subscriptions.get(random.nextInt(subscriptions.size())),
						random.nextBoolean() ? CLOUD : TEAM);
				case 9 -> this.fake.emit(random.nextBoolean() ? "subscription.paused" : "subscription.resumed",
						subscriptions.get(random.nextInt(subscriptions.size())));
				case 10 -> this.fake.dispute(orders.get(random.nextInt(orders.size())));
				default -> this.fake.closeDispute(orders.get(random.nextInt(orders.size())), false);
			}
		}
		catch (IllegalStateException | PolarException ex) {
			// not possible now
		}
	}

}
