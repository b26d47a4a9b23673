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

package io.github.polarspring.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Subscription.
 *
 * @since 0.1.0
 */
public final class Subscription extends SubscriptionFields {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Subscription(Value value) {
		super(value);
	}

	/**
	 * Return the length of the billing period.
	 * @return the number of units, or {@code null} if absent or unreadable
	 */
	public @Nullable Integer recurringIntervalCount() {
		return read("recurring_interval_count", Form.INTEGER);
	}

	/**
	 * Return the start of the current period.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant currentPeriodStart() {
		return read("current_period_start", Form.TIME);
	}

	/**
	 * Return the end of the current period.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant currentPeriodEnd() {
		return read("current_period_end", Form.TIME);
	}

	/**
	 * Return the start of the current period for metered usage.
	 * @return the time, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable Instant currentMeterPeriodStart() {
		return read("current_meter_period_start", Form.TIME);
	}

	/**
	 * Return the end of the current period for metered usage.
	 * @return the time, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable Instant currentMeterPeriodEnd() {
		return read("current_meter_period_end", Form.TIME);
	}

	/**
	 * Return whether the subscription ends with the current period. Until then it gives
	 * access.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean cancelAtPeriodEnd() {
		return required("cancel_at_period_end", Form.FLAG);
	}

	/**
	 * Return when the subscription ended.
	 * @return the time, or {@code null} if not ended, or if it cannot be read
	 */
	public @Nullable Instant endedAt() {
		return read("ended_at", Form.TIME);
	}

	/**
	 * Return since when a payment is past due.
	 * @return the time, or {@code null} if none is, or if it cannot be read
	 */
	public @Nullable Instant pastDueAt() {
		return read("past_due_at", Form.TIME);
	}

	/**
	 * Return whether the subscription is paused after the current period.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean pauseAtPeriodEnd() {
		return flag("pause_at_period_end");
	}

	/**
	 * Return when the subscription was paused.
	 * @return the time, or {@code null} if not paused, or if it cannot be read
	 */
	public @Nullable Instant pausedAt() {
		return read("paused_at", Form.TIME);
	}

	/**
	 * Return when the subscription resumes.
	 * @return the time, or {@code null} if not planned, or if it cannot be read
	 */
	public @Nullable Instant resumesAt() {
		return read("resumes_at", Form.TIME);
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID customerId() {
		return required("customer_id", Form.ID);
	}

	/**
	 * Return the checkout session.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID checkoutId() {
		return read("checkout_id", Form.ID);
	}

	/**
	 * Return the number of seats.
	 * @return the number, or {@code null} if there is no seat-based price, or if it
	 * cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Integer seats() {
		return checked("seats", Form.INTEGER);
	}

	/**
	 * Return why the customer canceled.
	 * @return the reason, or {@code null} if not given, or if it cannot be read
	 */
	public @Nullable CancellationReason customerCancellationReason() {
		return read("customer_cancellation_reason", Form.oneOf(CancellationReason.class));
	}

	/**
	 * Return the comment of the customer on the cancellation.
	 * @return the text, or {@code null} if not given, or if it cannot be read
	 */
	public @Nullable String customerCancellationComment() {
		return read("customer_cancellation_comment", Form.TEXT);
	}

	/**
	 * Return the customer.
	 * @return the customer, or {@code null} if within an order, or if it cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Customer customer() {
		return checked("customer", Form.object(Customer::new));
	}

	/**
	 * Return the product.
	 * @return the product, or {@code null} if within an order, or if it cannot be read
	 */
	public @Nullable Product product() {
		return resource("product", Product::new);
	}

	/**
	 * Return the discount.
	 * @return the discount, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable CheckoutDiscount discount() {
		return resource("discount", CheckoutDiscount::of);
	}

	/**
	 * Return the prices.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<ProductPrice> prices() {
		return resources("prices", ProductPrice::of);
	}

	/**
	 * Return the usage in the current period.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<CustomerState.Meter> meters() {
		return resources("meters", CustomerState.Meter::new);
	}

	/**
	 * Return the change that takes effect with the next period.
	 * @return the change, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable PendingUpdate pendingUpdate() {
		return resource("pending_update", PendingUpdate::new);
	}

	/**
	 * Return whether a user of the application is proven to be the buyer. Polar assigns a
	 * purchase to the customer with the e-mail address that the buyer entered, so that
	 * the customer proves nothing. What counts is the id that the library writes into the
	 * metadata of a checkout.
	 * @param externalId the application's own id of the user
	 * @return {@code true} if so, {@code false} also if nothing tells who the buyer is
	 * @throws PolarDataException if the metadata cannot be read
	 */
	public boolean isBoughtBy(String externalId) {
		return BuyerProof.isBuyer(externalId, metadata(), customerId(), customer());
	}

	/**
	 * Return the type, the id and the status only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return describe(SubscriptionStatus.class);
	}

	/**
	 * Change that takes effect with the next period.
	 */
	public static final class PendingUpdate extends IdentifiedResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		PendingUpdate(Value value) {
			super(value);
		}

		/**
		 * Return when the change takes effect.
		 * @return the time, or {@code null} if absent or unreadable
		 */
		public @Nullable Instant appliesAt() {
			return read("applies_at", Form.TIME);
		}

		/**
		 * Return the new product.
		 * @return the id, or {@code null} if it does not change, or if it cannot be read
		 */
		public @Nullable UUID productId() {
			return read("product_id", Form.ID);
		}

		/**
		 * Return the new number of seats.
		 * @return the number, or {@code null} if it does not change, or if it cannot be
		 * read
		 */
		public @Nullable Integer seats() {
			return read("seats", Form.INTEGER);
		}

	}

	/**
	 * Reason for which a customer canceled.
	 */
	public enum CancellationReason {

		/**
		 * Customer service.
		 */
		CUSTOMER_SERVICE,

		/**
		 * Low quality.
		 */
		LOW_QUALITY,

		/**
		 * Missing features.
		 */
		MISSING_FEATURES,

		/**
		 * Switched to another service.
		 */
		SWITCHED_SERVICE,

		/**
		 * Too complex.
		 */
		TOO_COMPLEX,

		/**
		 * Too expensive.
		 */
		TOO_EXPENSIVE,

		/**
		 * Unused.
		 */
		UNUSED,

		/**
		 * Another reason.
		 */
		OTHER,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
