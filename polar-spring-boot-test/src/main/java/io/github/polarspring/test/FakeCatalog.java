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

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Polar's calls to fill the catalog: products, discounts, benefits, meters, and custom
 * fields. Guarded by the lock of {@link FakeState}.
 */
final class FakeCatalog {

	private static final Pattern PATH = Pattern
		.compile("/v1/(products|discounts|benefits|meters|custom-fields)(?:/([^/]*))?(/benefits)?");

	private static final FakeType INTERVAL = FakeSchema.nullable(FakeSchema.oneOf("day", "week", "month", "year"));

	private static final FakeType COUNT = FakeSchema.nullable(FakeSchema.integer(1, 999));

	private static final FakeType ANYTHING = (value, errors) -> JsonMapper.shared().treeToValue(value, Object.class);

	private static final FakeFields PRODUCT_UPDATE = new FakeFields()
		.optional("name", FakeSchema.text(3, Integer.MAX_VALUE))
		.optional("description", FakeSchema.nullable(FakeSchema.text()))
		.optional("visibility", FakeSchema.oneOf("draft", "private", "public"))
		.optional("metadata", FakeSchema.metadata())
		.optional(List.of("trial_interval", "recurring_interval"), INTERVAL)
		.optional(List.of("trial_interval_count", "recurring_interval_count"), COUNT)
		.optional("is_archived", FakeSchema.nullable(FakeSchema.bool()))
		.optional("prices", FakeSchema.nullable(FakeSchema.list(FakeCatalog::price, 1)))
		.optional("attached_custom_fields", FakeSchema.list(
				new FakeFields().required("custom_field_id", FakeSchema.uuid()).required("required", FakeSchema.bool()),
				0));

	private static final FakeFields PRODUCT = new FakeFields().required("name", FakeSchema.text(3, Integer.MAX_VALUE))
		.optional("description", FakeSchema.nullable(FakeSchema.text()))
		.optional("visibility", FakeSchema.oneOf("draft", "private", "public"))
		.optional("metadata", FakeSchema.metadata())
		.optional(List.of("trial_interval", "recurring_interval"), INTERVAL)
		.optional(List.of("trial_interval_count", "recurring_interval_count"), COUNT)
		.required("prices", FakeSchema.list(FakePriceSchema.PRICE, 1))
		.optional("attached_custom_fields", FakeSchema.list(
				new FakeFields().required("custom_field_id", FakeSchema.uuid()).required("required", FakeSchema.bool()),
				0));

	private static final FakeFields DISCOUNT = new FakeFields().required("name", FakeSchema.text(1, Integer.MAX_VALUE))
		.required("type", FakeSchema.oneOf("fixed", "percentage"))
		.required("duration", FakeSchema.oneOf("once", "forever", "repeating"))
		.optional("duration_in_months", FakeSchema.nullable(FakeSchema.integer(1, 999)))
		.optional("basis_points", FakeSchema.integer(1, 10_000))
		.optional("amounts", FakeSchema.map(FakePriceSchema.CURRENCY, FakeSchema.positive(), Integer.MAX_VALUE))
		.optional("amount", FakeSchema.positive())
		.optional("currency", FakePriceSchema.CURRENCY)
		.optional("code", FakeSchema.nullable(FakeSchema.text(3, 256)))
		.optional(List.of("starts_at", "ends_at"), FakeSchema.nullable(FakeSchema.time()))
		.optional(List.of("max_redemptions", "max_redemptions_per_customer"),
				FakeSchema.nullable(FakeSchema.positive()))
		.optional("products", FakeSchema.nullable(FakeSchema.list(FakeSchema.uuid(), 0)))
		.optional("metadata", FakeSchema.metadata());

	private static final FakeFields BENEFIT = new FakeFields()
		.required("type",
				FakeSchema.oneOf("custom", "discord", "github_repository", "downloadables", "license_keys",
						"meter_credit", "feature_flag", "slack_shared_channel"))
		.required("description", FakeSchema.text(3, 42))
		.withDefault("properties", Map.of(), ANYTHING)
		.withDefault("visibility", "public", FakeSchema.oneOf("public", "private"))
		.withDefault("metadata", Map.of(), FakeSchema.metadata());

	private static final FakeFields METER = new FakeFields().required("name", FakeSchema.text(3, Integer.MAX_VALUE))
		.required("filter", ANYTHING)
		.required("aggregation", ANYTHING)
		.withDefault("unit", "scalar", FakeSchema.oneOf("scalar", "token", "custom"))
		.withDefault("custom_label", null, FakeSchema.nullable(FakeSchema.text()))
		.withDefault("custom_multiplier", null, FakeSchema.nullable(FakeSchema.positive()))
		.withDefault("metadata", Map.of(), FakeSchema.metadata());

	private static final FakeFields CUSTOM_FIELD = new FakeFields()
		.required("type", FakeSchema.oneOf("text", "number", "date", "checkbox", "select"))
		.required("slug", FakeSchema.text(1, Integer.MAX_VALUE))
		.required("name", FakeSchema.text(1, Integer.MAX_VALUE))
		.withDefault("properties", Map.of(), ANYTHING)
		.withDefault("metadata", Map.of(), FakeSchema.metadata());

	private final FakeState state;

	private final Map<String, Map<String, @Nullable Object>> benefits = new LinkedHashMap<>();

	private final Map<String, Map<String, @Nullable Object>> meters = new LinkedHashMap<>();

	private final Map<String, Map<String, @Nullable Object>> customFields = new LinkedHashMap<>();

	FakeCatalog(FakeState state) {
		this.state = state;
	}

	/**
	 * A price of the request, or the ID of an existing price, which is kept.
	 */
	private static @Nullable Object price(JsonNode value, FakeErrors errors) {
		return value.has("id") ? value.path("id").asString() : FakePriceSchema.PRICE.read(value, errors);
	}

	@Nullable Map<String, @Nullable Object> benefit(UUID id) {
		return this.benefits.get(id.toString());
	}

	@Nullable Map<String, @Nullable Object> meter(String id) {
		return this.meters.get(id);
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(FakeTransformer transformer, Request request, String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		if (matcher.group(2) == null) {
			return transformer.temporaryRedirect(request, path + "/");
		}
		String name = matcher.group(1);
		String id = matcher.group(2);
		boolean collection = id.isEmpty();
		String scope = name.replace('-', '_');
		if (collection && method.equals("POST")) {
			return transformer.authorized(request, Set.of(scope + ":write"),
					() -> transformer.withJson(request, (json) -> create(name, UUID.randomUUID(), json)));
		}
		boolean product = name.equals("products");
		boolean ofBenefits = matcher.group(3) != null;
		if (product && (ofBenefits ? method.equals("POST") : method.equals("PATCH"))) {
			return transformer.authorized(request, Set.of("products:write"),
					() -> FakeTransformer.withId(id, (uuid) -> transformer.withJson(request,
							(json) -> update(this.state.product(uuid), json, ofBenefits))));
		}
		if (!product && !collection && method.equals("GET")) {
			return transformer.authorized(request, Set.of(scope + ":read", scope + ":write"),
					() -> FakeTransformer.withId(id, (uuid) -> found(find(name, uuid))));
		}
		if (!product && !collection && !ofBenefits && method.equals("DELETE") && !name.equals("meters")) {
			return transformer.authorized(request, Set.of(scope + ":write"),
					() -> FakeTransformer.withId(id, (uuid) -> delete(name, uuid)));
		}
		return null;
	}

	private ResponseDefinitionBuilder delete(String name, UUID id) {
		boolean deleted = switch (name) {
			case "discounts" -> this.state.removeDiscount(id);
			case "benefits" -> this.benefits.remove(id.toString()) != null;
			default -> this.customFields.remove(id.toString()) != null;
		};
		return deleted ? new ResponseDefinitionBuilder().withStatus(204).withHeader("Content-Type", "application/json")
				: found(null);
	}

	private static ResponseDefinitionBuilder found(@Nullable Map<String, @Nullable Object> json) {
		return (json != null) ? FakeTransformer.json(200, json)
				: FakeTransformer.error(404, "ResourceNotFound", "Not found");
	}

	private @Nullable Map<String, @Nullable Object> find(String name, UUID id) {
		return switch (name) {
			case "discounts" -> {
				FakeDiscount discount = this.state.discount(id);
				yield (discount != null) ? json(discount) : null;
			}
			case "benefits" -> this.benefits.get(id.toString());
			case "meters" -> this.meters.get(id.toString());
			default -> this.customFields.get(id.toString());
		};
	}

	ResponseDefinitionBuilder create(String name, UUID id, JsonNode json) {
		return switch (name) {
			case "products" -> read(PRODUCT, json, (values) -> createProduct(id, values));
			case "discounts" -> read(DISCOUNT, json, (values) -> createDiscount(id, values));
			case "benefits" -> read(BENEFIT, json, (values) -> createBenefit(id, values));
			case "meters" -> read(METER, json, (values) -> createMeter(id, values));
			default -> read(CUSTOM_FIELD, json, (values) -> store(this.customFields, id, values));
		};
	}

	/**
	 * Return the IDs of all benefits by their descriptions and by themselves.
	 */
	Map<String, UUID> benefits() {
		Map<String, UUID> ids = new LinkedHashMap<>();
		this.benefits
			.forEach((id, benefit) -> ids.put(String.valueOf(benefit.get("description")), UUID.fromString(id)));
		this.benefits.keySet().forEach((id) -> ids.put(id, UUID.fromString(id)));
		return ids;
	}

	/**
	 * Set the benefits of a product.
	 */
	void attach(UUID productId, List<UUID> ids) {
		attach(Objects.requireNonNull(this.state.product(productId)), ids);
	}

	private void attach(FakeProduct product, List<?> ids) {
		product.benefits(ids.stream()
			.map((id) -> this.benefits.get(String.valueOf(id)))
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.toList());
	}

	private static ResponseDefinitionBuilder read(FakeFields fields, JsonNode json,
			Function<Map<String, @Nullable Object>, Map<String, @Nullable Object>> action) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = fields.read(json, errors);
		return (errors.isEmpty() && values != null) ? FakeTransformer.json(201, action.apply(values))
				: FakeTransformer.validation("RequestValidationError", errors.items());
	}

	private Map<String, @Nullable Object> createProduct(UUID id, Map<String, @Nullable Object> values) {
		FakeProduct product = new FakeProduct(id, String.valueOf(values.get("name")),
				(String) values.get("recurring_interval"), this.state.now());
		change(product, values);
		this.state.add(product);
		Map<String, @Nullable Object> json = product.toFullJson(this.state.organizationId());
		this.state.send("product.created", json);
		return json;
	}

	private void change(FakeProduct product, Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> own = new LinkedHashMap<>(values);
		own.values().removeIf(Objects::isNull);
		Object prices = own.remove("prices");
		Object fields = own.remove("attached_custom_fields");
		product.put(own);
		if (prices instanceof List<?> list) {
			list.forEach((price) -> {
				if (price instanceof Map<?, ?> sent) {
					Map<String, @Nullable Object> copy = copy(sent);
					product.addPrice(copy, meter(String.valueOf(copy.get("meter_id"))), this.state.now());
				}
			});
		}
		if (fields instanceof List<?> list) {
			product.customFields(attached(list));
		}
	}

	private List<Map<String, @Nullable Object>> attached(List<?> list) {
		List<Map<String, @Nullable Object>> attached = new ArrayList<>();
		for (Object each : list) {
			Map<String, @Nullable Object> field = copy((Map<?, ?>) each);
			field.put("custom_field", this.customFields.get(String.valueOf(field.get("custom_field_id"))));
			field.put("order", attached.size());
			attached.add(field);
		}
		return attached;
	}

	private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		map.forEach((key, value) -> copy.put(key.toString(), value));
		return copy;
	}

	private ResponseDefinitionBuilder update(@Nullable FakeProduct product, JsonNode json, boolean ofBenefits) {
		if (product == null) {
			return found(null);
		}
		FakeErrors errors = new FakeErrors("body");
		if (ofBenefits) {
			Map<String, @Nullable Object> values = new FakeFields()
				.required("benefits", FakeSchema.list(FakeSchema.uuid(), 0))
				.read(json, errors);
			if (values != null && values.get("benefits") instanceof List<?> ids) {
				attach(product, ids);
			}
		}
		else {
			Map<String, @Nullable Object> values = PRODUCT_UPDATE.read(json, errors);
			if (errors.isEmpty() && values != null) {
				if (values.get("prices") instanceof List<?> prices) {
					product.keepPrices(prices, this.state.now());
				}
				if (values.keySet().stream().anyMatch((name) -> !name.equals("prices"))) {
					product.modified(this.state.now());
				}
				change(product, values);
			}
		}
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		Map<String, @Nullable Object> updated = product.toFullJson(this.state.organizationId());
		this.state.send("product.updated", updated);
		return FakeTransformer.json(200, updated);
	}

	private Map<String, @Nullable Object> createDiscount(UUID id, Map<String, @Nullable Object> values) {
		if (values.get("amount") != null && values.get("amounts") == null) {
			values.put("amounts", Map.of(String.valueOf(values.getOrDefault("currency", "usd")),
					Objects.requireNonNull(values.get("amount"))));
		}
		if (values.get("amounts") instanceof Map<?, ?> amounts) {
			Map.Entry<?, ?> first = amounts.entrySet().iterator().next();
			values.putIfAbsent("amount", first.getValue());
			values.putIfAbsent("currency", first.getKey());
		}
		for (String name : List.of("starts_at", "ends_at")) {
			if (values.get(name) instanceof String time) {
				values.put(name, FakeTime.toInstant(time));
			}
		}
		List<UUID> products = new ArrayList<>();
		if (values.remove("products") instanceof List<?> ids) {
			ids.forEach((product) -> products.add(UUID.fromString(String.valueOf(product))));
		}
		FakeDiscount discount = new FakeDiscount(id, values, products, this.state.now());
		this.state.add(discount);
		Map<String, @Nullable Object> json = json(discount);
		this.state.send("discount.created", json);
		return json;
	}

	Map<String, @Nullable Object> json(FakeDiscount discount) {
		UUID organization = this.state.organizationId();
		Map<String, @Nullable Object> json = discount.toFullJson(organization);
		json.put("products",
				discount.products()
					.stream()
					.map(this.state::product)
					.filter(Objects::nonNull)
					.map((product) -> product.toOrderJson(organization))
					.toList());
		return json;
	}

	private Map<String, @Nullable Object> createBenefit(UUID id, Map<String, @Nullable Object> values) {
		values.put("selectable", true);
		values.put("deletable", true);
		values.put("is_deleted", false);
		values.put("visibility_configurable", true);
		if ("custom".equals(values.get("type"))) {
			values.put("is_tax_applicable", true);
		}
		Map<String, @Nullable Object> json = store(this.benefits, id, values);
		this.state.send("benefit.created", json);
		return json;
	}

	private Map<String, @Nullable Object> createMeter(UUID id, Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> json = store(this.meters, id, values);
		json.put("modified_at", json.get("created_at"));
		json.put("archived_at", null);
		return json;
	}

	private Map<String, @Nullable Object> store(Map<String, Map<String, @Nullable Object>> all, UUID id,
			Map<String, @Nullable Object> values) {
		Instant now = this.state.now();
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", now);
		json.put("modified_at", null);
		json.put("id", id);
		json.putAll(values);
		json.put("organization_id", this.state.organizationId());
		all.put(id.toString(), json);
		return json;
	}

}
