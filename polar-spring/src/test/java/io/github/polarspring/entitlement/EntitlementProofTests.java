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

package io.github.polarspring.entitlement;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for whose a purchase is.
 */
class EntitlementProofTests {

	private static final UUID EXPORT = EntitlementsFixture.EXPORT;

	private static final String BUYER = "metadata.external_customer_id";

	private static final String MARK = "metadata.checkout_buyer";

	private final EntitlementsFixture fixture = new EntitlementsFixture();

	private final PurchasesAtPolar polar = this.fixture.polar;

	private final Item pro = this.polar.product(EntitlementsFixture.PRO, EXPORT);

	private final HoldingsInMemory store = new HoldingsInMemory(this.fixture.clock);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	private @Nullable Proof proof(DefaultPolarEntitlements entitlements, String user) {
		Entitlements of = entitlements.of(user);
		EntitlementReport.Reason reason = of.report().features().get("pro");
		assertThat(reason).isNotNull();
		assertThat(of.has("pro")).isEqualTo(reason.granted());
		return reason.proof();
	}

	private @Nullable Proof proof(String user) {
		return proof(this.fixture.start(), user);
	}

	private @Nullable Proof proofIfUnprovenIsAccepted(String user) {
		return proof(this.fixture.start((builder) -> builder.acceptUnproven(true)), user);
	}

	private List<UUID> unproven(String user) {
		return this.fixture.start().of(user).report().unproven();
	}

	@Test
	void purchaseCountsForTheUserInItsMetadata() {
		Item subscription = this.polar.subscription("alice", this.pro).assignedTo("mallory");
		this.polar.grant(subscription, EXPORT);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(proof(entitlements, "alice")).isEqualTo(Proof.METADATA);
		assertThat(entitlements.of("alice").has("export")).isTrue();
		assertThat(entitlements.of("alice").report().unproven()).isEmpty();
		assertThat(entitlements.of("mallory").has("export")).isFalse();
		assertThat(proof(entitlements, "mallory")).isNull();
		assertThat(entitlements.of("mallory").report().unproven()).containsExactly(subscription.id());
		assertThat(proofIfUnprovenIsAccepted("mallory")).isNull();
		assertThat(proofIfUnprovenIsAccepted("alice")).isEqualTo(Proof.METADATA);
	}

	@Test
	void orderCountsForTheUserInItsMetadata() {
		Item order = this.polar.order("alice", this.pro).assignedTo("mallory");
		this.polar.grant(order, EXPORT);
		assertThat(proof("alice")).isEqualTo(Proof.METADATA);
		assertThat(proof("mallory")).isNull();
		assertThat(unproven("mallory")).containsExactly(order.id());
	}

	@Test
	void purchaseOfACustomerWithoutAnExternalIdCountsForTheUserInItsMetadata() {
		this.polar.subscription("alice", this.pro).assignedTo(null);
		assertThat(proof("alice")).isEqualTo(Proof.METADATA);
	}

	@Test
	void idInTheMetadataCanBeANumber() {
		this.polar.subscription("42", this.pro).with(BUYER, 42);
		assertThat(proof("42")).isEqualTo(Proof.METADATA);
		assertThat(proof("4")).isNull();
	}

	@Test
	void purchaseForAChosenCustomerCountsForThatCustomer() {
		this.polar.subscription("alice", this.pro)
			.without(BUYER)
			.with(MARK, "customer:" + PurchasesAtPolar.customer("alice"));
		assertThat(proof("alice")).isEqualTo(Proof.CUSTOMER);
	}

	@Test
	void purchaseForAnotherChosenCustomerCountsForNoOne() {
		this.polar.subscription("alice", this.pro)
			.without(BUYER)
			.with(MARK, "customer:" + PurchasesAtPolar.customer("bob"));
		assertThat(proof("alice")).isNull();
		assertThat(proof("bob")).isNull();
		assertThat(proofIfUnprovenIsAccepted("alice")).isNull();
		assertThat(proofIfUnprovenIsAccepted("bob")).isNull();
	}

	@Test
	void purchaseOfAGuestCountsOnlyIfUnprovenIsAccepted() {
		Item order = this.polar.order("alice", this.pro).without(BUYER).with(MARK, "guest");
		assertThat(proof("alice")).isNull();
		assertThat(unproven("alice")).containsExactly(order.id());
		assertThat(proofIfUnprovenIsAccepted("alice")).isEqualTo(Proof.UNPROVEN);
	}

	@Test
	void purchaseWithoutMetadataCountsOnlyIfUnprovenIsAccepted() {
		Item subscription = this.polar.subscription("alice", this.pro).with("metadata", Map.of());
		this.polar.grant(subscription, EXPORT);
		assertThat(proof("alice")).isNull();
		assertThat(unproven("alice")).containsExactly(subscription.id());
		DefaultPolarEntitlements accepting = this.fixture.start((builder) -> builder.acceptUnproven(true));
		assertThat(proof(accepting, "alice")).isEqualTo(Proof.UNPROVEN);
		assertThat(accepting.of("alice").has("export")).isTrue();
		assertThat(accepting.of("alice").report().unproven()).isEmpty();
	}

	@Test
	void userIsNotFoundByAnyOtherMetadata() {
		this.polar.subscription("bob", this.pro).with("metadata.user", "alice").with("metadata.external_id", "alice");
		assertThat(proof("alice")).isNull();
	}

	@Test
	void purchasesOfADeletedCustomerDoNotCount() {
		Item order = this.polar.order("alice", this.pro).with("customer.deleted_at", "2026-11-01T00:00:00Z");
		assertThat(proof("alice")).isNull();
		assertThat(unproven("alice")).isEmpty();
		order.with("customer.external_id", null);
		assertThat(proof("alice")).isNull();
	}

	@Test
	void merchantIsToldOfUnprovenPurchasesOnceAnHour() {
		Item subscription = this.polar.subscription("alice", this.pro).assignedTo("mallory");
		DefaultPolarEntitlements entitlements = this.fixture.start();
		PolarUnprovenPurchases event = new PolarUnprovenPurchases("mallory", List.of(subscription.id()));
		for (int i = 0; i < 12; i++) {
			entitlements.of("mallory");
			entitlements.of("alice");
			this.fixture.clock.advance(Duration.ofMinutes(5));
		}
		this.fixture.awaitEvents(event);
		assertThat(this.fixture.warnings()).singleElement()
			.asString()
			.contains(subscription.id().toString(), "assignSubscription")
			.doesNotContain("mallory", "alice");
		assertThat(event.toString()).doesNotContain("mallory");
		entitlements.of("mallory");
		this.fixture.awaitEvents(event, event);
		assertThat(this.fixture.warnings()).hasSize(2);
	}

	@Test
	void listenerThatFailsDoesNotMatter() {
		this.polar.subscription("alice", this.pro).assignedTo("mallory");
		this.polar.order("mallory", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start((builder) -> builder.events((event) -> {
			throw new IllegalStateException("broken");
		}));
		assertThat(entitlements.of("mallory").has("pro")).isTrue();
		assertThat(this.fixture.statistics.unavailableSince()).isNull();
	}

	@Test
	void assignSubscriptionWritesTheIdBesideOtherMetadata() {
		Item subscription = this.polar.subscription("alice", this.pro)
			.assignedTo("mallory")
			.without(BUYER)
			.with("metadata.plan", "pro")
			.with("metadata.seats", 5);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(proof(entitlements, "alice")).isNull();
		assertThat(entitlements.of("mallory").report().unproven()).hasSize(1);
		entitlements.assignSubscription(subscription.id(), "alice");
		JsonNode metadata = subscription.json().path("metadata");
		assertThat(metadata.toString()).isEqualTo("{\"plan\":\"pro\",\"seats\":5,\"external_customer_id\":\"alice\"}");
		this.fixture.clock.advance(Duration.ofSeconds(1));
		assertThat(proof(entitlements, "alice")).isEqualTo(Proof.METADATA);
		this.fixture.awaitEvents(new PolarUnprovenPurchases("mallory", List.of(subscription.id())),
				new PolarPurchaseAssigned(subscription.id(), "alice"));
	}

	@Test
	void assignSubscriptionTwiceChangesNothing() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		entitlements.assignSubscription(subscription.id(), "alice");
		assertThat(this.polar.requests()).noneMatch((request) -> request.startsWith("PATCH"));
		assertThat(this.fixture.events).isEmpty();
	}

	@Test
	void assignSubscriptionAwayTakesItFromTheUserBefore() {
		Item subscription = this.polar.subscription("bob", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(proof(entitlements, "bob")).isEqualTo(Proof.METADATA);
		assertThat(proof(entitlements, "alice")).isNull();
		this.fixture.clock.advance(Duration.ofSeconds(1));
		entitlements.assignSubscription(subscription.id(), "alice");
		assertThat(proof(entitlements, "bob")).isNull();
		assertThat(proof(entitlements, "alice")).isEqualTo(Proof.METADATA);
		PolarPurchaseAssigned event = new PolarPurchaseAssigned(subscription.id(), "alice");
		assertThat(this.fixture.events).contains(event);
		assertThat(event.toString()).doesNotContain("alice");
	}

	@Test
	void assignOrderStoresTheAssignment() {
		Item order = this.polar.order("alice", this.pro).assignedTo("mallory").without(BUYER);
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store);
		assertThat(proof(entitlements, "alice")).isNull();
		assertThat(entitlements.of("mallory").report().unproven()).containsExactly(order.id());
		this.fixture.clock.advance(Duration.ofSeconds(1));
		assertThat(entitlements.assignedOrders("alice")).isEmpty();
		entitlements.assignOrder(order.id(), "alice");
		assertThat(entitlements.assignedOrders("alice")).containsExactly(order.id());
		assertThat(proof(entitlements, "alice")).isEqualTo(Proof.ASSIGNED);
		assertThat(entitlements.of("mallory").report().unproven()).as("settled").isEmpty();
		assertThat(this.polar.requests()).noneMatch((request) -> request.startsWith("PATCH"));
	}

	@Test
	void assignOrderTakesItFromItsOwner() {
		Item order = this.polar.order("bob", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store);
		assertThat(proof(entitlements, "bob")).isEqualTo(Proof.METADATA);
		this.fixture.clock.advance(Duration.ofSeconds(1));
		entitlements.assignOrder(order.id(), "alice");
		assertThat(proof(entitlements, "bob")).isNull();
		assertThat(proof(entitlements, "alice")).isEqualTo(Proof.ASSIGNED);
		this.fixture.clock.advance(Duration.ofSeconds(1));
		entitlements.assignOrder(order.id(), "carol");
		entitlements.assignOrder(order.id(), "carol");
		assertThat(proof(entitlements, "alice")).isNull();
		assertThat(proof(entitlements, "carol")).isEqualTo(Proof.ASSIGNED);
		assertThat(this.fixture.events).containsExactly(new PolarPurchaseAssigned(order.id(), "alice"),
				new PolarPurchaseAssigned(order.id(), "carol"));
	}

	@Test
	void orderThatIsAssignedAndRefundedDoesNotCount() {
		Item order = this.polar.order("bob", this.pro).with("status", "refunded");
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store);
		entitlements.assignOrder(order.id(), "alice");
		assertThat(proof(entitlements, "alice")).isNull();
		this.polar.remove(order);
		assertThat(proof(this.fixture.start(this.store), "alice")).isNull();
	}

	@Test
	void assignOrderOfASubscriptionIsRejected() {
		Item order = this.polar.order("bob", this.pro).with("subscription_id", UUID.randomUUID());
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store);
		assertThatIllegalArgumentException().isThrownBy(() -> entitlements.assignOrder(order.id(), "alice"))
			.withMessageContaining("assign the subscription instead");
		assertThat(this.store.assignments(null)).isEmpty();
	}

	@Test
	void assignOrderWithoutADatabaseIsRejected() {
		Item order = this.polar.order("bob", this.pro);
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> this.fixture.start().assignOrder(order.id(), "alice"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("polar.webhook.inbox: jdbc", "ComplimentaryAccess"));
	}

	@Test
	void assignUnknownPurchaseFails() {
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store);
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> entitlements.assignSubscription(UUID.randomUUID(), "alice"));
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> entitlements.assignOrder(UUID.randomUUID(), "alice"));
		assertThatIllegalArgumentException().isThrownBy(() -> entitlements.assignSubscription(UUID.randomUUID(), " "));
		assertThat(this.fixture.events).isEmpty();
	}

}
