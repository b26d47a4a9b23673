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

package io.github.polarspring.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

import org.springframework.util.Assert;

/**
 * The expected members of each kind of object and their JSON types, as listed in
 * {@code contract/shapes.txt}.
 */
final class Shapes {

	private static final String RESOURCE = "/contract/shapes.txt";

	private final Map<String, Map<String, Member>> kinds = new LinkedHashMap<>();

	Shapes(String text) {
		Map<String, Member> members = new LinkedHashMap<>();
		for (String line : text.lines().map(String::strip).toList()) {
			if (line.startsWith("[")) {
				members = new LinkedHashMap<>();
				this.kinds.put(line.substring(1, line.length() - 1), members);
			}
			else if (!line.isEmpty() && !line.startsWith("#")) {
				int colon = line.indexOf(':');
				String name = line.substring(0, colon);
				List<String> types = Arrays.stream(line.substring(colon + 1).split("\\|")).map(String::strip).toList();
				members.put(name.replace("?", ""), new Member(types, name.endsWith("?")));
			}
		}
	}

	static Shapes load() {
		try (InputStream stream = Shapes.class.getResourceAsStream(RESOURCE)) {
			Assert.state(stream != null, () -> RESOURCE + " does not exist");
			return new Shapes(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Compare an object with its kind.
	 */
	Comparison compare(String kind, JsonNode json) {
		Comparison comparison = new Comparison(kind, new LinkedHashSet<>(), new LinkedHashSet<>(),
				new LinkedHashSet<>());
		compareObject(kind, json, "", comparison);
		return comparison;
	}

	private void compareObject(String kind, JsonNode json, String path, Comparison comparison) {
		Map<String, Member> members = this.kinds.get(kind);
		Assert.state(members != null, () -> "There is no kind '" + kind + "' in " + RESOURCE);
		members.forEach((name, member) -> {
			if (json.has(name)) {
				compareMember(member, json.path(name), path + name, comparison);
			}
			else if (!member.optional()) {
				comparison.gone().add(path + name);
			}
		});
		json.propertyNames()
			.stream()
			.filter((name) -> !members.containsKey(name))
			.forEach((name) -> comparison.added().add(path + name + " (" + type(json.path(name)) + ")"));
	}

	private void compareMember(Member member, JsonNode value, String path, Comparison comparison) {
		String found = member.types().stream().filter((type) -> matches(type, value)).findFirst().orElse("");
		if (found.isEmpty()) {
			comparison.otherType()
				.add("%s is %s, not %s".formatted(path, type(value), String.join(" or ", member.types())));
		}
		else if (found.startsWith("{[")) {
			value
				.forEach((list) -> compareItems(found.substring(2, found.length() - 2), list, path + ".*", comparison));
		}
		else if (found.startsWith("[")) {
			compareItems(found.substring(1, found.length() - 1), value, path, comparison);
		}
		else if (this.kinds.containsKey(found)) {
			compareObject(found, value, path + ".", comparison);
		}
	}

	private void compareItems(String kind, JsonNode items, String path, Comparison comparison) {
		items.forEach((item) -> compareObject(kind, item, path + "[].", comparison));
	}

	private static boolean matches(String type, JsonNode value) {
		return switch (type) {
			case "any" -> true;
			case "number" -> value.isNumber();
			case "array", "boolean", "integer", "null", "object", "string" -> type(value).equals(type);
			default -> type.startsWith("[") ? value.isArray() : value.isObject();
		};
	}

	private static String type(JsonNode value) {
		return switch (value.getNodeType()) {
			case ARRAY -> "array";
			case BOOLEAN -> "boolean";
			case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
			case OBJECT -> "object";
			case STRING -> "string";
			default -> "null";
		};
	}

	private record Member(List<String> types, boolean optional) {

	}

	/**
	 * What is different: members that are gone, that have another type, and that are new.
	 */
	record Comparison(String kind, Set<String> gone, Set<String> otherType, Set<String> added) {

		boolean isDifferent() {
			return !this.gone.isEmpty() || !this.otherType.isEmpty();
		}

		String description() {
			StringBuilder text = new StringBuilder();
			if (!this.gone.isEmpty()) {
				text.append("without ").append(String.join(", ", this.gone)).append("; ");
			}
			if (!this.otherType.isEmpty()) {
				text.append(String.join(", ", this.otherType));
			}
			return text.toString();
		}

	}

}
