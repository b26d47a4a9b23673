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
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A usage event, or what Polar adds to them: a credit or a reset of a meter. Never
 * changes.
 *
 * @param id the ID of the event
 * @param number the position of the event among all of them
 * @param ingestedAt when the event arrived
 * @param system whether Polar has added the event
 * @param json the event as it was ingested, always with a timestamp
 */
record FakeUsageEvent(UUID id, int number, Instant ingestedAt, boolean system, JsonNode json) {

	static final String CREDITED = "meter.credited";

	static final String RESET = "meter.reset";

	String name() {
		return this.json.path("name").asString();
	}

	Instant timestamp() {
		return Instant.parse(this.json.path("timestamp").asString());
	}

	@Nullable String text(String field) {
		JsonNode value = this.json.path(field);
		return value.isString() ? value.stringValue() : null;
	}

	/**
	 * Return the external ID of the customer, which takes precedence over the ID.
	 */
	@Nullable String externalCustomerId() {
		return text("external_customer_id");
	}

	@Nullable UUID customerId() {
		String id = (externalCustomerId() == null) ? text("customer_id") : null;
		return (id != null) ? UUID.fromString(String.valueOf(FakeUuid.normalize(id))) : null;
	}

	Map<String, Object> metadata() {
		Map<String, Object> metadata = new LinkedHashMap<>();
		this.json.path("metadata")
			.properties()
			.forEach((entry) -> metadata.put(entry.getKey(),
					JsonMapper.shared().treeToValue(entry.getValue(), Object.class)));
		return metadata;
	}

	String source() {
		return this.system ? "system" : "user";
	}

	/**
	 * Return the name for people, which is the name itself for those that were ingested.
	 */
	String label() {
		return !this.system ? name() : name().equals(CREDITED) ? "Meter Credited" : "Meter Reset";
	}

	/**
	 * Return whether Polar has added this event to a meter.
	 */
	boolean is(String name, UUID meter) {
		return this.system && name().equals(name)
				&& this.json.at("/metadata/meter_id").asString().equals(meter.toString());
	}

	long units() {
		return this.json.at("/metadata/units").asLong();
	}

	boolean isRollover() {
		return this.json.at("/metadata/rollover").asBoolean();
	}

}
