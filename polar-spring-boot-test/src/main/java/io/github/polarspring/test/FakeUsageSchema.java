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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of usage events. As at Polar, an event is read as one of a customer and as
 * one of an external customer.
 */
final class FakeUsageSchema {

	private static final FakeType OPTIONAL_TEXT = FakeSchema.nullable(FakeSchema.text());

	private static final FakeType NUMBER = FakeSchema.integer(Long.MIN_VALUE, Long.MAX_VALUE);

	private static final FakeType COST = dictionary(
			new FakeFields().required("amount", FakeSchema.decimal(17, 12)).required("currency", (value, errors) -> {
				Object text = FakeSchema.text().read(value, errors);
				return (text != null && !text.toString().contains("usd")) ? errors.add("string_pattern_mismatch",
						"String should match pattern 'usd'", value, "pattern", "usd") : text;
			}));

	private static final FakeType MODEL = dictionary(new FakeFields().required("vendor", FakeSchema.text())
		.required("model", FakeSchema.text())
		.optional("prompt", OPTIONAL_TEXT)
		.optional("response", OPTIONAL_TEXT)
		.required("input_tokens", NUMBER)
		.optional("cached_input_tokens", NUMBER)
		.required("output_tokens", NUMBER)
		.required("total_tokens", NUMBER));

	private static final Map<String, FakeType> STRUCTURES = Map.of("_cost", COST, "_llm", MODEL);

	private final Supplier<Instant> now;

	private final FakeFields ofCustomer;

	private final FakeFields ofExternalCustomer;

	/**
	 * Create a schema.
	 * @param now the time that events must not be after
	 */
	FakeUsageSchema(Supplier<Instant> now) {
		this.now = now;
		this.ofCustomer = event().required("customer_id", FakeSchema.uuid())
			.optional("member_id", FakeSchema.nullable(FakeSchema.uuid()));
		this.ofExternalCustomer = event().required("external_customer_id", FakeSchema.text())
			.optional("external_member_id", OPTIONAL_TEXT);
	}

	private FakeFields event() {
		return new FakeFields().optional("timestamp", this::past)
			.required("name", FakeSchema.text(0, 128))
			.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
			.optional("external_id", OPTIONAL_TEXT)
			.optional("parent_id", OPTIONAL_TEXT)
			.optional("metadata", FakeUsageSchema::metadata);
	}

	/**
	 * Read metadata with the structures that Polar defines for costs and models.
	 */
	private static @Nullable Object metadata(JsonNode value, FakeErrors errors) {
		if (!value.isObject()) {
			return errors.add("dict_type", "Input should be a valid dictionary", value);
		}
		Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
		value.properties().forEach((entry) -> {
			FakeType type = STRUCTURES.getOrDefault(entry.getKey(), FakeSchema::metadataValue);
			metadata.put(entry.getKey(), type.read(entry.getValue(), errors.at(entry.getKey())));
		});
		return metadata;
	}

	private static FakeType dictionary(FakeFields fields) {
		return (value, errors) -> value.isObject() ? fields.read(value, errors)
				: errors.add("dict_type", "Input should be a valid dictionary", value);
	}

	private @Nullable Object past(JsonNode value, FakeErrors errors) {
		Object time = zonedTime().read(value, errors);
		return (time != null && FakeTime.toInstant(time.toString()).isAfter(this.now.get()))
				? errors.addValueError("Timestamp must be in the past.", value) : time;
	}

	/**
	 * A time with an offset, or a number of seconds.
	 */
	static FakeType zonedTime() {
		return (value, errors) -> {
			Object time = FakeSchema.time().read(value, errors);
			return (time != null && !time.toString().matches(".*T.*(Z|[+-]\\d\\d:\\d\\d)"))
					? errors.add("timezone_aware", "Input should have timezone info", value) : time;
		};
	}

	/**
	 * Read the body of a request.
	 */
	void read(JsonNode json, FakeErrors errors) {
		new FakeFields().required("events", FakeSchema.list(this::event, 0)).read(json, errors);
	}

	private @Nullable Object event(JsonNode event, FakeErrors errors) {
		FakeErrors customer = errors.separate("EventCreateCustomer");
		FakeErrors externalCustomer = errors.separate("EventCreateExternalCustomer");
		this.ofCustomer.read(event, customer);
		this.ofExternalCustomer.read(event, externalCustomer);
		if (!customer.isEmpty() && !externalCustomer.isEmpty()) {
			errors.addAll(customer);
			errors.addAll(externalCustomer);
		}
		return event;
	}

}
