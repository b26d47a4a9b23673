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

package io.github.polarspring.entitlement;

import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Feature that a user has because of a purchase: one of the benefits, or one of the
 * products.
 *
 * @param name the name that code uses
 * @param benefits Polar's ids of benefits
 * @param products Polar's ids of products
 * @param upgradeUrl page where the feature can be bought, absolute or a path within the
 * application, {@code null} if there is none
 * @param whenUnknown what to do if it is not known whether a user has it
 * @since 0.1.0
 */
public record Feature(String name, Set<UUID> benefits, Set<UUID> products, @Nullable String upgradeUrl,
		WhenUnknown whenUnknown) {

	/**
	 * Create a feature.
	 */
	public Feature {
		Assert.hasText(name, "name must not be blank");
		benefits = Set.copyOf(benefits);
		products = Set.copyOf(products);
	}

	/**
	 * Options for users about whom nothing is known, because Polar cannot be read now.
	 */
	public enum WhenUnknown {

		/**
		 * Reject the request with the status 503, and never offer to buy.
		 */
		REJECT,

		/**
		 * Treat the user as if they had the feature.
		 */
		ALLOW

	}

}
