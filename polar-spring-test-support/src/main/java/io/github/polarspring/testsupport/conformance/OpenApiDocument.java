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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.keyword.NonValidationKeyword;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAPI document of Polar.
 */
public final class OpenApiDocument {

	private static final String LOCATION = "https://polar.example/openapi.json";

	private static final String SCHEMAS = "#/components/schemas/";

	/**
	 * Schema that is not in the available documents yet. Taken from Polar's server.
	 */
	private static final String UNIT_BASED = """
			{"type":"object","required":["amount_type","price_currency","tiers"],"properties":{
			"amount_type":{"const":"unit_based"},"price_currency":{"$ref":"#/components/schemas/PresentmentCurrency"},
			"tax_behavior":{"anyOf":[{"$ref":"#/components/schemas/TaxBehaviorOption"},{"type":"null"}]},
			"minimum_units":{"anyOf":[{"type":"integer","minimum":1},{"type":"null"}]},
			"unit_label":{"type":"object","additionalProperties":{"type":"object","required":["other"],
			"additionalProperties":{"type":"string","maxLength":32}}},
			"tiers":{"type":"object","required":["type","tiers"],"properties":{
			"type":{"enum":["volume","graduated"]},
			"tiers":{"type":"array","minItems":1,"items":{"type":"object","required":["unit_amount"],"properties":{
			"bound":{"anyOf":[{"type":"integer","exclusiveMinimum":0},{"type":"null"}]},
			"unit_amount":{"type":"integer","minimum":0}}}}}}}}""";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final JsonNode root;

	private final SchemaRegistry registry;

	private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

	private OpenApiDocument(Path path) {
		this.root = read(path);
		ObjectNode schemas = (ObjectNode) this.root.get("components").get("schemas");
		schemas.set("ProductPriceUnitBasedCreate", JSON.readTree(UNIT_BASED));
		JsonNode prices = schemas.get("CheckoutProductsCreate").get("properties").get("prices").get("anyOf").get(0);
		((ArrayNode) prices.get("additionalProperties").get("items").get("oneOf")).addObject()
			.put("$ref", SCHEMAS + "ProductPriceUnitBasedCreate");
		Dialect dialect = Dialect.builder(Dialects.getDraft202012())
			.format(format("uuid4", (text) -> UUID.fromString(text).version() == 4))
			.format(format("ipvanyaddress", OpenApiDocument::isAddress))
			// Polar replaces {CHECKOUT_ID}, which java.net.URI rejects
			.format(format("uri", (text) -> text.matches("https?://[^/\\s]+.*")))
			.keyword(new NonValidationKeyword("discriminator"))
			.build();
		String content = JSON.writeValueAsString(this.root);
		this.registry = SchemaRegistry.withDialect(dialect, (builder) -> builder.schemas(Map.of(LOCATION, content))
			.schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
	}

	/**
	 * Return the directory of Polar's documents and examples.
	 * @return the directory, or {@code null} if not available
	 */
	public static @Nullable Path directory() {
		String directory = System.getProperty("polar.openapi", "");
		return directory.isEmpty() ? null : Path.of(directory);
	}

	/**
	 * Return all available documents.
	 * @return a map from file names to documents, oldest first
	 */
	public static Map<String, OpenApiDocument> all() {
		Path directory = directory();
		Map<String, OpenApiDocument> documents = new LinkedHashMap<>();
		if (directory == null) {
			return documents;
		}
		try (Stream<Path> files = Files.list(directory)) {
			files.filter((file) -> file.getFileName().toString().matches("openapi-.*\\.json"))
				.sorted()
				.forEach((file) -> documents.put(file.getFileName().toString(), new OpenApiDocument(file)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (documents.isEmpty()) {
			throw new IllegalStateException(
					"'polar.openapi' specifies a directory without OpenAPI documents: " + directory);
		}
		return documents;
	}

	/**
	 * Read a JSON file.
	 * @param path the file
	 * @return its content
	 */
	public static JsonNode read(Path path) {
		try {
			return JSON.readTree(Files.readString(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Validate JSON against a schema.
	 * @param schema name of the schema
	 * @param json the JSON
	 * @return a message for each violation
	 */
	public List<String> violations(String schema, String json) {
		return this.schemas.computeIfAbsent(schema, this::schema)
			.validate(json, InputFormat.JSON)
			.stream()
			.map(Error::toString)
			.toList();
	}

	private Schema schema(String name) {
		return this.registry.getSchema("{\"$ref\":\"" + LOCATION + SCHEMAS + name + "\"}");
	}

	/**
	 * Return a schema, or the schema that it refers to.
	 * @param name name of the schema
	 * @return the schema
	 */
	public JsonNode definition(String name) {
		JsonNode definition = this.root.get("components").get("schemas").get(name);
		if (definition == null) {
			throw new IllegalArgumentException("There is no schema " + name);
		}
		return resolve(definition);
	}

	/**
	 * Return the target of a schema that is a reference.
	 * @param schema a schema
	 * @return the schema itself if it is not a reference
	 */
	public JsonNode resolve(JsonNode schema) {
		String reference = schema.path("$ref").asString("");
		return reference.isEmpty() ? schema : definition(reference.substring(SCHEMAS.length()));
	}

	/**
	 * Return the names of a schema's properties.
	 * @param name name of the schema
	 * @return the names
	 */
	public Set<String> properties(String name) {
		Set<String> names = new LinkedHashSet<>(definition(name).get("properties").propertyNames());
		return names;
	}

	/**
	 * Return the webhooks.
	 * @return a JSON object
	 */
	public JsonNode webhooks() {
		return this.root.path("webhooks");
	}

	/**
	 * Return the paths of the document.
	 * @return a map from paths to operations
	 */
	public JsonNode paths() {
		return this.root.get("paths");
	}

	private static boolean isAddress(String text) {
		try {
			return text.matches("[0-9A-Fa-f:.]+") && InetAddress.getByName(text) != null;
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	private static Format format(String name, Predicate<String> predicate) {
		return new Format() {

			@Override
			public String getName() {
				return name;
			}

			@Override
			public String getMessageKey() {
				return "format";
			}

			@Override
			public boolean matches(ExecutionContext context, String value) {
				try {
					return predicate.test(value);
				}
				catch (IllegalArgumentException ex) {
					return false;
				}
			}

		};
	}

}
