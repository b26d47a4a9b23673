package io.github.polarspring.test;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A product with one fixed price.
 */
record FakeProduct(UUID id, String name, long amount, String currency, UUID priceId, Instant createdAt) {

	FakeProduct(UUID id, String name, long amount, String currency) {
		this(id, name, amount, currency, UUID.randomUUID(), Instant.now());
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
		json.put("recurring_interval", null);
		json.put("recurring_interval_count", null);
		json.put("meter_interval", null);
		json.put("meter_interval_count", null);
		json.put("is_recurring", false);
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
		json.put("type", "one_time");
		json.put("recurring_interval", null);
		json.put("price_amount", this.amount);
		return json;
	}

}
