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

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for which purchases count.
 */
class EntitlementRulesTests {

	private static final UUID EXPORT = EntitlementsFixture.EXPORT;

	private static final UUID OTHER_BENEFIT = PurchasesAtPolar.id("another benefit");

	private static final EntitlementReport.Reason NONE = new EntitlementReport.Reason(Basis.NONE, null, null, null);

	private final EntitlementsFixture fixture = new EntitlementsFixture();

	private final PurchasesAtPolar polar = this.fixture.polar;

	private final Item pro = this.polar.product(EntitlementsFixture.PRO, EXPORT);

	private final DefaultPolarEntitlements entitlements = this.fixture.start();

	@AfterEach
	void close() {
		this.fixture.close();
	}

	private Entitlements alice() {
		this.entitlements.refresh(List.of("alice"), null);
		this.fixture.clock.advance(Duration.ofMillis(1));
		return this.entitlements.of("alice");
	}

	private Basis basis(String feature) {
		return alice().report().features().getOrDefault(feature, NONE).basis();
	}

	private Instant ago(int seconds) {
		return this.fixture.clock.instant().minusSeconds(seconds);
	}

	@Test
	void userWhoBoughtNothingHasTheDefaults() {
		assertThat(alice().has("export")).isFalse();
		assertThat(alice().has("pro")).isFalse();
		assertThat(alice().has("open")).isFalse();
		assertThat(alice().limit("forms")).isEqualTo(3);
		assertThat(alice().paymentProblem()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "active, true", "trialing, true", "past_due, false", "paused, false", "unpaid, false",
			"canceled, false", "incomplete, false", "incomplete_expired, false", "novel, false" })
	void subscriptionCountsByItsStatus(String status, boolean counts) {
		this.polar.subscription("alice", this.pro).with("status", status);
		assertThat(alice().has("pro")).isEqualTo(counts);
		assertThat(alice().has("export")).as("without a grant").isFalse();
	}

	@Test
	void grantOfASubscriptionThatDoesNotRunDoesNotCount() {
		Item subscription = this.polar.subscription("alice", this.pro).with("status", "paused");
		this.polar.grant(subscription, EXPORT);
		assertThat(alice().has("export")).isFalse();
		subscription.with("status", "active");
		assertThat(alice().has("export")).isTrue();
	}

	@Test
	void canceledSubscriptionCountsUntilItEnds() {
		Item subscription = this.polar.subscription("alice", this.pro)
			.with("cancel_at_period_end", true)
			.with("ends_at", this.fixture.clock.instant().plusSeconds(60));
		assertThat(alice().has("pro")).isTrue();
		subscription.with("status", "canceled");
		assertThat(alice().has("pro")).isFalse();
	}

	@Test
	void pastDueSubscriptionCountsWhileItsBenefitsAreGranted() {
		Instant pastDue = ago(5);
		Instant nextAttempt = ago(-86400);
		Item subscription = this.polar.subscription("alice", this.pro)
			.with("status", "past_due")
			.with("modified_at", ago(1))
			.with("past_due_at", pastDue);
		Item grant = this.polar.grant(subscription, EXPORT);
		assertThat(alice().has("pro")).isTrue();
		assertThat(alice().has("export")).isTrue();
		grant.revoked();
		assertThat(alice().has("pro")).isFalse();
		assertThat(alice().has("export")).isFalse();
		Item renewal = this.polar.order("alice", this.pro)
			.with("status", "pending")
			.with("paid", false)
			.with("subscription_id", subscription.id().toString())
			.with("next_payment_attempt_at", nextAttempt);
		assertThat(alice().paymentProblem())
			.contains(new PaymentProblem(subscription.id(), EntitlementsFixture.PRO, pastDue, nextAttempt));
		this.polar.remove(renewal);
		assertThat(alice().paymentProblem()).get().extracting(PaymentProblem::nextAttempt).isNull();
		subscription.with("status", "active");
		assertThat(alice().paymentProblem()).isEmpty();
	}

	@Test
	void oldestProblemIsReported() {
		this.polar.subscription("alice", this.pro).with("status", "past_due").without("past_due_at");
		Item oldest = this.polar.subscription("alice", this.pro)
			.with("status", "past_due")
			.with("past_due_at", ago(500));
		this.polar.subscription("alice", this.pro).with("status", "past_due").with("past_due_at", ago(5));
		assertThat(alice().paymentProblem()).map(PaymentProblem::subscriptionId).hasValue(oldest.id());
	}

	@ParameterizedTest
	@CsvSource({ "paid, true, true", "partially_refunded, true, true", "refunded, true, false", "pending, false, false",
			"void, false, false" })
	void orderCountsByItsStatus(String status, boolean paid, boolean counts) {
		Item order = this.polar.order("alice", this.pro).with("status", status).with("paid", paid);
		assertThat(alice().has("pro")).isEqualTo(counts);
		assertThat(alice().has("export")).isFalse();
		this.polar.grant(order, EXPORT);
		assertThat(alice().has("export")).isEqualTo(counts);
	}

	@Test
	void orderWhoseGrantsAreAllRevokedDoesNotCount() {
		Item order = this.polar.order("alice", this.pro);
		this.polar.grant(order, OTHER_BENEFIT).revoked();
		Item grant = this.polar.grant(order, EXPORT);
		assertThat(alice().has("pro")).isTrue();
		grant.revoked();
		assertThat(alice().has("pro")).as("lost dispute").isFalse();
	}

	@Test
	void orderWithABenefitThatTheBuyerHasToAcceptFirstCounts() {
		Item order = this.polar.order("alice", this.pro);
		this.polar.grant(order, EXPORT).with("is_granted", false);
		assertThat(alice().has("pro")).isTrue();
		assertThat(alice().has("export")).isFalse();
	}

	@Test
	void renewalsOfSubscriptionsAreNoOneTimePurchases() {
		Item subscription = this.polar.subscription("alice", this.pro).with("status", "canceled");
		this.polar.order("alice", this.pro).with("subscription_id", subscription.id().toString());
		assertThat(alice().has("pro")).isFalse();
	}

	@Test
	void benefitsOfASubscriptionJustBoughtCountForAMinute() {
		Item subscription = this.polar.subscription("alice", this.pro).with("started_at", this.fixture.clock.instant());
		Entitlements alice = this.entitlements.of("alice");
		assertThat(alice.has("export")).isTrue();
		assertThat(alice.report().features().get("export")).isEqualTo(new EntitlementReport.Reason(Basis.JUST_BOUGHT,
				subscription.id(), EXPORT, EntitlementReport.Proof.METADATA));
		int requests = this.polar.requests().size();
		this.fixture.clock.advance(Duration.ofSeconds(59));
		assertThat(this.entitlements.of("alice").has("export")).isTrue();
		assertThat(this.polar.requests()).as("in memory").hasSize(requests);
		this.fixture.clock.advance(Duration.ofSeconds(1));
		assertThat(this.entitlements.of("alice").has("export")).as("only grants count").isFalse();
		assertThat(this.entitlements.of("alice").has("pro")).isTrue();
		this.polar.grant(subscription, EXPORT);
		assertThat(basis("export")).isEqualTo(Basis.BENEFIT);
	}

	@Test
	void provisionalTimeEndsSeparatelyForEachPurchase() {
		UUID report = PurchasesAtPolar.id("product report");
		Item other = this.polar.product(report, OTHER_BENEFIT);
		this.polar.subscription("alice", this.pro).with("started_at", ago(50));
		this.polar.subscription("alice", other).with("started_at", ago(5));
		assertThat(this.entitlements.of("alice").has("export")).isTrue();
		this.fixture.clock.advance(Duration.ofSeconds(10));
		assertThat(this.entitlements.of("alice").has("export")).isFalse();
	}

	@Test
	void grantedBenefitNeedsNoProvisionalTime() {
		Item subscription = this.polar.subscription("alice", this.pro).with("started_at", ago(1));
		this.polar.grant(subscription, EXPORT);
		assertThat(basis("export")).isEqualTo(Basis.BENEFIT);
		int requests = this.polar.requests().size();
		this.fixture.clock.advance(Duration.ofMinutes(4));
		assertThat(this.entitlements.of("alice").has("export")).isTrue();
		assertThat(this.polar.requests()).hasSize(requests);
	}

	@Test
	void benefitsOfTheNewProductCountAfterAPlanChange() {
		UUID basicBenefit = OTHER_BENEFIT;
		Item subscription = this.polar.subscription("alice", this.pro).with("modified_at", ago(1));
		Item old = this.polar.grant(subscription, basicBenefit);
		assertThat(basis("export")).isEqualTo(Basis.JUST_BOUGHT);
		old.revoked();
		assertThat(basis("export")).isEqualTo(Basis.JUST_BOUGHT);
		subscription.with("modified_at", ago(61));
		assertThat(basis("export")).isEqualTo(Basis.NONE);
	}

	@Test
	void recoveredSubscriptionCountsAtOnce() {
		Item subscription = this.polar.subscription("alice", this.pro)
			.with("status", "past_due")
			.with("modified_at", ago(1));
		this.polar.grant(subscription, EXPORT).revoked();
		assertThat(alice().has("export")).as("past due").isFalse();
		subscription.with("status", "active");
		assertThat(alice().has("export")).isTrue();
	}

	@Test
	void benefitsOfAnOrderJustPaidCountForAMinute() {
		Item order = this.polar.order("alice", this.pro).with("created_at", ago(1));
		assertThat(this.entitlements.of("alice").has("export")).isTrue();
		assertThat(this.entitlements.of("alice").report().features().get("export").basis())
			.isEqualTo(Basis.JUST_BOUGHT);
		this.fixture.clock.advance(Duration.ofSeconds(60));
		assertThat(this.entitlements.of("alice").has("export")).isFalse();
		order.with("modified_at", ago(1));
		assertThat(basis("export")).as("paid later than ordered").isEqualTo(Basis.JUST_BOUGHT);
	}

	@Test
	void missingBenefitsOfAnOrderJustPaidCountBesideGrantedOnes() {
		Item both = this.polar.product(PurchasesAtPolar.id("both"), EXPORT, OTHER_BENEFIT);
		Item order = this.polar.order("alice", both).with("created_at", ago(1));
		Item grant = this.polar.grant(order, OTHER_BENEFIT);
		assertThat(basis("export")).isEqualTo(Basis.JUST_BOUGHT);
		grant.revoked();
		assertThat(basis("export")).as("what was taken away").isEqualTo(Basis.NONE);
	}

	@Test
	void orderOfAProductThatNoLongerExistsCounts() {
		this.polar.order("alice", this.pro).with("created_at", ago(1));
		this.polar.remove(this.pro);
		assertThat(alice().has("pro")).isTrue();
		assertThat(alice().has("export")).isFalse();
	}

	@Test
	void orderWithoutAProductCountsForNothing() {
		this.polar.order("alice", this.pro).with("created_at", ago(1)).with("product_id", null).with("product", null);
		assertThat(alice().has("pro")).isFalse();
		assertThat(alice().has("export")).isFalse();
	}

	@Test
	void purchaseWithSeatsCountsForThoseWhoHoldOne() {
		Item team = this.polar.subscription("team", this.pro).with("seats", 5);
		this.polar.grant(team, EXPORT).with("member.external_id", "bob").with("member.id", UUID.randomUUID());
		this.polar.grant(team, EXPORT)
			.with("member.external_id", "carol")
			.with("member.id", UUID.randomUUID())
			.revoked();
		PolarIdentity workspace = PolarIdentity.of("team");
		Map<PolarIdentity, Boolean> expected = new LinkedHashMap<>();
		expected.put(workspace.withMemberId("bob"), true);
		expected.put(workspace.withMemberId("carol"), false);
		expected.put(workspace.withMemberId("dave"), false);
		expected.put(workspace, false);
		expected.put(PolarIdentity.of("bob"), false);
		expected.forEach((identity, has) -> {
			Entitlements entitlements = this.entitlements.of(identity);
			assertThat(entitlements.has("export")).isEqualTo(has);
			assertThat(entitlements.has("pro")).isEqualTo(has);
		});
		this.polar.grant(team, EXPORT).with("member.external_id", "team").with("member.id", UUID.randomUUID());
		this.fixture.clock.advance(Duration.ofMinutes(5));
		assertThat(this.entitlements.of(workspace).has("pro")).as("the buyer has a seat").isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "export", "pro" })
	void buyerOfSeatsIsNotAskedToPayAgainUntilTheSeatsAreAssigned(String feature) {
		Item team = this.polar.subscription("team", this.pro).with("seats", 5).with("started_at", ago(1));
		this.polar.grant(team, EXPORT).with("member.external_id", "bob").with("member.id", UUID.randomUUID());
		Entitlements buyer = this.entitlements.of("team");
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).isThrownBy(() -> buyer.has(feature));
		assertThat(buyer.limit("forms")).isEqualTo(3);
		assertThat(this.entitlements.of(PolarIdentity.of("team").withMemberId("bob")).has(feature)).isTrue();
		this.fixture.clock.advance(Duration.ofSeconds(59));
		assertThat(this.entitlements.of("team").has(feature)).isFalse();
	}

	@Test
	void orderWithSeatsCountsForThoseWhoHoldOne() {
		Item team = this.polar.order("team", this.pro).with("seats", 2);
		PolarIdentity bob = PolarIdentity.of("team").withMemberId("bob");
		assertThat(this.entitlements.of(bob).has("pro")).isFalse();
		this.polar.grant(team, EXPORT).with("member.external_id", "bob").with("member.id", UUID.randomUUID());
		this.fixture.clock.advance(Duration.ofMinutes(5));
		assertThat(this.entitlements.of(bob).has("pro")).isTrue();
		assertThat(this.entitlements.of("team").has("pro")).isFalse();
	}

	@Test
	void purchaseOfAWorkspaceCountsForAllItsMembers() {
		Item subscription = this.polar.subscription("team", this.pro);
		this.polar.grant(subscription, EXPORT).with("member.external_id", "team").with("member.id", UUID.randomUUID());
		PolarIdentity bob = PolarIdentity.of("team").withMemberId("bob");
		assertThat(this.entitlements.of(bob).has("export")).isTrue();
		assertThat(this.entitlements.of(bob).has("pro")).isTrue();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "absent", textBlock = """
			10, 10
			'10', 10
			' 10 ', 10
			+10, 10
			10.9, 10
			'2.0', 2
			-10.5, -11
			unlimited, 9223372036854775807
			' Unlimited', 9223372036854775807
			9223372036854775807, 9223372036854775807
			99999999999999999999999, 9223372036854775807
			-99999999999999999999999, -9223372036854775808
			many, 3
			'', 3
			1e3, 3
			'10,000', 3
			0x10, 3
			٣, 3
			absent, 3
			""")
	void limitIsANumberInTheMetadata(@Nullable String value, long limit) {
		Item subscription = this.polar.subscription("alice", this.pro);
		this.polar.grant(subscription, EXPORT).with("benefit.metadata.forms", value);
		assertThat(alice().limit("forms")).isEqualTo(limit);
	}

	@Test
	void limitCanBeAJsonNumber() {
		Item grant = this.polar.grant(this.polar.subscription("alice", this.pro), EXPORT);
		Map<Object, Long> limits = new LinkedHashMap<>();
		limits.put(0, 0L);
		limits.put(25L, 25L);
		limits.put(2.99, 2L);
		limits.put(-0.5, -1L);
		limits.put(1e300, Long.MAX_VALUE);
		limits.put(new BigInteger("99999999999999999999"), Long.MAX_VALUE);
		limits.put(true, 3L);
		limits.put(List.of(5), 3L);
		limits.forEach((value, limit) -> {
			grant.with("benefit.metadata.forms", value);
			assertThat(alice().limit("forms")).as("%s", value).isEqualTo(limit);
		});
	}

	@Test
	void limitIsTheHighestOfTheBenefitsAndThenOfTheProducts() {
		Item subscription = this.polar.subscription("alice", this.pro).with("product.metadata.forms", 50);
		assertThat(alice().limit("forms")).isEqualTo(50);
		this.polar.subscription("alice", this.pro).with("product.metadata.forms", "7");
		assertThat(alice().limit("forms")).isEqualTo(50);
		Item low = this.polar.grant(subscription, EXPORT).with("benefit.metadata.forms", 5);
		assertThat(alice().limit("forms")).as("benefits before products").isEqualTo(5);
		Item high = this.polar.grant(this.polar.order("alice", this.pro), OTHER_BENEFIT)
			.with("benefit.metadata.forms", "8");
		assertThat(alice().limit("forms")).isEqualTo(8);
		high.revoked();
		low.with("benefit.metadata.forms", 0);
		assertThat(alice().limit("forms")).as("a limit can be lower than the default").isZero();
	}

	@Test
	void limitOfABenefitJustBoughtCounts() {
		Map<String, Object> benefit = Map.of("id", EXPORT.toString(), "metadata", Map.of("forms", "9"));
		this.polar.subscription("alice", this.pro)
			.with("started_at", ago(1))
			.with("product.benefits", List.of(benefit));
		assertThat(alice().limit("forms")).isEqualTo(9);
		this.fixture.clock.advance(Duration.ofSeconds(60));
		assertThat(alice().limit("forms")).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "past_due", "paused" })
	void limitOfAProductThatDoesNotCountIsIgnored(String status) {
		this.polar.subscription("alice", this.pro).with("product.metadata.forms", 50).with("status", status);
		assertThat(alice().limit("forms")).isEqualTo(3);
	}

	@Test
	void limitOfSeatsCountsForThoseWhoHoldOne() {
		Item team = this.polar.subscription("team", this.pro).with("seats", 5).with("product.metadata.forms", 50);
		this.polar.grant(team, OTHER_BENEFIT).with("member.external_id", "bob").with("member.id", UUID.randomUUID());
		PolarIdentity workspace = PolarIdentity.of("team");
		assertThat(this.entitlements.of(workspace.withMemberId("bob")).limit("forms")).isEqualTo(50);
		assertThat(this.entitlements.of(workspace.withMemberId("carol")).limit("forms")).isEqualTo(3);
	}

}
