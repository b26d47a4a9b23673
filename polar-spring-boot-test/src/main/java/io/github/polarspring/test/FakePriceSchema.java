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
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.github.polarspring.checkout.MinorUnits;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a price, of the catalog or of a session.
 */
final class FakePriceSchema {

	private static final List<String> CURRENCIES = List.of(("aed all amd aoa ars aud awg azn bam bbd bdt bif bmd bnd "
			+ "bob brl bsd bwp bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip "
			+ "gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jpy kes kgs khr kmf krw kyd kzt lak lkr lrd lsl mad "
			+ "mdl mga mkd mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln pyg qar ron "
			+ "rsd rwf sar sbd scr sek sgd shp sos srd szl thb tjs top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst "
			+ "xaf xcd xcg xof xpf yer zar zmw")
		.split(" "));

	private static final Map<String, Long> MINIMUMS = Map.ofEntries(Map.entry("gbp", 40L), Map.entry("cad", 70L),
			Map.entry("aud", 70L), Map.entry("nzd", 90L), Map.entry("sek", 500L), Map.entry("nok", 500L),
			Map.entry("dkk", 320L), Map.entry("pln", 200L), Map.entry("czk", 1500L), Map.entry("huf", 17500L),
			Map.entry("ron", 250L), Map.entry("jpy", 80L), Map.entry("krw", 800L), Map.entry("cny", 500L),
			Map.entry("hkd", 400L), Map.entry("sgd", 70L), Map.entry("inr", 6000L), Map.entry("brl", 250L),
			Map.entry("mxn", 900L), Map.entry("try", 3000L), Map.entry("zar", 900L), Map.entry("aed", 200L),
			Map.entry("ils", 150L), Map.entry("thb", 2000L), Map.entry("idr", 900_000L));

	private static final long MAXIMUM = 99_999_999;

	static final FakeType CURRENCY = FakeSchema.oneOf(CURRENCIES, (currency) -> currency);

	static final FakeType PRICE;

	static {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("fixed", price("fixed").required("price_amount", FakeSchema.integer(0, Long.MAX_VALUE))
			.check(checkAmounts("price_amount")));
		types.put("custom",
				price("custom").withDefault("minimum_amount", 50L, FakeSchema.integer(0, Long.MAX_VALUE))
					.withDefault("maximum_amount", null, FakeSchema.nullable(FakeSchema.integer(1, Long.MAX_VALUE)))
					.withDefault("preset_amount", null, FakeSchema.nullable(FakeSchema.integer(0, Long.MAX_VALUE)))
					.check(checkAmounts("minimum_amount", "maximum_amount", "preset_amount")));
		types.put("seat_based", price("seat_based").required("seat_tiers", seatTiers()));
		types.put("unit_based",
				price("unit_based").required("tiers", unitTiers())
					.withDefault("minimum_units", null, FakeSchema.nullable(FakeSchema.integer(1, Long.MAX_VALUE)))
					.withDefault("unit_label", null, FakeSchema.nullable(unitLabel())));
		types.put("metered_unit",
				price("metered_unit").required("meter_id", FakeSchema.uuid())
					.required("unit_amount", FakeSchema.decimal())
					.withDefault("cap_amount", null, FakeSchema.nullable(FakeSchema.integer(0, Long.MAX_VALUE))));
		FakeType price = FakeSchema.tagged("amount_type", types, "ProductPriceAmountType");
		PRICE = (value, errors) -> value.path("amount_type").asString("").equals("free") ? free(value)
				: price.read(value, errors);
	}

	private FakePriceSchema() {
	}

	private static FakeFields price(String type) {
		return new FakeFields().withDefault("amount_type", type, FakeSchema.oneOf(type))
			.withDefault("price_currency", "usd", CURRENCY)
			.withDefault("tax_behavior", null,
					FakeSchema.nullable(FakeSchema.oneOf("location", "inclusive", "exclusive")));
	}

	/**
	 * Polar stores it as a fixed price.
	 */
	private static Map<String, @Nullable Object> free(JsonNode value) {
		Map<String, @Nullable Object> price = new LinkedHashMap<>();
		price.put("amount_type", "fixed");
		price.put("price_currency", value.path("price_currency").asString("usd"));
		price.put("tax_behavior", value.path("tax_behavior").asString(null));
		price.put("price_amount", 0L);
		return price;
	}

	private static FakeFields.Check checkAmounts(String... fields) {
		return (Map<String, @Nullable Object> values, FakeErrors errors) -> checkAmounts(values, errors,
				List.of(fields));
	}

	private static void checkAmounts(Map<String, @Nullable Object> values, FakeErrors errors, List<String> fields) {
		String currency = String.valueOf(values.get("price_currency"));
		for (String field : fields) {
			if (!(values.get(field) instanceof Long amount) || amount == 0) {
				continue;
			}
			if (amount < minimum(currency)) {
				errors.at(field)
					.add("minimum_price", "Amount must be at least %s or 0 for free pricing"
						.formatted(format(minimum(currency), currency)), amount);
			}
			else if (amount > MAXIMUM) {
				errors.at(field).add("maximum_price", "Amount must be at most " + format(MAXIMUM, currency), amount);
			}
		}
	}

	/**
	 * Return the smallest amount that Polar charges.
	 */
	static long minimum(String currency) {
		return MINIMUMS.getOrDefault(currency, 50L);
	}

	static String format(long amount, String currency) {
		BigDecimal major = MinorUnits.toMajorUnits(amount, currency);
		NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
		try {
			format.setCurrency(Currency.getInstance(currency.toUpperCase(Locale.ROOT)));
		}
		catch (IllegalArgumentException ex) {
			// the JDK is older than the currency
			return major + " " + currency;
		}
		format.setMinimumFractionDigits(major.scale());
		format.setMaximumFractionDigits(major.scale());
		return format.format(major);
	}

	private static FakeType unitTiers() {
		FakeFields tier = new FakeFields()
			.withDefault("bound", null, FakeSchema.nullable(FakeSchema.integer(1, Long.MAX_VALUE)))
			.required("unit_amount", wholeAmount());
		return new FakeFields().required("type", FakeSchema.oneOf("volume", "graduated"))
			.required("tiers", FakeSchema.list(tier, 1));
	}

	/**
	 * An amount that Polar returns as text.
	 */
	private static FakeType wholeAmount() {
		return (value, errors) -> {
			BigDecimal amount = value.isNumber() ? value.decimalValue() : null;
			if (value.isString() && value.stringValue().matches("\\d{1,17}(\\.\\d+)?")) {
				amount = new BigDecimal(value.stringValue());
			}
			if (amount == null) {
				return errors.add("decimal_parsing", "Input should be a valid decimal", value);
			}
			if (amount.signum() < 0) {
				return errors.add("greater_than_equal", "Input should be greater than or equal to 0", value, "ge", 0);
			}
			return (amount.stripTrailingZeros().scale() <= 0) ? amount.toBigInteger().toString()
					: errors.addValueError("unit_amount must be a whole number", value);
		};
	}

	private static FakeType unitLabel() {
		FakeType forms = FakeSchema.map(FakeSchema.text(), FakeSchema.text(1, 32), 6);
		return FakeSchema.map(FakeSchema.text(), forms, Integer.MAX_VALUE);
	}

	private static FakeType seatTiers() {
		FakeFields tier = new FakeFields().required("min_seats", FakeSchema.integer(1, Long.MAX_VALUE))
			.withDefault("max_seats", null, FakeSchema.nullable(FakeSchema.integer(1, Long.MAX_VALUE)))
			.required("price_per_seat", FakeSchema.integer(0, Long.MAX_VALUE));
		FakeType tiers = FakeSchema.list(tier, 1);
		return new FakeFields().withDefault("seat_tier_type", "volume", FakeSchema.oneOf("volume", "graduated"))
			.required("tiers", (value, errors) -> {
				int before = errors.size();
				Object read = tiers.read(value, errors);
				return (errors.size() == before && read instanceof List<?> list) ? sorted(list, value, errors) : null;
			});
	}

	/**
	 * Return the tiers in order. They must not leave gaps.
	 */
	private static @Nullable Object sorted(List<?> tiers, JsonNode value, FakeErrors errors) {
		List<Map<?, ?>> sorted = new ArrayList<>();
		tiers.forEach((tier) -> sorted.add((Map<?, ?>) Objects.requireNonNull(tier)));
		sorted.sort(Comparator.comparing((tier) -> (Long) tier.get("min_seats")));
		for (int i = 1; i < sorted.size(); i++) {
			Object last = sorted.get(i - 1).get("max_seats");
			Object first = sorted.get(i).get("min_seats");
			if (!(last instanceof Long number) || !Objects.equals(number + 1, first)) {
				return errors.addValueError("Gap or overlap between tiers: tier ending at %s and tier starting at %s"
					.formatted(last, first), value);
			}
		}
		return sorted;
	}

}
