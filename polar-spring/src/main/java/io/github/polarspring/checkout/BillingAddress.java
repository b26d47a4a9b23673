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

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Billing address with which the checkout page is prefilled. It is personal data, so
 * {@link #toString()} contains only the country.
 *
 * @param country ISO 3166-1 alpha-2 code in upper case
 * @param line1 street and number
 * @param line2 additional address line
 * @param postalCode postal code
 * @param city city
 * @param state state; for the US and Canada as in {@code US-NY}, where Polar adds a
 * missing prefix
 * @since 0.1.0
 */
public record BillingAddress(String country, @Nullable String line1, @Nullable String line2,
		@Nullable String postalCode, @Nullable String city, @Nullable String state) {

	private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

	/**
	 * Countries that Polar does not sell to.
	 */
	private static final Set<String> UNSUPPORTED = Set.of("CU", "IR", "KP", "SY", "RU");

	/**
	 * Create an address that contains only the country.
	 * @param country ISO 3166-1 alpha-2 code
	 * @return an address
	 */
	public static BillingAddress inCountry(String country) {
		Assert.notNull(country, "customer_billing_address.country must not be null");
		return new BillingAddress(country.toUpperCase(Locale.ROOT), null, null, null, null, null);
	}

	/**
	 * Reject values that Polar would reject in a request. Responses are not checked.
	 */
	BillingAddress requireAccepted() {
		Assert.isTrue(this.country != null && COUNTRIES.contains(this.country.toUpperCase(Locale.ROOT)),
				"customer_billing_address.country must be an ISO 3166-1 alpha-2 code");
		Assert.isTrue(!UNSUPPORTED.contains(this.country.toUpperCase(Locale.ROOT)),
				"customer_billing_address.country must not be CU, IR, KP, SY or RU, where Polar does not sell");
		for (String part : new @Nullable String[] { this.line1, this.line2, this.postalCode, this.city, this.state }) {
			if (part != null) {
				CheckoutFields.requireWellFormed("customer_billing_address", part);
			}
		}
		return new BillingAddress(this.country.toUpperCase(Locale.ROOT), this.line1, this.line2, this.postalCode,
				this.city, this.state);
	}

	@Override
	public String toString() {
		return "BillingAddress[country=" + this.country + "]";
	}

}
