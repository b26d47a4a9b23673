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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Expected form of a value. Only values that have exactly this form are read: neither
 * text as a number nor {@code 0.0} as an integer.
 *
 * @param <T> type of the value
 */
@FunctionalInterface
interface Form<T> {

	Form<String> TEXT = (value) -> value.json().isString() ? value.json().asString() : null;

	Form<Boolean> FLAG = (value) -> value.json().isBoolean() ? value.json().booleanValue() : null;

	Form<Integer> INTEGER = (value) -> (value.json().isIntegralNumber() && value.json().canConvertToInt())
			? value.json().intValue() : null;

	Form<Long> LONG = (value) -> (value.json().isIntegralNumber() && value.json().canConvertToLong())
			? value.json().longValue() : null;

	Form<BigDecimal> NUMBER = (value) -> value.json().isNumber() ? value.json().decimalValue() : null;

	/**
	 * Decimal that Polar sends as text, or as number.
	 */
	Form<BigDecimal> DECIMAL_TEXT = (value) -> value.json().isString() ? decimal(value.json().asString())
			: NUMBER.read(value);

	Form<Instant> TIME = (value) -> value.json().isString() ? UtcTime.parse(value.json().asString()) : null;

	Form<UUID> ID = (value) -> value.json().isString() ? uuid(value.json().asString()) : null;

	Form<Map<String, @Nullable Object>> MAP = (value) -> value.json().isObject() ? JsonValues.map(value.json()) : null;

	/**
	 * Amounts by currency. Unreadable as a whole if one of them is: a missing amount
	 * would look like none.
	 */
	Form<Map<String, Long>> AMOUNTS = (value) -> {
		Map<String, Long> amounts = new LinkedHashMap<>();
		for (Map.Entry<String, JsonNode> entry : value.json().properties()) {
			Long amount = LONG.read(value.entry(entry.getValue()));
			if (amount == null) {
				return null;
			}
			amounts.put(entry.getKey(), amount);
		}
		return value.json().isObject() ? Collections.unmodifiableMap(amounts) : null;
	};

	/**
	 * Read a value.
	 * @param value the value, which is present
	 * @return the value, or {@code null} if it has another form
	 */
	@Nullable T read(Value value);

	/**
	 * A constant of an enum. Unknown text is read as {@code UNKNOWN}.
	 */
	static <E extends Enum<E>> Form<E> oneOf(Class<E> type) {
		return (value) -> {
			if (!value.json().isString()) {
				return null;
			}
			try {
				return Enum.valueOf(type, value.json().asString().toUpperCase(Locale.ROOT));
			}
			catch (IllegalArgumentException ex) {
				return Enum.valueOf(type, "UNKNOWN");
			}
		};
	}

	static <T extends PolarResource> Form<T> object(Function<Value, T> creator) {
		return (value) -> value.json().isObject() ? creator.apply(value) : null;
	}

	/**
	 * A list, without the elements that cannot be read.
	 */
	static <T> Form<List<T>> listOf(Form<T> form) {
		return (value) -> {
			if (!value.json().isArray()) {
				return null;
			}
			List<T> list = new ArrayList<>(value.json().size());
			for (JsonNode json : value.json()) {
				T element = value.element(json).read(form);
				if (element != null) {
					list.add(element);
				}
			}
			return Collections.unmodifiableList(list);
		};
	}

	/**
	 * A list that determines money or access: unreadable as a whole if one element is.
	 */
	static <T> Form<List<T>> completeListOf(Form<T> form) {
		return (value) -> {
			if (!value.json().isArray()) {
				return null;
			}
			List<T> list = new ArrayList<>(value.json().size());
			for (JsonNode json : value.json()) {
				T element = form.read(value.element(json));
				if (element == null) {
					return null;
				}
				list.add(element);
			}
			return Collections.unmodifiableList(list);
		};
	}

	/**
	 * A map, without the entries that cannot be read.
	 */
	static <K, V> Form<Map<K, V>> mapOf(Function<String, @Nullable K> keys, Form<V> form) {
		return (value) -> {
			if (!value.json().isObject()) {
				return null;
			}
			Map<K, V> map = new LinkedHashMap<>();
			for (Map.Entry<String, JsonNode> json : value.json().properties()) {
				Value entry = value.entry(json.getValue());
				K key = keys.apply(json.getKey());
				V read = entry.read((key != null) ? form : (unreadable) -> null);
				if (key != null && read != null) {
					map.put(key, read);
				}
			}
			return Collections.unmodifiableMap(map);
		};
	}

	static @Nullable UUID uuid(String text) {
		try {
			return (text.length() == 36) ? UUID.fromString(text) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable BigDecimal decimal(String text) {
		try {
			return new BigDecimal(text);
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
