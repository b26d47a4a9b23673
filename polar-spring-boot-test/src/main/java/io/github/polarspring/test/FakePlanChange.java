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
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A change of a subscription to another product. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakePlanChange {

	static final String NEXT_PERIOD = "next_period";

	static final String RESET = "reset";

	private static final String INVOICE = "invoice";

	private final FakeState state;

	private final FakeSales sales;

	private final FakeSubscription subscription;

	private final FakeProduct product;

	private final String proration;

	private final FakeDiscountChange discount;

	private final FakeSession session;

	private final boolean firstSeats;

	private final boolean newPeriod;

	private final Instant now;

	/**
	 * Prepare a change.
	 * @param proration the proration behavior
	 * @throws FakeRejection if the change is not possible with this behavior
	 */
	FakePlanChange(FakeState state, FakeSubscription subscription, FakeProduct product, String proration,
			FakeDiscountChange discount) {
		this.state = state;
		this.sales = state.sales();
		this.subscription = subscription;
		this.product = product;
		this.proration = proration;
		this.discount = discount;
		this.now = state.now();
		FakePrices prices = product.prices().in(subscription.session.currency);
		this.firstSeats = prices.minimumSeats() != null && subscription.session.seats() == null;
		if (this.firstSeats) {
			checkImmediate("seat");
		}
		Integer units = subscription.session.units();
		if (prices.minimumUnits() != null && units == null) {
			checkImmediate("unit");
		}
		else if (prices.minimumUnits() != null && units != null) {
			FakeQuantity.checkUnits(prices, units);
		}
		this.session = state.sessionFor(subscription, product).withDiscount(discount.after(subscription));
		this.newPeriod = !subscription.hasIntervalOf(product) || proration.equals(RESET);
	}

	private void checkImmediate(String kind) {
		if (this.proration.equals(NEXT_PERIOD)) {
			throw FakeRejection.of("proration_behavior",
					("Switching from a non-%s to a %s-based product must apply immediately and can't use the"
							+ " 'next_period' proration behavior.")
						.formatted(kind, kind),
					this.proration);
		}
	}

	static boolean isImmediate(String proration) {
		return proration.equals(INVOICE) || proration.equals(RESET);
	}

	FakeSession session() {
		return this.session;
	}

	/**
	 * Return whether the change is made now, not with the next period.
	 */
	boolean appliesNow() {
		return !this.proration.equals(NEXT_PERIOD);
	}

	/**
	 * Return the prorations of the change. There are none during a trial.
	 */
	List<FakeOrderItem> prorations() {
		if (this.subscription.isTrial()) {
			return List.of();
		}
		Instant start = this.newPeriod ? this.now : this.subscription.periodStart;
		Instant end = this.newPeriod ? FakeSubscription.next(this.product, this.now) : this.subscription.periodEnd;
		List<FakeOrderItem> items = new ArrayList<>();
		if (!this.proration.equals(RESET)) {
			items.addAll(FakeProration.credit(this.subscription, this.now));
		}
		items.addAll(FakeProration.debit(this.session, start, end, this.now));
		return items;
	}

	/**
	 * Return the end of the trial with the new product, or {@code null} if it ends now.
	 */
	@Nullable Instant trialEnd() {
		Instant start = this.subscription.trialStart();
		Object interval = this.product.get("trial_interval");
		if (start == null || interval == null || !(this.product.get("trial_interval_count") instanceof Number count)) {
			return null;
		}
		Instant end = FakeSession.plus(start, interval, count.intValue());
		return end.isAfter(this.now) ? end : null;
	}

	private boolean isInvoiced(List<FakeOrderItem> prorations) {
		return appliesNow() && !this.subscription.isTrial() && !prorations.isEmpty()
				&& (isImmediate(this.proration) || !this.subscription.hasIntervalOf(this.product));
	}

	/**
	 * Charge the card, if something is due now.
	 * @throws FakeRejection if there is no card, or it is declined
	 */
	void authorize() {
		List<FakeOrderItem> prorations = prorations();
		if (isInvoiced(prorations)) {
			List<FakeOrderItem> all = new ArrayList<>(this.subscription.prorations);
			all.addAll(prorations);
			this.sales.charges.authorize(this.subscription, this.session, all);
		}
	}

	/**
	 * Make the change, or schedule it.
	 */
	void apply(FakeSubscriptionChanges.Effects effects) {
		FakeSubscription subscription = this.subscription;
		if (!appliesNow()) {
			FakePendingUpdate update = new FakePendingUpdate(subscription.periodEnd, this.now);
			update.product = this.product;
			update.discount = this.discount.discount();
			update.withoutDiscount = this.discount.changes() && this.discount.discount() == null;
			this.sales.changes.schedule(subscription, update);
			return;
		}
		List<FakeOrderItem> prorations = prorations();
		boolean invoiced = isInvoiced(prorations);
		subscription.pendingUpdate = null;
		subscription.prorations.addAll(prorations);
		subscription.terms(this.session);
		if (subscription.isTrial()) {
			Instant end = trialEnd();
			subscription.trialUntil((end != null) ? end : this.now);
			if (end == null) {
				effects.billing(() -> this.sales.renewals.cycle(subscription, effects));
			}
		}
		else if (this.newPeriod) {
			subscription.startPeriod(this.now);
		}
		if (this.firstSeats) {
			makeTeam(effects);
		}
		if (!subscription.isPaused() && !subscription.hasEnded()) {
			effects.afterwards(() -> this.sales.updateGrants(subscription));
		}
		effects.afterwards(() -> this.state.sendState(subscription.customer));
		if (invoiced) {
			this.sales.changes.invoice(subscription, effects);
		}
	}

	/**
	 * Make the customer a team, and give the buyer a seat.
	 */
	private void makeTeam(FakeSubscriptionChanges.Effects effects) {
		FakeCustomer customer = this.subscription.customer;
		customer.put("type", "team");
		customer.put("modified_at", this.now);
		this.state.seats().assign(this.subscription, null, customer.owner(), Map.of(), true);
		effects.afterwards(() -> this.state.update(customer, Map.of("type", "team")));
	}

}
