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

package io.github.polarspring.subscription;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.Subscription.CancellationReason;
import io.github.polarspring.model.Subscription.PendingUpdate;
import io.github.polarspring.model.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Base class for {@link SubscriptionChanges}, which differ in the subscriptions that can
 * be changed.
 */
abstract class AbstractSubscriptionChanges implements SubscriptionChanges {

	private static final List<SubscriptionStatus> RUNNING = List.of(SubscriptionStatus.ACTIVE,
			SubscriptionStatus.TRIALING, SubscriptionStatus.PAST_DUE);

	/**
	 * Statuses of rejections because of the state of the subscription. For what is
	 * already so, Polar uses all of them.
	 */
	private static final List<Integer> STATE = List.of(400, 403, 409, 410, 422);

	private static final String PRORATION = "proration_behavior";

	private final SubscriptionCalls calls;

	AbstractSubscriptionChanges(SubscriptionCalls calls) {
		this.calls = calls;
	}

	/**
	 * Read a subscription that is to be changed.
	 * @throws io.github.polarspring.PolarNotFoundException if it cannot be changed
	 */
	abstract Subscription read(UUID id);

	/**
	 * Check that a subscription can be changed.
	 * @throws io.github.polarspring.PolarNotFoundException if not
	 */
	abstract void check(UUID id);

	@Override
	public final Subscription changeProduct(UUID id, PlanChange change) {
		Assert.notNull(change, "change must not be null");
		UUID product = change.productId(this.calls.products());
		UUID discount = change.discountId();
		Map<String, @Nullable Object> body = body("product_id", product);
		putIfPresent(body, PRORATION, change.proration());
		putIfPresent(body, "discount_id", discount);
		Target target = new Target(product, Subscription::productId, PendingUpdate::productId,
				(current) -> discount == null || discount.equals(current.discountId()));
		return (change.proration() == Proration.NEXT_PERIOD) ? changeLater(id, body, target, discount == null)
				: change(id, body, target, change.proration());
	}

	@Override
	public final Subscription changeSeats(UUID id, int seats) {
		return changeSeatsTo(id, seats, null);
	}

	@Override
	public final Subscription changeSeats(UUID id, int seats, Proration proration) {
		Assert.notNull(proration, "proration must not be null");
		return changeSeatsTo(id, seats, proration);
	}

	private Subscription changeSeatsTo(UUID id, int seats, @Nullable Proration proration) {
		Assert.isTrue(seats > 0, "seats must be positive");
		Map<String, @Nullable Object> body = body("seats", seats);
		putIfPresent(body, PRORATION, proration);
		Target target = new Target(seats, Subscription::seats, PendingUpdate::seats, (current) -> true);
		return (proration == Proration.NEXT_PERIOD) ? changeLater(id, body, target, true)
				: change(id, body, target, proration);
	}

	/**
	 * Make a change that takes effect with the next period.
	 * @param complete whether the pending update shows everything that is changed
	 */
	private Subscription changeLater(UUID id, Map<String, @Nullable Object> body, Target target, boolean complete) {
		Subscription before = read(id);
		return (target.isReached(before) || (complete && target.isPending(before))) ? before
				: send(id, body, (current) -> target.isReached(current) || target.isPending(current));
	}

	/**
	 * Make a change that takes effect immediately, or when the organization has set.
	 */
	private Subscription change(UUID id, Map<String, @Nullable Object> body, Target target,
			@Nullable Proration proration) {
		return this.calls.exclusively(id, () -> {
			Subscription before = read(id);
			if (target.isReached(before)) {
				return before;
			}
			// a pending update that was there before is not an effect
			boolean maybeLater = proration == null && !target.isPending(before);
			Predicate<Subscription> wanted = (current) -> target.isReached(current)
					|| (maybeLater && target.isPending(current));
			return sendOnce(id, body, wanted, wanted);
		});
	}

	@Override
	public final Subscription applyDiscount(UUID id, UUID discountId) {
		Assert.notNull(discountId, "discountId must not be null");
		return checkAndSend(id, body("discount_id", discountId), (current) -> discountId.equals(current.discountId()));
	}

	@Override
	public final Subscription removeDiscount(UUID id) {
		return checkAndSend(id, body("discount_id", null), (current) -> current.discountId() == null);
	}

	@Override
	public final Subscription changeTrialEnd(UUID id, Instant trialEnd) {
		Assert.notNull(trialEnd, "trialEnd must not be null");
		return checkAndSend(id, body("trial_end", trialEnd.toString()), (current) -> false);
	}

	@Override
	public final Subscription endTrial(UUID id) {
		return this.calls.exclusively(id, () -> {
			check(id);
			// a trial that is set to cancel ends the subscription
			Predicate<Subscription> effect = (current) -> current.status() != SubscriptionStatus.TRIALING;
			return sendOnce(id, body("trial_end", "now"), effect, effect.and(AbstractSubscriptionChanges::isRunning));
		});
	}

	@Override
	public final Subscription changePeriodEnd(UUID id, Instant periodEnd) {
		Assert.notNull(periodEnd, "periodEnd must not be null");
		return checkAndSend(id, body("current_billing_period_end", periodEnd.toString()), (current) -> false);
	}

	@Override
	public final Subscription cancelAtPeriodEnd(UUID id, @Nullable CancellationReason reason,
			@Nullable String comment) {
		return checkAndSend(id, cancellation("cancel_at_period_end", reason, comment),
				(current) -> current.cancelAtPeriodEnd() || isEnded(current));
	}

	@Override
	public final Subscription uncancel(UUID id) {
		return checkAndSend(id, body("cancel_at_period_end", false),
				(current) -> isRunning(current) && !current.cancelAtPeriodEnd());
	}

	@Override
	public final Subscription pauseAtPeriodEnd(UUID id) {
		return pause(id, null);
	}

	@Override
	public final Subscription pauseAtPeriodEnd(UUID id, Instant resumesAt) {
		Assert.notNull(resumesAt, "resumesAt must not be null");
		return pause(id, resumesAt);
	}

	private Subscription pause(UUID id, @Nullable Instant resumesAt) {
		Map<String, @Nullable Object> body = body("pause_at_period_end", true);
		putIfPresent(body, "resumes_at", (resumesAt != null) ? resumesAt.toString() : null);
		return checkAndSend(id, body,
				(current) -> (current.pauseAtPeriodEnd() || current.status() == SubscriptionStatus.PAUSED)
						&& Objects.equals(atPolar(resumesAt), atPolar(current.resumesAt())));
	}

	/**
	 * Return a time with the precision with which Polar stores it.
	 */
	private static @Nullable Instant atPolar(@Nullable Instant time) {
		return (time != null) ? time.truncatedTo(ChronoUnit.MICROS) : null;
	}

	@Override
	public final Subscription unpause(UUID id) {
		return checkAndSend(id, body("pause_at_period_end", false),
				(current) -> isRunning(current) && !current.pauseAtPeriodEnd());
	}

	@Override
	public final Subscription resume(UUID id) {
		return this.calls.exclusively(id, () -> {
			check(id);
			Predicate<Subscription> wanted = (current) -> isRunning(current) && !current.pauseAtPeriodEnd();
			return sendOnce(id, body("resume", true), wanted, wanted);
		});
	}

	@Override
	public final Subscription clearPendingUpdate(UUID id) {
		return checkAndSend(id, body("pending_update", null), (current) -> current.pendingUpdate() == null);
	}

	@Override
	public final Subscription changeMetadata(UUID id, Map<String, ? extends @Nullable Object> changes) {
		Assert.notNull(changes, "changes must not be null");
		SubscriptionMetadata.merge(Map.of(), changes);
		Subscription before = read(id);
		Map<String, @Nullable Object> merged = SubscriptionMetadata.merge(before.metadata(), changes);
		return SubscriptionMetadata.isSame(before.metadata(), merged) ? before
				: send(id, body("metadata", merged), (current) -> false);
	}

	@Override
	public final Subscription revoke(UUID id, @Nullable CancellationReason reason, @Nullable String comment) {
		return checkAndSend(id, cancellation("revoke", reason, comment), AbstractSubscriptionChanges::isEnded);
	}

	private static Map<String, @Nullable Object> cancellation(String field, @Nullable CancellationReason reason,
			@Nullable String comment) {
		Assert.isTrue(reason != CancellationReason.UNKNOWN,
				"reason must not be UNKNOWN, which is not a reason of Polar's");
		Map<String, @Nullable Object> body = body(field, true);
		putIfPresent(body, "customer_cancellation_reason", reason);
		putIfPresent(body, "customer_cancellation_comment", comment);
		return body;
	}

	private static Map<String, @Nullable Object> body(String field, @Nullable Object value) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>();
		body.put(field, value);
		return body;
	}

	private static void putIfPresent(Map<String, @Nullable Object> body, String field, @Nullable Object value) {
		if (value != null) {
			body.put(field, (value instanceof Enum<?> constant) ? constant.name().toLowerCase(Locale.ROOT) : value);
		}
	}

	private static boolean isRunning(Subscription subscription) {
		return RUNNING.contains(subscription.status());
	}

	private static boolean isEnded(Subscription subscription) {
		return subscription.status() == SubscriptionStatus.CANCELED;
	}

	private Subscription checkAndSend(UUID id, Map<String, @Nullable Object> body, Predicate<Subscription> wanted) {
		check(id);
		return send(id, body, wanted);
	}

	/**
	 * Send a change that does no harm if it is sent twice.
	 */
	private Subscription send(UUID id, Map<String, @Nullable Object> body, Predicate<Subscription> wanted) {
		try {
			return this.calls.change(id, body);
		}
		catch (PolarApiException ex) {
			return alreadySo(id, wanted, ex);
		}
	}

	/**
	 * Send a change that can charge the customer.
	 * @param effect what the subscription is if the change was made
	 * @param wanted what the subscription is if the change is not necessary
	 */
	private Subscription sendOnce(UUID id, Map<String, @Nullable Object> body, Predicate<Subscription> effect,
			Predicate<Subscription> wanted) {
		Optional<Subscription> earlier = this.calls.effectOfEarlierChange(id, wanted);
		if (earlier.isPresent()) {
			return earlier.get();
		}
		try {
			return this.calls.changeOnce(id, body, effect);
		}
		catch (PolarApiException ex) {
			return alreadySo(id, wanted, ex);
		}
	}

	private Subscription alreadySo(UUID id, Predicate<Subscription> wanted, PolarApiException rejection) {
		if (STATE.contains(rejection.getStatus()) && !(rejection instanceof PolarPermissionException)) {
			try {
				Subscription current = this.calls.get(id);
				if (wanted.test(current)) {
					return current;
				}
			}
			catch (PolarException ex) {
				rejection.addSuppressed(ex);
			}
		}
		throw rejection;
	}

	/**
	 * What a change leads to, now or with the next period.
	 */
	private record Target(Object value, Function<Subscription, @Nullable Object> now,
			Function<PendingUpdate, @Nullable Object> later, Predicate<Subscription> also) {

		/**
		 * Return whether a subscription continues with the wanted value. One that has
		 * ended, or will end, cannot be changed, and must not look as if it had been.
		 */
		boolean isReached(Subscription subscription) {
			return this.value.equals(this.now.apply(subscription)) && pending(subscription) == null
					&& this.also.test(subscription) && !subscription.cancelAtPeriodEnd() && !isEnded(subscription);
		}

		boolean isPending(Subscription subscription) {
			return this.value.equals(pending(subscription));
		}

		private @Nullable Object pending(Subscription subscription) {
			PendingUpdate pending = subscription.pendingUpdate();
			return (pending != null) ? this.later.apply(pending) : null;
		}

	}

}
