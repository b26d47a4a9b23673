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

package io.github.polarspring.testsupport.conformance;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Generator for JSON that contains all properties of a schema.
 */
public final class SampleJson {

	private static final JsonNodeFactory NODES = JsonMapper.shared().getNodeFactory();

	private final OpenApiDocument document;

	private final int variant;

	/**
	 * Create a generator.
	 * @param document the document that contains the schemas
	 * @param variant index of the type to choose if there are several alternatives, from
	 * 0
	 */
	public SampleJson(OpenApiDocument document, int variant) {
		this.document = document;
		this.variant = variant;
	}

	public ObjectNode of(String schema) {
		return (ObjectNode) sample(this.document.definition(schema), "");
	}

	private JsonNode sample(JsonNode schema, String name) {
		JsonNode resolved = this.document.resolve(schema);
		if (resolved.has("anyOf")) {
			return sample(resolved.get("anyOf").get(0), name);
		}
		if (resolved.has("oneOf")) {
			JsonNode variants = resolved.get("oneOf");
			return sample(variants.get(this.variant % variants.size()), name);
		}
		if (resolved.has("const")) {
			return resolved.get("const");
		}
		if (resolved.has("enum")) {
			JsonNode values = resolved.get("enum");
			return values.get(this.variant % values.size());
		}
		return switch (resolved.path("type").asString("")) {
			case "object" -> object(resolved);
			case "array" -> array(resolved, name);
			case "integer" -> NODES.numberNode(1000L + Math.floorMod(name.hashCode(), 1_000_000));
			case "number" -> NODES.numberNode(0.5);
			case "boolean" -> NODES.booleanNode(((name.hashCode() >> (this.variant % 16)) & 1) == 1);
			case "string" -> NODES.stringNode(text(resolved, name));
			default -> throw new IllegalArgumentException(name + " has an unsupported type: " + resolved);
		};
	}

	private static String text(JsonNode schema, String name) {
		return switch (schema.path("format").asString("")) {
			case "uuid4" -> "b2a7c0de-58f1-4e0b-8a52-%012x".formatted(name.hashCode() & 0xffffffffL);
			case "date-time" -> "2026-08-22T09:15:%02d.482913Z".formatted(name.length());
			case "ipvanyaddress" -> "203.0.113.7";
			default -> schema.has("pattern") ? "0.0025" : name + " ö";
		};
	}

	private ArrayNode array(JsonNode schema, String name) {
		if (schema.has("prefixItems")) {
			ArrayNode tuple = NODES.arrayNode();
			schema.get("prefixItems").forEach((item) -> tuple.add(sample(item, name)));
			return tuple;
		}
		ArrayNode array = NODES.arrayNode();
		JsonNode items = this.document.resolve(schema.get("items"));
		int size = items.has("oneOf") ? items.get("oneOf").size() : 1;
		for (int i = 0; i < size; i++) {
			JsonNode item = items.has("oneOf") ? items.get("oneOf").get(i) : items;
			JsonNode resolved = this.document.resolve(item);
			if (resolved.has("oneOf")) {
				resolved.get("oneOf").forEach((variant) -> array.add(sample(variant, name)));
			}
			else {
				array.add(sample(item, name));
			}
		}
		return array;
	}

	private ObjectNode object(JsonNode schema) {
		ObjectNode object = NODES.objectNode();
		if (schema.has("properties")) {
			schema.get("properties").forEachEntry((name, property) -> object.set(name, sample(property, name)));
		}
		else if (schema.path("propertyNames").path("format").asString("").equals("uuid4")) {
			object.set("0d3b9c1a-7e54-4f7d-b1c8-5a92e6d0f483", sample(schema.get("additionalProperties"), "value"));
		}
		else {
			object.set("Some_Key", sample(schema.get("additionalProperties"), "value"));
		}
		return object;
	}

}
