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
import java.util.UUID;

import io.github.polarspring.entitlement.Feature.WhenUnknown;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Meter of Polar's, as the application has configured it.
 *
 * @param name the name that code uses
 * @param id Polar's id of the meter
 * @param event name of the events that the meter counts, {@code null} if the balance can
 * only be read
 * @param property key of the metadata that the meter adds up, {@code null} if it counts
 * the events
 * @param upgradeUrl page where more units can be bought, absolute or a path within the
 * application, {@code null} if there is none
 * @param whenUnknown what to do if it is not known how much is left
 * @since 0.1.0
 */
public record UsageMeter(String name, UUID id, @Nullable String event, @Nullable String property,
		@Nullable String upgradeUrl, WhenUnknown whenUnknown) {

	private static final int MAX_NAME_LENGTH = 100;

	/**
	 * Create a meter.
	 */
	public UsageMeter {
		Assert.hasText(name, "name must not be blank");
		Assert.isTrue(name.length() <= MAX_NAME_LENGTH,
				() -> "name must have at most " + MAX_NAME_LENGTH + " characters");
		Assert.notNull(id, "id must not be null");
		Assert.isTrue(property == null || event != null, "property requires event");
	}

	/**
	 * Return the number of units of an event, {@code null} if the meter does not count
	 * it.
	 */
	@Nullable BigDecimal units(UsageEvent event) {
		if (!event.name().equals(this.event)) {
			return null;
		}
		if (this.property == null) {
			return BigDecimal.ONE;
		}
		return (event.metadata().get(this.property) instanceof Number number) ? new BigDecimal(number.toString())
				: null;
	}

}
