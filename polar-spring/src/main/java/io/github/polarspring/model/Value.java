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

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON value together with the path at which it was found. List indexes and map keys are
 * not part of the path.
 */
final class Value {

	private final JsonNode json;

	private final @Nullable PolarResource root;

	private final String path;

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Value(JsonNode json) {
		this(json, null, "");
	}

	private Value(JsonNode json, @Nullable PolarResource root, String path) {
		this.json = json;
		this.root = root;
		this.path = path;
	}

	Value property(String name, PolarResource root) {
		return new Value(this.json.path(name), root, this.path.isEmpty() ? name : this.path + "." + name);
	}

	Value element(JsonNode element) {
		return new Value(element, this.root, this.path + "[]");
	}

	Value entry(JsonNode entry) {
		return new Value(entry, this.root, this.path + ".*");
	}

	JsonNode json() {
		return this.json;
	}

	ObjectNode object() {
		if (this.json instanceof ObjectNode object) {
			return object;
		}
		throw new IllegalArgumentException("A resource must be a JSON object");
	}

	@Nullable PolarResource root() {
		return this.root;
	}

	String path() {
		return this.path;
	}

	boolean isAbsent() {
		return this.json.isMissingNode() || this.json.isNull();
	}

	/**
	 * Read this value, or log that it cannot be read.
	 */
	<T> @Nullable T read(Form<T> form) {
		T read = isAbsent() ? null : form.read(this);
		if (read == null && !isAbsent() && this.root != null) {
			this.root.unreadable(this.path);
		}
		return read;
	}

}
