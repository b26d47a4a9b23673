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
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Computes the items of orders of subscriptions: those of a period, and the prorations of
 * a change during a period.
 */
final class FakeProration {

	private FakeProration() {
	}

	/**
	 * Return the items of a period.
	 */
	static List<FakeOrderItem> period(FakeSubscription subscription) {
		List<FakeOrderItem> items = new ArrayList<>();
		for (Map<String, @Nullable Object> price : subscription.session.prices().prices()) {
			if (!FakePrices.isMetered(price)) {
				items.add(new FakeOrderItem(
						label(subscription.session, price)
								+ FakeSubscription.period(subscription.periodStart, subscription.periodEnd),
						subscription.session.amountAt(of(price)), false, price));
			}
		}
		return items;
	}

	/**
	 * Return the credit for the rest of the period.
	 */
	static List<FakeOrderItem> credit(FakeSubscription subscription, Instant now) {
		return items(subscription.session, "Remaining time on ", -1,
				left(subscription.periodStart, subscription.periodEnd, now),
				FakeSubscription.period(now, subscription.periodEnd));
	}

	/**
	 * Return the price of another product until the end of a period.
	 * @param next the prices of the product
	 */
	static List<FakeOrderItem> debit(FakeSession next, Instant start, Instant end, Instant now) {
		return items(next, "", 1, left(start, end, now), FakeSubscription.period(now, end));
	}

	private static List<FakeOrderItem> items(FakeSession session, String prefix, int sign, BigDecimal left,
			String period) {
		List<Map<String, @Nullable Object>> prices = session.prices()
			.prices()
			.stream()
			.filter((Map<String, @Nullable Object> price) -> List.of("fixed", "seat_based", "unit_based")
				.contains(price.get("amount_type")) && !of(price).isFree())
			.toList();
		List<Long> discounts = discounts(session,
				prices.stream().map((Map<String, @Nullable Object> price) -> session.amountAt(of(price))).toList());
		List<FakeOrderItem> items = new ArrayList<>();
		for (int i = 0; i < prices.size(); i++) {
			Map<String, @Nullable Object> price = prices.get(i);
			BigDecimal whole = BigDecimal.valueOf(session.amountAt(of(price)) - discounts.get(i));
			long amount = whole.multiply(left).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
			items.add(new FakeOrderItem(prefix + label(session, price) + period, sign * amount, true, price));
		}
		return items;
	}

	private static List<Long> discounts(FakeSession session, List<Long> amounts) {
		FakeDiscount discount = session.discount;
		return (discount != null) ? discount.allocate(amounts, session.currency)
				: amounts.stream().map((amount) -> 0L).toList();
	}

	/**
	 * Return the proration of a change of the number of seats or units, if there is one.
	 * @param reset whether the whole new price is due, because a new period starts
	 */
	static List<FakeOrderItem> quantity(FakeQuantity change, boolean reset, Instant now) {
		FakeSubscription subscription = change.subscription();
		FakeSession next = change.session();
		Map<String, @Nullable Object> price = Objects
			.requireNonNull(next.prices().ofType(change.seats() ? "seat_based" : "unit_based"));
		Instant end = reset ? FakeSubscription.next(subscription.product, now) : subscription.periodEnd;
		long amount = reset ? discounted(next, price)
				: BigDecimal.valueOf(discounted(next, price) - discounted(subscription.session, price))
					.multiply(left(subscription.periodStart, end, now))
					.setScale(0, RoundingMode.DOWN)
					.longValueExact();
		String numbers = change.seats() ? "%d → %d seats".formatted(change.before(), change.number())
				: units(price, change.before()) + " → " + units(price, change.number());
		String label = "%s%s (%s)%s".formatted((amount < 0) ? "Remaining time on " : "", subscription.product.name(),
				numbers, FakeSubscription.period(now, end));
		return (amount != 0) ? List.of(new FakeOrderItem(label, amount, true, price)) : List.of();
	}

	/**
	 * Return what seats or units cost in a whole period, with their share of the
	 * discount.
	 */
	private static long discounted(FakeSession session, Map<String, @Nullable Object> price) {
		long amount = session.amountAt(of(price));
		List<Long> amounts = new ArrayList<>();
		Map<String, @Nullable Object> fixed = session.prices().ofType("fixed");
		if (fixed != null) {
			amounts.add(session.amountAt(of(fixed)));
		}
		amounts.add(amount);
		List<Long> discounts = discounts(session, amounts);
		return amount - discounts.get(discounts.size() - 1);
	}

	private static FakePrices of(Map<String, @Nullable Object> price) {
		return new FakePrices(List.of(price), false);
	}

	/**
	 * Return the part of a period that is left.
	 */
	private static BigDecimal left(Instant start, Instant end, Instant now) {
		long whole = Duration.between(start, end).toNanos();
		long left = Duration.between(now, end).toNanos();
		return (left <= 0 || whole <= 0) ? BigDecimal.ZERO
				: BigDecimal.valueOf(left).divide(BigDecimal.valueOf(whole), MathContext.DECIMAL64);
	}

	private static String label(FakeSession session, Map<String, @Nullable Object> price) {
		String name = session.product().name();
		Integer seats = session.seats();
		if ("seat_based".equals(price.get("amount_type")) && seats != null) {
			return "%s (%s)".formatted(name, count(seats, "seat"));
		}
		Integer units = session.units();
		return ("unit_based".equals(price.get("amount_type")) && units != null)
				? "%s (%s)".formatted(name, units(price, units)) : name;
	}

	private static String count(int number, String noun) {
		return number + " " + noun + ((number != 1) ? "s" : "");
	}

	/**
	 * Return a number of units with their name.
	 */
	static String units(Map<String, @Nullable Object> price, int units) {
		Map<?, ?> forms = (price.get("unit_label") instanceof Map<?, ?> labels && !labels.isEmpty()
				&& labels.values().iterator().next() instanceof Map<?, ?> first) ? first : Map.of();
		Object noun = (forms.get("=" + units) != null) ? forms.get("=" + units) : forms.get("other");
		return (noun != null) ? units + " " + noun : count(units, "unit");
	}

}
