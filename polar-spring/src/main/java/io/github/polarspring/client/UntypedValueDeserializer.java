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

package io.github.polarspring.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Reads JSON that has no type of its own, such as metadata, as values that nobody can
 * change: {@code Long} and {@code Double}, or {@code BigInteger} and {@code BigDecimal}
 * where these are too small.
 */
final class UntypedValueDeserializer extends StdDeserializer<Object> {

	UntypedValueDeserializer() {
		super(Object.class);
	}

	@Override
	public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
		return value(context.readTree(parser));
	}

	private static @Nullable Object value(JsonNode json) {
		if (json.isObject()) {
			Map<String, @Nullable Object> map = new LinkedHashMap<>();
			json.forEachEntry((name, value) -> map.put(name, value(value)));
			return Collections.unmodifiableMap(map);
		}
		if (json.isArray()) {
			List<@Nullable Object> list = new ArrayList<>();
			json.forEach((value) -> list.add(value(value)));
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
		return json.isNull() ? null : json.asString();
	}

}
