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

import org.jspecify.annotations.Nullable;

/**
 * A change of the number of seats or units of a subscription. Guarded by the lock of
 * {@link FakeState}.
 *
 * @param subscription the subscription
 * @param seats whether the number is that of seats, otherwise of units
 * @param before the number before
 * @param number the new number
 */
record FakeQuantity(FakeSubscription subscription, boolean seats, int before, int number) {

	/**
	 * Prepare a change of the number of seats.
	 * @throws FakeRejection if the number is not possible
	 */
	static FakeQuantity seats(FakeState state, FakeSubscription subscription, long number) {
		requireNotCanceled(subscription);
		FakePrices prices = subscription.session.prices();
		Integer minimum = prices.minimumSeats();
		if (minimum == null) {
			throw new FakeRejection(400, "NotASeatBasedSubscription",
					"This subscription does not support seat-based pricing.");
		}
		if (number < minimum) {
			throw new FakeRejection(400, "BelowMinimumSeats", "Minimum %d seats required.".formatted(minimum));
		}
		if (number > prices.maximumSeats()) {
			throw new FakeRejection(400, "AboveMaximumSeats",
					"Maximum %d seats allowed.".formatted(prices.maximumSeats()));
		}
		long assigned = state.seats().of(subscription, null).stream().filter((seat) -> !seat.isRevoked()).count();
		if (number < assigned) {
			throw new FakeRejection(400, "SeatsAlreadyAssigned",
					"Cannot decrease seats to %d. Currently %d seats are assigned. Revoke seats first."
						.formatted(number, assigned));
		}
		Integer before = subscription.session.seats();
		return new FakeQuantity(subscription, true, (before != null) ? before : 1, (int) number);
	}

	/**
	 * Prepare a change of the number of units.
	 * @throws FakeRejection if the number is not possible
	 */
	static FakeQuantity units(FakeSubscription subscription, long number) {
		requireNotCanceled(subscription);
		FakePrices prices = subscription.session.prices();
		if (prices.minimumUnits() == null) {
			throw new FakeRejection(400, "NotAUnitBasedSubscription",
					"This subscription does not support unit-based pricing.");
		}
		checkUnits(prices, number);
		Integer before = subscription.session.units();
		return new FakeQuantity(subscription, false, (before != null) ? before : 1, (int) number);
	}

	/**
	 * Check a number of units.
	 */
	static void checkUnits(FakePrices prices, long number) {
		Integer minimum = prices.minimumUnits();
		if (minimum != null && number < minimum) {
			throw new FakeRejection(400, "BelowMinimumUnits", "Minimum %d units required.".formatted(minimum));
		}
		if (number > prices.maximumUnits()) {
			throw new FakeRejection(400, "AboveMaximumUnits",
					"Maximum %d units allowed.".formatted(prices.maximumUnits()));
		}
	}

	private static void requireNotCanceled(FakeSubscription subscription) {
		if (subscription.hasEnded() || subscription.cancelAtPeriodEnd) {
			throw FakeRejection.alreadyCanceled();
		}
	}

	boolean isSame() {
		return this.before == this.number;
	}

	private @Nullable FakePendingUpdate pending() {
		return this.subscription.pendingUpdate;
	}

	/**
	 * Return whether another number is scheduled for the next period.
	 */
	boolean isScheduled() {
		FakePendingUpdate pending = pending();
		return pending != null && (this.seats ? pending.seats : pending.units) != null;
	}

	/**
	 * Return the change for the next period.
	 */
	FakePendingUpdate scheduled(Instant now) {
		FakePendingUpdate update = new FakePendingUpdate(this.subscription.periodEnd, now);
		if (this.seats) {
			update.seats = this.number;
		}
		else {
			update.units = this.number;
		}
		return update;
	}

	/**
	 * Drop the number that is scheduled. A product that is scheduled remains.
	 */
	void unschedule() {
		FakePendingUpdate pending = pending();
		if (pending == null) {
			return;
		}
		if (pending.product == null) {
			this.subscription.pendingUpdate = null;
		}
		else if (this.seats) {
			pending.seats = null;
		}
		else {
			pending.units = null;
		}
	}

	/**
	 * Return the prices with the new number.
	 */
	FakeSession session() {
		return this.seats ? this.subscription.session.withSeats(this.number)
				: this.subscription.session.withUnits(this.number);
	}

	/**
	 * Return the proration of the change, or the whole price if the period starts again.
	 * @param proration the proration behavior
	 */
	List<FakeOrderItem> prorations(String proration, Instant now) {
		return FakeProration.quantity(this, proration.equals(FakePlanChange.RESET), now);
	}

}
