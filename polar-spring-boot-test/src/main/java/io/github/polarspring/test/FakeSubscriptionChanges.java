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
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Changes subscriptions, with the rules and the events of Polar. A change that Polar
 * rejects throws a {@link FakeRejection} and changes nothing. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeSubscriptionChanges {

	private final FakeState state;

	private final FakeSales sales;

	FakeSubscriptionChanges(FakeState state, FakeSales sales) {
		this.state = state;
		this.sales = sales;
	}

	/**
	 * Make a change that cannot be rejected any more, and send the events that tell of
	 * it.
	 */
	void perform(FakeSubscription subscription, Consumer<Effects> change) {
		Map<String, @Nullable Object> before = subscription.record();
		String status = subscription.status;
		boolean canceled = subscription.canceledAt != null;
		Effects effects = new Effects();
		change.accept(effects);
		if (!subscription.record().equals(before)) {
			subscription.modifiedAt = this.state.now();
		}
		effects.billing.run();
		this.sales.sendSubscription(subscription, events(subscription, status, canceled).toArray(String[]::new));
		effects.jobs.forEach(Runnable::run);
		if (effects.jobs.isEmpty()) {
			this.state.sendState(subscription.customer);
		}
	}

	private static List<String> events(FakeSubscription subscription, String status, boolean wasCanceled) {
		List<String> events = new ArrayList<>(List.of("subscription.updated"));
		boolean canceled = subscription.canceledAt != null;
		boolean revoked = subscription.hasEnded() && !status.equals("canceled");
		if (subscription.isPaused() && !status.equals("paused")) {
			events.add("subscription.paused");
		}
		if (subscription.isActive() && status.equals("paused")) {
			events.add("subscription.resumed");
		}
		if (!canceled && wasCanceled) {
			events.add("subscription.uncanceled");
		}
		if (canceled && (!wasCanceled || revoked)) {
			events.add("subscription.canceled");
		}
		if (revoked) {
			events.add("subscription.revoked");
		}
		return events;
	}

	/**
	 * Send the event of a change that changes nothing.
	 */
	void touch(FakeSubscription subscription) {
		subscription.modifiedAt = this.state.now();
		perform(subscription, (effects) -> {
		});
	}

	/**
	 * Change several values at once.
	 * @param values a product with the proration behavior, a discount, the end of the
	 * trial, and metadata, all of which are optional
	 */
	void update(FakeSubscription subscription, Map<String, @Nullable Object> values) {
		String productId = (String) values.get("product_id");
		String trialEnd = (String) values.get("trial_end");
		String proration = (String) values.get("proration_behavior");
		if (productId != null) {
			checkReset(proration);
		}
		FakeProduct product = (productId != null) ? requireProduct(subscription, productId, false)
				: subscription.product;
		FakeDiscountChange discount = FakeDiscountChange.of(this.state, subscription, product, values);
		FakePlanChange plan = (productId != null)
				? new FakePlanChange(this.state, subscription, product, proration(proration), discount) : null;
		if (trialEnd != null) {
			checkTrial(subscription, trialEnd);
		}
		if (plan != null) {
			plan.authorize();
		}
		perform(subscription, (effects) -> {
			discount.redeem(subscription);
			if (plan != null) {
				plan.apply(effects);
			}
			else if (discount.changes()) {
				subscription.terms(subscription.session.withDiscount(discount.discount()));
			}
			if (trialEnd != null) {
				moveTrial(subscription, trialEnd, effects);
			}
			if (values.containsKey("metadata")) {
				subscription.metadata = FakeResources.metadata(values);
			}
		});
	}

	/**
	 * Change the product with the default proration behavior.
	 * @param productId the ID of the product
	 * @param inPortal whether the customer changes it, to whom only some are offered
	 */
	void changePlan(FakeSubscription subscription, String productId, boolean inPortal) {
		FakeProduct product = requireProduct(subscription, productId, inPortal);
		FakePlanChange change = new FakePlanChange(this.state, subscription, product, proration(null),
				FakeDiscountChange.NONE);
		change.authorize();
		perform(subscription, change::apply);
	}

	FakeProduct requireProduct(FakeSubscription subscription, String id, boolean inPortal) {
		requireNotCanceled(subscription);
		FakeProduct product = this.state.product(UUID.fromString(id));
		String problem = inPortal ? FakePlans.problemInPortalOf(subscription, product)
				: FakePlans.problemOf(subscription, product);
		if (product == null || problem != null) {
			throw FakeRejection.of("product_id", String.valueOf(problem), id);
		}
		return product;
	}

	private static void requireNotCanceled(FakeSubscription subscription) {
		if (subscription.hasEnded() || subscription.cancelAtPeriodEnd) {
			throw FakeRejection.alreadyCanceled();
		}
	}

	/**
	 * Return the proration behavior, by default that of the organization.
	 */
	String proration(@Nullable String proration) {
		return (proration != null) ? proration : this.state.settings().prorationBehavior();
	}

	private void checkReset(@Nullable String proration) {
		if (FakePlanChange.RESET.equals(proration) && !this.state.settings().prorationReset()) {
			throw FakeRejection.of("proration_behavior",
					"The 'reset' proration behavior is not enabled for this organization.", proration);
		}
	}

	private static void checkTrial(FakeSubscription subscription, String end) {
		if (!subscription.isActive()) {
			throw inactive(subscription);
		}
		if (subscription.isTrial()) {
			return;
		}
		if (end.equals("now")) {
			throw FakeRejection.of("trial_end", "The subscription is not currently trialing.", end);
		}
		if (!FakeTime.toInstant(end).isAfter(subscription.periodEnd)) {
			throw FakeRejection.of("trial_end", "Trial end must be after the current period end.", end);
		}
	}

	private static FakeRejection inactive(FakeSubscription subscription) {
		return new FakeRejection(403, "InactiveSubscription",
				"Subscription %s is not active.".formatted(subscription.id));
	}

	private void moveTrial(FakeSubscription subscription, String end, Effects effects) {
		subscription.trialUntil(end.equals("now") ? this.state.now() : FakeTime.toInstant(end));
		if (end.equals("now")) {
			effects.billing(() -> this.sales.renewals.cycle(subscription, effects));
		}
	}

	/**
	 * Change the number of seats.
	 */
	void seats(FakeSubscription subscription, long seats, @Nullable String proration) {
		checkReset(proration);
		quantity(subscription, FakeQuantity.seats(this.state, subscription, seats), proration(proration));
	}

	/**
	 * Change the number of units.
	 */
	void units(FakeSubscription subscription, long units, @Nullable String proration) {
		checkReset(proration);
		quantity(subscription, FakeQuantity.units(subscription, units), proration(proration));
	}

	private void quantity(FakeSubscription subscription, FakeQuantity quantity, String proration) {
		if (quantity.isSame()) {
			if (quantity.isScheduled()) {
				perform(subscription, (effects) -> quantity.unschedule());
			}
			return;
		}
		if (proration.equals(FakePlanChange.NEXT_PERIOD)) {
			perform(subscription, (effects) -> schedule(subscription, quantity.scheduled(this.state.now())));
			return;
		}
		boolean now = FakePlanChange.isImmediate(proration) && !subscription.isTrial();
		List<FakeOrderItem> prorations = subscription.isTrial() ? List.of()
				: quantity.prorations(proration, this.state.now());
		List<FakeOrderItem> all = new ArrayList<>(subscription.prorations);
		all.addAll(prorations);
		if (now && !prorations.isEmpty()) {
			this.sales.charges.authorize(subscription, quantity.session(), all);
		}
		perform(subscription, (effects) -> {
			quantity.unschedule();
			subscription.prorations.addAll(prorations);
			subscription.terms(quantity.session());
			if (proration.equals(FakePlanChange.RESET)) {
				subscription.startPeriod(this.state.now());
			}
			if (now && !prorations.isEmpty()) {
				invoice(subscription, effects);
			}
		});
	}

	/**
	 * Schedule a change for the next period, in addition to another one.
	 */
	void schedule(FakeSubscription subscription, FakePendingUpdate update) {
		FakePendingUpdate pending = subscription.pendingUpdate;
		if (pending != null) {
			pending.merge(update, this.state.now());
		}
		else {
			subscription.pendingUpdate = update;
		}
	}

	/**
	 * Create the order of a change, which is paid afterwards.
	 */
	void invoice(FakeSubscription subscription, Effects effects) {
		effects.billing(() -> {
			FakeOrder order = this.sales.charges.create(subscription, FakeCharges.UPDATE,
					this.sales.charges.take(subscription));
			effects.jobs.add(0, () -> {
				if (!order.paid) {
					this.sales.charges.pay(order, FakeCharges.CYCLE);
				}
			});
			if (effects.jobs.size() == 1) {
				effects.afterwards(() -> this.state.sendState(subscription.customer));
			}
			effects.afterwards(() -> this.sales.completeInvoice(order));
		});
	}

	/**
	 * Remove the change that is scheduled for the next period.
	 */
	void clearPendingUpdate(FakeSubscription subscription) {
		if (subscription.pendingUpdate == null) {
			throw FakeRejection.of("pending_update", "This subscription has no pending update to clear.", null);
		}
		perform(subscription, (effects) -> subscription.pendingUpdate = null);
	}

	/**
	 * Move the end of the period.
	 * @param end a time, which Polar returns as it was sent
	 */
	void endPeriodAt(FakeSubscription subscription, String end) {
		if (subscription.hasEnded()) {
			throw FakeRejection.alreadyCanceled();
		}
		if (!subscription.isActive()) {
			throw inactive(subscription);
		}
		requireNotCanceled(subscription);
		Instant time = FakeTime.toInstant(end);
		perform(subscription, (effects) -> {
			subscription.endPeriodAt(time);
			subscription.sentPeriodEnd = end.endsWith("Z") ? null : end;
		});
	}

	/**
	 * Cancel a subscription at the end of its period.
	 */
	void cancel(FakeSubscription subscription, @Nullable String reason, @Nullable String comment) {
		if (!subscription.isBillable() || subscription.cancelAtPeriodEnd) {
			throw FakeRejection.alreadyCanceled();
		}
		perform(subscription, (effects) -> subscription.cancel(false, reason, comment, this.state.now()));
	}

	/**
	 * Revert the cancellation of a subscription that has not ended.
	 */
	void uncancel(FakeSubscription subscription) {
		if (subscription.hasEnded()) {
			throw new FakeRejection(410, "ResourceUnavailable", "Unavailable");
		}
		if (!subscription.cancelAtPeriodEnd || !subscription.isBillable()) {
			throw new FakeRejection(409, "SubscriptionNotScheduledToCancel",
					"This subscription is not scheduled to be canceled, so it cannot be uncanceled.");
		}
		perform(subscription, (effects) -> subscription.uncancel());
	}

	void end(FakeSubscription subscription) {
		end(subscription, null, null);
	}

	/**
	 * End a subscription immediately. Its unpaid orders are void.
	 */
	void end(FakeSubscription subscription, @Nullable String reason, @Nullable String comment) {
		if (subscription.hasEnded()) {
			throw FakeRejection.alreadyCanceled();
		}
		perform(subscription, (effects) -> {
			subscription.cancel(true, reason, comment, this.state.now());
			this.state.seats().end(subscription);
			effects.afterwards(() -> {
				voidOrders(subscription);
				this.sales.revokeGrants((grant) -> grant.isOf(subscription));
				this.state.sendState(subscription.customer);
			});
		});
	}

	/**
	 * Void the unpaid orders of a subscription that has ended.
	 */
	void voidOrders(FakeSubscription subscription) {
		this.sales.orders.values()
			.stream()
			.filter((order) -> subscription.equals(order.subscription) && order.status().equals("pending"))
			.forEach((order) -> {
				order.nextPaymentAttemptAt = null;
				order.voided = true;
				this.sales.touch(order);
			});
	}

	/**
	 * Pause a subscription at the end of its period.
	 * @param resumesAt when it resumes, or {@code null} for never
	 */
	void pause(FakeSubscription subscription, @Nullable String resumesAt) {
		if (!subscription.canPause()) {
			throw new FakeRejection(409, "CannotPauseSubscription", "This subscription cannot be paused.");
		}
		Instant resume = (resumesAt != null) ? FakeTime.toInstant(resumesAt) : null;
		if (resume != null && !resume.isAfter(subscription.periodEnd)) {
			throw FakeRejection.of("resumes_at", "resumes_at must be after the current period end.", resumesAt);
		}
		perform(subscription, (effects) -> {
			subscription.pauseAtPeriodEnd = true;
			subscription.resumesAt = resume;
		});
	}

	/**
	 * Revert a pause that has not started.
	 */
	void unschedulePause(FakeSubscription subscription) {
		if (!subscription.pauseAtPeriodEnd || !subscription.status.equals("active")) {
			throw new FakeRejection(409, "NoScheduledPause", "This subscription is not scheduled to be paused.");
		}
		perform(subscription, (effects) -> {
			subscription.pauseAtPeriodEnd = false;
			subscription.resumesAt = null;
		});
	}

	/**
	 * What follows from a change.
	 */
	static final class Effects {

		private Runnable billing = () -> {
		};

		private final List<Runnable> jobs = new ArrayList<>();

		/**
		 * Create an order, or end the period, before the events of the change are sent.
		 */
		void billing(Runnable billing) {
			this.billing = billing;
		}

		/**
		 * Do something after the events of the change were sent, as the background jobs
		 * of Polar.
		 */
		void afterwards(Runnable job) {
			this.jobs.add(job);
		}

	}

}
