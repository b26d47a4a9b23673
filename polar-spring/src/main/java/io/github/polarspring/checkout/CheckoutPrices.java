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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Ad-hoc prices of the products of a session.
 *
 * @param byProduct the prices of each product
 */
record CheckoutPrices(@JsonValue Map<ProductReference, List<AdHocPrice>> byProduct) {

	CheckoutPrices with(ProductReference product, List<AdHocPrice> prices) {
		Map<ProductReference, List<AdHocPrice>> with = new LinkedHashMap<>(this.byProduct);
		with.put(product, prices);
		return new CheckoutPrices(with);
	}

	CheckoutPrices resolve(PolarProducts products) {
		Map<ProductReference, List<AdHocPrice>> resolved = new LinkedHashMap<>();
		this.byProduct.forEach((product, prices) -> resolved.put(product.resolve(products), prices));
		return new CheckoutPrices(resolved);
	}

	static List<AdHocPrice> validate(AdHocPrice... prices) {
		Assert.isTrue(prices != null && prices.length > 0, "prices must not be empty");
		Assert.noNullElements(prices, "prices must not contain null");
		Map<String, Set<Class<?>>> typesByCurrency = new LinkedHashMap<>();
		Map<String, Set<UUID>> metersByCurrency = new HashMap<>();
		Map<String, TaxBehavior> taxByCurrency = new HashMap<>();
		for (AdHocPrice price : prices) {
			String currency = price.priceCurrency();
			boolean added = typesByCurrency.computeIfAbsent(currency, (key) -> new HashSet<>()).add(price.getClass());
			if (price instanceof AdHocPrice.Metered metered) {
				Assert.isTrue(
						metersByCurrency.computeIfAbsent(currency, (key) -> new HashSet<>()).add(metered.meterId()),
						() -> "prices must not contain a meter more than once in " + currency);
			}
			else {
				Assert.isTrue(added, () -> "prices must contain at most one "
						+ price.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " price in " + currency);
			}
			if (taxByCurrency.containsKey(currency)) {
				Assert.isTrue(taxByCurrency.get(currency) == price.taxBehavior(),
						() -> "prices in " + currency + " must have the same tax_behavior");
			}
			taxByCurrency.put(currency, price.taxBehavior());
		}
		typesByCurrency.forEach(CheckoutPrices::requireCombination);
		Assert.isTrue(new HashSet<>(typesByCurrency.values()).size() == 1,
				"prices must have the same types in every currency");
		return List.copyOf(Arrays.asList(prices));
	}

	/**
	 * Reject values that contradict the ad-hoc prices of the first product.
	 */
	static void requireConsistent(@Nullable List<AdHocPrice> prices, @Nullable String currency, @Nullable Long amount,
			Range seats, Range units) {
		if (prices == null) {
			return;
		}
		List<AdHocPrice> charged = prices.stream()
			.filter((price) -> currency == null || price.priceCurrency().equals(currency))
			.toList();
		Assert.isTrue(!charged.isEmpty(),
				() -> "currency must be that of a price of the first product, which has no price in " + currency);
		List<AdHocPrice.SeatBased> seatBased = ofType(charged, AdHocPrice.SeatBased.class);
		List<AdHocPrice.UnitBased> unitBased = ofType(charged, AdHocPrice.UnitBased.class);
		requireConsistent(seats, "seat-based", seatBased.stream().map(CheckoutPrices::bounds).toList());
		requireConsistent(units, "unit-based", unitBased.stream().map(CheckoutPrices::bounds).toList());
		List<AdHocPrice.Custom> custom = ofType(charged, AdHocPrice.Custom.class);
		Assert.isTrue(amount == null || custom.isEmpty() || custom.stream().anyMatch((price) -> accepts(price, amount)),
				"amount must be between minimum_amount and maximum_amount of the price");
	}

	private static void requireConsistent(Range range, String type, List<Range> bounds) {
		if (range.isUnset()) {
			return;
		}
		Assert.isTrue(!bounds.isEmpty(), () -> range.field() + " requires a " + type
				+ " price of the first product, which has no such ad-hoc price");
		Assert.isTrue(bounds.stream().anyMatch(range::isWithin), () -> range.field() + ", min_" + range.field()
				+ " and max_" + range.field() + " must be within the tiers of the " + type + " price");
	}

	private static Range bounds(AdHocPrice.SeatBased price) {
		List<SeatTier> tiers = price.seatTiers().tiers();
		return new Range("seats", tiers.get(0).minSeats(), null, tiers.get(tiers.size() - 1).maxSeats());
	}

	private static Range bounds(AdHocPrice.UnitBased price) {
		List<UnitTier> tiers = price.tiers().tiers();
		Long bound = tiers.get(tiers.size() - 1).bound();
		return new Range("units", price.minimumUnits(), null,
				(bound != null) ? Integer.valueOf((int) Math.min(bound, Integer.MAX_VALUE)) : null);
	}

	private static boolean accepts(AdHocPrice.Custom price, long amount) {
		Long minimum = price.minimumAmount();
		Long maximum = price.maximumAmount();
		return (minimum == null || amount >= minimum) && (maximum == null || amount <= maximum);
	}

	private static <T extends AdHocPrice> List<T> ofType(List<AdHocPrice> prices, Class<T> type) {
		return prices.stream().filter(type::isInstance).map(type::cast).toList();
	}

	private static void requireCombination(String currency, Set<Class<?>> types) {
		Set<Class<?>> unmetered = new HashSet<>(types);
		unmetered.remove(AdHocPrice.Metered.class);
		Assert.isTrue(!unmetered.contains(AdHocPrice.Custom.class) || unmetered.size() == 1,
				() -> "prices must not combine a custom price with prices other than metered ones in " + currency);
		Assert.isTrue(
				!(unmetered.contains(AdHocPrice.SeatBased.class) && unmetered.contains(AdHocPrice.UnitBased.class)),
				() -> "prices must not combine a seat-based with a unit-based price in " + currency);
	}

	/**
	 * Number with optional bounds.
	 */
	record Range(String field, @Nullable Integer min, @Nullable Integer value, @Nullable Integer max) {

		Range requireOrdered() {
			Assert.isTrue(this.min == null || this.max == null || this.min <= this.max,
					() -> "min_" + this.field + " must not be greater than max_" + this.field);
			Assert.isTrue(this.value == null || this.min == null || this.value >= this.min,
					() -> this.field + " must not be less than min_" + this.field);
			Assert.isTrue(this.value == null || this.max == null || this.value <= this.max,
					() -> this.field + " must not be greater than max_" + this.field);
			return this;
		}

		boolean isUnset() {
			return this.min == null && this.value == null && this.max == null;
		}

		boolean isWithin(Range bounds) {
			return Stream.of(this.min, this.value, this.max)
				.filter(Objects::nonNull)
				.allMatch((number) -> (bounds.min == null || number >= bounds.min)
						&& (bounds.max == null || number <= bounds.max));
		}

	}

}
