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

package io.github.polarspring.usage;

import java.math.BigDecimal;

/**
 * What a customer has left on a meter.
 *
 * @param meter name of the meter
 * @param remaining number of units that are left: the balance at Polar, minus what Polar
 * has not counted yet. Negative if more was used
 * @param credited number of units that the customer was given, for example by a benefit
 * of the current period
 * @since 0.1.0
 */
public record MeterBalance(String meter, BigDecimal remaining, BigDecimal credited) {

	/**
	 * Create a balance.
	 */
	public MeterBalance {
		remaining = plain(remaining);
		credited = plain(credited);
	}

	private static BigDecimal plain(BigDecimal number) {
		BigDecimal stripped = number.stripTrailingZeros();
		return (stripped.scale() < 0) ? stripped.setScale(0) : stripped;
	}

	/**
	 * Return the number of units that were used.
	 * @return the number, negative if units were given back
	 */
	public BigDecimal used() {
		return this.credited.subtract(this.remaining);
	}

	/**
	 * Return whether nothing is left.
	 * @return {@code true} if so
	 */
	public boolean isUsedUp() {
		return this.remaining.signum() <= 0;
	}

}
