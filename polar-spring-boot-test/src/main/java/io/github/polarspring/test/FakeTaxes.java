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

package io.github.polarspring.test;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Tax rates by country. Guarded by the lock of {@link FakeState}.
 */
final class FakeTaxes {

	/**
	 * Percentages. Polar's rates depend on more than the country.
	 */
	private static final Map<String, BigDecimal> DEFAULT_RATES = Map.of("US", new BigDecimal("8.875"), "DE",
			new BigDecimal("19"), "FR", new BigDecimal("20"), "JP", new BigDecimal("10"));

	/**
	 * Address of a buyer who has not given one.
	 */
	static final Map<String, @Nullable Object> BUYERS_ADDRESS = FakeAddress.complete(Map.of("line1", "5 Broadway",
			"postal_code", "10004", "city", "New York", "state", "US-NY", "country", "US"));

	private final Map<String, BigDecimal> rates = new LinkedHashMap<>(DEFAULT_RATES);

	/**
	 * Set the rate of a country or of a state, such as {@code US-NY}.
	 */
	void rate(String region, BigDecimal percent) {
		this.rates.put(region, percent);
	}

	void reset() {
		this.rates.clear();
		this.rates.putAll(DEFAULT_RATES);
	}

	/**
	 * Compute the tax. It is unknown without a country, and in the US without a postal
	 * code.
	 * @param amount the amount before discount
	 * @param discount the discount, at most the amount
	 * @param priceBehavior the tax behavior of the price
	 * @param address the billing address
	 * @param reverseCharge whether the buyer has a tax ID
	 */
	FakeAmounts amounts(long amount, long discount, @Nullable Object priceBehavior,
			@Nullable Map<String, @Nullable Object> address, boolean reverseCharge) {
		long charged = amount - discount;
		if (charged <= 0) {
			return new FakeAmounts(amount, discount, charged, 0L, null);
		}
		if (address == null || !isUsable(address)) {
			return new FakeAmounts(amount, discount, charged, null, null);
		}
		String country = String.valueOf(address.get("country"));
		boolean onTop = isOnTop(country);
		String behavior = behavior(priceBehavior, country);
		BigDecimal percent = (reverseCharge && !onTop) ? BigDecimal.ZERO : rate(country, address.get("state"));
		BigDecimal base = behavior.equals("exclusive") ? BigDecimal.valueOf(100) : percent.add(BigDecimal.valueOf(100));
		long tax = BigDecimal.valueOf(charged).multiply(percent).divide(base, 0, RoundingMode.HALF_UP).longValueExact();
		return new FakeAmounts(amount, discount, behavior.equals("exclusive") ? charged : charged - tax, tax, behavior);
	}

	/**
	 * Return whether prices include tax.
	 */
	static String behavior(@Nullable Object priceBehavior, String country) {
		return (priceBehavior instanceof String own && !own.equals("location")) ? own
				: isOnTop(country) ? "exclusive" : "inclusive";
	}

	private static boolean isOnTop(String country) {
		return country.equals("US") || country.equals("CA");
	}

	/**
	 * Return the rate of a state, or that of its country.
	 */
	BigDecimal rate(String country, @Nullable Object state) {
		BigDecimal ofState = (state != null) ? this.rates.get(state.toString()) : null;
		return (ofState != null) ? ofState : this.rates.getOrDefault(country, BigDecimal.ZERO);
	}

	static boolean isUsable(@Nullable Map<String, @Nullable Object> address) {
		return address != null && (!"US".equals(address.get("country")) || address.get("postal_code") != null);
	}

}
