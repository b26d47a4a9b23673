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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of the requests that fill and change the catalog.
 */
final class FakeCatalogSchema {

	private static final FakeType ANYTHING = (value, errors) -> JsonMapper.shared().treeToValue(value, Object.class);

	private static final FakeType NAME = FakeSchema.text(1, Integer.MAX_VALUE);

	private static final FakeType AMOUNT = FakeSchema.integer(0, 999_999_999_999L);

	private static final FakeType BASIS_POINTS = FakeSchema.integer(1, 10_000);

	private static final FakeType DURATION = FakeSchema.oneOf("once", "forever", "repeating");

	private static final FakeType INTERVAL = FakeSchema.oneOf("day", "week", "month", "year");

	private static final FakeType COUNT = FakeSchema.integer(1, 999);

	private static final FakeType VISIBILITY = FakeSchema.oneOf("draft", "private", "public");

	private static final FakeType ATTACHED_FIELDS = FakeSchema.list(
			new FakeFields().required("custom_field_id", FakeSchema.uuid()).required("required", FakeSchema.bool()), 0);

	/**
	 * A product has different fields if it is recurring.
	 */
	static final FakeType PRODUCT = (value, errors) -> {
		boolean recurring = value.isObject() && !value.path("recurring_interval").isMissingNode()
				&& !value.path("recurring_interval").isNull();
		return recurring
				? product().required("recurring_interval", INTERVAL)
					.optional("recurring_interval_count", COUNT)
					.optional("trial_interval", FakeSchema.nullable(INTERVAL))
					.optional("trial_interval_count", FakeSchema.nullable(FakeSchema.integer(1, 1000)))
					.check(FakeCheckoutSchema::checkTrial)
					.read(value, errors.at("recurring"))
				: product().optional("recurring_interval_count", FakeCatalogSchema::none)
					.read(value, errors.at("one_time"));
	};

	static final FakeFields PRODUCT_UPDATE = new FakeFields()
		.optional("name", FakeSchema.nullable(FakeCatalogSchema::productName))
		.optional("description", FakeSchema.textOrBlank(Integer.MAX_VALUE))
		.optional("visibility", FakeSchema.nullable(VISIBILITY))
		.optional("metadata", FakeSchema.metadata())
		.optional(List.of("trial_interval", "recurring_interval"), FakeSchema.nullable(INTERVAL))
		.optional("trial_interval_count", FakeSchema.nullable(FakeSchema.integer(1, 1000)))
		.optional("recurring_interval_count", FakeSchema.nullable(COUNT))
		.optional("is_archived", FakeSchema.nullable(FakeSchema.bool()))
		.optional("prices", FakeSchema.nullable(FakeSchema.list(FakeCatalogSchema::price, 0)))
		.optional("medias", FakeSchema.nullable(FakeSchema.list(FakeSchema.uuid(), 0)))
		.optional("attached_custom_fields", FakeSchema.nullable(ATTACHED_FIELDS))
		.check(FakeCheckoutSchema::checkTrial);

	static final FakeFields PRODUCT_BENEFITS = new FakeFields().required("benefits",
			FakeSchema.list(FakeSchema.uuid(), 0));

	static final FakeType DISCOUNT = tagged("DiscountType", Map.of("fixed",
			discount("fixed").optional("amounts", FakeSchema.nullable(FakeCatalogSchema::amounts))
				.optional("amount", FakeSchema.nullable(AMOUNT))
				.optional("currency", FakeSchema.nullable(FakeCurrency.SCHEMA))
				.check(FakeCatalogSchema::checkAmounts)
				.check(FakeCatalogSchema::checkDuration),
			"percentage",
			discount("percentage").required("basis_points", BASIS_POINTS).check(FakeCatalogSchema::checkDuration)),
			"fixed", "percentage");

	static final FakeType CUSTOM_FIELD = tagged("CustomFieldType", customFields(false), "text", "number", "date",
			"checkbox", "select");

	static final FakeType CUSTOM_FIELD_UPDATE = tagged("CustomFieldType", customFields(true), "text", "number", "date",
			"checkbox", "select");

	static final FakeFields DISCOUNT_UPDATE = ofDiscount(new FakeFields()).optional("name", FakeSchema.nullable(NAME))
		.optional("duration", FakeSchema.nullable(DURATION))
		.optional("type", FakeSchema.nullable(FakeSchema.oneOf("fixed", "percentage")))
		.optional("basis_points", FakeSchema.nullable(BASIS_POINTS))
		.optional(List.of("amounts"), FakeSchema.nullable(FakeCatalogSchema::amounts))
		.optional("amount", FakeSchema.nullable(AMOUNT))
		.optional("currency", FakeSchema.nullable(FakeCurrency.SCHEMA))
		.check((values, errors) -> {
			if (values.get("amount") != null && values.get("amounts") != null) {
				errors.addValueError("Cannot specify both `amount` and `amounts`.");
			}
		});

	private FakeCatalogSchema() {
	}

	private static FakeType tagged(String enumeration, Map<String, FakeType> types, String... order) {
		Map<String, FakeType> ordered = new LinkedHashMap<>();
		for (String tag : order) {
			ordered.put(tag, types.getOrDefault(tag, ANYTHING));
		}
		return FakeSchema.tagged("type", ordered, enumeration);
	}

	private static FakeFields product() {
		return new FakeFields().required("name", FakeCatalogSchema::productName)
			.optional("description", FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.optional("visibility", VISIBILITY)
			.optional("metadata", FakeSchema.metadata())
			.optional("medias", FakeSchema.nullable(FakeSchema.list(FakeSchema.uuid(), 0)))
			.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
			.required("prices", FakeSchema.list(FakePriceSchema.PRICE, 1))
			.optional("attached_custom_fields", ATTACHED_FIELDS);
	}

	/**
	 * A name, which Polar measures without blanks around it.
	 */
	private static @Nullable Object productName(JsonNode value, FakeErrors errors) {
		if (!(FakeSchema.text().read(value, errors) instanceof String text)) {
			return null;
		}
		String name = text.strip();
		int length = name.codePointCount(0, name.length());
		if (length < 3) {
			return errors.add("too_short", "Value should have at least 3 items after validation, not " + length, value,
					"field_type", "Value", "min_length", 3, "actual_length", length);
		}
		return (length <= 64) ? name
				: errors.add("too_long", "Value should have at most 64 items after validation, not " + length, value,
						"field_type", "Value", "max_length", 64, "actual_length", length);
	}

	private static @Nullable Object none(JsonNode value, FakeErrors errors) {
		return value.isNull() ? null : errors.add("none_required", "Input should be None", value);
	}

	/**
	 * A price of the request, or the ID of an existing price, which is kept.
	 */
	private static @Nullable Object price(JsonNode value, FakeErrors errors) {
		FakeErrors existing = errors.separate("ExistingProductPrice");
		Map<String, @Nullable Object> id = new FakeFields().required("id", FakeSchema.uuid()).read(value, existing);
		if (id != null && existing.isEmpty()) {
			return id.get("id");
		}
		FakeErrors created = errors.separate("function-before[_coerce_legacy_free_price(), tagged-union["
				+ "ProductPriceFixedCreate,ProductPriceCustomCreate,ProductPriceSeatBasedCreate,"
				+ "function-after[validate_rates_and_bounds(), ProductPriceUnitBasedCreate],ProductPriceMeteredUnitCreate]]");
		Object price = FakePriceSchema.PRICE.read(value, created);
		if (!created.isEmpty()) {
			errors.addAll(existing);
			errors.addAll(created);
		}
		return price;
	}

	private static FakeFields discount(String type) {
		return ofDiscount(new FakeFields()).required("name", NAME)
			.optional("type", FakeSchema.oneOf(type))
			.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
			.required("duration", DURATION);
	}

	private static FakeFields ofDiscount(FakeFields fields) {
		return fields.optional("duration_in_months", FakeSchema.nullable(COUNT))
			.optional("code", FakeCatalogSchema::code)
			.optional(List.of("starts_at", "ends_at"), FakeSchema.nullable(FakeSchema.time()))
			.optional(List.of("max_redemptions", "max_redemptions_per_customer"),
					FakeSchema.nullable(FakeSchema.integer(1, Integer.MAX_VALUE)))
			.optional("products", FakeSchema.nullable(FakeSchema.list(FakeSchema.uuid(), 0)))
			.optional("metadata", FakeSchema.metadata())
			.check(FakeCatalogSchema::checkTimes);
	}

	private static @Nullable Object code(JsonNode value, FakeErrors errors) {
		if (!(FakeSchema.textOrBlank(Integer.MAX_VALUE).read(value, errors) instanceof String code)) {
			return null;
		}
		if (!code.codePoints().allMatch(Character::isLetterOrDigit)) {
			return errors.addValueError("Code must contain only alphanumeric characters.", value);
		}
		return (code.length() >= 3 && code.length() <= 256) ? code
				: errors.addValueError("Code must be between 3 and 256 characters long.", value);
	}

	private static @Nullable Object amounts(JsonNode value, FakeErrors errors) {
		if (value.isObject() && value.isEmpty()) {
			return errors.add("too_short", "Dictionary should have at least 1 item after validation, not 0", value,
					"field_type", "Dictionary", "min_length", 1, "actual_length", 0);
		}
		return FakeSchema.map(FakeCurrency.SCHEMA, AMOUNT, Integer.MAX_VALUE).read(value, errors);
	}

	private static void checkTimes(Map<String, @Nullable Object> values, FakeErrors errors) {
		if (values.get("starts_at") instanceof String start && values.get("ends_at") instanceof String end
				&& !FakeTime.toInstant(start).isBefore(FakeTime.toInstant(end))) {
			errors.addValueError("starts_at must be before ends_at");
		}
	}

	private static void checkAmounts(Map<String, @Nullable Object> values, FakeErrors errors) {
		boolean one = values.get("amount") != null;
		boolean several = values.get("amounts") != null;
		if (one == several) {
			errors.addValueError(
					one ? "Cannot specify both `amount` and `amounts`." : "Must specify either `amount` or `amounts`.");
		}
	}

	private static void checkDuration(Map<String, @Nullable Object> values, FakeErrors errors) {
		boolean repeating = "repeating".equals(values.get("duration"));
		if (repeating != (values.get("duration_in_months") != null)) {
			errors.addValueError(repeating ? "`duration_in_months` is required when `duration` is `repeating`."
					: "`duration_in_months` must be omitted when `duration` is not `repeating`.");
		}
	}

	private static Map<String, FakeType> customFields(boolean update) {
		FakeType bound = FakeSchema.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
		FakeType length = FakeSchema.integer(0, Integer.MAX_VALUE);
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("text", customField(update, "text", properties().optional("textarea", FakeSchema.bool())
			.optional(List.of("min_length", "max_length"), length)));
		for (String type : List.of("number", "date")) {
			types.put(type,
					customField(update, type,
							properties().optional("ge", bound)
								.optional("le", bound)
								.check("le", FakeCatalogSchema::checkBounds)));
		}
		types.put("checkbox", customField(update, "checkbox", properties()));
		types.put("select", customField(update, "select", properties().required("options",
				FakeSchema.list(properties(new FakeFields().required("value", NAME).required("label", NAME)), 1))));
		return types;
	}

	private static FakeFields customField(boolean update, String type, FakeFields properties) {
		FakeFields field = new FakeFields().required("type", FakeSchema.oneOf(type));
		return update
				? field.optional("slug", FakeSchema.nullable(FakeCatalogSchema::slug))
					.optional("name", FakeSchema.nullable(NAME))
					.optional("properties", FakeSchema.nullable(properties(properties)))
					.optional("metadata", FakeSchema.metadata())
				: field.required("slug", FakeCatalogSchema::slug)
					.required("name", NAME)
					.required("properties", properties(properties))
					.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
					.withDefault("metadata", Map.of(), FakeSchema.metadata());
	}

	private static FakeFields properties() {
		return new FakeFields().optional(List.of("form_label", "form_help_text", "form_placeholder"), NAME);
	}

	/**
	 * Properties, without those that are empty.
	 */
	private static FakeType properties(FakeFields fields) {
		return (value, errors) -> {
			if (!value.isObject()) {
				return errors.add("dict_type", "Input should be a valid dictionary", value);
			}
			Map<String, JsonNode> set = new LinkedHashMap<>();
			value.properties().forEach((entry) -> {
				JsonNode each = entry.getValue();
				if (!each.isNull() && !(each.isString() && each.stringValue().isEmpty()
						&& !entry.getKey().equals("value") && !entry.getKey().equals("label"))) {
					set.put(entry.getKey(), each);
				}
			});
			return fields.read(JsonMapper.shared().createObjectNode().setAll(set), errors);
		};
	}

	private static void checkBounds(Map<String, @Nullable Object> values, @Nullable Object value, FakeErrors errors) {
		if (values.get("ge") instanceof Long ge && value instanceof Long le && ge > le) {
			errors.addValueError("Greater than or equal (ge) must be less than or equal to Less than or equal (le)");
		}
	}

	private static @Nullable Object slug(JsonNode value, FakeErrors errors) {
		if (!(NAME.read(value, errors) instanceof String slug)) {
			return null;
		}
		String pattern = "^[a-z0-9-_]+$";
		return slug.matches("[a-z0-9_-]+") ? slug : errors.add("string_pattern_mismatch",
				"String should match pattern '" + pattern + "'", value, "pattern", pattern);
	}

}
