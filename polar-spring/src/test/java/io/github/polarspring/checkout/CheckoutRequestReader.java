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

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;

import io.github.polarspring.model.TrialInterval;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a request off the wire, as Polar would.
 */
final class CheckoutRequestReader {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.build();

	private final JsonNode json;

	private CheckoutRequestReader(JsonNode json) {
		this.json = json;
	}

	static CheckoutRequest read(JsonNode json) {
		return new CheckoutRequestReader(json).read();
	}

	private CheckoutRequest read() {
		UUID[] products = this.json.get("products")
			.values()
			.stream()
			.map(JsonNode::asString)
			.map(UUID::fromString)
			.toArray(UUID[]::new);
		CheckoutRequest.Builder request = CheckoutRequest.forProducts(products);
		this.json.path("prices").forEachEntry((product, list) -> {
			List<AdHocPrice> prices = new ArrayList<>();
			list.forEach((price) -> prices.add(MAPPER.treeToValue(price, AdHocPrice.class)));
			request.price(product, prices.toArray(AdHocPrice[]::new));
		});
		text("currency", request::currency);
		text("discount_id", (id) -> request.discountId(UUID.fromString(id)));
		flag("allow_discount_codes", request::allowDiscountCodes);
		flag("require_billing_address", request::requireBillingAddress);
		number("amount", request::amount);
		number("seats", (number) -> request.seats(number.intValue()));
		number("min_seats", (number) -> request.minSeats(number.intValue()));
		number("max_seats", (number) -> request.maxSeats(number.intValue()));
		number("units", (number) -> request.units(number.intValue()));
		number("min_units", (number) -> request.minUnits(number.intValue()));
		number("max_units", (number) -> request.maxUnits(number.intValue()));
		flag("allow_trial", request::allowTrial);
		text("trial_interval", (interval) -> request.trial(this.json.get("trial_interval_count").intValue(),
				TrialInterval.valueOf(interval.toUpperCase(Locale.ROOT))));
		text("customer_id", (id) -> request.customerId(UUID.fromString(id)));
		text("external_customer_id", request::externalCustomerId);
		flag("is_business_customer", request::businessCustomer);
		text("customer_name", request::customerName);
		text("customer_email", request::customerEmail);
		text("customer_ip_address", request::customerIpAddress);
		text("customer_billing_name", request::customerBillingName);
		object("customer_billing_address",
				(address) -> request.customerBillingAddress(MAPPER.treeToValue(address, BillingAddress.class)));
		text("customer_tax_id", request::customerTaxId);
		text("subscription_id", (id) -> request.subscriptionId(UUID.fromString(id)));
		text("success_url", request::successUrl);
		text("return_url", request::returnUrl);
		text("embed_origin", request::embedOrigin);
		text("locale", (tag) -> request.locale(Locale.forLanguageTag(tag)));
		this.json.path("metadata").forEachEntry((key, value) -> {
			if (!CheckoutMetadata.RESERVED.contains(key)) {
				value(value, (text) -> request.metadata(key, text), (number) -> request.metadata(key, number),
						(number) -> request.metadata(key, number), (flag) -> request.metadata(key, flag));
			}
		});
		this.json.path("customer_metadata")
			.forEachEntry((key, value) -> value(value, (text) -> request.customerMetadata(key, text),
					(number) -> request.customerMetadata(key, number),
					(number) -> request.customerMetadata(key, number), (flag) -> request.customerMetadata(key, flag)));
		this.json.path("custom_field_data").forEachEntry((slug, value) -> value(value, (text) -> {
			if (slug.startsWith("date_")) {
				request.customField(slug, Instant.parse(text));
			}
			else {
				request.customField(slug, text);
			}
		}, (number) -> request.customField(slug, number), (number) -> {
			throw new IllegalStateException("A custom field has no decimals");
		}, (flag) -> request.customField(slug, flag)));
		return request.build();
	}

	private void text(String field, Consumer<String> setter) {
		if (this.json.hasNonNull(field)) {
			setter.accept(this.json.get(field).stringValue());
		}
	}

	private void number(String field, Consumer<Long> setter) {
		if (this.json.hasNonNull(field)) {
			setter.accept(this.json.get(field).longValue());
		}
	}

	private void flag(String field, Consumer<Boolean> setter) {
		if (this.json.hasNonNull(field)) {
			setter.accept(this.json.get(field).booleanValue());
		}
	}

	private void object(String field, Consumer<JsonNode> setter) {
		if (this.json.hasNonNull(field)) {
			setter.accept(this.json.get(field));
		}
	}

	private static void value(JsonNode value, Consumer<String> text, Consumer<Long> whole, Consumer<Double> decimal,
			Consumer<Boolean> flag) {
		if (value.isString()) {
			text.accept(value.stringValue());
		}
		else if (value.isIntegralNumber()) {
			whole.accept(value.longValue());
		}
		else if (value.isNumber()) {
			decimal.accept(value.doubleValue());
		}
		else {
			flag.accept(value.booleanValue());
		}
	}

}
