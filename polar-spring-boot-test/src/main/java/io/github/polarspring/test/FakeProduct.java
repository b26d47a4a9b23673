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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A product with one fixed price, either one-time or recurring.
 */
record FakeProduct(UUID id, String name, long amount, String currency, @Nullable String recurringInterval, UUID priceId,
		Instant createdAt) {

	FakeProduct(UUID id, String name, long amount, String currency, @Nullable String recurringInterval) {
		this(id, name, amount, currency, recurringInterval, UUID.randomUUID(), Instant.now());
	}

	boolean isRecurring() {
		return this.recurringInterval != null;
	}

	/**
	 * Return the product with all fields of the catalog.
	 */
	Map<String, Object> toFullJson(UUID organizationId) {
		Map<String, Object> json = toJson(organizationId);
		json.put("metadata", Map.of());
		json.put("attached_custom_fields", List.of());
		return json;
	}

	Map<String, Object> toJson(UUID organizationId) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("trial_interval", null);
		json.put("trial_interval_count", null);
		json.put("name", this.name);
		json.put("description", null);
		json.put("visibility", "public");
		json.put("recurring_interval", this.recurringInterval);
		json.put("recurring_interval_count", isRecurring() ? 1 : null);
		json.put("meter_interval", null);
		json.put("meter_interval_count", null);
		json.put("is_recurring", isRecurring());
		json.put("is_archived", false);
		json.put("organization_id", organizationId);
		json.put("prices", List.of(price()));
		json.put("benefits", List.of());
		json.put("medias", List.of());
		return json;
	}

	Map<String, Object> price() {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("id", this.priceId);
		json.put("source", "catalog");
		json.put("amount_type", "fixed");
		json.put("price_currency", this.currency);
		json.put("tax_behavior", null);
		json.put("is_archived", false);
		json.put("product_id", this.id);
		json.put("type", isRecurring() ? "recurring" : "one_time");
		json.put("recurring_interval", this.recurringInterval);
		json.put("price_amount", this.amount);
		return json;
	}

}
