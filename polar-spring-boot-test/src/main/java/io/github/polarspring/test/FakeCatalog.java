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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Polar's calls to fill the catalog: products, discounts, benefits, meters, and custom
 * fields. Guarded by the lock of {@link FakeState}.
 */
final class FakeCatalog {

	private static final Pattern PATH = Pattern
		.compile("/v1/(products|discounts|benefits|meters|custom-fields)(?:/([^/]*))?(/benefits)?");

	private final FakeState state;

	private final Map<String, Map<String, @Nullable Object>> benefits = new LinkedHashMap<>();

	private final Map<String, Map<String, @Nullable Object>> meters = new LinkedHashMap<>();

	private final Map<String, Map<String, @Nullable Object>> customFields = new LinkedHashMap<>();

	private final FakeDiscounts discounts;

	FakeCatalog(FakeState state) {
		this.state = state;
		this.discounts = new FakeDiscounts(state);
	}

	@Nullable Map<String, @Nullable Object> benefit(UUID id) {
		return this.benefits.get(id.toString());
	}

	/**
	 * Return the meters, oldest first.
	 */
	List<Map<String, @Nullable Object>> meters() {
		return List.copyOf(this.meters.values());
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
		String scope = name.replace('-', '_');
		boolean ofBenefits = matcher.group(3) != null;
		boolean product = name.equals("products");
		if (ofBenefits ? !product : (product && method.equals("GET"))) {
			return null;
		}
		Set<String> write = Set.of(scope + ":write");
		Set<String> read = Set.of(scope + ":read", scope + ":write");
		if (id.isEmpty()) {
			return switch (method) {
				case "POST" -> transformer.authorized(request, write,
						() -> transformer.withJson(request, (json) -> create(name, UUID.randomUUID(), json)));
				case "GET" ->
					transformer.authorized(request, read, () -> transformer.list(list(name, request.getUrl())));
				default -> FakeTransformer.methodNotAllowed("GET");
			};
		}
		return switch (ofBenefits ? "benefits " + method : method) {
			case "PATCH",
					"benefits POST" ->
				transformer.authorized(request, write,
						() -> FakeTransformer.withId(id, (uuid) -> transformer.withJson(request, (json) -> product
								? update(this.state.product(uuid), json, ofBenefits) : update(name, uuid, json))));
			case "GET" -> transformer.authorized(request, read,
					() -> FakeTransformer.withId(id, (uuid) -> found(find(name, uuid))));
			case "DELETE" -> (product || name.equals("meters")) ? FakeTransformer.methodNotAllowed("GET") : transformer
				.authorized(request, write, () -> FakeTransformer.withId(id, (uuid) -> delete(name, uuid)));
			default -> FakeTransformer.methodNotAllowed(ofBenefits ? "POST" : "GET");
		};
	}

	private ResponseDefinitionBuilder delete(String name, UUID id) {
		boolean deleted = switch (name) {
			case "discounts" -> this.discounts.delete(id);
			case "benefits" -> deleteBenefit(id);
			default -> this.customFields.remove(id.toString()) != null;
		};
		if (deleted) {
			this.state.products().forEach((product) -> product.forget(id));
		}
		return deleted ? new ResponseDefinitionBuilder().withStatus(204).withHeader("Content-Type", "application/json")
				: found(null);
	}

	/**
	 * Delete a benefit. No event tells of it but those of the grants, which are revoked.
	 */
	private boolean deleteBenefit(UUID id) {
		Map<String, @Nullable Object> benefit = this.benefits.remove(id.toString());
		if (benefit == null) {
			return false;
		}
		benefit.put("is_deleted", true);
		benefit.put("modified_at", this.state.now());
		this.state.send("benefit.updated", new LinkedHashMap<>(benefit));
		this.state.sales().grantJobs.cancel((grant) -> grant.isOf(benefit));
		this.state.sales().grants.stream()
			.filter((grant) -> grant.isOf(benefit) && grant.isGranted())
			.toList()
			.forEach(this.state.sales()::revoke);
		return true;
	}

	private FakeList list(String name, String url) {
		Map<String, Filter> filters = new LinkedHashMap<>(Map.of("organization_id", Filter.id("organization_id")));
		switch (name) {
			case "discounts":
				return new FakeList(
						searchable(this.state.discounts().stream().map(this.discounts::json).toList(), "code"), filters,
						"#query", List.of("created_at", "name", "code", "redemptions_count", "ends_at"), url);
			case "benefits":
				filters.putAll(Map.of("type", Filter.oneOf("type", "BenefitType", FakeBenefitSchema.types()), "id",
						Filter.id("id")));
				return new FakeList(newestFirst(this.benefits), filters, "description",
						List.of("created_at", "description", "type", "user_order"), url);
			case "meters":
				List<Map<String, @Nullable Object>> meters = sorted(this.meters, "name");
				meters.forEach((meter) -> meter.put("#is_archived", meter.get("archived_at") != null));
				filters.put("is_archived", Filter.flag("#is_archived"));
				return new FakeList(meters, filters, "name", List.of("created_at", "name"), url);
			default:
				filters.put("type",
						Filter.oneOf("type", "CustomFieldType", "text", "number", "date", "checkbox", "select"));
				return new FakeList(searchable(sorted(this.customFields, "slug"), "slug"), filters, "#query",
						List.of("created_at", "slug", "name", "type"), url);
		}
	}

	/**
	 * Add what {@code query} searches: the name and another field.
	 */
	private static List<Map<String, @Nullable Object>> searchable(List<Map<String, @Nullable Object>> items,
			String field) {
		items.forEach((item) -> item.put("#query", item.get("name") + "\n" + Objects.toString(item.get(field), "")));
		return items;
	}

	private static List<Map<String, @Nullable Object>> newestFirst(Map<String, Map<String, @Nullable Object>> all) {
		List<Map<String, @Nullable Object>> items = new ArrayList<>();
		all.values().forEach((item) -> items.add(0, new LinkedHashMap<>(item)));
		return items;
	}

	private static List<Map<String, @Nullable Object>> sorted(Map<String, Map<String, @Nullable Object>> all,
			String field) {
		List<Map<String, @Nullable Object>> items = newestFirst(all);
		items.sort(Comparator.comparing((item) -> String.valueOf(item.get(field)), String.CASE_INSENSITIVE_ORDER));
		return items;
	}

	Map<String, @Nullable Object> json(FakeDiscount discount) {
		return this.discounts.json(discount);
	}

	private static ResponseDefinitionBuilder found(@Nullable Map<String, @Nullable Object> json) {
		return (json != null) ? FakeTransformer.json(200, json)
				: FakeTransformer.error(404, "ResourceNotFound", "Not found");
	}

	private @Nullable Map<String, @Nullable Object> find(String name, UUID id) {
		return switch (name) {
			case "discounts" -> {
				FakeDiscount discount = this.state.discount(id);
				yield (discount != null) ? this.discounts.json(discount) : null;
			}
			case "benefits" -> this.benefits.get(id.toString());
			case "meters" -> this.meters.get(id.toString());
			default -> this.customFields.get(id.toString());
		};
	}

	ResponseDefinitionBuilder create(String name, UUID id, JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		Object read = schema(name, false).read(json, errors);
		if (!errors.isEmpty() || read == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (json.hasNonNull("organization_id")) {
			return invalid(errors.at("organization_id"), errors, "organization_token",
					"Setting organization_id is disallowed when using an organization token.",
					json.path("organization_id"));
		}
		Map<String, @Nullable Object> values = copy((Map<?, ?>) read);
		ResponseDefinitionBuilder rejected = (name.equals("benefits")) ? rejectMeter(values)
				: name.equals("custom-fields") ? rejectSlug(id, values) : null;
		if (rejected != null) {
			return rejected;
		}
		Map<String, @Nullable Object> created = switch (name) {
			case "products" -> createProduct(id, values, errors);
			case "discounts" -> this.discounts.create(id, values, errors);
			case "benefits" -> createBenefit(id, values);
			case "meters" -> createMeter(id, values);
			default -> store(this.customFields, id, values);
		};
		return (created != null) ? FakeTransformer.json(201, created)
				: FakeTransformer.validation("PolarRequestValidationError", errors.items());
	}

	private static FakeType schema(String name, boolean update) {
		return switch (name) {
			case "products" -> update ? FakeCatalogSchema.PRODUCT_UPDATE : FakeCatalogSchema.PRODUCT;
			case "discounts" -> update ? FakeCatalogSchema.DISCOUNT_UPDATE : FakeCatalogSchema.DISCOUNT;
			case "benefits" -> update ? FakeBenefitSchema::update : FakeBenefitSchema.SCHEMA;
			case "meters" -> update ? FakeMeterSchema.UPDATE : FakeMeterSchema.SCHEMA;
			default -> update ? FakeCatalogSchema.CUSTOM_FIELD_UPDATE : FakeCatalogSchema.CUSTOM_FIELD;
		};
	}

	private static ResponseDefinitionBuilder invalid(FakeErrors at, FakeErrors errors, String type, String message,
			@Nullable Object input) {
		at.add(type, message, input);
		return FakeTransformer.validation("PolarRequestValidationError", errors.items());
	}

	private @Nullable ResponseDefinitionBuilder rejectMeter(Map<String, @Nullable Object> values) {
		if (!"meter_credit".equals(values.get("type")) || !(values.get("properties") instanceof Map<?, ?> properties)
				|| meter(String.valueOf(properties.get("meter_id"))) != null) {
			return null;
		}
		FakeErrors errors = new FakeErrors("body", "properties", "meter_id");
		errors.add("value_error", "This meter does not exist.", properties.get("meter_id"));
		return FakeTransformer.validation("BenefitPropertiesValidationError", errors.items());
	}

	private @Nullable ResponseDefinitionBuilder rejectSlug(UUID id, Map<String, @Nullable Object> values) {
		boolean taken = this.customFields.entrySet()
			.stream()
			.anyMatch((field) -> !field.getKey().equals(id.toString())
					&& Objects.equals(field.getValue().get("slug"), values.get("slug")));
		FakeErrors errors = new FakeErrors("body");
		return taken ? invalid(errors.at("slug"), errors, "value_error", "Custom field with this slug already exists.",
				values.get("slug")) : null;
	}

	/**
	 * Update anything except for a product.
	 */
	private ResponseDefinitionBuilder update(String name, UUID id, JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		Object read = schema(name, true).read(json, errors);
		if (!errors.isEmpty() || read == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		Map<String, @Nullable Object> values = copy((Map<?, ?>) read);
		FakeDiscount discount = name.equals("discounts") ? this.state.discount(id) : null;
		if (discount != null) {
			Map<String, @Nullable Object> updated = this.discounts.update(discount, values, errors);
			return (updated != null) ? FakeTransformer.json(200, updated)
					: FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		Map<String, @Nullable Object> known = find(name, id);
		if (known == null) {
			return found(null);
		}
		ResponseDefinitionBuilder rejected = reject(name, known, values, json);
		if (rejected != null) {
			return rejected;
		}
		if (values.remove("is_archived") instanceof Boolean archived) {
			values.put("archived_at", archived ? this.state.now() : null);
		}
		values.values().removeIf((value) -> value == null && !values.containsKey("archived_at"));
		known.putAll(values);
		if (name.equals("benefits")) {
			this.state.send("benefit.updated", new LinkedHashMap<>(known));
		}
		known.put("modified_at", this.state.now());
		return FakeTransformer.json(200, known);
	}

	private @Nullable ResponseDefinitionBuilder reject(String name, Map<String, @Nullable Object> known,
			Map<String, @Nullable Object> values, JsonNode sent) {
		FakeErrors errors = new FakeErrors("body");
		boolean sameType = Objects.equals(known.get("type"), values.get("type"));
		if (name.equals("benefits") && !sameType) {
			return invalid(errors.at("type"), errors, "value_error", "Benefit type cannot be changed.",
					known.get("type"));
		}
		if (name.equals("custom-fields")) {
			return sameType ? rejectSlug(UUID.fromString(String.valueOf(known.get("id"))), values)
					: invalid(errors.at("type"), errors, "value_error", "The type of a custom field can't be changed.",
							values.get("type"));
		}
		for (String field : List.of("filter", "aggregation")) {
			if (name.equals("meters") && values.get(field) != null && this.state.usage().isCounted(known)) {
				errors.at(field)
					.add("forbidden", "This field can't be updated because the meter is already aggregating events.",
							sent.get(field));
			}
		}
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		if (!Boolean.TRUE.equals(values.get("is_archived"))) {
			return null;
		}
		String use = isSold(known.get("id")) ? "attached to active products"
				: isCredited(known.get("id")) ? "referenced by active benefits" : null;
		return (use != null) ? invalid(errors.at("is_archived"), errors, "value_error",
				"Cannot archive meter that is still " + use, true) : null;
	}

	private boolean isSold(@Nullable Object meter) {
		return this.state.products()
			.stream()
			.filter((product) -> !product.isArchived())
			.flatMap((product) -> product.prices().prices().stream())
			.anyMatch((price) -> String.valueOf(meter).equals(price.get("meter_id")));
	}

	private boolean isCredited(@Nullable Object meter) {
		return this.benefits.values()
			.stream()
			.anyMatch((benefit) -> "meter_credit".equals(benefit.get("type"))
					&& benefit.get("properties") instanceof Map<?, ?> properties
					&& String.valueOf(meter).equals(properties.get("meter_id")));
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

	/**
	 * Check what a product refers to.
	 */
	private void check(Map<String, @Nullable Object> values, @Nullable FakeProduct product, FakeErrors errors) {
		boolean recurring = (product != null) ? product.isRecurring() : values.get("recurring_interval") != null;
		if (values.get("prices") instanceof List<?> prices) {
			List<Object> known = new ArrayList<>();
			for (int i = 0; i < prices.size(); i++) {
				Object price = (prices.get(i) instanceof String id && product != null) ? product.price(id)
						: prices.get(i);
				if (price instanceof Map<?, ?>) {
					known.add(price);
				}
				else {
					errors.at("prices").at(i).add("value_error", "Price does not exist.", prices.get(i));
				}
			}
			new FakePriceRules(errors.at("prices"), recurring, null, this::meter).check(known);
		}
		if (values.get("attached_custom_fields") instanceof List<?> fields) {
			for (int i = 0; i < fields.size(); i++) {
				String id = String.valueOf(((Map<?, ?>) Objects.requireNonNull(fields.get(i))).get("custom_field_id"));
				if (!this.customFields.containsKey(id)) {
					errors.at("attached_custom_fields").at(i).add("value_error", "Custom field does not exist.", id);
				}
			}
		}
		if (product != null && !recurring && values.get("trial_interval") != null) {
			for (String name : List.of("trial_interval", "trial_interval_count")) {
				errors.at(name)
					.add("value_error", "Trial configuration is only supported on recurring products.",
							values.get(name));
			}
		}
	}

	private @Nullable Map<String, @Nullable Object> createProduct(UUID id, Map<String, @Nullable Object> values,
			FakeErrors errors) {
		check(values, null, errors);
		if (!errors.isEmpty()) {
			return null;
		}
		FakeProduct product = new FakeProduct(id, String.valueOf(values.get("name")),
				(String) values.get("recurring_interval"), this.state.now());
		change(product, values);
		this.state.add(product);
		Map<String, @Nullable Object> json = product.toFullJson(this.state.organizationId());
		this.state.send("product.created", json);
		product.storeAmounts();
		return json;
	}

	private void change(FakeProduct product, Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> own = new LinkedHashMap<>(values);
		own.values().removeIf(Objects::isNull);
		Object prices = own.remove("prices");
		Object fields = own.remove("attached_custom_fields");
		own.remove("medias");
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
			Map<String, @Nullable Object> values = FakeCatalogSchema.PRODUCT_BENEFITS.read(json, errors);
			if (values != null && values.get("benefits") instanceof List<?> ids) {
				attach(product, ids);
			}
		}
		else {
			Map<String, @Nullable Object> values = FakeCatalogSchema.PRODUCT_UPDATE.read(json, errors);
			FakeErrors problems = new FakeErrors("body");
			if (errors.isEmpty() && values != null) {
				check(values, product, problems);
			}
			if (!problems.isEmpty()) {
				return FakeTransformer.validation("PolarRequestValidationError", problems.items());
			}
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
		ResponseDefinitionBuilder response = FakeTransformer.json(200, updated);
		product.storeAmounts();
		return response;
	}

	private Map<String, @Nullable Object> createBenefit(UUID id, Map<String, @Nullable Object> values) {
		values.put("selectable", true);
		values.put("deletable", true);
		values.put("is_deleted", false);
		boolean files = "downloadables".equals(values.get("type"));
		values.put("visibility_configurable", !files);
		if (files && values.get("properties") instanceof Map<?, ?> sent) {
			Map<String, @Nullable Object> properties = copy(sent);
			properties.putIfAbsent("archived", Map.of());
			values.put("properties", properties);
		}
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
