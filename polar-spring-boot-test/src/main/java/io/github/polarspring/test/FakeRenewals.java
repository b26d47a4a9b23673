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
import java.util.List;

import org.springframework.util.Assert;

/**
 * Ends the periods of subscriptions: they are renewed, paused, or end. Guarded by the
 * lock of {@link FakeState}.
 */
final class FakeRenewals {

	private final FakeState state;

	private final FakeSales sales;

	FakeRenewals(FakeState state, FakeSales sales) {
		this.state = state;
		this.sales = sales;
	}

	static void requireBillable(FakeSubscription subscription) {
		Assert.state(subscription.isBillable(),
				() -> "The subscription " + subscription.id + " is " + subscription.status);
	}

	/**
	 * End the period of a subscription.
	 */
	void endPeriod(FakeSubscription subscription) {
		if (subscription.cancelAtPeriodEnd) {
			endCanceled(subscription);
		}
		else if (subscription.pauseAtPeriodEnd) {
			pause(subscription);
		}
		else {
			this.sales.changes.perform(subscription, (effects) -> cycle(subscription, effects));
		}
	}

	private void endCanceled(FakeSubscription subscription) {
		this.sales.changes.perform(subscription, (effects) -> {
			subscription.endAsCanceled(this.state.now());
			this.state.seats().end(subscription);
			effects.afterwards(() -> {
				this.sales.changes.voidOrders(subscription);
				List<FakeOrderItem> pending = this.sales.charges.take(subscription);
				pending.addAll(this.sales.meteredBilling.take(subscription));
				if (!pending.isEmpty()) {
					this.sales.charges.chargeLast(subscription, pending);
				}
				this.sales.revokeGrants((grant) -> grant.isOf(subscription));
				this.state.sendState(subscription.customer);
			});
		});
	}

	/**
	 * Renew a subscription.
	 */
	void cycle(FakeSubscription subscription, FakeSubscriptionChanges.Effects effects) {
		Instant now = this.state.now();
		FakePendingUpdate pending = subscription.pendingUpdate;
		boolean changed = pending != null && pending.product != null;
		subscription.cycle(now);
		if (pending != null) {
			subscription.pendingUpdate = null;
			apply(subscription, pending);
		}
		subscription.expireDiscount();
		subscription.endTrial();
		this.sales.sendSubscription(subscription, "subscription.cycled");
		effects.afterwards(() -> {
			this.sales.charges.charge(subscription);
			if (changed && subscription.isActive()) {
				this.sales.updateGrants(subscription);
				this.state.sendState(subscription.customer);
			}
		});
	}

	/**
	 * Apply a change that was scheduled, unless the product is no longer sold in the
	 * currency of the subscription.
	 */
	private void apply(FakeSubscription subscription, FakePendingUpdate pending) {
		FakeSession session = terms(subscription, pending);
		boolean newInterval = !subscription.hasIntervalOf(session.product());
		subscription.terms(session);
		if (newInterval) {
			subscription.startPeriod(subscription.periodStart);
		}
	}

	/**
	 * Return the prices, the seats, and the discount after a scheduled change.
	 */
	FakeSession terms(FakeSubscription subscription, FakePendingUpdate pending) {
		FakeSession session = subscription.session;
		FakeProduct product = pending.product;
		if (product != null) {
			if (product.prices().in(session.currency).isEmpty()) {
				return session;
			}
			session = this.state.sessionFor(subscription, product);
		}
		session = (pending.seats != null) ? session.withSeats(pending.seats) : session;
		session = (pending.units != null) ? session.withUnits(pending.units) : session;
		return (pending.discount != null || pending.withoutDiscount) ? session.withDiscount(pending.discount) : session;
	}

	/**
	 * Pause a subscription as at the end of a period.
	 */
	void pause(FakeSubscription subscription) {
		requireBillable(subscription);
		this.sales.changes.perform(subscription, (effects) -> {
			subscription.pause(this.state.now());
			effects.afterwards(() -> {
				this.sales.revokeGrants((grant) -> grant.isOf(subscription));
				this.state.sendState(subscription.customer);
			});
		});
	}

	/**
	 * Resume a paused subscription, which starts a new period and is charged.
	 */
	void resume(FakeSubscription subscription) {
		if (!subscription.isPaused()) {
			throw new FakeRejection(409, "NotPausedSubscription", "This subscription is not paused.");
		}
		this.sales.changes.perform(subscription, (effects) -> {
			subscription.resume(this.state.now());
			subscription.expireDiscount();
			effects.afterwards(() -> {
				this.sales.grantMissing(subscription);
				this.sales.charges.charge(subscription);
			});
		});
	}

}
