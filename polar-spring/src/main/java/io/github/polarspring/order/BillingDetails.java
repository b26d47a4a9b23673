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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Name and address on an invoice. They are personal data, so {@link #toString()} contains
 * only the country.
 *
 * @param name name of the person or company
 * @param country ISO 3166-1 alpha-2 code, which must be that of the order
 * @param line1 street and number
 * @param line2 additional address line
 * @param postalCode postal code
 * @param city city
 * @param state state, which must be that of the order
 * @since 0.1.0
 */
public record BillingDetails(String name, String country, @Nullable String line1, @Nullable String line2,
		@Nullable String postalCode, @Nullable String city, @Nullable String state) {

	/**
	 * Create details.
	 */
	public BillingDetails {
		Assert.hasText(name, "billing_name must not be blank");
		Assert.hasText(country, "billing_address.country must not be blank");
	}

	Map<String, Object> body() {
		Map<String, @Nullable Object> address = new LinkedHashMap<>();
		address.put("country", this.country);
		address.put("line1", this.line1);
		address.put("line2", this.line2);
		address.put("postal_code", this.postalCode);
		address.put("city", this.city);
		address.put("state", this.state);
		address.values().removeIf((value) -> value == null);
		return Map.of("billing_name", this.name, "billing_address", address);
	}

	@Override
	public String toString() {
		return "BillingDetails[country=" + this.country + "]";
	}

}
