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

package io.github.polarspring.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A payload without what tells who somebody is, or opens a door: of texts only ids of
 * Polar, times and the names of states are left.
 */
final class RedactedPayload {

	private static final String REDACTED = "******";

	private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

	private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d([T ][\\d:.]+(Z|[+-]\\d\\d:\\d\\d)?)?");

	private static final Pattern STATE = Pattern.compile("[a-z_]{1,40}");

	private static final Set<String> STATES = Set.of("status", "type", "billing_reason", "currency", "reason",
			"recurring_interval", "amount_type");

	/**
	 * Filled by the application or its customers.
	 */
	private static final Set<String> FREE = Set.of("metadata", "custom_field_data", "customer_metadata",
			"user_metadata");

	private RedactedPayload() {
	}

	static @Nullable Object of(JsonNode payload) {
		return value("", payload);
	}

	private static @Nullable Object value(String name, JsonNode node) {
		if (FREE.contains(name)) {
			return REDACTED;
		}
		if (node.isObject()) {
			Map<String, @Nullable Object> object = new LinkedHashMap<>();
			node.properties().forEach((entry) -> object.put(entry.getKey(), value(entry.getKey(), entry.getValue())));
			return object;
		}
		if (node.isArray()) {
			List<@Nullable Object> array = new ArrayList<>();
			node.forEach((element) -> array.add(value(name, element)));
			return array;
		}
		if (node.isNull() || node.isMissingNode()) {
			return null;
		}
		if (node.isBoolean()) {
			return node.booleanValue();
		}
		if (node.isNumber()) {
			return node.numberValue();
		}
		return isHarmless(name, node.asString()) ? node.asString() : REDACTED;
	}

	private static boolean isHarmless(String name, String text) {
		if (name.equals("id") || name.endsWith("_id")) {
			return !name.contains("external") && ID.matcher(text).matches();
		}
		return (name.endsWith("_at") && TIME.matcher(text).matches())
				|| (STATES.contains(name) && STATE.matcher(text).matches());
	}

}
