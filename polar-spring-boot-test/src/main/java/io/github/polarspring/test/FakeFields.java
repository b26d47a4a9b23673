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
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object with fields. Unknown fields are ignored by default.
 */
final class FakeFields implements FakeType {

	private final Map<String, FakeType> types = new LinkedHashMap<>();

	private final Set<String> required = new HashSet<>();

	private final Map<String, String> aliases = new LinkedHashMap<>();

	private final Map<String, @Nullable Object> defaults = new LinkedHashMap<>();

	private final List<Check> checks = new ArrayList<>();

	private final Map<String, FieldCheck> fieldChecks = new LinkedHashMap<>();

	private boolean forbidsOthers;

	FakeFields required(String name, FakeType type) {
		this.required.add(name);
		return optional(name, type);
	}

	FakeFields optional(String name, FakeType type) {
		this.types.put(name, type);
		return this;
	}

	FakeFields optional(List<String> names, FakeType type) {
		names.forEach((name) -> optional(name, type));
		return this;
	}

	/**
	 * Add a field that is always part of the result.
	 */
	FakeFields withDefault(String name, @Nullable Object value, FakeType type) {
		this.defaults.put(name, value);
		return optional(name, type);
	}

	/**
	 * Add a name that is used if the field is absent.
	 */
	FakeFields alias(String name, String alias) {
		this.aliases.put(name, alias);
		return this;
	}

	/**
	 * Reject unknown fields.
	 */
	FakeFields forbidOthers() {
		this.forbidsOthers = true;
		return this;
	}

	/**
	 * Add a check of the converted values, for objects without other problems.
	 */
	FakeFields check(Check check) {
		this.checks.add(check);
		return this;
	}

	/**
	 * Add a check of a converted value, for a field without other problems.
	 */
	FakeFields check(String name, FieldCheck check) {
		this.fieldChecks.put(name, check);
		return this;
	}

	@Override
	public @Nullable Map<String, @Nullable Object> read(JsonNode value, FakeErrors errors) {
		if (!value.isObject()) {
			errors.addNoObject(value);
			return null;
		}
		int before = errors.size();
		Map<String, @Nullable Object> values = new LinkedHashMap<>(this.defaults);
		this.types.forEach((name, type) -> {
			String sent = value.has(name) ? name : this.aliases.getOrDefault(name, name);
			JsonNode field = value.get(sent);
			if (field != null) {
				int problems = errors.size();
				values.put(name, read(type, field, errors.at(sent)));
				FieldCheck check = this.fieldChecks.get(name);
				if (check != null && errors.size() == problems) {
					check.check(values, values.get(name), errors.at(sent).of(field));
				}
			}
			else if (this.required.contains(name)) {
				errors.at(name).add("missing", "Field required", value);
			}
		});
		if (this.forbidsOthers) {
			value.properties()
				.stream()
				.filter((field) -> !this.types.containsKey(field.getKey()))
				.forEach((field) -> errors.at(field.getKey())
					.add("extra_forbidden", "Extra inputs are not permitted", field.getValue()));
		}
		FakeErrors own = errors.of(value);
		for (Check check : this.checks) {
			if (errors.size() == before) {
				check.check(values, own);
			}
		}
		return values;
	}

	private static @Nullable Object read(FakeType type, JsonNode field, FakeErrors errors) {
		int before = errors.size();
		Object read = type.read(field, errors);
		return (errors.size() == before && hasNul(read))
				? errors.addValueError("This value contains invalid characters", field) : read;
	}

	/**
	 * Return whether a converted value contains the NUL character, which the database
	 * cannot store.
	 */
	private static boolean hasNul(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return hasNul(map.keySet()) || hasNul(map.values());
		}
		return (value instanceof Collection<?> values) ? values.stream().anyMatch(FakeFields::hasNul)
				: value instanceof String text && text.indexOf('\0') != -1;
	}

	/**
	 * A check of several fields.
	 */
	@FunctionalInterface
	interface Check {

		/**
		 * Check the converted values. The errors are at the location of the object.
		 */
		void check(Map<String, @Nullable Object> values, FakeErrors errors);

	}

	/**
	 * A check of one field.
	 */
	@FunctionalInterface
	interface FieldCheck {

		/**
		 * Check a converted value.
		 * @param values the values that were read before
		 */
		void check(Map<String, @Nullable Object> values, @Nullable Object value, FakeErrors errors);

	}

}
