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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of the requests that create, change, and confirm a checkout session.
 */
final class FakeCheckoutSchema {

	private static final FakeType PRICES = FakeSchema.map(FakeSchema.uuid(), FakeSchema.list(FakePriceSchema.PRICE, 1),
			Integer.MAX_VALUE);

	/**
	 * Polar validates the body against three schemas, and reports the problems of all.
	 */
	private static final Map<String, FakeFields> CREATE = new LinkedHashMap<>();

	static {
		CREATE.put("CheckoutProductsCreate",
				create().required("products", FakeSchema.unique(FakeSchema.uuid(), "Product IDs must be unique."))
					.optional("prices", FakeSchema.nullable(PRICES))
					.optional("currency", FakeSchema.nullable(FakeCurrency.SCHEMA)));
		CREATE.put("CheckoutProductCreate", create().required("product_id", FakeSchema.uuid())
			.optional("currency", FakeSchema.nullable(FakeCurrency.SCHEMA)));
		CREATE.put("CheckoutPriceCreate", create().required("product_price_id", FakeSchema.uuid()));
	}

	private static final FakeFields UPDATE = seller(buyer(new FakeFields()))
		.optional("allow_trial", FakeSchema.nullable(FakeSchema.bool()))
		.optional("currency", FakeSchema.nullable(FakeCurrency.SCHEMA))
		.optional(List.of("product_id", "product_price_id"), FakeSchema.nullable(FakeSchema.uuid()))
		.optional("customer_metadata", FakeSchema.nullable(FakeSchema.metadata()))
		.optional(List.of("allow_discount_codes", "require_billing_address", "is_business_customer"),
				FakeSchema.nullable(FakeSchema.bool()))
		.check(FakeCheckoutSchema::checkTrial);

	private static final FakeFields BUYERS_UPDATE = buyer(new FakeFields())
		.optional("allow_trial", FakeSchema.nullable(FakeSchema.literal(false)))
		.optional("is_business_customer", FakeSchema.nullable(FakeSchema.bool()))
		.optional(List.of("product_id", "product_price_id"), FakeSchema.nullable(FakeSchema.uuid()))
		.optional(List.of("discount_code", "payment_method_type"), FakeSchema.nullable(FakeSchema.text()));

	private static final FakeFields CONFIRM = buyer(new FakeFields())
		.optional("allow_trial", FakeSchema.nullable(FakeSchema.literal(false)))
		.optional("is_business_customer", FakeSchema.nullable(FakeSchema.bool()))
		.optional(List.of("product_id", "product_price_id"), FakeSchema.nullable(FakeSchema.uuid()))
		.optional(List.of("discount_code", "payment_method_type", "confirmation_token_id"),
				FakeSchema.nullable(FakeSchema.text()));

	private FakeCheckoutSchema() {
	}

	/**
	 * Read the body of a request for a new session. The values contain {@code products},
	 * or one of the older fields {@code product_id} and {@code product_price_id}.
	 */
	static Read create(JsonNode body) {
		FakeErrors errors = new FakeErrors("body");
		for (Map.Entry<String, FakeFields> shape : CREATE.entrySet()) {
			FakeErrors own = new FakeErrors("body", label(shape.getKey()));
			Map<String, @Nullable Object> values = shape.getValue().read(body, own);
			if (own.isEmpty() && values != null) {
				return new Read(values, own.items());
			}
			errors.addAll(own);
		}
		return new Read(Map.of(), errors.items());
	}

	private static String label(String shape) {
		return "function-after[_validate_unit_constraints(), function-after[_validate_seat_constraints(),"
				+ " function-after[is_complete_configuration(), " + shape + "]]]";
	}

	static Read update(JsonNode body) {
		return read(UPDATE, body);
	}

	static Read updateOfBuyer(JsonNode body) {
		return read(BUYERS_UPDATE, body);
	}

	static Read confirm(JsonNode body) {
		return read(CONFIRM, body);
	}

	private static Read read(FakeFields fields, JsonNode body) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = fields.read(body, errors);
		return new Read((values != null) ? values : Map.of(), errors.items());
	}

	private static FakeFields create() {
		FakeFields fields = seller(buyer(new FakeFields()));
		return fields
			.optional(List.of("allow_discount_codes", "require_billing_address", "allow_trial", "is_business_customer"),
					FakeSchema.bool())
			.optional("customer_metadata", FakeSchema.metadata())
			.optional(List.of("min_seats", "max_seats"), FakeSchema.nullable(FakeSchema.integer(1, 10_000)))
			.optional(List.of("min_units", "max_units"), FakeSchema.nullable(FakeSchema.integer(1, Integer.MAX_VALUE)))
			.optional(List.of("customer_id", "subscription_id"), FakeSchema.nullable(FakeSchema.uuid()))
			.optional("external_customer_id", FakeSchema.nullable(FakeSchema.text()))
			.alias("external_customer_id", "customer_external_id")
			.check(FakeCheckoutSchema::checkTrial)
			.check((values, errors) -> checkBounds(values, errors, "seats"))
			.check((values, errors) -> checkBounds(values, errors, "units"));
	}

	/**
	 * FakeFields that the buyer can change, too.
	 */
	private static FakeFields buyer(FakeFields fields) {
		return fields.optional("amount", FakeSchema.nullable(FakeSchema.integer(0, Long.MAX_VALUE)))
			.optional("seats", FakeSchema.nullable(FakeSchema.integer(1, 10_000)))
			.optional("units", FakeSchema.nullable(FakeSchema.integer(1, Integer.MAX_VALUE)))
			.optional("customer_name", FakeSchema.textOrBlank(256))
			.optional("customer_email", FakeSchema.nullable(FakeSchema.email()))
			.optional("customer_billing_name", FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.optional("customer_billing_address", FakeSchema.nullable(FakeAddress.SCHEMA))
			.optional("customer_tax_id", FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.optional("locale", FakeSchema.nullable(FakeSchema.language()))
			.optional("custom_field_data", FakeSchema.customFieldData());
	}

	private static FakeFields seller(FakeFields fields) {
		return fields.optional("metadata", FakeSchema.metadata())
			.optional("discount_id", FakeSchema.nullable(FakeSchema.uuid()))
			.optional("customer_ip_address", FakeSchema.nullable(FakeSchema.ipAddress()))
			.optional("trial_interval", FakeSchema.nullable(FakeSchema.oneOf("day", "week", "month", "year")))
			.optional("trial_interval_count", FakeSchema.nullable(FakeSchema.integer(1, 1000)))
			.optional(List.of("success_url", "return_url"), FakeSchema.nullable(FakeSchema.url()))
			.optional("embed_origin", FakeSchema.nullable(FakeSchema.text()));
	}

	static void checkTrial(Map<String, @Nullable Object> values, FakeErrors errors) {
		if ((values.get("trial_interval") == null) != (values.get("trial_interval_count") == null)) {
			errors.add("missing", "Both trial_interval and trial_interval_count must be set together.");
		}
	}

	private static void checkBounds(Map<String, @Nullable Object> values, FakeErrors errors, String name) {
		Long number = (Long) values.get(name);
		Long min = (Long) values.get("min_" + name);
		Long max = (Long) values.get("max_" + name);
		if (min != null && max != null && min > max) {
			errors.addValueError("min_%s must be less than or equal to max_%s".formatted(name, name));
		}
		else if (min != null && number != null && number < min) {
			errors.addValueError("%s must be greater than or equal to min_%s".formatted(name, name));
		}
		else if (max != null && number != null && number > max) {
			errors.addValueError("%s must be less than or equal to max_%s".formatted(name, name));
		}
	}

	/**
	 * Return whether Polar accepts a body, and then fails to store it.
	 */
	static boolean cannotBeStored(JsonNode body) {
		List<Map.Entry<String, JsonNode>> metadata = new ArrayList<>(body.path("metadata").properties());
		metadata.addAll(body.path("customer_metadata").properties());
		return metadata.stream()
			.anyMatch((entry) -> hasLoneSurrogate(entry.getKey())
					|| (entry.getValue().isString() && hasLoneSurrogate(entry.getValue().stringValue()))
					|| (entry.getValue().isNumber() && !Double.isFinite(entry.getValue().doubleValue())))
				|| body.path("customer_metadata")
					.properties()
					.stream()
					.map(Map.Entry::getValue)
					.anyMatch((value) -> value.isNumber() && value.doubleValue() != Math.rint(value.doubleValue()));
	}

	/**
	 * Return whether Polar accepts the body of an update, and then fails to store
	 * {@code null}.
	 */
	static boolean cannotBeStored(JsonNode body, FakeSession session) {
		return cannotBeStored(body)
				|| List.of("customer_metadata", "allow_discount_codes", "require_billing_address")
					.stream()
					.anyMatch((field) -> body.path(field).isNull())
				|| (body.path("is_business_customer").isNull() && session.asksForPaymentOrAddress());
	}

	private static boolean hasLoneSurrogate(String text) {
		return text.codePoints()
			.anyMatch((codePoint) -> codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
	}

	/**
	 * A body that was read.
	 *
	 * @param values the converted values of the fields that the body contains
	 * @param errors the problems
	 */
	record Read(Map<String, @Nullable Object> values, List<Map<String, @Nullable Object>> errors) {

		Read {
			Objects.requireNonNull(values);
		}

	}

}
