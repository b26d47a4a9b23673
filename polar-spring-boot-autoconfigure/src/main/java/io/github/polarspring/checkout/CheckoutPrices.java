package io.github.polarspring.checkout;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.springframework.util.Assert;

/**
 * What Polar asks of the ad-hoc prices of one product.
 */
final class CheckoutPrices {

	private CheckoutPrices() {
	}

	static List<AdHocPrice> validate(AdHocPrice... prices) {
		Assert.isTrue(prices != null && prices.length > 0, "prices must not be empty");
		Assert.noNullElements(prices, "prices must not hold null");
		Map<String, Set<Class<?>>> typesByCurrency = new LinkedHashMap<>();
		Map<String, Set<UUID>> metersByCurrency = new HashMap<>();
		Map<String, TaxBehavior> taxByCurrency = new HashMap<>();
		for (AdHocPrice price : prices) {
			String currency = price.priceCurrency();
			boolean added = typesByCurrency.computeIfAbsent(currency, (key) -> new HashSet<>()).add(price.getClass());
			if (price instanceof AdHocPrice.Metered metered) {
				Assert.isTrue(
						metersByCurrency.computeIfAbsent(currency, (key) -> new HashSet<>()).add(metered.meterId()),
						() -> "prices must have each meter once in " + currency);
			}
			else {
				Assert.isTrue(added, () -> "prices must have at most one "
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
				"prices must be of the same types in every currency");
		return List.copyOf(Arrays.asList(prices));
	}

	private static void requireCombination(String currency, Set<Class<?>> types) {
		Set<Class<?>> unmetered = new HashSet<>(types);
		unmetered.remove(AdHocPrice.Metered.class);
		Assert.isTrue(!unmetered.contains(AdHocPrice.Custom.class) || unmetered.size() == 1,
				() -> "prices must not combine a custom price with others than metered ones in " + currency);
		Assert.isTrue(
				!(unmetered.contains(AdHocPrice.SeatBased.class) && unmetered.contains(AdHocPrice.UnitBased.class)),
				() -> "prices must not combine a seat-based with a unit-based price in " + currency);
	}

}
