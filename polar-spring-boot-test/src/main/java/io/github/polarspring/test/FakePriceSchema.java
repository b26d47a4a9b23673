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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a price, of the catalog or of a session.
 */
final class FakePriceSchema {

	private static final FakeType ANY_AMOUNT = FakeSchema.integer(0, Long.MAX_VALUE);

	private static final FakeType OPTIONAL_NUMBER = FakeSchema.nullable(FakeSchema.integer(1, Long.MAX_VALUE));

	static final FakeType PRICE;

	static {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("fixed", price("fixed").required("price_amount", ANY_AMOUNT)
			.check("price_amount", FakePriceSchema::checkAmount));
		types.put("custom",
				price("custom").withDefault("minimum_amount", 50L, ANY_AMOUNT)
					.withDefault("maximum_amount", null, OPTIONAL_NUMBER)
					.withDefault("preset_amount", null, FakeSchema.nullable(ANY_AMOUNT))
					.check("minimum_amount", FakePriceSchema::checkAmount)
					.check("maximum_amount", FakePriceSchema::checkAmount)
					.check("preset_amount", FakePriceSchema::checkAmount));
		types.put("seat_based", price("seat_based").required("seat_tiers", seatTiers()));
		types.put("unit_based",
				price("unit_based").required("tiers", unitTiers())
					.withDefault("minimum_units", null, OPTIONAL_NUMBER)
					.withDefault("unit_label", null, FakeSchema.nullable(FakePriceSchema::unitLabel))
					.check(FakePriceSchema::checkUnits));
		types.put("metered_unit",
				price("metered_unit").required("meter_id", FakeSchema.uuid())
					.required("unit_amount", FakeSchema.positiveDecimal(17, 12))
					.withDefault("cap_amount", null, FakeSchema.nullable(FakeSchema.integer(0, Integer.MAX_VALUE))));
		FakeType price = FakeSchema.tagged("amount_type", types, "ProductPriceAmountType");
		PRICE = (value, errors) -> value.path("amount_type").asString("").equals("free")
				? types.get("fixed").read(free(value), errors.at("fixed")) : price.read(value, errors);
	}

	private FakePriceSchema() {
	}

	private static FakeFields price(String type) {
		return new FakeFields().withDefault("amount_type", type, FakeSchema.oneOf(type))
			.withDefault("price_currency", "usd", FakeCurrency.SCHEMA)
			.withDefault("tax_behavior", null,
					FakeSchema.nullable(FakeSchema.oneOf("location", "inclusive", "exclusive")));
	}

	/**
	 * Polar reads it as a fixed price of nothing.
	 */
	private static JsonNode free(JsonNode value) {
		ObjectNode price = JsonMapper.shared().createObjectNode().put("amount_type", "fixed").put("price_amount", 0);
		for (String name : List.of("price_currency", "tax_behavior")) {
			if (value.has(name)) {
				price.set(name, value.get(name));
			}
		}
		return price;
	}

	private static void checkAmount(Map<String, @Nullable Object> values, @Nullable Object value, FakeErrors errors) {
		if (!(values.get("price_currency") instanceof String currency) || !(value instanceof Long amount)
				|| amount == 0) {
			return;
		}
		if (amount < FakeCurrency.minimum(currency)) {
			errors.add("minimum_price", "Amount must be at least %s or 0 for free pricing"
				.formatted(FakeCurrency.format(FakeCurrency.minimum(currency), currency)));
		}
		else if (amount > FakeCurrency.maximum(currency)) {
			errors.add("maximum_price",
					"Amount must be at most " + FakeCurrency.format(FakeCurrency.maximum(currency), currency));
		}
	}

	private static FakeType unitTiers() {
		FakeFields tier = new FakeFields().withDefault("bound", null, FakeSchema.nullable(FakeSchema.positive()))
			.required("unit_amount", FakeSchema.amount());
		FakeType tiers = FakeSchema.list(tier, 1);
		return new FakeFields().required("type", FakeSchema.oneOf("volume", "graduated"))
			.required("tiers", (value, errors) -> {
				List<Map<?, ?>> sorted = sorted(tiers, value, errors, "bound");
				for (int i = 1; i < sorted.size(); i++) {
					Object bound = sorted.get(i - 1).get("bound");
					if (bound == null) {
						return errors.add("unbounded_tier_not_last", "Only the last tier can be unbounded", value);
					}
					if (bound.equals(sorted.get(i).get("bound"))) {
						return errors.add("duplicate_tier_bound",
								"Tier bound values must be unique, got %s twice".formatted(bound), value, "bound",
								bound);
					}
				}
				return sorted;
			});
	}

	/**
	 * Return the tiers in order, or none if there are problems.
	 */
	private static List<Map<?, ?>> sorted(FakeType tiers, JsonNode value, FakeErrors errors, String field) {
		int before = errors.size();
		Object read = tiers.read(value, errors);
		List<Map<?, ?>> sorted = new ArrayList<>();
		if (errors.size() == before && read instanceof List<?> list) {
			list.forEach((tier) -> sorted.add((Map<?, ?>) Objects.requireNonNull(tier)));
			sorted.sort(
					Comparator.comparing((tier) -> (tier.get(field) instanceof Long number) ? number : Long.MAX_VALUE));
		}
		return sorted;
	}

	private static void checkUnits(Map<String, @Nullable Object> price, FakeErrors errors) {
		List<Map<?, ?>> tiers = FakePrices.tiers(price);
		for (Map<?, ?> tier : tiers) {
			BigDecimal amount = new BigDecimal(String.valueOf(tier.get("unit_amount")));
			if (amount.stripTrailingZeros().scale() > 0) {
				errors.addValueError("Unit tier rates must be in smallest currency unit, got " + amount);
				return;
			}
		}
		if (price.get("minimum_units") instanceof Long minimum
				&& tiers.get(tiers.size() - 1).get("bound") instanceof Long last && minimum > last) {
			errors.addValueError(
					"minimum_units must not exceed the last tier's bound, got %d > %d".formatted(minimum, last));
		}
	}

	/**
	 * Plural forms by language. Blank forms are left out.
	 */
	private static @Nullable Object unitLabel(JsonNode value, FakeErrors errors) {
		int before = errors.size();
		FakeType text = FakeSchema.text();
		Object read = FakeSchema.map(text, FakeSchema.map(text, text, Integer.MAX_VALUE), Integer.MAX_VALUE)
			.read(value, errors);
		if (errors.size() > before) {
			return null;
		}
		if (value.isEmpty()) {
			return errors.add("too_short", "Value should have at least 1 item after validation, not 0", value,
					"field_type", "Dictionary", "min_length", 1, "actual_length", 0);
		}
		Map<String, Map<String, String>> labels = new LinkedHashMap<>();
		for (Map.Entry<?, ?> language : ((Map<?, ?>) Objects.requireNonNull(read)).entrySet()) {
			Map<String, String> forms = new LinkedHashMap<>();
			((Map<?, ?>) Objects.requireNonNull(language.getValue())).forEach((form, label) -> {
				if (!label.toString().isBlank()) {
					forms.put(form.toString(), label.toString().strip());
				}
			});
			if (forms.values().stream().anyMatch((form) -> form.length() > 32)) {
				return errors.add("unit_label_form_too_long", "Unit label forms must be at most 32 characters", value,
						"max_length", 32);
			}
			if (!forms.containsKey("other")) {
				return errors.add("missing_other_plural", "Each locale must include a non-empty 'other' form", value);
			}
			labels.put(language.getKey().toString(), forms);
		}
		return labels;
	}

	private static FakeType seatTiers() {
		FakeFields tier = new FakeFields().required("min_seats", FakeSchema.integer(1, Long.MAX_VALUE))
			.withDefault("max_seats", null, OPTIONAL_NUMBER)
			.required("price_per_seat", ANY_AMOUNT);
		FakeType tiers = FakeSchema.list(tier, 1);
		return new FakeFields().withDefault("seat_tier_type", "volume", FakeSchema.oneOf("volume", "graduated"))
			.required("tiers", (value, errors) -> {
				List<Map<?, ?>> sorted = sorted(tiers, value, errors, "min_seats");
				String problem = sorted.isEmpty() ? null : problem(sorted);
				return (problem != null) ? errors.addValueError(problem, value) : sorted;
			});
	}

	/**
	 * Return what is wrong with tiers. They must not leave gaps.
	 */
	private static @Nullable String problem(List<Map<?, ?>> tiers) {
		long bound = 0;
		for (int i = 0; i < tiers.size() - 1; i++) {
			if (!(tiers.get(i).get("max_seats") instanceof Long last)) {
				return "Only the last tier can have unlimited max_seats (None)";
			}
			Object next = tiers.get(i + 1).get("min_seats");
			if (!Objects.equals(last + 1, next)) {
				return "Gap or overlap between tiers: tier ending at %s and tier starting at %s".formatted(last, next);
			}
			if (last.equals(tiers.get(i + 1).get("max_seats"))) {
				return "Tier max_seats values must be unique, got %d twice".formatted(last);
			}
			bound = Math.max(bound, last);
		}
		long minimum = (Long) Objects.requireNonNull(tiers.get(0).get("min_seats"));
		if (!(tiers.get(tiers.size() - 1).get("max_seats") instanceof Long maximum)) {
			return null;
		}
		bound = Math.max(bound, maximum);
		return (minimum > bound)
				? "minimum_seats must not exceed the last tier's max_seats, got %d > %d".formatted(minimum, bound)
				: (maximum < minimum)
						? "maximum_seats must be >= minimum_seats, got %d < %d".formatted(maximum, minimum) : null;
	}

}
