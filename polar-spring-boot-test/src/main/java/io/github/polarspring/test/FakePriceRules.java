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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Polar's business rules for the list of prices of a product, in the catalog or in a
 * session.
 */
final class FakePriceRules {

	private static final String VALUE_ERROR = "value_error";

	private static final String METERED = "metered_unit";

	/**
	 * Types of which a product can have only one price in a currency.
	 */
	private static final Map<String, String> SINGLE = new LinkedHashMap<>();

	static {
		SINGLE.put("fixed", "fixed");
		SINGLE.put("seat_based", "seat-based");
		SINGLE.put("custom", "custom");
		SINGLE.put("unit_based", "unit-based");
	}

	private final FakeErrors errors;

	private final boolean recurring;

	private final @Nullable String currency;

	private final Function<String, @Nullable Map<String, @Nullable Object>> meters;

	/**
	 * Create the rules.
	 * @param errors where problems of the list are reported
	 * @param recurring whether the product is recurring
	 * @param currency the currency that must be among the prices, or {@code null} for any
	 * @param meters the meter with an ID, or {@code null}
	 */
	FakePriceRules(FakeErrors errors, boolean recurring, @Nullable String currency,
			Function<String, @Nullable Map<String, @Nullable Object>> meters) {
		this.errors = errors;
		this.recurring = recurring;
		this.currency = currency;
		this.meters = meters;
	}

	/**
	 * Return the prices that Polar accepts.
	 * @param sent the prices of the request, or existing prices
	 */
	List<Map<String, @Nullable Object>> check(List<?> sent) {
		List<Map<String, @Nullable Object>> prices = new ArrayList<>();
		Map<Object, List<Indexed>> byCurrency = new LinkedHashMap<>();
		for (int i = 0; i < sent.size(); i++) {
			Map<String, @Nullable Object> price = copy(sent.get(i));
			if (checkType(price, this.errors.at(i))) {
				prices.add(price);
				byCurrency
					.computeIfAbsent(Objects.requireNonNull(price.get("price_currency")), (key) -> new ArrayList<>())
					.add(new Indexed(i, price));
			}
		}
		if (prices.isEmpty()) {
			this.errors.add("too_short", "At least one price is required.", sent);
		}
		byCurrency.values().forEach((list) -> checkCurrency(list, sent));
		if (byCurrency.values().stream().map(FakePriceRules::types).distinct().count() > 1) {
			add("All price currencies must define the same set of price types.", sent);
		}
		if (this.currency != null && !byCurrency.containsKey(this.currency)) {
			add("The organization's default presentment currency must be present in the prices.", sent);
		}
		return prices;
	}

	private static Map<String, @Nullable Object> copy(@Nullable Object sent) {
		Map<String, @Nullable Object> price = new LinkedHashMap<>();
		((Map<?, ?>) Objects.requireNonNull(sent)).forEach((key, each) -> price.put(key.toString(), each));
		return price;
	}

	private void add(String message, List<?> sent) {
		this.errors.add(VALUE_ERROR, message, sent);
	}

	private boolean checkType(Map<String, @Nullable Object> price, FakeErrors at) {
		Object type = price.get("amount_type");
		if (!this.recurring && ("unit_based".equals(type) || METERED.equals(type))) {
			at.add(VALUE_ERROR, "%s pricing is not supported on one-time products."
				.formatted(METERED.equals(type) ? "Metered" : "Unit-based"), price);
			return false;
		}
		Object meterId = price.get("meter_id");
		if (METERED.equals(type) && this.meters.apply(String.valueOf(meterId)) == null) {
			at.at("meter_id").add(VALUE_ERROR, "Meter does not exist.", meterId);
			return false;
		}
		return true;
	}

	private void checkCurrency(List<Indexed> prices, List<?> sent) {
		List<String> types = prices.stream().map(Indexed::type).toList();
		SINGLE.forEach((type, name) -> {
			if (types.indexOf(type) != types.lastIndexOf(type)) {
				add("Only one %s price is allowed.".formatted(name), sent);
			}
		});
		if (types.contains("seat_based") && types.contains("unit_based")) {
			add("A seat-based price cannot be combined with a unit-based price.", sent);
		}
		if (types.contains("custom")
				&& types.stream().anyMatch((type) -> !type.equals("custom") && SINGLE.containsKey(type))) {
			add("A custom price cannot be combined with a fixed, seat-based or unit-based price.", sent);
		}
		Set<Object> meters = new HashSet<>();
		for (Indexed price : prices) {
			Object meterId = price.values().get("meter_id");
			if (meterId != null && !meters.add(meterId)) {
				this.errors.at(price.index())
					.at("meter_id")
					.add(VALUE_ERROR, "Meter is already used for another price.", meterId);
			}
		}
		if (prices.stream().map((price) -> price.values().get("tax_behavior")).distinct().count() > 1) {
			add("All prices for the same currency must have the same tax behavior.", sent);
		}
	}

	/**
	 * Return which types there are, and how many meters.
	 */
	private static List<Object> types(List<Indexed> prices) {
		List<Object> types = new ArrayList<>(SINGLE.keySet());
		types.removeIf((type) -> prices.stream().noneMatch((price) -> price.type().equals(type)));
		types.add(prices.stream()
			.map((price) -> price.values().get("meter_id"))
			.filter(Objects::nonNull)
			.distinct()
			.count());
		return types;
	}

	/**
	 * A price and its position in the request.
	 */
	private record Indexed(int index, Map<String, @Nullable Object> values) {

		String type() {
			return String.valueOf(this.values.get("amount_type"));
		}

	}

}
