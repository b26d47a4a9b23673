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

package io.github.polarspring.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Converter from JSON without a type, such as metadata, to unmodifiable values: {@code
 * String}, {@code Boolean}, {@code Long}, {@code Double}, {@code List} and {@code Map},
 * with {@code BigInteger} and {@code BigDecimal} for numbers that do not fit.
 */
final class JsonValues {

	private JsonValues() {
	}

	/**
	 * Convert a JSON value.
	 * @param json the value
	 * @return the converted value, or {@code null} for a JSON {@code null}
	 */
	static @Nullable Object of(JsonNode json) {
		if (json.isObject()) {
			return map(json);
		}
		if (json.isArray()) {
			List<@Nullable Object> list = new ArrayList<>();
			json.forEach((value) -> list.add(of(value)));
			return Collections.unmodifiableList(list);
		}
		if (json.isIntegralNumber()) {
			return json.canConvertToLong() ? (Object) json.longValue() : json.bigIntegerValue();
		}
		if (json.isNumber()) {
			BigDecimal decimal = json.decimalValue();
			double number = decimal.doubleValue();
			return Double.isFinite(number) ? (Object) number : decimal;
		}
		if (json.isBoolean()) {
			return json.booleanValue();
		}
		return (json.isNull() || json.isMissingNode()) ? null : json.asString();
	}

	static Map<String, @Nullable Object> map(JsonNode json) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		json.forEachEntry((name, value) -> map.put(name, of(value)));
		return Collections.unmodifiableMap(map);
	}

}
