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
import java.util.List;

/**
 * What a meter counts for a customer.
 *
 * @param consumed the consumed units
 * @param credits the credits, oldest first
 */
record FakeUsage(BigDecimal consumed, List<FakeUsageEvent> credits) {

	/**
	 * Return the credited units. What is taken away from nothing is forgotten.
	 */
	long credited() {
		long credited = 0;
		for (FakeUsageEvent credit : this.credits) {
			credited = Math.max(0, credited + credit.units());
		}
		return credited;
	}

	boolean isEmpty() {
		return this.consumed.signum() == 0 && this.credits.isEmpty();
	}

	/**
	 * Return whether the numbers are the same.
	 */
	boolean isSame(FakeUsage other) {
		return this.consumed.compareTo(other.consumed) == 0 && credited() == other.credited();
	}

	BigDecimal balance() {
		return BigDecimal.valueOf(credited()).subtract(this.consumed);
	}

	/**
	 * Return the units that no credit covers.
	 */
	BigDecimal billable() {
		return balance().negate().max(BigDecimal.ZERO);
	}

	/**
	 * Return the credits that remain after a reset: those that roll over, of which what
	 * is not covered by others was consumed.
	 */
	long remaining() {
		long rollover = this.credits.stream().filter(FakeUsageEvent::isRollover).mapToLong(FakeUsageEvent::units).sum();
		long remaining = balance().longValue();
		return Math.max(0, Math.min(rollover, remaining));
	}

}
