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
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What a metered price of a subscription has counted in the present period. Guarded by
 * the lock of {@link FakeState}.
 */
final class FakeSubscriptionMeter {

	private static final FakeUsage NOTHING = new FakeUsage(BigDecimal.ZERO, List.of());

	final Map<String, @Nullable Object> meter;

	private final UUID id = UUID.randomUUID();

	private final Instant createdAt;

	private @Nullable Instant modifiedAt;

	private FakeUsage usage = NOTHING;

	private long amount;

	FakeSubscriptionMeter(Map<String, @Nullable Object> meter, Instant now) {
		this.meter = meter;
		this.createdAt = now;
	}

	boolean isOf(Map<String, @Nullable Object> price) {
		return String.valueOf(this.meter.get("id")).equals(String.valueOf(price.get("meter_id")));
	}

	/**
	 * Return the price of the units that no credit covers, rounded to minor units.
	 */
	static long amount(FakeUsage usage, Map<String, @Nullable Object> price) {
		BigDecimal amount = new BigDecimal(String.valueOf(price.get("unit_amount"))).multiply(usage.billable());
		if (price.get("cap_amount") instanceof Number cap) {
			amount = amount.min(BigDecimal.valueOf(cap.longValue()));
		}
		return amount.setScale(0, RoundingMode.HALF_UP).longValueExact();
	}

	/**
	 * Update the numbers.
	 * @return whether they have changed
	 */
	boolean update(FakeUsage usage, long amount, Instant now) {
		if (this.usage.isSame(usage) && this.amount == amount) {
			return false;
		}
		this.usage = usage;
		this.amount = amount;
		this.modifiedAt = now;
		return true;
	}

	void reset(Instant now) {
		update(NOTHING, 0, now);
	}

	/**
	 * Return the JSON for the state of the customer.
	 */
	Map<String, @Nullable Object> toStateJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("consumed_units", this.usage.consumed().doubleValue());
		json.put("credited_units", this.usage.credited());
		json.put("amount", this.amount);
		json.put("meter_id", this.meter.get("id"));
		return json;
	}

	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = toStateJson();
		json.put("meter", this.meter);
		return json;
	}

}
