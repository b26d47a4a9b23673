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
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Creates the orders of subscriptions and charges the cards on file, again and again if
 * they are declined, with the events in Polar's order. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeCharges {

	static final String CYCLE = "subscription_cycle";

	static final String UPDATE = "subscription_update";

	private static final String RETRY = "retry_dunning";

	/**
	 * When Polar tries to charge a declined card again, after the first attempt.
	 */
	private static final List<Duration> RETRIES = List.of(Duration.ofDays(2), Duration.ofDays(7), Duration.ofDays(14),
			Duration.ofDays(21));

	/**
	 * How often Polar looks for a card if there is none.
	 */
	private static final Duration WITHOUT_CARD = Duration.ofDays(7);

	/**
	 * How long a subscription is past due at most.
	 */
	private static final Duration LONGEST = Duration.ofDays(21).plusMinutes(1);

	private final FakeState state;

	private final FakeSales sales;

	final FakeBalances balances = new FakeBalances();

	boolean declining;

	FakePayment.Reason reason = FakePayment.INSUFFICIENT_FUNDS;

	/**
	 * Why the next card is declined.
	 */
	FakePayment.@Nullable Reason next;

	/**
	 * The subscription whose card is declined.
	 */
	private @Nullable FakeSubscription declined;

	private boolean accepting;

	FakeCharges(FakeState state, FakeSales sales) {
		this.state = state;
		this.sales = sales;
	}

	void reset() {
		this.balances.reset();
		this.declining = false;
		this.reason = FakePayment.INSUFFICIENT_FUNDS;
		this.next = null;
	}

	/**
	 * Return the amounts of an order.
	 */
	static FakeAmounts amounts(FakeSession session, @Nullable FakeDiscount discount, List<FakeOrderItem> items) {
		long discounted = (discount != null) ? discount.of(FakeOrderItem.discountable(items), session.currency) : 0;
		return session.amountsOf(FakeOrderItem.sum(items), discounted);
	}

	/**
	 * Return what the balance of the customer adds to an order, negative for a credit.
	 */
	long applicable(FakeSubscription subscription, FakeAmounts amounts) {
		return this.balances.applicable(subscription.customer, subscription.session.currency, amounts.total());
	}

	/**
	 * Charge the card for a change that is made only if the card is accepted.
	 * @param session the new prices
	 * @param items the items of the order
	 * @throws FakeRejection if there is no card, or it is declined
	 */
	void authorize(FakeSubscription subscription, FakeSession session, List<FakeOrderItem> items) {
		FakeAmounts amounts = amounts(session, session.discount, items);
		long due = amounts.total() + applicable(subscription, amounts);
		if (due <= 0) {
			return;
		}
		if (this.sales.card(subscription.customer) == null) {
			throw FakeRejection.paymentFailed("missing_payment_method");
		}
		FakePayment.Reason declined = (due < FakeCurrency.minimum(session.currency)) ? null : decline(subscription);
		if (declined != null) {
			this.sales.payments.add(new FakePayment(session, subscription.customer, due, declined, this.state.now()));
			throw FakeRejection.paymentFailed("card_error");
		}
	}

	/**
	 * Create an order of what is pending. If nothing is due, it is paid immediately.
	 * @param reason the billing reason
	 */
	FakeOrder create(FakeSubscription subscription, String reason, List<FakeOrderItem> items) {
		FakeSession session = subscription.session;
		FakeAmounts amounts = amounts(session, session.discount, items);
		long applied = applicable(subscription, amounts);
		FakeOrder order = new FakeOrder(subscription, reason, amounts, applied, List.copyOf(items), this.state.now());
		this.balances.settle(subscription.customer, session.currency, amounts.total(), applied);
		this.sales.orders.put(order.id, order);
		// Polar counts the invoices of a customer
		subscription.customer.put("modified_at", this.state.now());
		send(order, "order.created");
		if (order.due() == 0) {
			settle(order);
		}
		return order;
	}

	private void settle(FakeOrder order) {
		order.paid = true;
		order.nextPaymentAttemptAt = null;
		order.modifiedAt = this.state.now();
		send(order, "order.updated");
		send(order, "order.paid");
	}

	/**
	 * Create the order of a period, and charge it in the background. There is none if all
	 * prices are metered and nothing was used.
	 */
	void charge(FakeSubscription subscription) {
		List<FakeOrderItem> items = take(subscription);
		items.addAll(FakeProration.period(subscription));
		items.addAll(this.sales.meteredBilling.take(subscription));
		if (items.isEmpty()) {
			this.sales.cycleGrants(subscription);
			this.state.sendState(subscription.customer);
			return;
		}
		FakeOrder order = create(subscription, CYCLE, items);
		if (!order.paid) {
			FakePayment.Reason declined = isBelowMinimum(order) ? null : decline(subscription);
			if (this.sales.card(subscription.customer) == null || declined != null) {
				fail(order, subscription, declined, CYCLE);
				return;
			}
			pay(order, CYCLE);
		}
		this.state.sendState(subscription.customer);
		if (this.sales.cycleGrants(subscription)) {
			this.state.sendState(subscription.customer);
		}
		this.sales.completeInvoice(order);
	}

	/**
	 * Charge what is left to charge of a subscription that has ended.
	 */
	void chargeLast(FakeSubscription subscription, List<FakeOrderItem> items) {
		FakeOrder order = create(subscription, CYCLE, items);
		if (!order.paid && this.sales.card(subscription.customer) != null && decline(subscription) == null) {
			pay(order, CYCLE);
		}
	}

	/**
	 * Return what the next order contains because of changes during the period.
	 */
	List<FakeOrderItem> take(FakeSubscription subscription) {
		List<FakeOrderItem> items = new ArrayList<>(subscription.prorations);
		subscription.prorations.clear();
		return items;
	}

	/**
	 * Pay an order. Less than what a card can be charged becomes a debt of the customer.
	 */
	void pay(FakeOrder order, String trigger) {
		if (isBelowMinimum(order)) {
			this.balances.add(order.customer, order.session.currency, -order.due());
			settle(order);
			return;
		}
		order.paid = true;
		order.nextPaymentAttemptAt = null;
		order.modifiedAt = this.state.now();
		send(order, "order.updated");
		this.sales.pay(order, trigger);
		send(order, "order.paid");
		this.sales.complete(order);
	}

	private static boolean isBelowMinimum(FakeOrder order) {
		return order.due() < FakeCurrency.minimum(order.session.currency);
	}

	/**
	 * Record that a renewal could not be charged. Polar tries again later, and ends the
	 * subscription after the last attempt.
	 */
	private void fail(FakeOrder order, FakeSubscription subscription, FakePayment.@Nullable Reason reason,
			String trigger) {
		Instant now = this.state.now();
		boolean withoutCard = this.sales.card(order.customer) == null;
		if (!withoutCard) {
			this.sales.payments.add(new FakePayment(order, reason, trigger, now));
		}
		order.modifiedAt = now;
		boolean first = order.failures == 0;
		Instant deadline = (subscription.pastDueAt != null) ? subscription.pastDueAt.plus(LONGEST) : now.plus(LONGEST);
		boolean last = (!first && !now.isBefore(deadline)) || (!withoutCard && order.failures >= RETRIES.size());
		if (last) {
			this.sales.changes.end(subscription);
			return;
		}
		if (reason != null && reason.isFinal()) {
			order.nextPaymentAttemptAt = deadline;
		}
		else {
			order.nextPaymentAttemptAt = (withoutCard && !first) ? now.plus(WITHOUT_CARD)
					: order.createdAt.plus(RETRIES.get(order.failures));
		}
		order.failures++;
		if (first) {
			boolean already = subscription.isPastDue();
			subscription.pastDue(now);
			this.sales.sendSubscription(subscription, "subscription.updated");
			if (!already) {
				this.sales.sendSubscription(subscription, "subscription.past_due");
			}
			if (withoutCard) {
				this.sales.touch(order);
			}
		}
		Instant graceEnd = order.createdAt.plus(this.state.settings().gracePeriod());
		boolean revoked = !graceEnd.isAfter(now) && this.sales.revokeGrants((grant) -> grant.isOf(subscription));
		if (first || revoked) {
			this.state.sendState(subscription.customer);
		}
	}

	void retry(FakeOrder order) {
		retry(order, RETRY);
	}

	/**
	 * Charge the outstanding orders of past due subscriptions to a new card.
	 */
	void retryAll(FakeCustomer customer) {
		this.sales.orders.values()
			.stream()
			.filter((order) -> order.customer.equals(customer) && order.isOutstanding() && order.subscription != null
					&& order.subscription.isPastDue())
			.toList()
			.forEach((order) -> retry(order, "retry_payment_method_update"));
	}

	private void retry(FakeOrder order, String trigger) {
		FakeSubscription subscription = Objects.requireNonNull(order.subscription);
		FakePayment.Reason declined = decline(subscription);
		if (declined != null || (this.sales.card(order.customer) == null && !this.accepting)) {
			fail(order, subscription, declined, trigger);
		}
		else {
			recover(order, subscription, trigger);
		}
	}

	/**
	 * Charge an outstanding order to a new card of the buyer.
	 * @return whether the card is accepted
	 */
	boolean payOutstanding(FakeOrder order, String last4) {
		if (last4.equals(FakePayment.DECLINED_CARD)) {
			this.sales.payments.add(new FakePayment(order, FakePayment.DECLINED, RETRY, this.state.now()));
			return false;
		}
		this.sales.addCard(order.customer, last4);
		recover(order, Objects.requireNonNull(order.subscription), RETRY);
		return true;
	}

	private void recover(FakeOrder order, FakeSubscription subscription, String trigger) {
		if (subscription.isPastDue()) {
			subscription.recover(this.state.now());
			this.sales.sendSubscription(subscription, "subscription.updated", "subscription.active");
		}
		pay(order, trigger);
		this.sales.grantMissing(subscription);
		this.state.sendState(subscription.customer);
		this.sales.completeInvoice(order);
	}

	/**
	 * Return why the card on file is declined, or {@code null} if it is accepted or
	 * missing.
	 */
	private FakePayment.@Nullable Reason decline(FakeSubscription subscription) {
		Map<String, @Nullable Object> card = this.sales.card(subscription.customer);
		if (this.accepting || card == null) {
			return null;
		}
		FakePayment.Reason once = this.next;
		if (once != null) {
			this.next = null;
			return once;
		}
		return (this.declining || subscription.equals(this.declined) || FakePayment.isDeclined(card)) ? this.reason
				: null;
	}

	/**
	 * Do something while the card of a subscription is declined.
	 */
	void declining(FakeSubscription subscription, Runnable action) {
		Assert.state(subscription.amount() > 0, () -> "The subscription " + subscription.id + " is free");
		this.declined = subscription;
		try {
			action.run();
		}
		finally {
			this.declined = null;
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

	private void send(FakeOrder order, String type) {
		this.state.send(type, order.toJson(this.state.organizationId()));
	}

}
