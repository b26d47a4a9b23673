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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Sum of the units of events that are not part of Polar's counts.
 */
final class UncountedUnits {

	private final Map<String, MeterCount> counts;

	private final Map<String, BigDecimal> sums = new TreeMap<>();

	private final List<String> counted = new ArrayList<>();

	UncountedUnits(Map<String, MeterCount> counts) {
		this.counts = counts;
	}

	/**
	 * Add an event.
	 * @param id its id
	 * @param units its units by meter
	 * @param sentAt when it was sent, {@code null} if it was not
	 */
	void add(String id, Map<String, BigDecimal> units, @Nullable Instant sentAt) {
		boolean complete = true;
		for (Map.Entry<String, BigDecimal> entry : units.entrySet()) {
			MeterCount count = this.counts.get(entry.getKey());
			boolean counted = count != null && sentAt != null && sentAt.isBefore(count.certainUntil());
			if (count != null && !counted) {
				this.sums.merge(entry.getKey(), entry.getValue(), BigDecimal::add);
			}
			complete &= counted;
		}
		if (complete) {
			this.counted.add(id);
		}
	}

	/**
	 * Return the sums by meter.
	 */
	Map<String, BigDecimal> sums() {
		return this.sums;
	}

	/**
	 * Return the ids of the events that all counts contain.
	 */
	List<String> counted() {
		return this.counted;
	}

}
