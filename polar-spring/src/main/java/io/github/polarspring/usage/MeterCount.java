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
import java.time.Duration;
import java.time.Instant;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.model.CustomerState;

/**
 * Polar's count of what a customer has used on a meter.
 *
 * @param balance number of units that are left
 * @param credited number of units that the customer was given
 * @param at when Polar counted
 */
record MeterCount(BigDecimal balance, BigDecimal credited, Instant at) {

	/**
	 * Time before a count within which it is uncertain whether events were part of it,
	 * because of the clocks. Polar usually counts 15 seconds after the last event, so
	 * that there are none.
	 */
	static final Duration UNCERTAIN = Duration.ofSeconds(5);

	/**
	 * Return the count of a customer whom Polar has given nothing.
	 * @param at when Polar was read
	 */
	static MeterCount none(Instant at) {
		return new MeterCount(BigDecimal.ZERO, BigDecimal.ZERO, at.minus(UNCERTAIN));
	}

	static MeterCount of(CustomerState.Meter meter) {
		BigDecimal balance = meter.balance();
		Long credited = meter.creditedUnits();
		Instant at = (meter.modifiedAt() != null) ? meter.modifiedAt() : meter.createdAt();
		if (balance == null || credited == null || at == null) {
			throw new PolarDataException("A customer meter cannot be read");
		}
		return new MeterCount(balance, BigDecimal.valueOf(credited), at);
	}

	/**
	 * Return the time before which events were certainly counted if they were sent.
	 */
	Instant certainUntil() {
		return this.at.minus(UNCERTAIN);
	}

}
