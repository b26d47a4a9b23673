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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Money that goes back: refunds and disputes, with their events in Polar's order. Guarded
 * by the lock of {@link FakeState}.
 */
final class FakeRefunds {

	/**
	 * How long a merchant can respond to a dispute.
	 */
	private static final Duration EVIDENCE = Duration.ofDays(9);

	private static final String DISPUTED = "needs_response";

	private final FakeState state;

	private final FakeSales sales;

	private final Map<UUID, Map<String, @Nullable Object>> refunds = new LinkedHashMap<>();

	/**
	 * Disputes by the ID of their order.
	 */
	private final Map<UUID, Map<String, @Nullable Object>> disputes = new LinkedHashMap<>();

	/**
	 * Whether refunds are pending at first.
	 */
	boolean delayed;

	FakeRefunds(FakeState state, FakeSales sales) {
		this.state = state;
		this.sales = sales;
	}

	void reset() {
		this.refunds.clear();
		this.disputes.clear();
		this.delayed = false;
	}

	/**
	 * Return the JSON of all refunds, newest first.
	 */
	List<Map<String, @Nullable Object>> all() {
		return FakeState.newestFirst(this.refunds);
	}

	List<Map<String, @Nullable Object>> disputes() {
		return FakeState.newestFirst(this.disputes);
	}

	@Nullable Map<String, @Nullable Object> find(UUID id) {
		return this.refunds.get(id);
	}

	/**
	 * Return whether an order cannot be refunded because of a dispute.
	 */
	boolean isDisputed(FakeOrder order) {
		Map<String, @Nullable Object> dispute = this.disputes.get(order.id);
		return dispute != null && !"won".equals(dispute.get("status"));
	}

	/**
	 * Refund an order.
	 * @param amount the amount, without tax
	 * @param revokeBenefits whether the customer loses the benefits, even with a partial
	 * refund
	 */
	Map<String, @Nullable Object> create(FakeOrder order, long amount, String reason, boolean revokeBenefits,
			Map<String, Object> metadata) {
		Assert.state(order.paid && amount > 0 && amount <= order.refundable(), () -> "The order " + order.id
				+ " cannot be refunded by " + amount + ": " + order.refundable() + " is refundable, without tax");
		Assert.state(!isDisputed(order), () -> "The order " + order.id + " cannot be refunded: it is disputed");
		boolean pending = this.delayed;
		Map<String, @Nullable Object> refund = toJson(order, amount, reason, metadata, this.state.organizationId(),
				this.state.now());
		refund.put("status", pending ? "pending" : "succeeded");
		refund.put("revoke_benefits", revokeBenefits);
		this.refunds.put((UUID) Objects.requireNonNull(refund.get("id")), refund);
		send("refund.created", refund);
		if (!pending) {
			record(refund, order);
			if (tax(refund) > 0) {
				// the tax is returned in a second step
				refund.put("modified_at", this.state.now());
			}
		}
		// Polar does not wait for the bank
		boolean revoked = revokeBenefits && this.sales.revokeGrants((grant) -> order.equals(grant.order));
		send("refund.updated", refund);
		if (revoked) {
			this.state.sendState(order.customer);
		}
		if (pending) {
			return refund;
		}
		Map<String, @Nullable Object> created = new LinkedHashMap<>(refund);
		refund.put("modified_at", this.state.now());
		return created;
	}

	/**
	 * Return the JSON of a refund that has succeeded.
	 */
	static Map<String, @Nullable Object> toJson(FakeOrder order, long amount, String reason,
			Map<String, Object> metadata, UUID organizationId, Instant now) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", now);
		json.put("modified_at", null);
		json.put("id", UUID.randomUUID());
		json.put("metadata", metadata);
		json.put("status", "succeeded");
		json.put("reason", reason);
		json.put("amount", amount);
		json.put("tax_amount", order.taxOf(amount));
		json.put("currency", order.session.currency);
		json.put("organization_id", organizationId);
		json.put("order_id", order.id);
		json.put("subscription_id", (order.subscription != null) ? order.subscription.id : null);
		json.put("customer_id", order.customer.id());
		json.put("revoke_benefits", false);
		json.put("dispute", null);
		return json;
	}

	/**
	 * Complete a pending refund, or let a refund fail, even one that has succeeded.
	 */
	void complete(Map<String, @Nullable Object> refund, boolean succeeded) {
		String status = String.valueOf(refund.get("status"));
		Assert.state(status.equals("pending") || (status.equals("succeeded") && !succeeded),
				() -> "The refund %s has %s. A pending refund can succeed or fail, one that has succeeded can fail"
					.formatted(refund.get("id"), status));
		FakeOrder order = Objects.requireNonNull(this.sales.orders.get(refund.get("order_id")));
		Assert.state(!succeeded || amount(refund) <= order.refundable(),
				() -> "The refund %s cannot succeed: only %d of its order is refundable".formatted(refund.get("id"),
						order.refundable()));
		refund.put("status", succeeded ? "succeeded" : "failed");
		refund.put("modified_at", this.state.now());
		send("refund.updated", refund);
		if (succeeded) {
			record(refund, order);
		}
		else if (status.equals("succeeded")) {
			order.refunded -= amount(refund);
			order.refundedTax -= tax(refund);
			sendOrder(order, "order.updated");
		}
	}

	private void record(Map<String, @Nullable Object> refund, FakeOrder order) {
		order.refunded += amount(refund);
		order.refundedTax += tax(refund);
		sendOrder(order, "order.updated");
		sendOrder(order, "order.refunded");
	}

	private static long amount(Map<String, @Nullable Object> refund) {
		return ((Number) Objects.requireNonNull(refund.get("amount"))).longValue();
	}

	private static long tax(Map<String, @Nullable Object> refund) {
		return ((Number) Objects.requireNonNull(refund.get("tax_amount"))).longValue();
	}

	private void send(String type, Map<String, @Nullable Object> refund) {
		this.state.send(type, new LinkedHashMap<>(refund));
	}

	private void sendOrder(FakeOrder order, String type) {
		order.modifiedAt = this.state.now();
		this.state.send(type, order.toJson(this.state.organizationId()));
	}

	/**
	 * Open a dispute, of which Polar sends no event.
	 */
	void dispute(FakeOrder order) {
		Assert.state(order.paid && order.amounts().total() > 0,
				() -> "The order " + order.id + " cannot be disputed: nothing was paid for it");
		Assert.state(!this.disputes.containsKey(order.id),
				() -> "The order " + order.id + " has already been disputed");
		Map<String, @Nullable Object> dispute = new LinkedHashMap<>();
		dispute.put("created_at", this.state.now());
		dispute.put("modified_at", this.state.now());
		dispute.put("id", UUID.randomUUID());
		dispute.put("status", DISPUTED);
		dispute.put("resolved", false);
		dispute.put("closed", false);
		dispute.put("amount", order.amounts().net());
		dispute.put("tax_amount", order.amounts().taxOrZero());
		dispute.put("currency", order.session.currency);
		dispute.put("reason", "fraudulent");
		dispute.put("evidence_due_by", this.state.now().plus(EVIDENCE));
		dispute.put("past_due", false);
		dispute.put("order_id", order.id);
		dispute.put("payment_id",
				this.sales.payments.stream()
					.filter((payment) -> payment.isOf(order))
					.map(FakePayment::id)
					.findFirst()
					.orElseThrow());
		dispute.put("customer", order.customer.toJson(this.state.organizationId()));
		dispute.put("case_id", UUID.randomUUID());
		this.disputes.put(order.id, dispute);
	}

	static boolean isOpen(Map<String, @Nullable Object> dispute) {
		return DISPUTED.equals(dispute.get("status"));
	}

	/**
	 * Close a dispute. If it is lost, the customer loses the subscription and the
	 * benefits, but the order does not change.
	 */
	void closeDispute(FakeOrder order, boolean won) {
		Map<String, @Nullable Object> dispute = this.disputes.get(order.id);
		Assert.state(dispute != null && isOpen(dispute), () -> "The order " + order.id + " has no open dispute");
		dispute.put("modified_at", this.state.now());
		dispute.put("status", won ? "won" : "lost");
		dispute.put("resolved", true);
		dispute.put("closed", true);
		if (won) {
			return;
		}
		FakeSubscription subscription = order.subscription;
		if (subscription != null && !subscription.hasEnded()) {
			this.sales.changes.end(subscription);
		}
		else if (this.sales.revokeGrants((grant) -> order.equals(grant.order))) {
			this.state.sendState(order.customer);
		}
	}

}
