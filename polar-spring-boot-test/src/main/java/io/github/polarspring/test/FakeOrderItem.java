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
 * An item of an order, or of the next order of a subscription. Polar orders items by the
 * ID of the price, which is random; the fake keeps the order in which they were added.
 *
 * @param id the ID of the item
 * @param label the text of the item
 * @param amount the amount, which is negative for a credit
 * @param proration whether the item is there because the subscription was changed during
 * a period
 * @param price the price, or {@code null} for a trial
 */
record FakeOrderItem(UUID id, String label, long amount, boolean proration,
		@Nullable Map<String, @Nullable Object> price) {

	FakeOrderItem(String label, long amount, boolean proration, @Nullable Map<String, @Nullable Object> price) {
		this(UUID.randomUUID(), label, amount, proration, price);
	}

	static long sum(List<FakeOrderItem> items) {
		return items.stream().mapToLong(FakeOrderItem::amount).sum();
	}

	/**
	 * Return the sum to which the discount of the next order applies. Prorations already
	 * contain that of their period.
	 */
	static long discountable(List<FakeOrderItem> items) {
		return sum(items.stream().filter((item) -> !item.proration()).toList());
	}

	private @Nullable Object priceId() {
		return (this.price != null) ? this.price.get("id") : null;
	}

	Map<String, @Nullable Object> toJson(Instant createdAt) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", createdAt);
		json.put("modified_at", null);
		json.put("id", this.id);
		json.put("label", this.label);
		json.put("amount", this.amount);
		json.put("tax_amount", 0);
		json.put("proration", this.proration);
		json.put("product_price_id", priceId());
		json.put("start_timestamp", null);
		json.put("end_timestamp", null);
		return json;
	}

}
