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

package io.github.polarspring.client;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Base class for queries of a list. An item must match all filters that are set. It
 * matches a filter if it matches any of its values. Immutable.
 *
 * @since 0.1.0
 */
public abstract class PolarQuery {

	private static final int MAX_LIMIT = 100;

	private final MultiValueMap<String, String> filters;

	private final List<String> sorting;

	private final int page;

	private final @Nullable Integer limit;

	/**
	 * Create a query.
	 * @param builder the builder
	 */
	protected PolarQuery(Builder<?> builder) {
		this.filters = builder.filters.deepCopy();
		this.sorting = List.copyOf(builder.sorting);
		this.page = builder.page;
		this.limit = builder.limit;
	}

	/**
	 * Return the number of the page to start with.
	 * @return the number, from 1
	 */
	public final int page() {
		return this.page;
	}

	/**
	 * Return the number of items per page.
	 * @return the number, or {@code null} for Polar's default
	 */
	public final @Nullable Integer limit() {
		return this.limit;
	}

	/**
	 * Return the parameters that request the page of this query.
	 * @return a new map
	 */
	public final MultiValueMap<String, String> parameters() {
		return parameters(this.page, this.limit);
	}

	/**
	 * Return the parameters that request one of several pages. Without a limit, a query
	 * that starts at the first page uses the maximum page size; one that starts at a
	 * later page uses Polar's default, to which its page number refers.
	 * @param page number of the page
	 * @return a new map
	 */
	public final MultiValueMap<String, String> parameters(int page) {
		return parameters(page, (this.limit == null && this.page == 1) ? Integer.valueOf(MAX_LIMIT) : this.limit);
	}

	private MultiValueMap<String, String> parameters(int page, @Nullable Integer limit) {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.addAll(this.filters);
		this.sorting.forEach((property) -> parameters.add("sorting", property));
		parameters.add("page", String.valueOf(page));
		if (limit != null) {
			parameters.add("limit", String.valueOf(limit));
		}
		return parameters;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof PolarQuery other && other.getClass() == getClass() && this.filters.equals(other.filters)
				&& this.sorting.equals(other.sorting) && this.page == other.page
				&& Objects.equals(this.limit, other.limit);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.filters, this.sorting, this.page, this.limit);
	}

	/**
	 * Return the page and the names of the filters only: their values can be personal
	 * data.
	 */
	@Override
	public String toString() {
		return getClass().getSimpleName() + "[page=" + this.page + ", filters=" + this.filters.keySet() + "]";
	}

	/**
	 * Base class for builders of queries. Not safe for use by multiple threads. Methods
	 * throw an {@link IllegalArgumentException} for values that Polar would reject.
	 *
	 * @param <B> the type of the builder
	 */
	public abstract static class Builder<B extends Builder<B>> {

		private final LinkedMultiValueMap<String, String> filters = new LinkedMultiValueMap<>();

		private final Set<String> sorting = new LinkedHashSet<>();

		private int page = 1;

		private @Nullable Integer limit;

		/**
		 * Create a builder.
		 */
		protected Builder() {
		}

		/**
		 * Add values of a filter. At least one is required: without a value, Polar would
		 * return the items of all customers.
		 * @param name name of the parameter
		 * @param values the values
		 * @return this builder
		 */
		protected final B filter(String name, Object... values) {
			Assert.notEmpty(values, () -> name + " must have at least one value");
			Arrays.stream(values).forEach((value) -> {
				Assert.isTrue(value != null && !value.toString().isBlank(), () -> name + " must not be null or blank");
				Assert.isTrue(isWellFormed(value.toString()),
						() -> name + " must contain neither unpaired surrogates nor the NUL character");
				this.filters.add(name, value.toString());
			});
			return self();
		}

		/**
		 * Sort by a property, after the properties that were added before.
		 * @param property the property, whose name in lower case is Polar's
		 * @param descending whether to sort in descending order
		 * @return this builder
		 */
		protected final B sort(Enum<?> property, boolean descending) {
			Assert.notNull(property, "sorting must not be null");
			this.sorting.add((descending ? "-" : "") + property.name().toLowerCase(Locale.ROOT));
			return self();
		}

		/**
		 * Set the page, or the first of several pages.
		 * @param page number of the page, from 1
		 * @return this builder
		 */
		public final B page(int page) {
			Assert.isTrue(page >= 1, "page must be at least 1");
			this.page = page;
			return self();
		}

		/**
		 * Set the number of items per page, 10 by default.
		 * @param limit 1 to 100
		 * @return this builder
		 */
		public final B limit(int limit) {
			Assert.isTrue(limit >= 1 && limit <= MAX_LIMIT, () -> "limit must be 1 to " + MAX_LIMIT);
			this.limit = limit;
			return self();
		}

		private static boolean isWellFormed(String text) {
			return text.codePoints()
				.noneMatch((codePoint) -> codePoint == 0
						|| (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE));
		}

		@SuppressWarnings("unchecked")
		private B self() {
			return (B) this;
		}

	}

}
