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

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prices of a product in a session: the ad-hoc prices of the request, or the catalog
 * price.
 */
record FakePrices(List<Map<String, Object>> prices, boolean adHoc) {

	static final long DEFAULT_MINIMUM = 50;

	static FakePrices of(FakeProduct product, @Nullable JsonNode adHoc, Instant createdAt) {
		if (adHoc == null || !adHoc.isArray()) {
			return new FakePrices(List.of(product.price()), false);
		}
		List<Map<String, Object>> prices = new ArrayList<>();
		adHoc.forEach((price) -> prices.add(price(product, price, createdAt)));
		return new FakePrices(prices, true);
	}

	private static Map<String, Object> price(FakeProduct product, JsonNode sent, Instant createdAt) {
		Map<String, Object> price = new LinkedHashMap<>();
		price.put("created_at", createdAt);
		price.put("modified_at", null);
		price.put("id", UUID.randomUUID());
		price.put("source", "ad_hoc");
		price.put("amount_type", "fixed");
		price.put("price_currency", "usd");
		price.put("tax_behavior", null);
		price.put("is_archived", false);
		price.put("product_id", product.id());
		price.put("type", "one_time");
		price.put("recurring_interval", null);
		if (sent.path("amount_type").asString("").equals("free")) {
			// Polar stores it as a fixed price
			price.put("price_amount", 0L);
			price.put("price_currency", sent.path("price_currency").asString("usd"));
			return price;
		}
		sent.properties()
			.forEach((field) -> price.put(field.getKey(),
					JsonMapper.shared().treeToValue(field.getValue(), Object.class)));
		switch (String.valueOf(price.get("amount_type"))) {
			case "custom" -> {
				price.putIfAbsent("minimum_amount", DEFAULT_MINIMUM);
				price.putIfAbsent("maximum_amount", null);
				price.putIfAbsent("preset_amount", null);
			}
			case "seat_based" -> describeSeats(price);
			case "metered_unit" -> describeMeter(price);
			default -> {
			}
		}
		return price;
	}

	private static void describeSeats(Map<String, Object> price) {
		List<Map<?, ?>> tiers = tiers(price);
		if (tiers.isEmpty()) {
			return;
		}
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("seat_tier_type", isGraduated(price) ? "graduated" : "volume");
		described.put("tiers", tiers);
		described.put("minimum_seats", tiers.get(0).get("min_seats"));
		described.put("maximum_seats", tiers.get(tiers.size() - 1).get("max_seats"));
		price.put("seat_tiers", described);
		price.put("price_per_seat", tiers.get(0).get("price_per_seat"));
	}

	private static void describeMeter(Map<String, Object> price) {
		Map<String, Object> meter = new LinkedHashMap<>();
		meter.put("id", price.get("meter_id"));
		meter.put("name", "Fake meter");
		meter.put("unit", "scalar");
		meter.put("custom_label", null);
		meter.put("custom_multiplier", null);
		price.put("unit_amount", String.valueOf(price.get("unit_amount")));
		price.putIfAbsent("cap_amount", null);
		price.put("meter", meter);
	}

	/**
	 * Return whether the prices in a currency include tax, or {@code null} for the
	 * default of the country.
	 */
	@Nullable Object taxBehavior(String currency) {
		return this.prices.stream()
			.filter((price) -> currency.equals(price.get("price_currency")))
			.map((price) -> price.get("tax_behavior"))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	boolean hasCurrency(String currency) {
		return this.prices.stream().anyMatch((price) -> currency.equals(price.get("price_currency")));
	}

	/**
	 * Return the number of seats if the request contains none: the minimum of the first
	 * tier.
	 */
	@Nullable Integer defaultSeats() {
		return this.prices.stream()
			.filter((price) -> "seat_based".equals(price.get("amount_type")))
			.map((price) -> tiers(price).get(0))
			.map((tier) -> (int) number(tier.get("min_seats"), 1))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return whether each seat-based price has a tier for this number of seats.
	 */
	boolean acceptsSeats(long seats) {
		return this.prices.stream()
			.filter((price) -> "seat_based".equals(price.get("amount_type")))
			.allMatch((price) -> tiers(price).stream()
				.anyMatch((tier) -> seats >= number(tier.get("min_seats"), 1)
						&& seats <= number(tier.get("max_seats"), Long.MAX_VALUE)));
	}

	/**
	 * Return whether the buyer chooses the amount.
	 */
	boolean isChosen() {
		return this.prices.stream().anyMatch((price) -> "custom".equals(price.get("amount_type")));
	}

	/**
	 * Return whether the buyer can choose this amount.
	 */
	boolean acceptsAmount(long amount) {
		return this.prices.stream()
			.filter((price) -> "custom".equals(price.get("amount_type")))
			.allMatch((price) -> amount >= number(price.get("minimum_amount"), DEFAULT_MINIMUM)
					&& amount <= number(price.get("maximum_amount"), Long.MAX_VALUE));
	}

	/**
	 * Return the total of the prices in a currency. Metered prices are charged later.
	 */
	long amount(String currency, @Nullable Long chosen, int seats) {
		long amount = 0;
		for (Map<String, Object> price : this.prices) {
			if (currency.equals(price.get("price_currency"))) {
				amount += switch (String.valueOf(price.get("amount_type"))) {
					case "fixed" -> number(price.get("price_amount"), 0);
					case "custom" -> (chosen != null) ? chosen
							: number(price.get("preset_amount"), number(price.get("minimum_amount"), 0));
					case "seat_based" -> seatAmount(price, seats);
					default -> 0;
				};
			}
		}
		return amount;
	}

	private static long seatAmount(Map<String, Object> price, int seats) {
		boolean graduated = isGraduated(price);
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

	private static boolean isGraduated(Map<String, Object> price) {
		return price.get("seat_tiers") instanceof Map<?, ?> tiers && "graduated".equals(tiers.get("seat_tier_type"));
	}

	private static List<Map<?, ?>> tiers(Map<String, Object> price) {
		List<Map<?, ?>> result = new ArrayList<>();
		if (price.get("seat_tiers") instanceof Map<?, ?> tiers && tiers.get("tiers") instanceof List<?> list) {
			list.forEach((tier) -> result.add((Map<?, ?>) tier));
		}
		return result;
	}

	private static long number(@Nullable Object value, long fallback) {
		return (value instanceof Number number) ? number.longValue() : fallback;
	}

}
