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

package io.github.polarspring.checkout;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Query for checkout sessions, with filters and order:
 *
 * <pre class="code">
 * CheckoutQuery.builder().products("pro").status(CheckoutStatus.OPEN).build()
 * </pre>
 *
 * A session must match all filters that are set. It matches a filter if it matches any of
 * its values. Immutable.
 *
 * @since 0.1.0
 * @see PolarCheckoutOperations#stream(CheckoutQuery)
 * @see <a href="https://polar.sh/docs/api-reference/checkouts/list-sessions">Polar's API
 * reference</a>
 */
public final class CheckoutQuery extends PolarQuery {

	private final Set<ProductReference> products;

	private CheckoutQuery(Builder builder) {
		super(builder);
		this.products = Collections.unmodifiableSet(new LinkedHashSet<>(builder.products));
	}

	/**
	 * Return a query for all sessions, newest first.
	 * @return a query
	 */
	public static CheckoutQuery all() {
		return builder().build();
	}

	/**
	 * Return a builder of a query for all sessions, newest first.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Add the products to the parameters of this query.
	 */
	MultiValueMap<String, String> with(PolarProducts products, MultiValueMap<String, String> parameters) {
		MultiValueMap<String, String> all = new LinkedMultiValueMap<>();
		this.products.forEach((product) -> all.add("product_id", product.resolve(products).requireId().toString()));
		all.addAll(parameters);
		return all;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CheckoutQuery other && super.equals(obj) && this.products.equals(other.products);
	}

	@Override
	public int hashCode() {
		return Objects.hash(super.hashCode(), this.products);
	}

	/**
	 * Property by which sessions can be sorted.
	 */
	public enum SortProperty {

		/**
		 * Time of creation.
		 */
		CREATED_AT,

		/**
		 * Time of expiration.
		 */
		EXPIRES_AT,

		/**
		 * Status.
		 */
		STATUS

	}

	/**
	 * Builder for a {@link CheckoutQuery}. Not safe for use by multiple threads. Methods
	 * throw an {@link IllegalArgumentException} for values that Polar would reject.
	 */
	public static final class Builder extends PolarQuery.Builder<Builder> {

		private final Set<ProductReference> products = new LinkedHashSet<>();

		private Builder() {
		}

		/**
		 * Include only sessions of the given products.
		 * @param productIds ids of products
		 * @return this builder
		 */
		public Builder products(UUID... productIds) {
			Assert.notEmpty(productIds, "products must have at least one value");
			Arrays.stream(productIds).map(ProductReference::of).forEach(this.products::add);
			return this;
		}

		/**
		 * Include only sessions of the given products.
		 * @param products names from {@code polar.products}, or ids as text
		 * @return this builder
		 */
		public Builder products(String... products) {
			Assert.notEmpty(products, "products must have at least one value");
			Arrays.stream(products).map(ProductReference::of).forEach(this.products::add);
			return this;
		}

		/**
		 * Include only sessions with the given statuses.
		 * @param statuses any but {@code UNKNOWN}
		 * @return this builder
		 */
		public Builder status(CheckoutStatus... statuses) {
			Assert.notEmpty(statuses, "status must have at least one value");
			for (CheckoutStatus status : statuses) {
				Assert.isTrue(status != null && status != CheckoutStatus.UNKNOWN, "status must not be null or UNKNOWN");
				filter("status", status.name().toLowerCase(Locale.ROOT));
			}
			return this;
		}

		/**
		 * Include only sessions of the given customers.
		 * @param customerIds Polar's ids of customers
		 * @return this builder
		 */
		public Builder customerId(UUID... customerIds) {
			return filter("customer_id", (Object[]) customerIds);
		}

		/**
		 * Include only sessions of the given customers. Polar uses the customer that is
		 * linked to the session, so sessions of a buyer who is not a customer yet do not
		 * match.
		 * @param externalCustomerIds the application's own ids of customers
		 * @return this builder
		 */
		public Builder externalCustomerId(String... externalCustomerIds) {
			return filter("external_customer_id", (Object[]) externalCustomerIds);
		}

		/**
		 * Include only sessions of the given organizations. Useful for a token that gives
		 * access to several organizations.
		 * @param organizationIds ids of organizations
		 * @return this builder
		 */
		public Builder organizationId(UUID... organizationIds) {
			return filter("organization_id", (Object[]) organizationIds);
		}

		/**
		 * Include only sessions in which the customer's e-mail address contains the given
		 * text.
		 * @param query part of an e-mail address
		 * @return this builder
		 */
		public Builder query(String query) {
			return filter("query", query);
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
		public CheckoutQuery build() {
			return new CheckoutQuery(this);
		}

	}

}
