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
import java.math.RoundingMode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A discount that applies to every payment: a fixed amount in a currency, or a
 * percentage.
 */
record FakeDiscount(UUID id, String code, long amount, @Nullable String currency, int percent, Instant createdAt) {

	/**
	 * Return the discount on an amount, at most the amount.
	 */
	long of(long amount, String currency) {
		if (this.currency == null) {
			return BigDecimal.valueOf(amount)
				.multiply(BigDecimal.valueOf(this.percent))
				.divide(BigDecimal.valueOf(100), 0, RoundingMode.HALF_UP)
				.longValueExact();
		}
		return this.currency.equals(currency) ? Math.min(this.amount, amount) : 0;
	}

	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("name", this.code);
		json.put("code", this.code);
		json.put("duration", "forever");
		json.put("type", (this.currency != null) ? "fixed" : "percentage");
		if (this.currency != null) {
			json.put("amount", this.amount);
			json.put("currency", this.currency);
			json.put("amounts", Map.of(this.currency, this.amount));
		}
		else {
			json.put("basis_points", this.percent * 100);
		}
		return json;
	}

	/**
	 * Return the JSON in orders and subscriptions.
	 */
	Map<String, @Nullable Object> toFullJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toJson();
		json.put("created_at", this.createdAt);
		json.put("metadata", Map.of());
		json.put("redemptions_count", 0);
		json.put("organization_id", organizationId);
		for (String name : new String[] { "modified_at", "starts_at", "ends_at", "max_redemptions",
				"max_redemptions_per_customer" }) {
			json.put(name, null);
		}
		return json;
	}

}
