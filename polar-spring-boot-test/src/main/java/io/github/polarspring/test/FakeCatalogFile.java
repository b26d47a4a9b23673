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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a catalog: bodies of Polar's calls, with fixed IDs and with benefits of products.
 * Guarded by the lock of {@link FakeState}.
 */
final class FakeCatalogFile {

	/**
	 * The arrays of a catalog, in the order in which they can refer to each other.
	 */
	static final List<String> KINDS = List.of("custom_fields", "meters", "benefits", "products", "discounts");

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private static final Set<String> SHAPES = Stream
		.concat(Stream.of("one_time", "recurring", "fixed", "percentage", "text", "number", "date", "checkbox",
				"select"), Arrays.stream(FakeBenefitSchema.types()))
		.collect(Collectors.toUnmodifiableSet());

	private final FakeState state;

	private final Set<UUID> ids = new HashSet<>();

	FakeCatalogFile(FakeState state) {
		this.state = state;
	}

	void add(String text) {
		JsonNode catalog = read(text);
		check(catalog.isObject(), "The catalog must be a JSON object with the arrays " + KINDS);
		for (String name : catalog.propertyNames()) {
			check(KINDS.contains(name), "'%s' is not part of a catalog. Possible are %s".formatted(name, KINDS));
		}
		for (String kind : KINDS) {
			if (catalog.has(kind)) {
				check(catalog.path(kind).isArray(), kind + " must be an array");
				for (int i = 0; i < catalog.path(kind).size(); i++) {
					add(kind, "%s[%d]".formatted(kind, i), catalog.path(kind).get(i));
				}
			}
		}
	}

	private static JsonNode read(String text) {
		try {
			return JSON.readTree(text);
		}
		catch (JacksonException ex) {
			String place = (ex.getLocation() != null)
					? " at line %d, column %d".formatted(ex.getLocation().getLineNr(), ex.getLocation().getColumnNr())
					: "";
			throw new IllegalArgumentException("The catalog is not valid JSON%s: %s".formatted(place,
					ex.getOriginalMessage().split("\n| \\(for ")[0]), ex);
		}
	}

	private void add(String kind, String place, JsonNode element) {
		check(element.isObject(), place + " must be an object");
		ObjectNode body = ((ObjectNode) element).deepCopy();
		UUID id = id(place + ".id", body.remove("id"));
		JsonNode benefits = kind.equals("products") ? body.remove("benefits") : null;
		List<UUID> resolved = benefits(place + ".benefits", benefits);
		if (Set.of("custom_fields", "benefits").contains(kind) && !body.has("properties")) {
			body.putObject("properties");
		}
		ResponseDefinition created = this.state.catalog().create(kind.replace('_', '-'), id, body).build();
		check(created.getStatus() == 201, problems(place, created));
		if (!resolved.isEmpty()) {
			this.state.catalog().attach(id, resolved);
		}
	}

	private UUID id(String place, @Nullable JsonNode value) {
		if (value == null) {
			return UUID.randomUUID();
		}
		String text = value.asString("");
		check(FakeTransformer.isUuid(text) && UUID.fromString(text).version() == 4,
				place + " must be a version 4 UUID, because Polar rejects others");
		UUID id = UUID.fromString(text);
		check(this.ids.add(id), "%s: %s is used twice".formatted(place, id));
		return id;
	}

	private List<UUID> benefits(String place, @Nullable JsonNode names) {
		List<UUID> ids = new ArrayList<>();
		if (names != null) {
			check(names.isArray(), place + " must be an array with IDs or descriptions of benefits");
			Map<String, UUID> known = this.state.catalog().benefits();
			for (int i = 0; i < names.size(); i++) {
				String name = names.get(i).asString("");
				UUID id = known.get(name);
				if (id == null) {
					throw new IllegalArgumentException("%s[%d]: there is no benefit '%s'. The benefits are %s"
						.formatted(place, i, name, known.keySet()));
				}
				ids.add(id);
			}
		}
		return ids;
	}

	/**
	 * Return Polar's errors with their places in the catalog.
	 */
	private static String problems(String place, ResponseDefinition response) {
		if (response.getByteBody() == null) {
			return place + " is invalid";
		}
		return JSON.readTree(response.getByteBody())
			.path("detail")
			.valueStream()
			.map((problem) -> "%s%s: %s".formatted(place, path(problem.path("loc")), problem.path("msg").asString("")))
			.collect(Collectors.joining("; "));
	}

	/**
	 * Return a location without the name of the shape that Polar chose by the type.
	 */
	private static String path(JsonNode location) {
		return location.valueStream()
			.skip(SHAPES.contains(location.path(1).asString("")) ? 2 : 1)
			.map((part) -> part.isNumber() ? "[" + part + "]" : "." + part.asString())
			.collect(Collectors.joining());
	}

	private static void check(boolean valid, String problem) {
		if (!valid) {
			throw new IllegalArgumentException(problem);
		}
	}

}
