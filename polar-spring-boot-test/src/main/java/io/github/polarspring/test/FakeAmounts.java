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
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Amounts of a session or an order.
 *
 * @param amount the amount before discount, which includes tax if the price does
 * @param discount the discount, which includes tax if the price does
 * @param net the amount after discount, without tax
 * @param tax the tax, or {@code null} if it is unknown
 * @param taxBehavior whether the price includes tax, or {@code null} if it is unknown
 */
record FakeAmounts(long amount, long discount, long net, @Nullable Long tax, @Nullable String taxBehavior) {

	/**
	 * Return amounts of a period in which nothing is charged.
	 */
	static FakeAmounts none() {
		return new FakeAmounts(0, 0, 0, 0L, null);
	}

	long taxOrZero() {
		return (this.tax != null) ? this.tax : 0;
	}

	long total() {
		return this.net + taxOrZero();
	}

	/**
	 * Return the tax that is returned with a refund of a net amount.
	 */
	long taxOf(long refunded) {
		return BigDecimal.valueOf(taxOrZero())
			.multiply(BigDecimal.valueOf(refunded))
			.divide(BigDecimal.valueOf(this.net), 0, RoundingMode.HALF_UP)
			.longValueExact();
	}

	void putInto(Map<String, @Nullable Object> json) {
		json.put("discount_amount", this.discount);
		json.put("net_amount", this.net);
		json.put("tax_amount", this.tax);
		json.put("total_amount", total());
	}

}
