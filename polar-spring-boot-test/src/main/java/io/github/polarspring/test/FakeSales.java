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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What follows from a confirmed session: orders, subscriptions, payments, benefits, and
 * refunds, with their events in Polar's order. Guarded by the lock of {@link FakeState}.
 */
final class FakeSales {

	/**
	 * When Polar tries to charge a declined card again, after the first attempt.
	 */
	private static final List<Duration> RETRIES = List.of(Duration.ofDays(2), Duration.ofDays(7), Duration.ofDays(14),
			Duration.ofDays(21));

	private final FakeState state;

	final Map<UUID, FakeOrder> orders = new LinkedHashMap<>();

	final Map<UUID, FakeSubscription> subscriptions = new LinkedHashMap<>();

	final List<FakeGrant> grants = new ArrayList<>();

	final List<FakePayment> payments = new ArrayList<>();

	/**
	 * Cards on file, newest first.
	 */
	final List<Map<String, @Nullable Object>> cards = new ArrayList<>();

	final FakeRefunds refunds;

	final FakeGrantJobs grantJobs;

	boolean declineRenewals;

	FakePayment.Reason declineReason = FakePayment.INSUFFICIENT_FUNDS;

	/**
	 * The subscription whose card is declined.
	 */
	private @Nullable FakeSubscription declining;

	private boolean accepting;

	FakeSales(FakeState state) {
		this.state = state;
		this.refunds = new FakeRefunds(state, this);
		this.grantJobs = new FakeGrantJobs(state, this);
	}

	void reset() {
		this.orders.clear();
		this.subscriptions.clear();
		this.grants.clear();
		this.payments.clear();
		this.cards.clear();
		this.refunds.reset();
		this.grantJobs.reset();
		this.declineRenewals = false;
		this.declineReason = FakePayment.INSUFFICIENT_FUNDS;
	}

	/**
	 * Fulfill a paid session and send the events in the same order as Polar.
	 */
	void fulfill(FakeSession session, FakeCustomer customer) {
		FakeSubscription subscription = null;
		if (session.discount != null) {
			session.discount.redeem(customer.id());
		}
		if (session.product().isRecurring() && session.isPaymentFormRequired()) {
			this.cards.add(0, FakePayment.card(customer, FakePayment.ACCEPTED_CARD, this.state.now()));
		}
		String reason = "purchase";
		if (session.get("subscription_id") instanceof String id) {
			subscription = Objects.requireNonNull(this.subscriptions.get(UUID.fromString(id)));
			subscription.upgrade(session, this.state.now());
			sendSubscription(subscription, "subscription.updated");
			reason = "subscription_update";
		}
		else if (session.product().isRecurring()) {
			subscription = new FakeSubscription(session, customer, this.state.now());
			this.subscriptions.put(subscription.id, subscription);
			sendSubscription(subscription, "subscription.created", "subscription.active", "subscription.updated");
			if (session.discount != null && session.isPaymentRequired()) {
				subscription.modifiedAt = this.state.now();
			}
			reason = "subscription_create";
		}
		boolean team = session.seats() != null;
		if (team && subscription != null) {
			customer.put("type", "team");
		}
		boolean trial = subscription != null && subscription.isTrial();
		String name = session.product().name()
				+ ((session.seats() != null) ? " (%d seats)".formatted(session.seats()) : "");
		FakeOrder order = new FakeOrder(session, customer, subscription, reason,
				trial ? FakeAmounts.none() : session.amounts(), session.discount,
				trial ? Objects.requireNonNull(subscription).label() : name, this.state.now());
		order.paid = true;
		if (order.amounts().total() > 0) {
			order.modifiedAt = this.state.now();
		}
		this.orders.put(order.id, order);
		this.state.send("order.created", order.toJson(this.state.organizationId()));
		this.state.send("order.updated", order.toJson(this.state.organizationId()));
		pay(order, "purchase");
		this.state.send("order.paid", order.toJson(this.state.organizationId()));
		if (session.seats() != null && !session.ownSuccessUrl) {
			this.state.seats().assign(subscription, order, customer.owner(), Map.of(), true);
		}
		if (team) {
			customer.put("type", "team");
		}
		session.status = "succeeded";
		session.modifiedAt = this.state.now();
		this.state.send("checkout.updated", session.toJson(this.state.organizationId()));
		complete(order);
		if (team) {
			this.state.send("customer.updated", customer.toJson(this.state.organizationId()));
			this.state.sendState(customer);
		}
		boolean granted = grant(order);
		if (granted || subscription != null) {
			this.state.sendState(customer);
		}
		completeInvoice(order);
	}

	private void pay(FakeOrder order, String trigger) {
		order.pay();
		if (order.amounts().total() > 0) {
			this.payments.add(new FakePayment(order, trigger, this.state.now()));
		}
	}

	/**
	 * Make the fee of an order known.
	 */
	private void complete(FakeOrder order) {
		if (order.amounts().total() > 0) {
			order.feeKnown = true;
			order.modifiedAt = this.state.now();
			this.state.send("order.updated", order.toJson(this.state.organizationId()));
		}
	}

	private void completeInvoice(FakeOrder order) {
		if (order.hasInvoice()) {
			order.invoiceGenerated = true;
			order.modifiedAt = this.state.now();
			// the job that sends it has loaded the order before the fee was known
			boolean feeKnown = order.feeKnown;
			order.feeKnown = false;
			this.state.send("order.updated", order.toJson(this.state.organizationId()));
			order.feeKnown = feeKnown;
		}
	}

	private boolean grant(FakeOrder order) {
		// the benefits of seats are granted to those who claim them
		boolean claimed = order.session.seats() == null || !order.session.ownSuccessUrl;
		List<Map<String, @Nullable Object>> benefits = claimed ? order.session.product().benefits() : List.of();
		return this.grantJobs
			.grant(benefits.stream().map((benefit) -> new FakeGrant(order, benefit, this.grantJobs.time())).toList());
	}

	/**
	 * Grant a benefit now, for the first time or again.
	 */
	void grant(FakeGrant grant) {
		if (this.grants.contains(grant)) {
			grant.grantAgain(this.state.now());
		}
		else {
			this.grants.add(grant);
		}
		this.state.send("benefit_grant.created", grant.toJson(this.state.organizationId()));
	}

	void endPeriod(FakeSubscription subscription) {
		if (subscription.cancelAtPeriodEnd) {
			end(subscription);
		}
		else {
			renew(subscription);
		}
	}

	static void requireActive(FakeSubscription subscription) {
		Assert.state(subscription.isActive() || subscription.isPastDue(),
				() -> "The subscription " + subscription.id + " is " + subscription.status);
	}

	private void renew(FakeSubscription subscription) {
		subscription.cycle(this.state.now());
		sendSubscription(subscription, "subscription.cycled", "subscription.updated");
		charge(subscription);
	}

	/**
	 * Create and pay the order of a new period.
	 */
	private void charge(FakeSubscription subscription) {
		FakeCustomer customer = subscription.customer;
		FakeDiscount discount = subscription.discount();
		List<FakeOrder.Proration> prorations = subscription.takeProrations();
		FakeOrder order = new FakeOrder(subscription.session, customer, subscription, "subscription_cycle",
				subscription.session.amountsWith(discount, FakeOrder.Proration.sum(prorations)), discount,
				subscription.label(), prorations, subscription.periodStart);
		this.orders.put(order.id, order);
		this.state.send("order.created", order.toJson(this.state.organizationId()));
		if (declines(subscription) && order.amounts().total() > 0) {
			fail(order, subscription, "subscription_cycle");
			return;
		}
		payRenewal(order, "subscription_cycle");
		this.state.sendState(customer);
		List<FakeGrant> own = this.grants.stream()
			.filter((grant) -> grant.isOf(subscription) && grant.isGranted())
			.toList();
		own.forEach((grant) -> touch(grant, "benefit_grant.cycled"));
		if (!own.isEmpty()) {
			this.state.sendState(customer);
		}
		completeInvoice(order);
	}

	private void payRenewal(FakeOrder order, String trigger) {
		order.paid = true;
		order.nextPaymentAttemptAt = null;
		order.modifiedAt = this.state.now();
		this.state.send("order.updated", order.toJson(this.state.organizationId()));
		pay(order, trigger);
		this.state.send("order.paid", order.toJson(this.state.organizationId()));
		complete(order);
	}

	/**
	 * Record that a renewal could not be charged. Polar tries again later, and ends the
	 * subscription after the last attempt.
	 */
	private void fail(FakeOrder order, FakeSubscription subscription, String trigger) {
		boolean withoutCard = card(order.customer) == null;
		if (!withoutCard) {
			this.payments.add(new FakePayment(order, this.declineReason, trigger, this.state.now()));
		}
		order.modifiedAt = this.state.now();
		if (order.failures == RETRIES.size()) {
			end(subscription);
			return;
		}
		order.nextPaymentAttemptAt = order.createdAt.plus(RETRIES.get(order.failures));
		boolean first = order.failures++ == 0;
		if (first) {
			boolean already = subscription.isPastDue();
			subscription.pastDue(this.state.now());
			sendSubscription(subscription, "subscription.updated");
			if (!already) {
				sendSubscription(subscription, "subscription.past_due");
			}
			if (withoutCard) {
				touch(order);
			}
		}
		Instant graceEnd = order.createdAt.plus(this.state.settings().gracePeriod());
		boolean revoked = !graceEnd.isAfter(this.state.now()) && revokeGrants((grant) -> grant.isOf(subscription));
		if (first || revoked) {
			this.state.sendState(subscription.customer);
		}
	}

	void retry(FakeOrder order) {
		FakeSubscription subscription = Objects.requireNonNull(order.subscription);
		if (declines(subscription)) {
			fail(order, subscription, "retry_dunning");
		}
		else {
			recover(order, subscription);
		}
	}

	/**
	 * Charge an outstanding order to a new card of the buyer.
	 * @return whether the card is accepted
	 */
	boolean payOutstanding(FakeOrder order, String last4) {
		FakeSubscription subscription = Objects.requireNonNull(order.subscription);
		if (last4.equals(FakePayment.DECLINED_CARD)) {
			this.payments.add(new FakePayment(order, FakePayment.DECLINED, "retry_dunning", this.state.now()));
			return false;
		}
		addCard(order.customer, last4);
		recover(order, subscription);
		return true;
	}

	/**
	 * Add the card that is charged from now on.
	 */
	void addCard(FakeCustomer customer, String last4) {
		this.cards.add(0, FakePayment.card(customer, last4, this.state.now()));
	}

	/**
	 * Return the card that is charged.
	 */
	@Nullable Map<String, @Nullable Object> card(FakeCustomer customer) {
		return this.cards.stream()
			.filter((card) -> customer.id().equals(card.get("customer_id")))
			.findFirst()
			.orElse(null);
	}

	private boolean declines(FakeSubscription subscription) {
		Map<String, @Nullable Object> card = card(subscription.customer);
		return !this.accepting && (this.declineRenewals || subscription.equals(this.declining) || card == null
				|| FakePayment.isDeclined(card));
	}

	private void recover(FakeOrder order, FakeSubscription subscription) {
		if (subscription.isPastDue()) {
			subscription.recover(this.state.now());
			sendSubscription(subscription, "subscription.updated", "subscription.active");
		}
		payRenewal(order, "retry_dunning");
		grantMissing(subscription);
		this.state.sendState(subscription.customer);
		completeInvoice(order);
	}

	/**
	 * Do something while the card of a subscription is declined.
	 */
	void declining(FakeSubscription subscription, Runnable action) {
		Assert.state(subscription.amount() > 0, () -> "The subscription " + subscription.id + " is free");
		this.declining = subscription;
		try {
			action.run();
		}
		finally {
			this.declining = null;
		}
	}

	/**
	 * Do something while no card is declined.
	 */
	void accepting(Runnable action) {
		this.accepting = true;
		try {
			action.run();
		}
		finally {
			this.accepting = false;
		}
	}

	/**
	 * Pause a subscription as at the end of a period.
	 */
	void pause(FakeSubscription subscription) {
		requireActive(subscription);
		subscription.pause(this.state.now());
		sendSubscription(subscription, "subscription.updated", "subscription.paused");
		revokeGrants((grant) -> grant.isOf(subscription));
		this.state.sendState(subscription.customer);
	}

	/**
	 * Resume a paused subscription, which starts a new period.
	 */
	void resume(FakeSubscription subscription) {
		Assert.state(subscription.isPaused(),
				() -> "The subscription " + subscription.id + " is " + subscription.status + ", not paused");
		subscription.resume(this.state.now());
		sendSubscription(subscription, "subscription.updated", "subscription.resumed");
		grantMissing(subscription);
		charge(subscription);
	}

	@Nullable FakeGrant grant(UUID id) {
		return this.grants.stream().filter((grant) -> grant.id.equals(id)).findFirst().orElse(null);
	}

	/**
	 * Grant the benefits of the product of a subscription that are not granted yet. Those
	 * of seats are granted to the members who claim them.
	 */
	void grantMissing(FakeSubscription subscription) {
		List<FakeGrant> missing = new ArrayList<>();
		for (Map<String, @Nullable Object> benefit : subscription.product.benefits()) {
			Predicate<FakeGrant> same = (grant) -> grant.isOf(subscription) && grant.isOf(benefit);
			List<FakeGrant> known = this.grants.stream().filter(same).toList();
			if (known.isEmpty() && subscription.session.seats() == null && !this.grantJobs.isWaiting(same)) {
				missing.add(new FakeGrant(subscription, benefit, this.grantJobs.time()));
			}
			known.stream()
				.filter((grant) -> !grant.isGranted() && !this.grantJobs.isWaiting(grant::equals)
						&& (subscription.session.seats() == null
								|| this.state.seats().isClaimed(subscription, grant.member)))
				.forEach(missing::add);
		}
		this.grantJobs.grant(missing);
	}

	/**
	 * Change the product of a subscription immediately, with the default of Polar: what
	 * is due for the rest of the period is part of the next renewal. A product with
	 * another interval starts a new period, which is charged now.
	 * @return the reason why the card could not be charged and nothing was changed, or
	 * {@code null}
	 */
	@Nullable String changePlan(FakeSubscription subscription, FakeProduct product) {
		if (product.equals(subscription.product)) {
			subscription.modifiedAt = this.state.now();
			sendSubscription(subscription, "subscription.updated");
			this.state.sendState(subscription.customer);
			return null;
		}
		FakeSession session = this.state.sessionFor(subscription, product);
		boolean newPeriod = subscription.startsPeriodWith(product);
		List<FakeOrder.Proration> credit = subscription.credit(this.state.now());
		FakeAmounts amounts = session.amountsWith(session.discount, FakeOrder.Proration.sum(credit));
		boolean due = newPeriod && amounts.total() > 0;
		if (due && card(subscription.customer) == null) {
			return "missing_payment_method";
		}
		if (due && declines(subscription)) {
			return "card_error";
		}
		subscription.changePlan(session, this.state.now());
		FakeOrder order = null;
		if (due) {
			order = new FakeOrder(session, subscription.customer, subscription, "subscription_update", amounts,
					session.discount, subscription.label(), credit, this.state.now());
			this.orders.put(order.id, order);
			this.state.send("order.created", order.toJson(this.state.organizationId()));
		}
		sendSubscription(subscription, "subscription.updated");
		if (order != null) {
			payRenewal(order, "purchase");
		}
		revokeGrants((grant) -> grant.isOf(subscription) && product.benefits().stream().noneMatch(grant::isOf));
		grantMissing(subscription);
		this.state.sendState(subscription.customer);
		if (order != null) {
			completeInvoice(order);
		}
		return null;
	}

	/**
	 * Grant a benefit to a customer who does not have it, with the latest purchase.
	 */
	void grant(FakeCustomer customer, Map<String, @Nullable Object> benefit) {
		FakeGrant grant = newGrant(customer, benefit);
		Assert.state(
				this.grants.stream()
					.noneMatch((each) -> each.isGranted() && each.member.equals(grant.member) && each.isOf(benefit)),
				"The customer already has the benefit");
		this.grantJobs.cancel(grant::isSame);
		grant(this.grants.stream().filter(grant::isSame).findFirst().orElse(grant));
		this.state.sendState(customer);
	}

	/**
	 * Revoke a benefit of a customer and all members.
	 */
	void revoke(FakeCustomer customer, Map<String, @Nullable Object> benefit) {
		Assert.state(revokeGrants((grant) -> grant.customer.equals(customer) && grant.isOf(benefit)),
				"The customer does not have the benefit");
		this.state.sendState(customer);
	}

	private FakeGrant newGrant(FakeCustomer customer, Map<String, @Nullable Object> benefit) {
		Instant now = this.state.now();
		FakeSubscription subscription = this.state.subscriptions()
			.stream()
			.filter((each) -> each.customer.equals(customer) && (each.isActive() || each.isPastDue()))
			.findFirst()
			.orElse(null);
		if (subscription != null) {
			return new FakeGrant(subscription, benefit, now);
		}
		FakeOrder order = this.state.orders()
			.stream()
			.filter((each) -> each.customer.equals(customer) && each.subscription == null
					&& List.of("paid", "partially_refunded").contains(each.status()))
			.findFirst()
			.orElse(null);
		Assert.state(order != null, "The customer has no purchase that the benefit could belong to");
		return new FakeGrant(order, benefit, now);
	}

	void grantAgain(FakeGrant grant) {
		Assert.state(!grant.isGranted(), () -> "The benefit grant " + grant.id + " is not revoked");
		this.grantJobs.cancel(grant::equals);
		grant(grant);
		this.state.sendState(grant.customer);
	}

	void revoke(FakeGrant grant) {
		Assert.state(grant.isGranted(), () -> "The benefit grant " + grant.id + " is already revoked");
		revokeGrants(grant::equals);
		this.state.sendState(grant.customer);
	}

	void touch(FakeGrant grant, String type) {
		grant.touch(this.state.now());
		this.state.send(type, grant.toJson(this.state.organizationId()));
	}

	void touch(FakeOrder order) {
		order.modifiedAt = this.state.now();
		this.state.send("order.updated", order.toJson(this.state.organizationId()));
	}

	/**
	 * Revoke grants, also those that would follow.
	 * @return whether there were any
	 */
	boolean revokeGrants(Predicate<FakeGrant> which) {
		this.grantJobs.cancel(which);
		List<FakeGrant> revoked = this.grants.stream().filter(which.and(FakeGrant::isGranted)).toList();
		revoked.forEach((grant) -> {
			grant.revoke(this.state.now());
			this.state.send("benefit_grant.revoked", grant.toJson(this.state.organizationId()));
		});
		return !revoked.isEmpty();
	}

	/**
	 * Cancel a subscription at the end of its period, or revert the cancellation.
	 */
	void cancel(FakeSubscription subscription, boolean cancel) {
		requireActive(subscription);
		Assert.state(subscription.cancelAtPeriodEnd != cancel,
				() -> "The subscription " + subscription.id + (cancel ? " is already canceled" : " is not canceled"));
		subscription.cancel(cancel, this.state.now());
		sendSubscription(subscription, "subscription.updated",
				cancel ? "subscription.canceled" : "subscription.uncanceled");
		this.state.sendState(subscription.customer);
	}

	/**
	 * End a subscription immediately.
	 */
	void end(FakeSubscription subscription) {
		Assert.state(!subscription.hasEnded(), () -> "The subscription " + subscription.id + " has already ended");
		subscription.end(this.state.now());
		this.state.seats().end(subscription);
		sendSubscription(subscription, "subscription.updated", "subscription.canceled", "subscription.revoked");
		this.orders.values()
			.stream()
			.filter((order) -> subscription.equals(order.subscription) && order.status().equals("pending"))
			.forEach((order) -> {
				order.nextPaymentAttemptAt = null;
				order.voided = true;
				touch(order);
			});
		revokeGrants((grant) -> grant.isOf(subscription));
		this.state.sendState(subscription.customer);
	}

	void sendSubscription(FakeSubscription subscription, String... types) {
		for (String type : types) {
			this.state.send(type, subscription.toJson(this.state.organizationId()));
		}
	}

}
