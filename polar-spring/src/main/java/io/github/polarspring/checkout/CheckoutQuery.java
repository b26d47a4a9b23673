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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

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
public final class CheckoutQuery {

	private static final int MAX_LIMIT = 100;

	private final Set<ProductReference> products;

	private final MultiValueMap<String, String> filters;

	private final List<String> sorting;

	private final int page;

	private final @Nullable Integer limit;

	private CheckoutQuery(Set<ProductReference> products, MultiValueMap<String, String> filters, List<String> sorting,
			int page, @Nullable Integer limit) {
		this.products = products;
		this.filters = filters;
		this.sorting = sorting;
		this.page = page;
		this.limit = limit;
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
	 * Return the number of the page to start with.
	 * @return the number, from 1
	 */
	public int page() {
		return this.page;
	}

	/**
	 * Return the number of sessions per page.
	 * @return the number, or {@code null} for Polar's default
	 */
	public @Nullable Integer limit() {
		return this.limit;
	}

	/**
	 * Return this query for another page. Without a limit, a query that starts at the
	 * first page uses the maximum page size; one that starts at a later page uses Polar's
	 * default, to which its page number refers.
	 */
	CheckoutQuery atPage(int page) {
		return new CheckoutQuery(this.products, this.filters, this.sorting, page,
				(this.limit == null && this.page == 1) ? Integer.valueOf(MAX_LIMIT) : this.limit);
	}

	/**
	 * Return this query as it is sent.
	 */
	MultiValueMap<String, String> parameters(PolarProducts products) {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		this.products
			.forEach((product) -> parameters.add("product_id", product.resolve(products).requireId().toString()));
		parameters.addAll(this.filters);
		this.sorting.forEach((property) -> parameters.add("sorting", property));
		parameters.add("page", String.valueOf(this.page));
		if (this.limit != null) {
			parameters.add("limit", String.valueOf(this.limit));
		}
		return parameters;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CheckoutQuery other && this.products.equals(other.products)
				&& this.filters.equals(other.filters) && this.sorting.equals(other.sorting) && this.page == other.page
				&& Objects.equals(this.limit, other.limit);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.products, this.filters, this.sorting, this.page, this.limit);
	}

	/**
	 * Return the page and the names of the filters only: their values can be personal
	 * data.
	 */
	@Override
	public String toString() {
		return "CheckoutQuery[page=" + this.page + ", filters=" + this.filters.keySet() + "]";
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
	public static final class Builder {

		private final Set<ProductReference> products = new LinkedHashSet<>();

		private final LinkedMultiValueMap<String, String> filters = new LinkedMultiValueMap<>();

		private final Set<String> sorting = new LinkedHashSet<>();

		private int page = 1;

		private @Nullable Integer limit;

		private Builder() {
		}

		/**
		 * Include only sessions of the given products.
		 * @param productIds ids of products
		 * @return this builder
		 */
		public Builder products(UUID... productIds) {
			requireValues("products", productIds);
			Arrays.stream(productIds).map(ProductReference::of).forEach(this.products::add);
			return this;
		}

		/**
		 * Include only sessions of the given products.
		 * @param products names from {@code polar.products}, or ids as text
		 * @return this builder
		 */
		public Builder products(String... products) {
			requireValues("products", products);
			Arrays.stream(products).map(ProductReference::of).forEach(this.products::add);
			return this;
		}

		/**
		 * Include only sessions with the given statuses.
		 * @param statuses any but {@code UNKNOWN}
		 * @return this builder
		 */
		public Builder status(CheckoutStatus... statuses) {
			requireValues("status", statuses);
			for (CheckoutStatus status : statuses) {
				Assert.isTrue(status != null && status != CheckoutStatus.UNKNOWN, "status must not be null or UNKNOWN");
				this.filters.add("status", status.name().toLowerCase(Locale.ROOT));
			}
			return this;
		}

		/**
		 * Include only sessions of the given customers.
		 * @param customerIds Polar's ids of customers
		 * @return this builder
		 */
		public Builder customerId(UUID... customerIds) {
			return add("customer_id", customerIds);
		}

		/**
		 * Include only sessions of the given customers. Polar uses the customer that is
		 * linked to the session, so sessions of a buyer who is not a customer yet do not
		 * match.
		 * @param externalCustomerIds the application's own ids of customers
		 * @return this builder
		 */
		public Builder externalCustomerId(String... externalCustomerIds) {
			requireValues("external_customer_id", externalCustomerIds);
			for (String externalCustomerId : externalCustomerIds) {
				CheckoutFields.text("external_customer_id", externalCustomerId);
				this.filters.add("external_customer_id", externalCustomerId);
			}
			return this;
		}

		/**
		 * Include only sessions of the given organizations. Useful for a token that gives
		 * access to several organizations.
		 * @param organizationIds ids of organizations
		 * @return this builder
		 */
		public Builder organizationId(UUID... organizationIds) {
			return add("organization_id", organizationIds);
		}

		private Builder add(String filter, UUID... ids) {
			requireValues(filter, ids);
			for (UUID id : ids) {
				Assert.notNull(id, () -> filter + " must not be null");
				this.filters.add(filter, id.toString());
			}
			return this;
		}

		/**
		 * Add a filter. It requires a value: without one, Polar would return the sessions
		 * of all customers.
		 */
		private static void requireValues(String filter, Object[] values) {
			Assert.notEmpty(values, () -> filter + " must have at least one value");
		}

		/**
		 * Include only sessions in which the customer's e-mail address contains the given
		 * text.
		 * @param query part of an e-mail address
		 * @return this builder
		 */
		public Builder query(String query) {
			CheckoutFields.text("query", query);
			this.filters.set("query", query);
			return this;
		}

		/**
		 * Sort by the given property in ascending order, after the properties that were
		 * added before.
		 * @param property the property
		 * @return this builder
		 */
		public Builder ascending(SortProperty property) {
			Assert.notNull(property, "sorting must not be null");
			this.sorting.add(property.name().toLowerCase(Locale.ROOT));
			return this;
		}

		/**
		 * Sort by the given property in descending order, after the properties that were
		 * added before.
		 * @param property the property
		 * @return this builder
		 */
		public Builder descending(SortProperty property) {
			Assert.notNull(property, "sorting must not be null");
			this.sorting.add("-" + property.name().toLowerCase(Locale.ROOT));
			return this;
		}

		/**
		 * Set the page, or the first of several pages.
		 * @param page number of the page, from 1
		 * @return this builder
		 */
		public Builder page(int page) {
			Assert.isTrue(page >= 1, "page must be at least 1");
			this.page = page;
			return this;
		}

		/**
		 * Set the number of sessions per page, 10 by default.
		 * @param limit 1 to 100
		 * @return this builder
		 */
		public Builder limit(int limit) {
			Assert.isTrue(limit >= 1 && limit <= MAX_LIMIT, () -> "limit must be 1 to " + MAX_LIMIT);
			this.limit = limit;
			return this;
		}

		/**
		 * Build the query.
		 * @return an immutable query
		 */
		public CheckoutQuery build() {
			return new CheckoutQuery(Collections.unmodifiableSet(new LinkedHashSet<>(this.products)),
					this.filters.deepCopy(), List.copyOf(this.sorting), this.page, this.limit);
		}

	}

}
