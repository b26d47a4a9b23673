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
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import io.github.polarspring.PolarConfigurationException;

import org.springframework.util.Assert;

/**
 * Registry of the meters that the application has configured.
 *
 * @since 0.1.0
 */
public final class PolarMeters {

	/**
	 * Number of decimal places in the database.
	 */
	private static final int SCALE = 9;

	private final Map<String, UsageMeter> meters = new TreeMap<>();

	/**
	 * Create the registry.
	 * @param meters the meters
	 * @throws IllegalArgumentException if two have the same name, or the same id
	 */
	public PolarMeters(Collection<UsageMeter> meters) {
		for (UsageMeter meter : meters) {
			this.meters.values()
				.forEach((other) -> Assert.isTrue(!other.id().equals(meter.id()),
						() -> "The meters '%s' and '%s' have the same id".formatted(other.name(), meter.name())));
			Assert.isTrue(this.meters.put(meter.name(), meter) == null,
					() -> "There are two meters '" + meter.name() + "'");
		}
	}

	/**
	 * Return a meter.
	 * @param name its name
	 * @return the meter
	 * @throws PolarConfigurationException if there is none; the message lists the known
	 * names
	 */
	public UsageMeter require(String name) {
		UsageMeter meter = this.meters.get(name);
		if (meter == null) {
			throw new PolarConfigurationException(
					"There is no meter '%s' in 'polar.usage.meters'. %s".formatted(name,
							this.meters.isEmpty() ? "No meter is configured."
									: "Known meters: " + String.join(", ", this.meters.keySet()) + "."),
					"Add it, for example 'polar.usage.meters.%s.id: <ID from Polar's dashboard>', or correct the name."
						.formatted(name));
		}
		return meter;
	}

	/**
	 * Return all meters.
	 * @return an unmodifiable collection, sorted by name
	 */
	public Collection<UsageMeter> all() {
		return Collections.unmodifiableCollection(this.meters.values());
	}

	/**
	 * Return the units that an event has, by the names of the meters that count it.
	 */
	SortedMap<String, BigDecimal> units(UsageEvent event) {
		SortedMap<String, BigDecimal> units = new TreeMap<>();
		for (UsageMeter meter : this.meters.values()) {
			BigDecimal counted = meter.units(event);
			if (counted != null) {
				units.put(meter.name(), counted.setScale(SCALE, RoundingMode.HALF_UP));
			}
		}
		return units;
	}

}
