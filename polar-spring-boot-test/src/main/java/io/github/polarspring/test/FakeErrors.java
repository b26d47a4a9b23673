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
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Problems of a request, and the location that is read.
 */
final class FakeErrors {

	private final List<Object> location;

	private final List<Map<String, @Nullable Object>> items;

	private final @Nullable Object input;

	FakeErrors(Object... location) {
		this(List.of(location), new ArrayList<>(), null);
	}

	private FakeErrors(List<Object> location, List<Map<String, @Nullable Object>> items, @Nullable Object input) {
		this.location = location;
		this.items = items;
		this.input = input;
	}

	FakeErrors at(Object element) {
		return new FakeErrors(append(element), this.items, null);
	}

	/**
	 * Return a location with own problems.
	 */
	FakeErrors separate(Object element) {
		return new FakeErrors(append(element), new ArrayList<>(), null);
	}

	/**
	 * Return this location for problems of an object.
	 */
	FakeErrors of(JsonNode input) {
		return new FakeErrors(this.location, this.items, input);
	}

	private List<Object> append(Object element) {
		List<Object> location = new ArrayList<>(this.location);
		location.add(element);
		return location;
	}

	int size() {
		return this.items.size();
	}

	boolean isEmpty() {
		return this.items.isEmpty();
	}

	List<Map<String, @Nullable Object>> items() {
		return this.items;
	}

	void addAll(FakeErrors others) {
		this.items.addAll(others.items);
	}

	/**
	 * Add a problem of the object that is checked.
	 */
	void add(String type, String message) {
		add(type, message, this.input);
	}

	/**
	 * Add a problem.
	 * @return always {@code null}
	 */
	@Nullable Object add(String type, String message, @Nullable Object input, Object... context) {
		Map<String, @Nullable Object> item = new LinkedHashMap<>();
		item.put("type", type);
		item.put("loc", this.location);
		item.put("msg", message);
		item.put("input", input);
		if (context.length > 0) {
			Map<String, Object> values = new LinkedHashMap<>();
			for (int i = 0; i < context.length; i += 2) {
				values.put(context[i].toString(), Objects.requireNonNull(context[i + 1]));
			}
			item.put("ctx", values);
		}
		this.items.add(item);
		return null;
	}

	@Nullable Object addValueError(String message, @Nullable Object input) {
		return add("value_error", "Value error, " + message, input, "error", Map.of());
	}

	void addValueError(String message) {
		addValueError(message, this.input);
	}

	@Nullable Object addNoObject(JsonNode value) {
		return add("model_attributes_type", "Input should be a valid dictionary or object to extract fields from",
				value);
	}

}
