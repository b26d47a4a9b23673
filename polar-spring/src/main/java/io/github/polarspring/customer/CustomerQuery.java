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

package io.github.polarspring.customer;

import io.github.polarspring.client.PolarQuery;

/**
 * Query for customers, with filters and order:
 *
 * <pre class="code">
 * CustomerQuery.builder().active(true).descending(SortProperty.CREATED_AT).build()
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/customers/list">Polar's API
 * reference</a>
 */
public final class CustomerQuery extends PolarQuery {

	private CustomerQuery(Builder builder) {
		super(builder);
	}

	/**
	 * Return a query for all customers, newest first.
	 * @return a query
	 */
	public static CustomerQuery all() {
		return builder().build();
	}

	/**
	 * Return a builder of a query for all customers, newest first.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Property by which customers can be sorted.
	 */
	public enum SortProperty {

		/**
		 * Time of creation.
		 */
		CREATED_AT,

		/**
		 * E-mail address.
		 */
		EMAIL,

		/**
		 * Name.
		 */
		NAME

	}

	/**
	 * Builder for a {@link CustomerQuery}. Not safe for use by multiple threads. Methods
	 * throw an {@link IllegalArgumentException} for values that Polar would reject.
	 */
	public static final class Builder extends PolarQuery.Builder<Builder> {

		private Builder() {
		}

		/**
		 * Include only the customer with the given e-mail address. Do not use it to find
		 * out who a user is: Polar does not verify addresses.
		 * @param email the address; upper and lower case do not differ
		 * @return this builder
		 */
		public Builder email(String email) {
			return filter("email", email);
		}

		/**
		 * Include only customers whose e-mail address, name or billing name contains the
		 * given text, or whose external id starts with it.
		 * @param query the text
		 * @return this builder
		 */
		public Builder query(String query) {
			return filter("query", query);
		}

		/**
		 * Include only customers who have, or do not have, a subscription that is active,
		 * in its trial or past due.
		 * @param active whether they have one
		 * @return this builder
		 */
		public Builder active(boolean active) {
			return filter("active", active);
		}

		/**
		 * Include only customers with the given metadata.
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
		public CustomerQuery build() {
			return new CustomerQuery(this);
		}

	}

}
