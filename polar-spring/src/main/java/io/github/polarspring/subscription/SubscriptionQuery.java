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
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.Subscription.CancellationReason;
import io.github.polarspring.model.SubscriptionStatus;

import org.springframework.util.Assert;

/**
 * Query for subscriptions, with filters and order:
 *
 * <pre class="code">
 * SubscriptionQuery.builder()
 *     .status(SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)
 *     .ascending(SortProperty.CURRENT_PERIOD_END)
 *     .build()
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/subscriptions/list">Polar's API
 * reference</a>
 */
public final class SubscriptionQuery extends PolarQuery {

	private SubscriptionQuery(Builder builder) {
		super(builder);
	}

	/**
	 * Return a query for all subscriptions, the last started first.
	 * @return a query
	 */
	public static SubscriptionQuery all() {
		return builder().build();
	}

	/**
	 * Return a builder of a query for all subscriptions, the last started first.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Property by which subscriptions can be sorted.
	 */
	public enum SortProperty {

		/**
		 * Price of a period.
		 */
		AMOUNT,

		/**
		 * End of the current period.
		 */
		CURRENT_PERIOD_END,

		/**
		 * Name or e-mail address of the customer.
		 */
		CUSTOMER,

		/**
		 * Name of the discount.
		 */
		DISCOUNT,

		/**
		 * Time when the subscription ended.
		 */
		ENDED_AT,

		/**
		 * Time when the subscription will end or has ended.
		 */
		ENDS_AT,

		/**
		 * Name of the product.
		 */
		PRODUCT,

		/**
		 * Time when the subscription started.
		 */
		STARTED_AT,

		/**
		 * Status.
		 */
		STATUS

	}

	/**
	 * Builder for a {@link SubscriptionQuery}. Not safe for use by multiple threads.
	 * Methods throw an {@link IllegalArgumentException} for values that Polar would
	 * reject.
	 */
	public static final class Builder extends PolarQuery.Builder<Builder> {

		private Builder() {
		}

		/**
		 * Include only subscriptions to one of the given products.
		 * @param productIds Polar's ids of the products
		 * @return this builder
		 */
		public Builder productId(UUID... productIds) {
			return filter("product_id", (Object[]) productIds);
		}

		/**
		 * Include only subscriptions of one of the given customers.
		 * @param customerIds Polar's ids of the customers
		 * @return this builder
		 */
		public Builder customerId(UUID... customerIds) {
			return filter("customer_id", (Object[]) customerIds);
		}

		/**
		 * Include only subscriptions that Polar assigned to the customers with one of the
		 * given external ids. This does not prove who bought them: use
		 * {@link PolarSubscriptionOperations#of(String)} for the subscriptions of a user.
		 * @param externalCustomerIds the application's own ids
		 * @return this builder
		 */
		public Builder externalCustomerId(String... externalCustomerIds) {
			return filter("external_customer_id", (Object[]) externalCustomerIds);
		}

		/**
		 * Include only subscriptions with one of the given discounts.
		 * @param discountIds Polar's ids of the discounts
		 * @return this builder
		 */
		public Builder discountId(UUID... discountIds) {
			return filter("discount_id", (Object[]) discountIds);
		}

		/**
		 * Include only subscriptions with one of the given statuses. A subscription that
		 * is set to cancel still is {@link SubscriptionStatus#ACTIVE}.
		 * @param statuses the statuses
		 * @return this builder
		 */
		public Builder status(SubscriptionStatus... statuses) {
			Assert.isTrue(!Arrays.asList(statuses).contains(SubscriptionStatus.UNKNOWN),
					"status must not be UNKNOWN, which is not a status of Polar's");
			return filter("status", lowerCase(statuses));
		}

		/**
		 * Include only subscriptions that are, or are not, set to cancel at the end of
		 * the period.
		 * @param cancelAtPeriodEnd whether they are
		 * @return this builder
		 */
		public Builder cancelAtPeriodEnd(boolean cancelAtPeriodEnd) {
			return filter("cancel_at_period_end", cancelAtPeriodEnd);
		}

		/**
		 * Include only subscriptions that were canceled for one of the given reasons.
		 * @param reasons the reasons
		 * @return this builder
		 */
		public Builder cancellationReason(CancellationReason... reasons) {
			Assert.isTrue(!Arrays.asList(reasons).contains(CancellationReason.UNKNOWN),
					"reason must not be UNKNOWN, which is not a reason of Polar's");
			return filter("customer_cancellation_reason", lowerCase(reasons));
		}

		/**
		 * Include only subscriptions that were canceled at or after the given time. What
		 * counts is when the cancellation was requested.
		 * @param time the time
		 * @return this builder
		 */
		public Builder canceledAfter(Instant time) {
			return filter("canceled_at_after", time);
		}

		/**
		 * Include only subscriptions that were canceled at or before the given time.
		 * @param time the time
		 * @return this builder
		 */
		public Builder canceledBefore(Instant time) {
			return filter("canceled_at_before", time);
		}

		/**
		 * Include only subscriptions that started at or after the given time.
		 * @param time the time
		 * @return this builder
		 */
		public Builder startedAfter(Instant time) {
			return filter("started_after", time);
		}

		/**
		 * Include only subscriptions that started at or before the given time.
		 * @param time the time
		 * @return this builder
		 */
		public Builder startedBefore(Instant time) {
			return filter("started_before", time);
		}

		/**
		 * Include only subscriptions with the given metadata.
		 * @param key the key
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, Object value) {
			return filter("metadata[" + key + "]", value);
		}

		/**
		 * Sort by the given property in ascending order, after the properties that were
		 * added before.
		 * @param property the property
		 * @return this builder
		 */
		public Builder ascending(SortProperty property) {
			return sort(property, false);
		}

		/**
		 * Sort by the given property in descending order, after the properties that were
		 * added before.
		 * @param property the property
		 * @return this builder
		 */
		public Builder descending(SortProperty property) {
			return sort(property, true);
		}

		/**
		 * Build the query.
		 * @return an immutable query
		 */
		public SubscriptionQuery build() {
			return new SubscriptionQuery(this);
		}

		private static Object[] lowerCase(Enum<?>... values) {
			return Arrays.stream(values).map((value) -> value.name().toLowerCase(Locale.ROOT)).toArray();
		}

	}

}
