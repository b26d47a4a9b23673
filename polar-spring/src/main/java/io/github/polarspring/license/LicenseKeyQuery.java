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

package io.github.polarspring.license;

import java.util.Locale;
import java.util.UUID;

import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.LicenseKey;

import org.springframework.util.Assert;

/**
 * Query for license keys, with filters. Polar has no filter by customer, see
 * {@link PolarLicenseKeyOperations#of}. Immutable.
 *
 * @since 0.1.0
 */
public final class LicenseKeyQuery extends PolarQuery {

	private LicenseKeyQuery(Builder builder) {
		super(builder);
	}

	/**
	 * Return a query for all license keys.
	 * @return a query
	 */
	public static LicenseKeyQuery all() {
		return builder().build();
	}

	/**
	 * Return a builder of a query for all license keys.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Builder for a {@link LicenseKeyQuery}. Not safe for use by multiple threads.
	 */
	public static final class Builder extends PolarQuery.Builder<Builder> {

		private Builder() {
		}

		/**
		 * Include only keys of the given benefits.
		 * @param ids Polar's ids of the benefits
		 * @return this builder
		 */
		public Builder benefitId(UUID... ids) {
			return filter("benefit_id", (Object[]) ids);
		}

		/**
		 * Include only keys with the given status.
		 * @param status the status
		 * @return this builder
		 */
		public Builder status(LicenseKey.Status status) {
			Assert.isTrue(status != null && status != LicenseKey.Status.UNKNOWN, "status must be one that Polar knows");
			return filter("status", status.name().toLowerCase(Locale.ROOT));
		}

		/**
		 * Build the query.
		 * @return an immutable query
		 */
		public LicenseKeyQuery build() {
			return new LicenseKeyQuery(this);
		}

	}

}
