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
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * A subscription.
 *
 * @param id id of the subscription
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param amount price in minor units
 * @param currency currency, three letters in lower case
 * @param recurringInterval unit of the billing period
 * @param recurringIntervalCount length of the billing period
 * @param status status
 * @param currentPeriodStart start of the current period
 * @param currentPeriodEnd end of the current period
 * @param currentMeterPeriodStart start of the current period for usage
 * @param currentMeterPeriodEnd end of the current period for usage
 * @param trialStart start of the trial
 * @param trialEnd end of the trial
 * @param cancelAtPeriodEnd whether it ends with the period. Until then it gives access
 * @param canceledAt when it was canceled
 * @param startedAt when it started
 * @param endsAt when it will end
 * @param endedAt when it ended
 * @param pastDueAt since when a payment is late
 * @param pauseAtPeriodEnd whether it pauses after the period
 * @param pausedAt when it was paused
 * @param resumesAt when it goes on
 * @param customerId id of the customer at Polar
 * @param productId id of the product
 * @param discountId id of the discount, {@code null} without one
 * @param checkoutId id of the checkout session, {@code null} without one
 * @param seats number of seats, {@code null} without seat-based price
 * @param customerCancellationReason why the customer canceled
 * @param customerCancellationComment what he said
 * @param metadata metadata, values are text, numbers and booleans
 * @param customFieldData what the buyer typed into custom fields, by slug
 * @param customer the customer, {@code null} within an order
 * @param product the product, {@code null} within an order
 * @param discount the discount
 * @param prices prices
 * @param meters usage in the current period
 * @param pendingUpdate a change that is waiting for the next period
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record Subscription(UUID id, Instant createdAt, @Nullable Instant modifiedAt, long amount, String currency,
		RecurringInterval recurringInterval, int recurringIntervalCount, SubscriptionStatus status,
		Instant currentPeriodStart, Instant currentPeriodEnd, @Nullable Instant currentMeterPeriodStart,
		@Nullable Instant currentMeterPeriodEnd, @Nullable Instant trialStart, @Nullable Instant trialEnd,
		boolean cancelAtPeriodEnd, @Nullable Instant canceledAt, @Nullable Instant startedAt, @Nullable Instant endsAt,
		@Nullable Instant endedAt, @Nullable Instant pastDueAt, boolean pauseAtPeriodEnd, @Nullable Instant pausedAt,
		@Nullable Instant resumesAt, UUID customerId, UUID productId, @Nullable UUID discountId,
		@Nullable UUID checkoutId, @Nullable Integer seats, @Nullable CancellationReason customerCancellationReason,
		@Nullable String customerCancellationComment, Map<String, Object> metadata,
		Map<String, @Nullable Object> customFieldData, @Nullable Customer customer, @Nullable Product product,
		@Nullable CheckoutDiscount discount, List<ProductPrice> prices, List<CustomerState.Meter> meters,
		@Nullable PendingUpdate pendingUpdate,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public Subscription {
		metadata = ResponseValues.map(metadata);
		customFieldData = ResponseValues.map(customFieldData);
		prices = ResponseValues.list(prices);
		meters = ResponseValues.list(meters);
		additionalProperties = ResponseValues.map(additionalProperties);
		status = ResponseValues.known(status, SubscriptionStatus.UNKNOWN);
		recurringInterval = ResponseValues.known(recurringInterval, RecurringInterval.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "Subscription[id=" + this.id + ", status=" + this.status + "]";
	}

	/**
	 * A change that is waiting for the next period.
	 *
	 * @param id id of the change
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param appliesAt when it takes effect
	 * @param productId id of the new product, {@code null} if it stays
	 * @param seats new number of seats, {@code null} if it stays
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record PendingUpdate(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Instant appliesAt,
			@Nullable UUID productId, @Nullable Integer seats,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public PendingUpdate {
			additionalProperties = ResponseValues.map(additionalProperties);
		}

		@Override
		public String toString() {
			return "PendingUpdate[id=" + this.id + "]";
		}

	}

	/**
	 * Why a customer canceled.
	 */
	public enum CancellationReason {

		/**
		 * The support.
		 */
		CUSTOMER_SERVICE,

		/**
		 * The quality.
		 */
		LOW_QUALITY,

		/**
		 * Something is missing.
		 */
		MISSING_FEATURES,

		/**
		 * Something else is used.
		 */
		SWITCHED_SERVICE,

		/**
		 * It is too complicated.
		 */
		TOO_COMPLEX,

		/**
		 * It is too expensive.
		 */
		TOO_EXPENSIVE,

		/**
		 * It is not used.
		 */
		UNUSED,

		/**
		 * Something else.
		 */
		OTHER,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
