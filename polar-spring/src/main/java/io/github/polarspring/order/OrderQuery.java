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

package io.github.polarspring.order;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.OrderStatus;

import org.springframework.util.Assert;

/**
 * Query for orders, with filters and order:
 *
 * <pre class="code">
 * OrderQuery.builder().subscriptionId(id).status(OrderStatus.PAID).build()
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/orders/list">Polar's API
 * reference</a>
 */
public final class OrderQuery extends PolarQuery {

	private OrderQuery(Builder builder) {
		super(builder);
	}

	/**
	 * Return a query for all orders, newest first.
	 * @return a query
	 */
	public static OrderQuery all() {
		return builder().build();
	}

	/**
	 * Return a builder of a query for all orders, newest first.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Property by which orders can be sorted.
	 */
	public enum SortProperty {

		/**
		 * Time of creation.
		 */
		CREATED_AT,

		/**
		 * Status.
		 */
		STATUS,

		/**
		 * Number of the invoice.
		 */
		INVOICE_NUMBER,

		/**
		 * Total amount.
		 */
		AMOUNT,

		/**
		 * Amount without tax.
		 */
		NET_AMOUNT,

		/**
		 * Name of the customer.
		 */
		CUSTOMER,

		/**
		 * Name of the product.
		 */
		PRODUCT,

		/**
		 * Name of the discount.
		 */
		DISCOUNT,

		/**
		 * Subscription.
		 */
		SUBSCRIPTION

	}

	/**
	 * Kind of product.
	 */
	public enum BillingType {

		/**
		 * Paid once.
		 */
		ONE_TIME,

		/**
		 * Paid in each period, by a subscription.
		 */
		RECURRING

	}

	/**
	 * Builder for an {@link OrderQuery}. Not safe for use by multiple threads. Methods
	 * throw an {@link IllegalArgumentException} for values that Polar would reject.
	 */
	public static final class Builder extends PolarQuery.Builder<Builder> {

		private Builder() {
		}

		/**
		 * Include only orders of the given products.
		 * @param ids Polar's ids of the products
		 * @return this builder
		 */
		public Builder productId(UUID... ids) {
			return filter("product_id", (Object[]) ids);
		}

		/**
		 * Include only orders of products of the given kind.
		 * @param type the kind
		 * @return this builder
		 */
		public Builder billingType(BillingType type) {
			Assert.notNull(type, "product_billing_type must not be null");
			return filter("product_billing_type", type.name().toLowerCase(Locale.ROOT));
		}

		/**
		 * Include only orders with the given discounts.
		 * @param ids Polar's ids of the discounts
		 * @return this builder
		 */
		public Builder discountId(UUID... ids) {
			return filter("discount_id", (Object[]) ids);
		}

		/**
		 * Include only orders that Polar assigned to the given customers.
		 * @param ids Polar's ids of the customers
		 * @return this builder
		 */
		public Builder customerId(UUID... ids) {
			return filter("customer_id", (Object[]) ids);
		}

		/**
		 * Include only orders that Polar assigned to the customers with the given
		 * external ids. These can contain purchases of other users, see
		 * {@link PolarOrderOperations#of}.
		 * @param ids the application's own ids
		 * @return this builder
		 */
		public Builder externalCustomerId(String... ids) {
			return filter("external_customer_id", (Object[]) ids);
		}

		/**
		 * Include only orders of the given checkout sessions.
		 * @param ids Polar's ids of the sessions
		 * @return this builder
		 */
		public Builder checkoutId(UUID... ids) {
			return filter("checkout_id", (Object[]) ids);
		}

		/**
		 * Include only orders of the given subscriptions.
		 * @param ids Polar's ids of the subscriptions
		 * @return this builder
		 */
		public Builder subscriptionId(UUID... ids) {
			return filter("subscription_id", (Object[]) ids);
		}

		/**
		 * Include only orders with one of the given statuses.
		 * @param statuses the statuses
		 * @return this builder
		 */
		public Builder status(OrderStatus... statuses) {
			Assert.noNullElements(statuses, "status must not contain null");
			Assert.isTrue(!Arrays.asList(statuses).contains(OrderStatus.UNKNOWN), "status must not be UNKNOWN");
			return filter("status",
					Arrays.stream(statuses).map((status) -> status.name().toLowerCase(Locale.ROOT)).toArray());
		}

		/**
		 * Include only orders that were created after the given time.
		 * @param time the time
		 * @return this builder
		 */
		public Builder createdAfter(Instant time) {
			return filter("created_after", time);
		}

		/**
		 * Include only orders that were created before the given time.
		 * @param time the time
		 * @return this builder
		 */
		public Builder createdBefore(Instant time) {
			return filter("created_before", time);
		}

		/**
		 * Include only orders with the given metadata.
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
		public OrderQuery build() {
			return new OrderQuery(this);
		}

	}

}
