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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.polarspring.model.PolarResource;
import tools.jackson.databind.JsonNode;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Compares an object with the JSON that it was read from: every value must be there, by a
 * typed accessor or as a property.
 */
public final class ReadWhole {

	private final Set<String> untyped = new TreeSet<>();

	private ReadWhole() {
	}

	/**
	 * Return the values that a type knows, as they go over the wire.
	 */
	public static Set<String> valuesOf(Class<? extends Enum<?>> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> constant.name().toLowerCase(Locale.ROOT))
			.filter((value) -> !value.equals("unknown"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Return the values that a schema documents.
	 */
	public static Set<String> valuesOf(JsonNode schema) {
		return schema.get("enum").valueStream().map(JsonNode::asString).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Compare, and return the paths that have no typed accessor. All accessors are
	 * called, including those of absent values.
	 */
	public static Set<String> untypedOf(Object value, JsonNode json) {
		ReadWhole walk = new ReadWhole();
		walk.compare(value, json, "");
		return walk.untyped;
	}

	private void compare(Object value, JsonNode json, String path) {
		if (json.isNull()) {
			assertThat(value instanceof List<?> list && list.isEmpty()
					|| value instanceof Map<?, ?> map && map.isEmpty() || value == null)
				.as(path)
				.isTrue();
		}
		else if (json.isArray()) {
			List<?> list = (List<?>) value;
			assertThat(list).as(path).hasSize(json.size());
			for (int i = 0; i < json.size(); i++) {
				compare(list.get(i), json.get(i), path + "[]");
			}
		}
		else if (json.isObject() && value instanceof Map<?, ?> map) {
			Map<String, Object> byName = new LinkedHashMap<>();
			map.forEach((key, child) -> byName.put(key.toString(), child));
			assertThat(byName.keySet()).as(path).containsExactlyInAnyOrderElementsOf(json.propertyNames());
			json.forEachEntry((name, child) -> compare(byName.get(name), child, path + ".*"));
		}
		else if (json.isObject()) {
			callAccessors(value, path);
			json.forEachEntry((name, child) -> compareProperty(value, name, child, path));
		}
		else if (value instanceof Instant instant) {
			assertThat(instant).as(path).isEqualTo(instant(json.asString()));
		}
		else if (value instanceof BigDecimal decimal) {
			assertThat(decimal).as(path).isEqualByComparingTo(new BigDecimal(json.asString()));
		}
		else {
			assertThat(text(value)).as(path).isEqualTo(json.isNumber() ? text(number(json)) : json.asString());
		}
	}

	private void compareProperty(Object object, String name, JsonNode json, String path) {
		Method accessor = ReflectionUtils.findMethod(object.getClass(), camelCase(name));
		if (accessor != null) {
			compare(call(object, accessor), json, path + "." + name);
			return;
		}
		if (!(object instanceof PolarResource resource) || !resource.json().has(name)) {
			fail("%s.%s is lost in %s", path, name, object.getClass());
			return;
		}
		compare(resource.property(name), json, path + "." + name);
		this.untyped.add(path + "." + name);
	}

	private static void callAccessors(Object object, String path) {
		assertThat(object).as(path).isInstanceOf(PolarResource.class);
		for (Method method : object.getClass().getMethods()) {
			boolean accessor = method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
					&& method.getDeclaringClass() != Object.class;
			if (accessor) {
				call(object, method);
			}
		}
	}

	private static Object call(Object object, Method method) {
		try {
			return method.invoke(object);
		}
		catch (IllegalAccessException | InvocationTargetException ex) {
			throw new AssertionError(object.getClass().getSimpleName() + "." + method.getName() + " failed", ex);
		}
	}

	/**
	 * Polar means UTC if there is no zone.
	 */
	private static Instant instant(String text) {
		return text.matches(".*T[^Z+-]*") ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC) : Instant.parse(text);
	}

	private static Object number(JsonNode json) {
		if (json.isIntegralNumber()) {
			return json.canConvertToLong() ? (Object) json.asLong() : json.bigIntegerValue();
		}
		return json.asDouble();
	}

	private static String text(Object value) {
		if (value instanceof Enum<?> constant) {
			return constant.name().toLowerCase(Locale.ROOT);
		}
		assertThat(value).isInstanceOfAny(String.class, UUID.class, Long.class, Integer.class, BigInteger.class,
				Double.class, Boolean.class);
		return value.toString();
	}

	private static String camelCase(String name) {
		StringBuilder camelCase = new StringBuilder();
		for (String word : name.split("_")) {
			camelCase
				.append(camelCase.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
		}
		return camelCase.toString();
	}

}
