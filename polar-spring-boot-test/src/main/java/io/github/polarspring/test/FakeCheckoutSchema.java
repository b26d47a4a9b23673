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

import io.github.polarspring.test.FakeSchema.Errors;
import io.github.polarspring.test.FakeSchema.Fields;
import io.github.polarspring.test.FakeSchema.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static io.github.polarspring.test.FakeSchema.bool;
import static io.github.polarspring.test.FakeSchema.customFieldData;
import static io.github.polarspring.test.FakeSchema.email;
import static io.github.polarspring.test.FakeSchema.integer;
import static io.github.polarspring.test.FakeSchema.ipAddress;
import static io.github.polarspring.test.FakeSchema.language;
import static io.github.polarspring.test.FakeSchema.list;
import static io.github.polarspring.test.FakeSchema.literal;
import static io.github.polarspring.test.FakeSchema.map;
import static io.github.polarspring.test.FakeSchema.metadata;
import static io.github.polarspring.test.FakeSchema.nullable;
import static io.github.polarspring.test.FakeSchema.oneOf;
import static io.github.polarspring.test.FakeSchema.text;
import static io.github.polarspring.test.FakeSchema.textOrBlank;
import static io.github.polarspring.test.FakeSchema.unique;
import static io.github.polarspring.test.FakeSchema.url;
import static io.github.polarspring.test.FakeSchema.uuid;

/**
 * The fields of the requests that create, change, and confirm a checkout session.
 */
final class FakeCheckoutSchema {

	private static final Type PRICES = map(uuid(), list(FakePriceSchema.PRICE, 1), Integer.MAX_VALUE);

	/**
	 * Polar validates the body against three schemas, and reports the problems of all.
	 */
	private static final Map<String, Fields> CREATE = new LinkedHashMap<>();

	static {
		CREATE.put("CheckoutProductsCreate",
				create().required("products", unique(uuid(), "Product IDs must be unique."))
					.optional("prices", nullable(PRICES))
					.optional("currency", nullable(FakePriceSchema.CURRENCY)));
		CREATE.put("CheckoutProductCreate",
				create().required("product_id", uuid()).optional("currency", nullable(FakePriceSchema.CURRENCY)));
		CREATE.put("CheckoutPriceCreate", create().required("product_price_id", uuid()));
	}

	private static final Fields UPDATE = seller(buyer(new Fields())).optional("allow_trial", nullable(bool()))
		.optional("currency", nullable(FakePriceSchema.CURRENCY))
		.optional("product_id", nullable(uuid()))
		.optional("customer_metadata", nullable(metadata()))
		.optional(List.of("allow_discount_codes", "require_billing_address", "is_business_customer"), nullable(bool()))
		.check(FakeCheckoutSchema::checkTrial);

	private static final Fields BUYERS_UPDATE = buyer(new Fields()).optional("allow_trial", nullable(literal(false)))
		.optional("is_business_customer", nullable(bool()))
		.optional("product_id", nullable(uuid()))
		.optional("custom_field_data", nullable(customFieldData()))
		.optional(List.of("discount_code", "payment_method_type"), nullable(text()));

	private static final Fields CONFIRM = buyer(new Fields()).optional("allow_trial", nullable(literal(false)))
		.optional("is_business_customer", nullable(bool()))
		.optional("product_id", nullable(uuid()))
		.optional(List.of("discount_code", "payment_method_type", "confirmation_token_id"), nullable(text()));

	private FakeCheckoutSchema() {
	}

	/**
	 * Read the body of a request for a new session. The values contain {@code products},
	 * or one of the older fields {@code product_id} and {@code product_price_id}.
	 */
	static Read create(JsonNode body) {
		Errors errors = new Errors("body");
		for (Map.Entry<String, Fields> shape : CREATE.entrySet()) {
			Errors own = new Errors("body", label(shape.getKey()));
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

	private static Read read(Fields fields, JsonNode body) {
		Errors errors = new Errors("body");
		Map<String, @Nullable Object> values = fields.read(body, errors);
		return new Read((values != null) ? values : Map.of(), errors.items());
	}

	private static Fields create() {
		Fields fields = seller(buyer(new Fields()));
		return fields
			.optional(List.of("allow_discount_codes", "require_billing_address", "allow_trial", "is_business_customer"),
					bool())
			.optional("customer_metadata", metadata())
			.optional(List.of("min_seats", "max_seats"), nullable(integer(1, 10_000)))
			.optional(List.of("min_units", "max_units"), nullable(integer(1, Long.MAX_VALUE)))
			.optional(List.of("customer_id", "subscription_id"), nullable(uuid()))
			.optional("external_customer_id", nullable(text()))
			.alias("external_customer_id", "customer_external_id")
			.check(FakeCheckoutSchema::checkTrial)
			.check((values, errors) -> checkBounds(values, errors, "seats"))
			.check((values, errors) -> checkBounds(values, errors, "units"));
	}

	/**
	 * Fields that the buyer can change, too.
	 */
	private static Fields buyer(Fields fields) {
		return fields.optional("amount", nullable(integer(0, Long.MAX_VALUE)))
			.optional("seats", nullable(integer(1, 10_000)))
			.optional("units", nullable(integer(1, Long.MAX_VALUE)))
			.optional("customer_name", textOrBlank(256))
			.optional("customer_email", nullable(email()))
			.optional("customer_billing_name", textOrBlank(Integer.MAX_VALUE))
			.optional("customer_billing_address", nullable(FakeAddress.SCHEMA))
			.optional("customer_tax_id", textOrBlank(Integer.MAX_VALUE))
			.optional("locale", nullable(language()))
			.optional("custom_field_data", customFieldData());
	}

	private static Fields seller(Fields fields) {
		return fields.optional("metadata", metadata())
			.optional("discount_id", nullable(uuid()))
			.optional("customer_ip_address", nullable(ipAddress()))
			.optional("trial_interval", nullable(oneOf("day", "week", "month", "year")))
			.optional("trial_interval_count", nullable(integer(1, 1000)))
			.optional(List.of("success_url", "return_url"), nullable(url()))
			.optional("embed_origin", nullable(text()));
	}

	private static void checkTrial(Map<String, @Nullable Object> values, Errors errors) {
		if ((values.get("trial_interval") == null) != (values.get("trial_interval_count") == null)) {
			errors.add("missing", "Both trial_interval and trial_interval_count must be set together.");
		}
	}

	private static void checkBounds(Map<String, @Nullable Object> values, Errors errors, String name) {
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
