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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.PolarCustomerTemplate;
import io.github.polarspring.customer.PortalAccess;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.EntitlementReport.Reason;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.entitlement.PolarUnprovenPurchases;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link PolarEntitlements} with the fake: who gets in, and who does not.
 */
class PolarEntitlementsFakeTests {

	private static final UUID BOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

	private static final UUID CLOUD = UUID.fromString("3e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412");

	private final PolarFake fake = PolarFake.start()
		.addProduct(BOOK, "Book", 1900, "usd")
		.addSubscription(CLOUD, "Cloud", 900, "usd", RecurringInterval.MONTH);

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private final PolarCheckoutTemplate checkouts = PolarCheckoutTemplate.builder(this.client).build();

	private final PolarCustomerTemplate customers = new PolarCustomerTemplate(this.client);

	private final List<Object> events = new ArrayList<>();

	private final UUID flag = id(post("/v1/benefits/", Map.of("type", "feature_flag", "description", "Export",
			"properties", Map.of(), "metadata", Map.of("forms", 50))));

	@AfterEach
	void close() {
		this.fake.close();
	}

	private JsonNode post(String path, Object body) {
		return this.client.post(JsonNode.class, path, body);
	}

	private static UUID id(JsonNode resource) {
		return UUID.fromString(resource.path("id").asString());
	}

	private void addFlagTo(Object product) {
		post("/v1/products/" + product + "/benefits", Map.of("benefits", List.of(this.flag)));
	}

	/**
	 * Return an instance that has read nothing yet.
	 */
	private PolarEntitlements entitlements() {
		return PolarEntitlements
			.builder(this.client,
					new PolarFeatures(
							List.of(new Feature("book", Set.of(), Set.of(BOOK), null, WhenUnknown.REJECT),
									new Feature("cloud", Set.of(), Set.of(CLOUD), null, WhenUnknown.REJECT),
									new Feature("export", Set.of(this.flag), Set.of(), null, WhenUnknown.REJECT)),
							Map.of("forms", 3L)))
			.events(this.events::add)
			.build();
	}

	private boolean has(String user, String feature) {
		return entitlements().of(user).has(feature);
	}

	private UUID buy(@Nullable String user, String email, UUID product) {
		CheckoutRequest.Builder request = CheckoutRequest.forProducts(product);
		if (user != null) {
			request.externalCustomerId(user);
		}
		UUID checkout = this.checkouts.create(request.build()).id();
		this.fake.pay(checkout, email);
		return checkout;
	}

	private UUID subscriptionOf(String user) {
		return this.fake.subscriptionIds()
			.stream()
			.filter((id) -> user.equals(this.client.get(Subscription.class, "/v1/subscriptions/{id}", id)
				.metadata()
				.get("external_customer_id")))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Mallory types the address of Alice at a checkout before she buys, so that Polar
	 * assigns what she buys to his customer.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "book", "cloud" })
	void buyerGetsInAlthoughAnotherUserTypedTheirAddressFirst(String feature) {
		UUID product = feature.equals("book") ? BOOK : CLOUD;
		UUID other = feature.equals("book") ? CLOUD : BOOK;
		addFlagTo(product);
		buy("mallory", "alice@example.com", other);
		if (feature.equals("book")) {
			this.fake.revokeSubscription(this.fake.subscriptionIds().get(0));
		}
		buy("alice", "alice@example.com", product);
		assertThat(this.customers.findByExternalId("alice")).as("customer of Alice").isEmpty();
		assertThat(has("alice", feature)).isTrue();
		assertThat(has("alice", "export")).isTrue();
		assertThat(entitlements().of("alice").limit("forms")).isEqualTo(50);
		assertThat(this.events).isEmpty();
		assertThat(has("mallory", feature)).isFalse();
		assertThat(has("mallory", "export")).isFalse();
		assertThat(entitlements().of("mallory").limit("forms")).isEqualTo(3);
		assertThat(this.events).first().isInstanceOfSatisfying(PolarUnprovenPurchases.class, (event) -> {
			assertThat(event.externalId()).isEqualTo("mallory");
			assertThat(event.purchaseIds()).hasSize(1);
		});
		assertThat(this.customers.openPortal(PolarIdentity.of("mallory"), null))
			.isInstanceOf(PortalAccess.Mismatch.class);
		assertThat(this.customers.openPortal(PolarIdentity.of("alice"), null))
			.isInstanceOf(PortalAccess.Mismatch.class);
	}

	@Test
	void merchantSettlesWhatWasBoughtWithoutALogin() {
		buy(null, "alice@example.com", CLOUD);
		PolarEntitlements entitlements = entitlements();
		assertThat(entitlements.of("alice").has("cloud")).isFalse();
		UUID subscription = this.fake.subscriptionIds().get(0);
		entitlements.assignSubscription(subscription, "alice");
		entitlements.assignSubscription(subscription, "alice");
		assertThat(entitlements.of("alice").has("cloud")).isTrue();
		assertThat(has("alice", "cloud")).as("another instance").isTrue();
		assertThat(entitlements.of("alice").report().features().get("cloud"))
			.extracting(Reason::proof, Reason::purchaseId)
			.containsExactly(Proof.METADATA, subscription);
	}

	@Test
	void refundedOrderDoesNotCount() {
		addFlagTo(BOOK);
		buy("alice", "alice@example.com", BOOK);
		assertThat(has("alice", "book")).isTrue();
		assertThat(has("alice", "export")).isTrue();
		this.fake.refund(this.fake.orderIds().get(0), 1900);
		assertThat(has("alice", "book")).isFalse();
	}

	@Test
	void subscriptionCountsUntilItEnds() {
		addFlagTo(CLOUD);
		buy("alice", "alice@example.com", CLOUD);
		UUID subscription = subscriptionOf("alice");
		this.client.patch(JsonNode.class, "/v1/subscriptions/{id}", Map.of("cancel_at_period_end", true), subscription);
		assertThat(has("alice", "cloud")).isTrue();
		assertThat(has("alice", "export")).isTrue();
		this.fake.advance(Duration.ofDays(32));
		assertThat(has("alice", "cloud")).isFalse();
		assertThat(has("alice", "export")).isFalse();
	}

	@Test
	void revokedSubscriptionDoesNotCount() {
		addFlagTo(CLOUD);
		buy("alice", "alice@example.com", CLOUD);
		this.fake.revokeSubscription(subscriptionOf("alice"));
		assertThat(has("alice", "cloud")).isFalse();
		assertThat(has("alice", "export")).isFalse();
	}

	@Test
	void holderOfASeatHasWhatTheTeamBought() {
		JsonNode team = post("/v1/products/",
				Map.of("name", "Team", "recurring_interval", "month", "prices",
						List.of(Map.of("amount_type", "seat_based", "seat_tiers",
								Map.of("tiers", List.of(Map.of("min_seats", 1, "price_per_seat", 1000)))))));
		addFlagTo(id(team));
		CheckoutRequest request = CheckoutRequest.forProducts(id(team).toString())
			.externalCustomerId("workspace:7")
			.seats(3)
			.successUrl("https://shop.example/thanks")
			.build();
		this.fake.pay(this.checkouts.create(request).id(), "office@example.com");
		PolarIdentity bob = PolarIdentity.of("workspace:7").withMemberId("bob");
		// Polar could still be about to grant the benefits of a seat
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> entitlements().of(bob).has("export"));
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> has("workspace:7", "export"));
		post("/v1/customer-seats", Map.of("subscription_id", subscriptionOf("workspace:7"), "email", "bob@example.com",
				"external_member_id", "bob", "immediate_claim", true));
		assertThat(entitlements().of(bob).has("export")).isTrue();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> entitlements().of(PolarIdentity.of("workspace:7").withMemberId("eve")).has("export"));
		assertThat(has("bob", "export")).as("outside of the workspace").isFalse();
	}

	@Test
	void benefitThatPolarGrantsLaterCountsAtOnce() {
		addFlagTo(CLOUD);
		this.fake.delayGrants(Duration.ofSeconds(10));
		buy("alice", "alice@example.com", CLOUD);
		assertThat(has("alice", "export")).isTrue();
		assertThat(entitlements().of("alice").report().features().get("export").basis()).hasToString("JUST_BOUGHT");
		this.fake.advance(Duration.ofMinutes(2));
		assertThat(entitlements().of("alice").report().features().get("export").basis()).hasToString("BENEFIT");
	}

	@Test
	void deletedCustomerHasNothing() {
		buy("alice", "alice@example.com", CLOUD);
		this.customers.delete(this.customers.findByExternalId("alice").orElseThrow().id());
		assertThat(has("alice", "cloud")).isFalse();
	}

}
