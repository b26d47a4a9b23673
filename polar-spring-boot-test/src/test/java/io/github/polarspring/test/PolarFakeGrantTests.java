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
import java.util.List;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for benefits that a {@link PolarFake} grants later than the purchase, and for
 * those that tests grant and revoke.
 */
class PolarFakeGrantTests extends PolarFakeSeller {

	private static final String STATE = "/v1/customers/external/user_1/state";

	private static final Duration DELAY = Duration.ofHours(1);

	private UUID benefit(String description) throws Exception {
		return UUID.fromString(send(201, "POST", "/v1/benefits/",
				"{\"type\":\"feature_flag\",\"description\":\"%s\",\"properties\":{}}".formatted(description))
			.at("/id")
			.asString());
	}

	private int grants() throws Exception {
		return get("/v1/benefit-grants/?is_granted=true").at("/pagination/total_count").asInt();
	}

	private UUID subscribe() throws Exception {
		buy(monthly());
		return this.fake.subscriptionIds().get(0);
	}

	@Test
	void subscriptionIsInStateBeforeItsBenefits() throws Exception {
		this.fake.delayGrants(DELAY);
		assertThat(typesOf(() -> buy(monthly()))).contains("order.paid", "customer.state_changed")
			.doesNotContain("benefit_grant.created");
		JsonNode state = get(STATE);
		assertThat(state.at("/active_subscriptions").size()).isOne();
		assertThat(state.at("/granted_benefits").isEmpty()).isTrue();
		assertThat(typesOf(() -> this.fake.advance(DELAY.minusSeconds(5)))).isEmpty();
		assertThat(typesOf(() -> this.fake.advance(Duration.ofSeconds(10)))).containsExactly("benefit_grant.created",
				"customer.state_changed");
		assertThat(get(STATE).at("/granted_benefits").size()).isOne();
		JsonNode grant = get("/v1/benefit-grants/").at("/items/0");
		assertThat(grant.at("/subscription_id").asString()).isEqualTo(this.fake.subscriptionIds().get(0).toString());
		assertThat(grant.at("/granted_at")).isEqualTo(grant.at("/created_at"));
	}

	@Test
	void benefitsFollowWithoutAdvancingTheClock() throws Exception {
		this.fake.delayGrants(Duration.ofMillis(300));
		buy(course());
		Awaitility.await().untilAsserted(() -> assertThat(grants()).isOne());
		this.fake.webhooks().await();
		assertThat(events().subList(events().size() - 2, events().size())).extracting(PolarFakeWebhooks.Delivery::type)
			.containsExactly("benefit_grant.created", "customer.state_changed");
	}

	@Test
	void benefitsThatWereGrantedByTheClockAreNotGrantedTwice() throws Exception {
		this.fake.delayGrants(Duration.ofMillis(100));
		buy(course());
		this.fake.advance(Duration.ofDays(1));
		this.fake.delayGrants(Duration.ofMillis(200));
		buy(course());
		Awaitility.await().untilAsserted(() -> assertThat(grants()).isEqualTo(2));
		assertThat(get("/v1/benefit-grants/").at("/pagination/total_count").asInt()).isEqualTo(2);
	}

	@Test
	void whatIsTakenAwayMeanwhileIsNotGranted() throws Exception {
		this.fake.delayGrants(DELAY);
		UUID subscription = subscribe();
		assertThat(typesOf(() -> this.fake.revokeSubscription(subscription))).contains("subscription.revoked")
			.doesNotContain("benefit_grant.revoked");
		this.fake.advance(DELAY);
		assertThat(grants()).isZero();
		UUID order = buy(course());
		send(201, "POST", "/v1/refunds/",
				"{\"order_id\":\"%s\",\"reason\":\"other\",\"amount\":100,\"revoke_benefits\":true}".formatted(order));
		this.fake.advance(DELAY);
		assertThat(grants()).isZero();
		buy(course());
		send(204, "DELETE", "/v1/customers/external/user_1", "");
		this.fake.advance(DELAY);
		assertThat(grants()).isZero();
	}

	@Test
	void deletedBenefitIsNotGranted() throws Exception {
		String product = course();
		this.fake.delayGrants(DELAY);
		buy(product);
		send(204, "DELETE", "/v1/benefits/" + get("/v1/products/" + product).at("/benefits/0/id").asString(), "");
		assertThat(typesOf(() -> this.fake.advance(DELAY))).isEmpty();
	}

	@Test
	void benefitsAreRevokedAtOnceAndComeBackLaterWhenRenewalIsPaidLate() throws Exception {
		UUID subscription = subscribe();
		this.fake.delayGrants(DELAY).declineRenewals(true);
		assertThat(typesOf(() -> this.fake.renewSubscription(subscription))).contains("benefit_grant.revoked");
		this.fake.emit("subscription.active", subscription);
		assertThat(grants()).isZero();
		assertThat(typesOf(() -> this.fake.advance(DELAY))).containsExactly("benefit_grant.created",
				"customer.state_changed");
		assertThat(get("/v1/benefit-grants/").at("/pagination/total_count").asInt()).isOne();
	}

	@Test
	void resumedSubscriptionHasItsBenefitsLater() throws Exception {
		UUID subscription = subscribe();
		this.fake.delayGrants(DELAY).emit("subscription.paused", subscription);
		assertThat(grants()).isZero();
		this.fake.emit("subscription.resumed", subscription);
		assertThat(grants()).isZero();
		this.fake.advance(DELAY);
		assertThat(grants()).isOne();
	}

	@Test
	void changeOfPlanLeavesCustomerWithoutBenefitsForAWhile() throws Exception {
		UUID subscription = subscribe();
		String other = monthly();
		this.fake.delayGrants(DELAY);
		for (int i = 0; i < 2; i++) {
			synchronized (this.fake.state()) {
				FakeState state = this.fake.state();
				state.sales().changes.changePlan(state.subscription(subscription), other, false);
			}
		}
		assertThat(grants()).isZero();
		this.fake.advance(DELAY);
		assertThat(grants()).isOne();
		assertThat(get("/v1/benefit-grants/?is_granted=true").at("/items/0/benefit_id"))
			.isEqualTo(get("/v1/products/" + other).at("/benefits/0/id"));
	}

	@Test
	void holderOfSeatHasBenefitsLater() throws Exception {
		String product = product("""
				"recurring_interval":"month","prices":[{"amount_type":"seat_based","seat_tiers":
				{"tiers":[{"min_seats":1,"max_seats":null,"price_per_seat":1000}]}}]""");
		this.fake.delayGrants(DELAY);
		buy(product, ",\"seats\":2,\"customer_billing_address\":{\"country\":\"DE\"}");
		String seat = send(200, "POST", "/v1/customer-seats",
				"{\"subscription_id\":\"%s\",\"email\":\"bob@example.com\",\"immediate_claim\":true}"
					.formatted(this.fake.subscriptionIds().get(0)))
			.at("/id")
			.asString();
		assertThat(grants()).isZero();
		send(200, "DELETE", "/v1/customer-seats/" + seat, "");
		this.fake.advance(DELAY);
		assertThat(get("/v1/benefit-grants/?is_granted=true").at("/items").valueStream())
			.extracting((grant) -> grant.at("/member/role").asString())
			.containsExactly("owner");
	}

	@Test
	void resetGrantsNothingAndRemovesTheDelay() throws Exception {
		this.fake.delayGrants(DELAY);
		buy(course());
		this.fake.reset();
		this.fake.advance(DELAY);
		assertThat(grants()).isZero();
		buy(course());
		assertThat(grants()).isOne();
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.delayGrants(Duration.ofSeconds(-1)));
	}

	@Test
	void disorderIncludesBenefitsThatAreGrantedLater() throws Exception {
		this.fake.webhooks().disorder(1);
		this.fake.delayGrants(Duration.ofMillis(100));
		buy(course());
		Awaitility.await()
			.untilAsserted(() -> assertThat(events()).extracting(PolarFakeWebhooks.Delivery::type)
				.contains("benefit_grant.created"));
	}

	@Test
	void benefitIsGrantedAndRevokedByTheMerchant() throws Exception {
		UUID subscription = subscribe();
		UUID export = benefit("Export");
		this.fake.delayGrants(DELAY);
		assertThat(typesOf(() -> this.fake.grantBenefit(export, "user_1"))).containsExactly("benefit_grant.created",
				"customer.state_changed");
		JsonNode grant = get("/v1/benefits/" + export + "/grants").at("/items/0");
		assertThat(grant.at("/subscription_id").asString()).isEqualTo(subscription.toString());
		assertThatIllegalStateException().isThrownBy(() -> this.fake.grantBenefit(export, "user_1"))
			.withMessage("The customer already has the benefit");
		assertThat(typesOf(() -> this.fake.revokeBenefit(export, "user_1"))).containsExactly("benefit_grant.revoked",
				"customer.state_changed");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.revokeBenefit(export, "user_1"))
			.withMessage("The customer does not have the benefit");
		assertThat(get(STATE).at("/granted_benefits").size()).isOne();
		this.fake.grantBenefit(export, "user_1");
		assertThat(get("/v1/benefits/" + export + "/grants").at("/items").valueStream())
			.extracting((each) -> each.at("/id"))
			.containsExactly(grant.at("/id"));
		assertThat(get(STATE).at("/granted_benefits").size()).isEqualTo(2);
	}

	@Test
	void grantedBenefitBelongsToOrderOrToNewSubscription() throws Exception {
		UUID export = benefit("Export");
		send(201, "POST", "/v1/customers/", "{\"email\":\"ada@example.com\",\"external_id\":\"user_1\"}");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.grantBenefit(export, "user_1"))
			.withMessage("The customer has no purchase that the benefit could belong to");
		UUID order = buy(course());
		this.fake.grantBenefit(export, "user_1");
		String grants = "/v1/benefits/" + export + "/grants?is_granted=true";
		assertThat(get(grants).at("/items/0/order_id").asString()).isEqualTo(order.toString());
		this.fake.revokeBenefit(export, "user_1");
		UUID subscription = subscribe();
		this.fake.grantBenefit(export, "user_1");
		assertThat(get(grants).at("/items/0/subscription_id").asString()).isEqualTo(subscription.toString());
	}

	@Test
	void benefitIsRevokedFromAllMembersOfTeam() throws Exception {
		String product = product("""
				"recurring_interval":"month","prices":[{"amount_type":"seat_based","seat_tiers":
				{"tiers":[{"min_seats":1,"max_seats":null,"price_per_seat":1000}]}}]""");
		UUID benefit = UUID.fromString(get("/v1/products/" + product).at("/benefits/0/id").asString());
		buy(product, ",\"seats\":2,\"customer_billing_address\":{\"country\":\"DE\"}");
		send(200, "POST", "/v1/customer-seats",
				"{\"subscription_id\":\"%s\",\"email\":\"bob@example.com\",\"immediate_claim\":true}"
					.formatted(this.fake.subscriptionIds().get(0)));
		assertThat(grants()).isEqualTo(2);
		this.fake.revokeBenefit(benefit, "user_1");
		assertThat(grants()).isZero();
		this.fake.grantBenefit(benefit, "user_1");
		assertThat(get("/v1/benefit-grants/?is_granted=true").at("/items/0/member/role").asString()).isEqualTo("owner");
	}

	@Test
	void unknownBenefitOrCustomerIsRejected() throws Exception {
		UUID export = benefit("Export");
		for (UUID benefit : List.of(export, UUID.randomUUID())) {
			assertThatIllegalStateException().isThrownBy(() -> this.fake.grantBenefit(benefit, "user_9"))
				.withMessage("The fake has no customer with this external ID");
		}
		buy(course());
		assertThatIllegalStateException().isThrownBy(() -> this.fake.revokeBenefit(UUID.randomUUID(), "user_1"))
			.withMessageContaining("no benefit");
	}

}
