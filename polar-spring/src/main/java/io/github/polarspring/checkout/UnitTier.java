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
 * A range of units and what each costs. It begins after the range before it.
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
	 * Create a range with an end.
	 * @param bound last unit
	 * @param unitAmount price of a unit in minor units of the currency
	 * @return a range
	 */
	public static UnitTier upTo(long bound, long unitAmount) {
		return new UnitTier(bound, unitAmount);
	}

	/**
	 * Create a range for everything beyond the others.
	 * @param unitAmount price of a unit in minor units of the currency
	 * @return a range
	 */
	public static UnitTier beyond(long unitAmount) {
		return new UnitTier(null, unitAmount);
	}

	/**
	 * Refuse ranges that do not rise, or that come after an open-ended one.
	 */
	static List<UnitTier> rising(List<UnitTier> tiers) {
		Assert.notEmpty(tiers, "tiers must not be empty");
		for (int i = 1; i < tiers.size(); i++) {
			Long before = tiers.get(i - 1).bound();
			Long bound = tiers.get(i).bound();
			Assert.isTrue(before != null && (bound == null || bound > before),
					"tiers must have rising bounds, and only the last may be open-ended");
		}
		return List.copyOf(tiers);
	}

}
