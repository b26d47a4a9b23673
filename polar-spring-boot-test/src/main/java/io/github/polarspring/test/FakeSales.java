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

	final FakeCharges charges;

	final FakeMeteredBilling meteredBilling;

	final FakeRenewals renewals;

	final FakeSubscriptionChanges changes;

	FakeSales(FakeState state) {
		this.state = state;
		this.refunds = new FakeRefunds(state, this);
		this.grantJobs = new FakeGrantJobs(state, this);
		this.charges = new FakeCharges(state, this);
		this.meteredBilling = new FakeMeteredBilling(state, this);
		this.renewals = new FakeRenewals(state, this);
		this.changes = new FakeSubscriptionChanges(state, this);
	}

	void reset() {
		this.orders.clear();
		this.subscriptions.clear();
		this.grants.clear();
		this.payments.clear();
		this.cards.clear();
		this.refunds.reset();
		this.grantJobs.reset();
		this.charges.reset();
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
				trial ? FakeAmounts.none() : session.amounts(), trial ? null : session.discount,
				trial ? Objects.requireNonNull(subscription).trialLabel() : name, this.state.now());
		order.paid = true;
		if (order.amounts().total() > 0 || !order.hasItems()) {
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

	/**
	 * Record the payment of an order.
	 */
	void pay(FakeOrder order, String trigger) {
		order.pay();
		if (order.due() > 0) {
			this.payments.add(new FakePayment(order, trigger, this.state.now()));
		}
	}

	/**
	 * Make the fee of an order known.
	 */
	void complete(FakeOrder order) {
		if (order.due() > 0) {
			order.feeKnown = true;
			order.modifiedAt = this.state.now();
			this.state.send("order.updated", order.toJson(this.state.organizationId()));
		}
	}

	/**
	 * Generate the invoice of an order that has billing details.
	 */
	void completeInvoice(FakeOrder order) {
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
		credit(grant, 1);
		this.state.send("benefit_grant.created", grant.toJson(this.state.organizationId()));
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

	@Nullable FakeGrant grant(UUID id) {
		return this.grants.stream().filter((grant) -> grant.id.equals(id)).findFirst().orElse(null);
	}

	/**
	 * Grant the benefits of the present product of a subscription instead of those of the
	 * former one.
	 */
	void updateGrants(FakeSubscription subscription) {
		boolean access = subscription.isActive()
				|| this.grants.stream().anyMatch((grant) -> grant.isOf(subscription) && grant.isGranted());
		revokeGrants(
				(grant) -> grant.isOf(subscription) && subscription.product.benefits().stream().noneMatch(grant::isOf));
		if (access) {
			grantMissing(subscription);
			this.state.seats().grantMissing(subscription);
		}
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
			credit(grant, -1);
			this.state.send("benefit_grant.revoked", grant.toJson(this.state.organizationId()));
		});
		return !revoked.isEmpty();
	}

	/**
	 * Grant the benefits of a subscription for the next period.
	 * @return whether there are any
	 */
	boolean cycleGrants(FakeSubscription subscription) {
		List<FakeGrant> own = this.grants.stream()
			.filter((grant) -> grant.isOf(subscription) && grant.isGranted()
					&& subscription.product.benefits().stream().anyMatch(grant::isOf))
			.toList();
		own.forEach((grant) -> {
			credit(grant, 1);
			touch(grant, "benefit_grant.cycled");
		});
		return !own.isEmpty();
	}

	/**
	 * Credit the units of a benefit, if it is such a benefit, or take them away.
	 */
	private void credit(FakeGrant grant, int sign) {
		Map<?, ?> credit = grant.credit();
		if (credit != null) {
			this.state.usage()
				.credit(grant.customer, UUID.fromString(String.valueOf(credit.get("meter_id"))),
						sign * ((Number) Objects.requireNonNull(credit.get("units"))).longValue(),
						Boolean.TRUE.equals(credit.get("rollover")));
		}
	}

	void sendSubscription(FakeSubscription subscription, String... types) {
		this.meteredBilling.attach(subscription);
		for (String type : types) {
			this.state.send(type, subscription.toJson(this.state.organizationId()));
		}
	}

}
