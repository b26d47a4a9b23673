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
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.Subscription.CancellationReason;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a subscription, each of which returns the subscription afterward.
 * <p>
 * What is already so is not an error: canceling, undoing, pausing, resuming or revoking a
 * second time returns the subscription. Otherwise, a state that does not permit the
 * change results in a {@link io.github.polarspring.PolarConflictException}, and a value
 * that Polar rejects in a {@link io.github.polarspring.PolarValidationException}.
 * <p>
 * Methods that can charge the customer say so. They send the change at most once,
 * whatever happens. If the outcome is not known, such as after a timeout, they read the
 * subscription until it shows the change, and throw a
 * {@link io.github.polarspring.PolarOutcomeUnknownException} if it does not within 30
 * seconds. Do not call them again then, and do not tell the user that the change failed.
 * All other methods are retried like a read.
 * <p>
 * Any other failure is a {@link io.github.polarspring.PolarException}. If there is no
 * subscription with the id, it is a {@link io.github.polarspring.PolarNotFoundException}.
 * Implementations are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface SubscriptionChanges {

	/**
	 * Change the product, with the proration that is set for the organization, see
	 * {@link #changeProduct(UUID, PlanChange)}.
	 * @param id Polar's id of the subscription
	 * @param product a name that is configured in {@code polar.products}, or an id as
	 * text
	 * @return the subscription
	 */
	default Subscription changeProduct(UUID id, String product) {
		return changeProduct(id, PlanChange.to(product));
	}

	/**
	 * Change the product, see {@link #changeProduct(UUID, PlanChange)}.
	 * @param id Polar's id of the subscription
	 * @param product a name that is configured in {@code polar.products}, or an id as
	 * text
	 * @param proration what the change costs, and when it takes effect
	 * @return the subscription
	 */
	default Subscription changeProduct(UUID id, String product, Proration proration) {
		return changeProduct(id, PlanChange.to(product).proration(proration));
	}

	/**
	 * Change the product. Can charge the customer, except with
	 * {@link Proration#NEXT_PERIOD}. A subscription that has the product already, and has
	 * no pending change to another one, is returned without a call that changes anything:
	 * a second click neither charges nor sends an event.
	 * <p>
	 * A product that is not free needs a card, which a customer with a free subscription
	 * does not have: send them to a checkout with
	 * {@link io.github.polarspring.checkout.CheckoutRequest.Builder#subscriptionId
	 * subscriptionId} instead. The subscription must not be set to cancel: undo that
	 * first.
	 * @param id Polar's id of the subscription
	 * @param change the product and how to change to it
	 * @return the subscription. Its order is paid by a background job, so grant access by
	 * events
	 * @throws io.github.polarspring.PolarPaymentFailedException if the customer has no
	 * card, or the charge fails; nothing has changed then
	 * @throws io.github.polarspring.PolarOutcomeUnknownException if it is not known
	 * whether the product is changed
	 * @throws io.github.polarspring.PolarConfigurationException if the name of the
	 * product is not configured
	 */
	Subscription changeProduct(UUID id, PlanChange change);

	/**
	 * Change the number of seats, with the proration that is set for the organization,
	 * see {@link #changeSeats(UUID, int, Proration)}.
	 * @param id Polar's id of the subscription
	 * @param seats the new number
	 * @return the subscription
	 */
	Subscription changeSeats(UUID id, int seats);

	/**
	 * Change the number of seats. Can charge the customer, except with
	 * {@link Proration#NEXT_PERIOD}. The current number cancels a pending change of the
	 * number.
	 * @param id Polar's id of the subscription
	 * @param seats the new number
	 * @param proration what the change costs, and when it takes effect
	 * @return the subscription
	 * @throws io.github.polarspring.PolarApiException with the error
	 * {@code SeatsAlreadyAssigned}, {@code BelowMinimumSeats}, {@code AboveMaximumSeats}
	 * or {@code NotASeatBasedSubscription} if Polar rejects the number
	 * @throws io.github.polarspring.PolarPaymentFailedException if the charge fails;
	 * nothing has changed then
	 * @throws io.github.polarspring.PolarOutcomeUnknownException if it is not known
	 * whether the number is changed
	 */
	Subscription changeSeats(UUID id, int seats, Proration proration);

	/**
	 * Apply a discount, which replaces the current one. It lowers invoices from the next
	 * one on.
	 * @param id Polar's id of the subscription
	 * @param discountId Polar's id of the discount
	 * @return the subscription
	 */
	Subscription applyDiscount(UUID id, UUID discountId);

	/**
	 * Remove the discount. Invoices from the next one on are not lowered any more.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 */
	Subscription removeDiscount(UUID id);

	/**
	 * Extend or shorten a trial, or start one for an active subscription. The current
	 * period ends with the trial, and the customer is charged then.
	 * @param id Polar's id of the subscription
	 * @param trialEnd the end, in the future, and after the current period unless the
	 * subscription is in a trial
	 * @return the subscription
	 */
	Subscription changeTrialEnd(UUID id, Instant trialEnd);

	/**
	 * End a trial now, and charge the customer. If the charge fails, the subscription
	 * becomes past due.
	 * @param id Polar's id of the subscription
	 * @return the subscription, which Polar returns before the charge
	 * @throws io.github.polarspring.PolarOutcomeUnknownException if it is not known
	 * whether the trial has ended
	 */
	Subscription endTrial(UUID id);

	/**
	 * Move the end of the current period, and with it the next charge. Nothing is charged
	 * or credited for the difference.
	 * @param id Polar's id of the subscription
	 * @param periodEnd the end, in the future
	 * @return the subscription
	 */
	Subscription changePeriodEnd(UUID id, Instant periodEnd);

	/**
	 * Cancel at the end of the current period. Until then, the subscription remains
	 * active, and the cancellation can be {@linkplain #uncancel undone}. A past due
	 * subscription can be canceled, a paused one only {@linkplain #revoke revoked}.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 */
	default Subscription cancelAtPeriodEnd(UUID id) {
		return cancelAtPeriodEnd(id, null, null);
	}

	/**
	 * Cancel at the end of the current period, see {@link #cancelAtPeriodEnd(UUID)}. If
	 * the subscription is canceled already, its reason and comment remain.
	 * @param id Polar's id of the subscription
	 * @param reason reason that the customer selected, {@code null} for none
	 * @param comment comment of the customer, {@code null} for none. Polar shows it to
	 * the customer
	 * @return the subscription
	 */
	Subscription cancelAtPeriodEnd(UUID id, @Nullable CancellationReason reason, @Nullable String comment);

	/**
	 * Undo a cancellation whose period has not ended. Reason and comment are removed.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 * @throws io.github.polarspring.PolarConflictException with the status 410 if the
	 * subscription has ended: the customer has to buy again
	 */
	Subscription uncancel(UUID id);

	/**
	 * Pause at the end of the current period, until the subscription is
	 * {@linkplain #resume resumed}. Only an active subscription that is not set to cancel
	 * can be paused.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 */
	Subscription pauseAtPeriodEnd(UUID id);

	/**
	 * Pause at the end of the current period until a time. To change the time of a
	 * scheduled pause, {@linkplain #unpause undo} the pause first.
	 * @param id Polar's id of the subscription
	 * @param resumesAt when the subscription resumes and the customer is charged, after
	 * the current period
	 * @return the subscription
	 */
	Subscription pauseAtPeriodEnd(UUID id, Instant resumesAt);

	/**
	 * Undo a pause that has not begun.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 */
	Subscription unpause(UUID id);

	/**
	 * Resume a paused subscription now: a new period begins, and the customer is charged.
	 * @param id Polar's id of the subscription
	 * @return the subscription, which Polar returns before the charge
	 * @throws io.github.polarspring.PolarOutcomeUnknownException if it is not known
	 * whether the subscription is resumed
	 */
	Subscription resume(UUID id);

	/**
	 * Cancel a change of product and seats that would take effect with the next period.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 */
	Subscription clearPendingUpdate(UUID id);

	/**
	 * Change entries of the metadata. Polar only replaces metadata as a whole, so the
	 * current metadata is read first, and changes by others between the two calls are
	 * lost. If nothing differs, nothing is sent, so that a listener that reacts to
	 * {@code subscription.updated} does not cause the next one.
	 * @param id Polar's id of the subscription
	 * @param changes the new values (texts, numbers and booleans) by key. {@code null}
	 * removes an entry; all others remain
	 * @return the subscription
	 * @throws IllegalArgumentException if a key is one of those by which the library
	 * recognizes the buyer, or a value has another type
	 */
	Subscription changeMetadata(UUID id, Map<String, ? extends @Nullable Object> changes);

	/**
	 * End the subscription now. Benefits are revoked, and nothing is refunded. This
	 * cannot be undone.
	 * @param id Polar's id of the subscription
	 * @return the subscription
	 * @see #cancelAtPeriodEnd(UUID)
	 */
	default Subscription revoke(UUID id) {
		return revoke(id, null, null);
	}

	/**
	 * End the subscription now, see {@link #revoke(UUID)}.
	 * @param id Polar's id of the subscription
	 * @param reason reason that the customer selected, {@code null} for none
	 * @param comment comment of the customer, {@code null} for none. Polar shows it to
	 * the customer
	 * @return the subscription
	 */
	Subscription revoke(UUID id, @Nullable CancellationReason reason, @Nullable String comment);

}
