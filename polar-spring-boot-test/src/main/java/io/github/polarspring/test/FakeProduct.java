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

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A product of the catalog. Guarded by the lock of {@link FakeState}.
 */
final class FakeProduct {

	private static final List<String> PUBLIC_BENEFIT = List.of("id", "created_at", "modified_at", "type", "description",
			"selectable", "deletable", "is_deleted", "organization_id");

	private final UUID id;

	private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

	private List<Map<String, @Nullable Object>> prices = new ArrayList<>();

	private final List<Map<String, @Nullable Object>> archivedPrices = new ArrayList<>();

	private List<Map<String, @Nullable Object>> benefits = List.of();

	private List<Map<String, @Nullable Object>> customFields = List.of();

	/**
	 * Create a product without prices.
	 */
	FakeProduct(UUID id, String name, @Nullable String recurringInterval, Instant createdAt) {
		this.id = id;
		this.values.put("id", id);
		this.values.put("created_at", createdAt);
		this.values.put("modified_at", null);
		this.values.put("trial_interval", null);
		this.values.put("trial_interval_count", null);
		this.values.put("name", name);
		this.values.put("description", null);
		this.values.put("visibility", "public");
		this.values.put("recurring_interval", recurringInterval);
		this.values.put("recurring_interval_count", (recurringInterval != null) ? 1 : null);
		this.values.put("meter_interval", null);
		this.values.put("meter_interval_count", null);
		this.values.put("is_recurring", recurringInterval != null);
		this.values.put("is_archived", false);
		this.values.put("is_deletable", true);
		this.values.put("metadata", Map.of());
	}

	/**
	 * Create a product with a fixed price.
	 */
	FakeProduct(UUID id, String name, long amount, String currency, @Nullable String recurringInterval) {
		this(id, name, recurringInterval, Instant.now());
		Map<String, @Nullable Object> price = new LinkedHashMap<>();
		price.put("amount_type", "fixed");
		price.put("price_currency", currency);
		price.put("tax_behavior", null);
		price.put("price_amount", amount);
		addPrice(price, null, createdAt());
	}

	UUID id() {
		return this.id;
	}

	String name() {
		return String.valueOf(this.values.get("name"));
	}

	Instant createdAt() {
		return (Instant) Objects.requireNonNull(this.values.get("created_at"));
	}

	@Nullable String recurringInterval() {
		return (String) this.values.get("recurring_interval");
	}

	int recurringIntervalCount() {
		return (this.values.get("recurring_interval_count") instanceof Number count) ? count.intValue() : 1;
	}

	boolean isRecurring() {
		return recurringInterval() != null;
	}

	boolean isArchived() {
		return Boolean.TRUE.equals(this.values.get("is_archived"));
	}

	boolean isDraft() {
		return "draft".equals(this.values.get("visibility"));
	}

	@Nullable Object get(String name) {
		return this.values.get(name);
	}

	/**
	 * Change fields.
	 */
	void put(Map<String, ? extends @Nullable Object> values) {
		this.values.putAll(values);
	}

	void modified(Instant now) {
		this.values.put("modified_at", now);
	}

	void addPrice(Map<String, ? extends @Nullable Object> values, @Nullable Map<String, @Nullable Object> meter,
			Instant now) {
		this.prices.add(FakePrices.price(values, "catalog", this.id, recurringInterval(), meter, now));
	}

	/**
	 * Store the amounts of metered prices as the database of Polar does: with all decimal
	 * places. Only the response that creates a price has them as they were sent.
	 */
	void storeAmounts() {
		this.prices = new ArrayList<>(this.prices.stream()
			.map((Map<String, @Nullable Object> price) -> FakePrices.isMetered(price) ? stored(price) : price)
			.toList());
	}

	private static Map<String, @Nullable Object> stored(Map<String, @Nullable Object> price) {
		Map<String, @Nullable Object> stored = new LinkedHashMap<>(price);
		stored.put("unit_amount",
				new BigDecimal(String.valueOf(price.get("unit_amount"))).setScale(12).toPlainString());
		return stored;
	}

	/**
	 * Archive the prices that are not in a list of IDs. Sessions with them cannot be paid
	 * any more.
	 */
	void keepPrices(List<?> ids, Instant now) {
		List<Map<String, @Nullable Object>> kept = new ArrayList<>();
		for (Map<String, @Nullable Object> price : this.prices) {
			if (ids.contains(String.valueOf(price.get("id")))) {
				kept.add(price);
			}
			else {
				price.put("is_archived", true);
				price.put("modified_at", now);
				this.archivedPrices.add(price);
			}
		}
		this.prices = kept;
	}

	FakePrices prices() {
		return new FakePrices(List.copyOf(this.prices), false);
	}

	/**
	 * Return the price with an ID, also if it is archived, or {@code null}.
	 */
	@Nullable Map<String, @Nullable Object> price(String priceId) {
		return Stream.concat(this.prices.stream(), this.archivedPrices.stream())
			.filter((price) -> priceId.equals(String.valueOf(price.get("id"))))
			.findFirst()
			.orElse(null);
	}

	boolean isArchived(String priceId) {
		Map<String, @Nullable Object> price = price(priceId);
		return price != null && Boolean.TRUE.equals(price.get("is_archived"));
	}

	/**
	 * Return the currency of the organization, if the product is sold in it.
	 */
	String currency() {
		return prices().in("usd").isEmpty() ? String.valueOf(this.prices.get(0).get("price_currency")) : "usd";
	}

	void benefits(List<Map<String, @Nullable Object>> benefits) {
		this.benefits = List.copyOf(benefits);
	}

	/**
	 * Remove a deleted benefit or custom field.
	 */
	void forget(UUID id) {
		benefits(this.benefits.stream().filter((benefit) -> !id.equals(benefit.get("id"))).toList());
		customFields(this.customFields.stream()
			.filter((field) -> !id.toString().equals(String.valueOf(field.get("custom_field_id"))))
			.toList());
	}

	List<Map<String, @Nullable Object>> benefits() {
		return this.benefits;
	}

	void customFields(List<Map<String, @Nullable Object>> customFields) {
		this.customFields = List.copyOf(customFields);
	}

	/**
	 * Return the custom fields as they are attached to this product.
	 */
	List<Map<String, @Nullable Object>> customFields() {
		return this.customFields;
	}

	/**
	 * Return the product with all fields of the catalog.
	 */
	Map<String, @Nullable Object> toFullJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toOrderJson(organizationId);
		json.put("prices", this.prices);
		json.put("benefits", this.benefits);
		json.put("medias", List.of());
		json.put("attached_custom_fields", this.customFields);
		return json;
	}

	/**
	 * Return the product as part of a session.
	 */
	Map<String, @Nullable Object> toJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toFullJson(organizationId);
		json.remove("metadata");
		json.remove("attached_custom_fields");
		json.put("benefits",
				this.benefits.stream()
					.filter((benefit) -> !"private".equals(benefit.get("visibility")))
					.map((benefit) -> {
						Map<String, @Nullable Object> visible = new LinkedHashMap<>(benefit);
						visible.keySet().retainAll(PUBLIC_BENEFIT);
						return visible;
					})
					.toList());
		return json;
	}

	/**
	 * Return the product as part of an order.
	 */
	Map<String, @Nullable Object> toOrderJson(UUID organizationId) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>(this.values);
		json.put("organization_id", organizationId);
		return json;
	}

}
