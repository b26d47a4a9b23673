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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Prices of a product in a session: the ad-hoc prices of the request, or the prices of
 * the catalog.
 */
record FakePrices(List<Map<String, @Nullable Object>> prices, boolean adHoc) {

	/**
	 * Return a price as Polar stores it.
	 * @param values the fields of the request
	 * @param source {@code catalog} or {@code ad_hoc}
	 * @param productId the ID of the product
	 * @param recurringInterval the interval of the product, or {@code null}
	 * @param meter the meter of a metered price
	 * @param now the time of the creation
	 */
	static Map<String, @Nullable Object> price(Map<String, ? extends @Nullable Object> values, String source,
			UUID productId, @Nullable String recurringInterval, @Nullable Map<String, @Nullable Object> meter,
			Instant now) {
		Map<String, @Nullable Object> price = new LinkedHashMap<>();
		price.put("created_at", now);
		price.put("modified_at", null);
		price.put("id", UUID.randomUUID());
		price.put("source", source);
		price.put("tax_behavior", null);
		price.put("is_archived", false);
		price.put("product_id", productId);
		price.put("type", (recurringInterval != null) ? "recurring" : "one_time");
		price.put("recurring_interval", recurringInterval);
		price.putAll(values);
		if (values.get("seat_tiers") instanceof Map<?, ?> sent) {
			List<Map<?, ?>> tiers = tiers(price);
			Map<String, @Nullable Object> seatTiers = new LinkedHashMap<>();
			seatTiers.put("seat_tier_type", sent.get("seat_tier_type"));
			seatTiers.put("tiers", tiers);
			seatTiers.put("minimum_seats", tiers.get(0).get("min_seats"));
			seatTiers.put("maximum_seats", tiers.get(tiers.size() - 1).get("max_seats"));
			price.put("seat_tiers", seatTiers);
			price.put("price_per_seat", tiers.get(0).get("price_per_seat"));
		}
		if (values.get("tiers") instanceof Map<?, ?>) {
			List<Map<?, ?>> tiers = tiers(price);
			price.put("maximum_units", tiers.get(tiers.size() - 1).get("bound"));
		}
		if (meter != null) {
			Map<String, @Nullable Object> described = new LinkedHashMap<>();
			for (String name : List.of("id", "name", "unit", "custom_label", "custom_multiplier")) {
				described.put(name, meter.get(name));
			}
			price.put("meter", described);
		}
		return price;
	}

	/**
	 * Return the prices in a currency.
	 */
	FakePrices in(String currency) {
		return new FakePrices(
				this.prices.stream().filter((price) -> currency.equals(price.get("price_currency"))).toList(),
				this.adHoc);
	}

	/**
	 * Return whether the prices include tax, or {@code null} for the default of the
	 * country.
	 */
	@Nullable Object taxBehavior() {
		return this.prices.stream()
			.map((price) -> price.get("tax_behavior"))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	boolean isEmpty() {
		return this.prices.isEmpty();
	}

	static boolean isMetered(Map<String, @Nullable Object> price) {
		return "metered_unit".equals(price.get("amount_type"));
	}

	/**
	 * Return the prices that depend on usage.
	 */
	List<Map<String, @Nullable Object>> metered() {
		return this.prices.stream().filter(FakePrices::isMetered).toList();
	}

	/**
	 * Return the first price that is known before usage.
	 */
	Map<String, @Nullable Object> first() {
		return this.prices.stream()
			.filter((Map<String, @Nullable Object> price) -> !isMetered(price))
			.findFirst()
			.orElse(this.prices.get(0));
	}

	/**
	 * Return whether nothing is ever charged.
	 */
	boolean isFree() {
		return this.prices.stream().allMatch(FakePrices::isFree);
	}

	private static boolean isFree(Map<String, @Nullable Object> price) {
		return switch (String.valueOf(price.get("amount_type"))) {
			case "fixed" -> number(price.get("price_amount"), 0) == 0;
			case "seat_based" -> tiers(price).stream().allMatch((tier) -> number(tier.get("price_per_seat"), 0) == 0);
			case "unit_based" -> tiers(price).stream().allMatch((tier) -> amount(tier).signum() == 0);
			default -> false;
		};
	}

	private static BigDecimal amount(Map<?, ?> tier) {
		return new BigDecimal(String.valueOf(tier.get("unit_amount")));
	}

	@Nullable Map<String, @Nullable Object> ofType(String type) {
		return this.prices.stream().filter((price) -> type.equals(price.get("amount_type"))).findFirst().orElse(null);
	}

	/**
	 * Return the smallest number of seats, or {@code null} without a seat-based price.
	 */
	@Nullable Integer minimumSeats() {
		Map<String, @Nullable Object> price = ofType("seat_based");
		return (price != null) ? (int) number(tiers(price).get(0).get("min_seats"), 1) : null;
	}

	int maximumSeats() {
		Map<String, @Nullable Object> price = Objects.requireNonNull(ofType("seat_based"));
		List<Map<?, ?>> tiers = tiers(price);
		return (int) number(tiers.get(tiers.size() - 1).get("max_seats"), Integer.MAX_VALUE);
	}

	/**
	 * Return the smallest number of units, or {@code null} without a unit-based price.
	 */
	@Nullable Integer minimumUnits() {
		Map<String, @Nullable Object> price = ofType("unit_based");
		return (price != null) ? (int) number(price.get("minimum_units"), 1) : null;
	}

	int maximumUnits() {
		return (int) number(Objects.requireNonNull(ofType("unit_based")).get("maximum_units"), Integer.MAX_VALUE);
	}

	/**
	 * Return the price for which the buyer chooses the amount, or {@code null}.
	 */
	@Nullable Map<String, @Nullable Object> chosen() {
		return ofType("custom");
	}

	/**
	 * Return what is wrong with an amount that the buyer chose, or {@code null}.
	 */
	@Nullable Problem problemOf(long amount) {
		Map<String, @Nullable Object> price = chosen();
		if (price == null) {
			return null;
		}
		String currency = String.valueOf(price.get("price_currency"));
		if (amount < number(price.get("minimum_amount"), 0)) {
			return new Problem("greater_than_equal", "Amount is below minimum.");
		}
		if (amount > 0 && amount < FakeCurrency.minimum(currency)) {
			return new Problem("invalid_amount", "Amount must be 0 or at least %s."
				.formatted(FakeCurrency.format(FakeCurrency.minimum(currency), currency)));
		}
		if (amount > number(price.get("maximum_amount"), Long.MAX_VALUE)) {
			return new Problem("less_than_equal", "Amount is above maximum.");
		}
		return (amount > FakeCurrency.maximum(currency)) ? new Problem("less_than_equal",
				"Amount must be at most %s.".formatted(FakeCurrency.format(FakeCurrency.maximum(currency), currency)))
				: null;
	}

	/**
	 * Return the total of the prices. Metered prices are charged later.
	 */
	long amount(@Nullable Long chosen, int seats, int units) {
		long amount = 0;
		for (Map<String, @Nullable Object> price : this.prices) {
			amount += switch (String.valueOf(price.get("amount_type"))) {
				case "fixed" -> number(price.get("price_amount"), 0);
				case "custom" -> (chosen != null) ? chosen
						: number(price.get("preset_amount"), number(price.get("minimum_amount"), 0));
				case "seat_based" -> seatAmount(price, seats);
				case "unit_based" -> unitAmount(price, units);
				default -> 0;
			};
		}
		return amount;
	}

	private static long seatAmount(Map<String, @Nullable Object> price, int seats) {
		boolean graduated = price.get("seat_tiers") instanceof Map<?, ?> tiers
				&& "graduated".equals(tiers.get("seat_tier_type"));
		long amount = 0;
		for (Map<?, ?> tier : tiers(price)) {
			long first = number(tier.get("min_seats"), 1);
			long last = number(tier.get("max_seats"), Long.MAX_VALUE);
			long each = number(tier.get("price_per_seat"), 0);
			if (graduated) {
				amount += Math.max(0, Math.min(seats, last) - first + 1) * each;
			}
			else if (seats >= first && seats <= last) {
				amount = seats * each;
			}
		}
		return amount;
	}

	private static long unitAmount(Map<String, @Nullable Object> price, int units) {
		boolean graduated = price.get("tiers") instanceof Map<?, ?> tiers && "graduated".equals(tiers.get("type"));
		long amount = 0;
		long before = 0;
		for (Map<?, ?> tier : tiers(price)) {
			long bound = number(tier.get("bound"), Long.MAX_VALUE);
			long each = amount(tier).longValue();
			if (graduated) {
				amount += Math.max(0, Math.min(units, bound) - before) * each;
			}
			else if (units > before && units <= bound) {
				amount = units * each;
			}
			before = bound;
		}
		return amount;
	}

	/**
	 * Return the tiers of a seat-based or unit-based price.
	 */
	static List<Map<?, ?>> tiers(Map<String, @Nullable Object> price) {
		List<Map<?, ?>> result = new ArrayList<>();
		Object of = price.getOrDefault("seat_tiers", price.get("tiers"));
		if (of instanceof Map<?, ?> tiers && tiers.get("tiers") instanceof List<?> list) {
			list.forEach((tier) -> result.add((Map<?, ?>) Objects.requireNonNull(tier)));
		}
		return result;
	}

	private static long number(@Nullable Object value, long fallback) {
		return (value instanceof Number number) ? number.longValue() : fallback;
	}

	/**
	 * What is wrong with an amount.
	 *
	 * @param type the type of the error
	 * @param message the message
	 */
	record Problem(String type, String message) {

	}

}
