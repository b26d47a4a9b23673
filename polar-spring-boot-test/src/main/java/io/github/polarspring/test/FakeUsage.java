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
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes usage events. As at Polar, a list with a wrong event is rejected as a whole, and
 * an event is read as one of a customer and as one of an external customer.
 */
final class FakeUsage {

	private final FakeState state;

	private final FakeFields ofCustomer = event().required("customer_id", FakeSchema.uuid());

	private final FakeFields ofExternalCustomer = event().required("external_customer_id", FakeSchema.text());

	FakeUsage(FakeState state) {
		this.state = state;
	}

	private FakeFields event() {
		return new FakeFields().optional("timestamp", FakeSchema.nullable(this::past))
			.required("name", FakeSchema.text(0, 128))
			.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
			.optional("external_id", FakeSchema.nullable(FakeSchema.text()))
			.optional("parent_id", FakeSchema.nullable(FakeSchema.text()))
			.optional("metadata", FakeUsage::metadata);
	}

	private @Nullable Object past(JsonNode value, FakeErrors errors) {
		Object time = FakeSchema.time().read(value, errors);
		return (value.isString() && time instanceof String text && FakeTime.toInstant(text).isAfter(this.state.now()))
				? errors.addValueError("Timestamp must be in the past.", value) : time;
	}

	/**
	 * Read metadata without the structures that Polar defines for costs and models.
	 */
	private static @Nullable Object metadata(JsonNode value, FakeErrors errors) {
		JsonNode own = value.deepCopy();
		if (own instanceof ObjectNode object) {
			object.remove(List.of("_cost", "_llm"));
		}
		return FakeSchema.metadata().read(own, errors);
	}

	ResponseDefinitionBuilder ingest(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		new FakeFields().required("events", FakeSchema.list(this::read, 0)).read(json, errors);
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		List<JsonNode> events = new ArrayList<>(json.path("events").values());
		FakeErrors problems = new FakeErrors("body").at("events");
		for (int i = 0; i < events.size(); i++) {
			check(events.get(i), problems.at(i));
		}
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems.items());
		}
		long inserted = events.stream().filter(this.state::ingest).count();
		Map<String, Object> response = new LinkedHashMap<>();
		response.put("inserted", inserted);
		response.put("duplicates", events.size() - inserted);
		return FakeTransformer.json(200, response);
	}

	private @Nullable Object read(JsonNode event, FakeErrors errors) {
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

	private void check(JsonNode event, FakeErrors errors) {
		String customer = event.path("customer_id").asString("");
		if (FakeTransformer.isUuid(customer) && this.state.customer(UUID.fromString(customer)) == null) {
			errors.at("customer_id").add("customer_id", "Customer not found.", customer);
		}
		JsonNode organization = event.path("organization_id");
		if (!organization.isMissingNode() && !organization.isNull()) {
			errors.at("organization_id")
				.add("organization_token", "Setting organization_id is disallowed when using an organization token.",
						organization.asString());
		}
	}

}
