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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of money that goes back: refunds and disputes.
 */
class PolarFakeRefundTests extends PolarFakeSeller {

	private JsonNode refund(int status, UUID order, long amount, String fields) throws Exception {
		return send(status, "POST", "/v1/refunds/",
				"{\"order_id\":\"%s\",\"reason\":\"other\",\"amount\":%d%s}".formatted(order, amount, fields));
	}

	private JsonNode order(UUID id) throws Exception {
		return get("/v1/orders/" + id);
	}

	@Test
	void pendingRefundDoesNotChangeTheOrder() throws Exception {
		UUID order = buy(course());
		this.fake.delayRefunds(true);
		assertThat(typesOf(() -> assertThat(refund(201, order, 500, "").at("/status").asString()).isEqualTo("pending")))
			.containsExactly("refund.created", "refund.updated");
		assertThat(order(order).at("/status").asString()).isEqualTo("paid");
		assertThat(order(order).at("/refundable_amount").asLong()).isEqualTo(2000);
	}

	@Test
	void orderIsRefundedWhenAPendingRefundSucceeds() throws Exception {
		UUID order = buy(course());
		this.fake.delayRefunds(true);
		refund(201, order, 500, "");
		UUID refund = this.fake.refundIds().get(0);
		assertThat(typesOf(() -> this.fake.completeRefund(refund, true))).containsExactly("refund.updated",
				"order.updated", "order.refunded");
		assertThat(order(order).at("/status").asString()).isEqualTo("partially_refunded");
		assertThat(order(order).at("/refunded_amount").asLong()).isEqualTo(500);
	}

	@Test
	void onlyTheRefundTellsThatAPendingRefundHasFailed() throws Exception {
		UUID order = buy(course());
		this.fake.delayRefunds(true);
		refund(201, order, 500, "");
		assertThat(typesOf(() -> this.fake.completeRefund(this.fake.refundIds().get(0), false)))
			.containsExactly("refund.updated");
		assertThat(order(order).at("/status").asString()).isEqualTo("paid");
		assertThat(get("/v1/refunds/?order_id=" + order).at("/items/0/status").asString()).isEqualTo("failed");
		assertThat(get("/v1/refunds/?succeeded=true").at("/items").size()).isZero();
	}

	@Test
	void refundThatTheBankReturnsGivesAmountAndTaxBack() throws Exception {
		UUID order = buy(course(), ",\"customer_billing_address\":{\"country\":\"DE\"}");
		JsonNode before = order(order);
		refund(201, order, 500, "");
		assertThat(order(order).at("/refunded_tax_amount").asLong()).isEqualTo(95);
		assertThat(typesOf(() -> this.fake.completeRefund(this.fake.refundIds().get(0), false)))
			.containsExactly("refund.updated", "order.updated");
		JsonNode after = order(order);
		for (String amount : List.of("status", "refunded_amount", "refunded_tax_amount", "refundable_amount",
				"refundable_tax_amount")) {
			assertThat(after.get(amount)).as(amount).isEqualTo(before.get(amount));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void pendingRefundRevokesTheBenefitsAtOnceAndForGood(boolean succeeded) throws Exception {
		UUID order = buy(course());
		this.fake.delayRefunds(true);
		assertThat(typesOf(() -> refund(201, order, 500, ",\"revoke_benefits\":true")))
			.containsExactly("refund.created", "benefit_grant.revoked", "refund.updated", "customer.state_changed");
		assertThat(typesOf(() -> this.fake.completeRefund(this.fake.refundIds().get(0), succeeded)))
			.noneMatch((type) -> type.startsWith("benefit_grant.") || type.startsWith("customer."));
	}

	@Test
	void problemsOfARefundAreFoundInPolarsOrder() throws Exception {
		UUID refunded = buy(course());
		refund(201, refunded, 2000, "");
		assertThat(refund(403, refunded, 5000, ",\"revoke_benefits\":true").at("/error").asString())
			.isEqualTo("RefundedAlready");
		UUID disputed = buy(course());
		this.fake.dispute(disputed);
		assertTooMuch(disputed, 2001);
		assertThat(refund(403, disputed, 2000, "").at("/error").asString()).isEqualTo("RefundDisputedPayment");
		UUID first = buy(monthly());
		assertThat(refund(400, first, 5000, ",\"revoke_benefits\":true").at("/error").asString())
			.isEqualTo("RevokeSubscriptionBenefitsProhibited");
		this.fake.declineRenewals(true).renewSubscription(this.fake.subscriptionIds().get(0));
		UUID unpaid = this.fake.orderIds().get(0);
		assertThat(refund(400, unpaid, 500, ",\"revoke_benefits\":true").at("/error").asString())
			.isEqualTo("RevokeSubscriptionBenefitsProhibited");
		assertTooMuch(unpaid, 1501);
		assertThat(refund(404, unpaid, 1500, "").at("/error").asString()).isEqualTo("RefundUnknownPayment");
	}

	private void assertTooMuch(UUID order, long amount) throws Exception {
		JsonNode error = refund(422, order, amount, "");
		assertThat(error.at("/error").asString()).isEqualTo("PolarRequestValidationError");
		assertThat(error.at("/detail").toString()).isEqualTo("""
				[{"type":"value_error","loc":["body","amount"],"msg":"Refund amount exceeds refundable amount",\
				"input":%d}]""".formatted(amount));
	}

	@Test
	void refundOfAnUnknownOrderIsAProblemOfTheBody() throws Exception {
		UUID unknown = UUID.randomUUID();
		assertThat(refund(422, unknown, 500, "").at("/detail").toString()).isEqualTo("""
				[{"type":"value_error","loc":["body","order_id"],"msg":"Order not found","input":"%s"}]"""
			.formatted(unknown));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void refundThatHasFailedStaysFailed(boolean succeeded) throws Exception {
		UUID order = buy(course());
		this.fake.delayRefunds(true);
		refund(201, order, 500, "");
		UUID refund = this.fake.refundIds().get(0);
		this.fake.completeRefund(refund, false);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.completeRefund(refund, succeeded))
			.withMessageContaining("failed")
			.withMessageContaining("pending");
	}

	@Test
	void refundThatHasSucceededCannotSucceedAgain() throws Exception {
		refund(201, buy(course()), 500, "");
		UUID refund = this.fake.refundIds().get(0);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.completeRefund(refund, true));
		assertThatIllegalStateException().isThrownBy(() -> this.fake.completeRefund(UUID.randomUUID(), true));
	}

	@Test
	void pendingRefundsOfMoreThanTheOrderCannotAllSucceed() throws Exception {
		UUID order = buy(course());
		this.fake.delayRefunds(true);
		refund(201, order, 1500, "");
		refund(201, order, 1500, "");
		List<UUID> refunds = this.fake.refundIds();
		this.fake.completeRefund(refunds.get(1), true);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.completeRefund(refunds.get(0), true))
			.withMessageContaining("500");
		assertThat(order(order).at("/refunded_amount").asLong()).isEqualTo(1500);
	}

	@Test
	void responseContainsTheTimeOfAChangeOnlyIfTaxIsReturned() throws Exception {
		JsonNode withoutTax = refund(201, buy(course()), 500, "");
		assertThat(withoutTax.at("/modified_at").isNull()).isTrue();
		JsonNode later = get("/v1/refunds/?id=" + withoutTax.at("/id").asString());
		assertThat(later.at("/items/0/modified_at").isString()).isTrue();
		UUID taxed = buy(course(), ",\"customer_billing_address\":{\"country\":\"DE\"}");
		assertThat(refund(201, taxed, 500, "").at("/modified_at").isString()).isTrue();
	}

	@Test
	void refundHasMetadataAndCanBeFoundByTheExternalIdOfItsCustomer() throws Exception {
		refund(201, buy(course()), 500, ",\"metadata\":{\"ticket\":7}");
		JsonNode found = get("/v1/refunds/?external_customer_id=user_1");
		assertThat(found.at("/items/0/metadata/ticket").asInt()).isEqualTo(7);
		assertThat(get("/v1/refunds/?external_customer_id=user_2").at("/pagination/total_count").asInt()).isZero();
	}

	@Test
	void disputeSendsNoEventAndPreventsRefunds() throws Exception {
		UUID order = buy(course());
		assertThat(typesOf(() -> this.fake.dispute(order))).isEmpty();
		assertThat(order(order).at("/status").asString()).isEqualTo("paid");
		JsonNode dispute = get("/v1/disputes/?order_id=" + order).at("/items/0");
		assertThat(dispute.at("/status").asString()).isEqualTo("needs_response");
		assertThat(dispute.at("/amount").asLong()).isEqualTo(2000);
		assertThat(get("/v1/payments/" + dispute.at("/payment_id").asString()).at("/order_id").asString())
			.isEqualTo(order.toString());
		assertThat(get("/v1/disputes/" + dispute.at("/id").asString())).isEqualTo(dispute);
		assertThat(refund(403, order, 500, "").at("/error").asString()).isEqualTo("RefundDisputedPayment");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.refund(order, 500));
	}

	@Test
	void lostDisputeRevokesTheBenefitsAndLeavesTheOrderPaid() throws Exception {
		UUID order = buy(course());
		this.fake.dispute(order);
		assertThat(typesOf(() -> this.fake.closeDispute(order, false))).containsExactly("benefit_grant.revoked",
				"customer.state_changed");
		assertThat(order(order).at("/status").asString()).isEqualTo("paid");
		assertThat(get("/v1/disputes/?status=lost").at("/items/0/closed").asBoolean()).isTrue();
		assertThat(refund(403, order, 500, "").at("/error").asString()).isEqualTo("RefundDisputedPayment");
	}

	@Test
	void lostDisputeEndsTheSubscription() throws Exception {
		UUID order = buy(monthly());
		this.fake.dispute(order);
		assertThat(typesOf(() -> this.fake.closeDispute(order, false))).containsExactly("subscription.updated",
				"subscription.canceled", "subscription.revoked", "benefit_grant.revoked", "customer.state_changed");
	}

	@Test
	void lostDisputeEndsAPausedSubscription() throws Exception {
		UUID order = buy(monthly());
		this.fake.emit("subscription.paused", this.fake.subscriptionIds().get(0));
		this.fake.dispute(order);
		assertThat(typesOf(() -> this.fake.closeDispute(order, false))).containsExactly("subscription.updated",
				"subscription.canceled", "subscription.revoked", "customer.state_changed");
	}

	@Test
	void acceptedDisputeIsLost() throws Exception {
		UUID order = buy(course());
		this.fake.dispute(order);
		String id = get("/v1/disputes/").at("/items/0/id").asString();
		String path = "/v1/disputes/" + id + "/accept";
		this.fake.restrictScopes("disputes:read");
		send(403, "POST", path, "");
		this.fake.restrictScopes("disputes:write", "disputes:read");
		assertThat(typesOf(() -> assertThat(send(200, "POST", path, "").at("/status").asString()).isEqualTo("lost")))
			.containsExactly("benefit_grant.revoked", "customer.state_changed");
		JsonNode error = send(409, "POST", path, "");
		assertThat(error.at("/error").asString()).isEqualTo("DisputeNotOpenError");
		assertThat(error.at("/detail").asString()).isEqualTo("Dispute " + id + " is not awaiting a response.");
		assertThat(send(404, "POST", "/v1/disputes/" + UUID.randomUUID() + "/accept", "").at("/error").asString())
			.isEqualTo("ResourceNotFound");
		send(405, "GET", path, "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "disputes/", "benefit-grants/", "refunds/", "orders/" })
	void listsOfAnotherOrganizationAreEmpty(String list) throws Exception {
		UUID order = buy(course());
		refund(201, order, 500, "");
		this.fake.dispute(order);
		assertThat(get("/v1/" + list).at("/pagination/total_count").asInt()).isOne();
		assertThat(get("/v1/" + list + "?organization_id=" + UUID.randomUUID()).at("/pagination/total_count").asInt())
			.isZero();
	}

	@ParameterizedTest
	@CsvSource({ "refunds/?succeeded=, true, 1", "refunds/?succeeded=, YES, 1", "refunds/?succeeded=, 0, 0",
			"benefit-grants/?is_granted=, on, 1", "benefit-grants/?is_granted=, false, 0",
			"products/?is_archived=, f, 1", "subscriptions/?cancel_at_period_end=, no, 0" })
	void flagsCanBeWrittenInSeveralWays(String path, String value, int expected) throws Exception {
		refund(201, buy(course()), 500, "");
		assertThat(get("/v1/" + path + value).at("/pagination/total_count").asInt()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "refunds, succeeded", "benefit-grants, is_granted", "products, is_archived",
			"subscriptions, cancel_at_period_end" })
	void flagsMustBeReadable(String list, String name) throws Exception {
		assertThat(send(422, "GET", "/v1/" + list + "/?" + name + "=maybe", "").at("/detail").toString()).isEqualTo("""
				[{"type":"bool_parsing","loc":["query","%s"],\
				"msg":"Input should be a valid boolean, unable to interpret input","input":"maybe"}]"""
			.formatted(name));
	}

	@Test
	void orderCanBeRefundedAfterTheDisputeWasWon() throws Exception {
		UUID order = buy(course());
		this.fake.dispute(order);
		assertThat(typesOf(() -> this.fake.closeDispute(order, true))).isEmpty();
		refund(201, order, 500, "");
	}

	@Test
	void disputeThatCannotBeIsRejected() throws Exception {
		UUID order = buy(course());
		assertThatIllegalStateException().isThrownBy(() -> this.fake.closeDispute(order, true))
			.withMessageContaining("no open dispute");
		this.fake.dispute(order);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.dispute(order))
			.withMessageContaining("already been disputed");
		UUID free = buy(product("\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":0}]"));
		assertThatIllegalStateException().isThrownBy(() -> this.fake.dispute(free))
			.withMessageContaining("nothing was paid");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.dispute(UUID.randomUUID()));
	}

	@Test
	void resetRemovesDisputesAndDelays() throws Exception {
		UUID order = buy(course());
		this.fake.dispute(order);
		this.fake.delayRefunds(true);
		this.fake.reset();
		assertThat(get("/v1/disputes/").at("/items").size()).isZero();
		assertThat(refund(201, buy(course()), 500, "").at("/status").asString()).isEqualTo("succeeded");
	}

}
