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
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A change of a subscription that is applied when the next period starts. Guarded by the
 * lock of {@link FakeState}.
 */
final class FakePendingUpdate {

	private final UUID id = UUID.randomUUID();

	private final Instant createdAt;

	private @Nullable Instant modifiedAt;

	private Instant appliesAt;

	@Nullable FakeProduct product;

	@Nullable Integer seats;

	@Nullable Integer units;

	@Nullable FakeDiscount discount;

	boolean withoutDiscount;

	FakePendingUpdate(Instant appliesAt, Instant now) {
		this.createdAt = now;
		this.appliesAt = appliesAt;
	}

	/**
	 * Add another change, or replace one of the same kind.
	 */
	void merge(FakePendingUpdate other, Instant now) {
		this.modifiedAt = now;
		this.appliesAt = other.appliesAt;
		this.product = (other.product != null) ? other.product : this.product;
		this.seats = (other.seats != null) ? other.seats : this.seats;
		this.units = (other.units != null) ? other.units : this.units;
		if (other.discount != null || other.withoutDiscount) {
			this.discount = other.discount;
			this.withoutDiscount = other.withoutDiscount;
		}
	}

	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("applies_at", this.appliesAt);
		json.put("product_id", (this.product != null) ? this.product.id() : null);
		json.put("seats", this.seats);
		json.put("units", this.units);
		return json;
	}

}
