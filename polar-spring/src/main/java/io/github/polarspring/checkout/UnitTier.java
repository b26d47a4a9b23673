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

package io.github.polarspring.checkout;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Range of units with the price of each unit. It starts after the preceding range.
 *
 * @param bound last unit of the range, {@code null} if it is open-ended
 * @param unitAmount price of a unit in minor units of the currency
 * @since 0.1.0
 */
public record UnitTier(@Nullable Long bound, long unitAmount) {

	/**
	 * Create a range.
	 * @throws IllegalArgumentException if a number is out of range
	 */
	public UnitTier {
		Assert.isTrue(bound == null || bound > 0, "bound must be positive");
		Assert.isTrue(unitAmount >= 0, "unit_amount must not be negative");
	}

	/**
	 * Create a closed range.
	 * @param bound last unit
	 * @param unitAmount price of a unit in minor units of the currency
	 * @return a range
	 */
	public static UnitTier upTo(long bound, long unitAmount) {
		return new UnitTier(bound, unitAmount);
	}

	/**
	 * Create an open-ended range after all others.
	 * @param unitAmount price of a unit in minor units of the currency
	 * @return a range
	 */
	public static UnitTier beyond(long unitAmount) {
		return new UnitTier(null, unitAmount);
	}

	/**
	 * Reject ranges that are not in ascending order, or that follow an open-ended one.
	 */
	static List<UnitTier> rising(List<UnitTier> tiers) {
		Assert.notEmpty(tiers, "tiers must not be empty");
		for (int i = 1; i < tiers.size(); i++) {
			Long before = tiers.get(i - 1).bound();
			Long bound = tiers.get(i).bound();
			Assert.isTrue(before != null && (bound == null || bound > before),
					"tiers must have ascending bounds, and only the last tier can be open-ended");
		}
		return List.copyOf(tiers);
	}

}
