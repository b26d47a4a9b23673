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

package io.github.polarspring.model;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * The organization that sells, as a buyer sees it.
 *
 * @param id id of the organization
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param name its name
 * @param slug its name in URLs
 * @param avatarUrl its picture, or {@code null}
 * @param prorationBehavior what happens to the rest of a period when a plan changes
 * @param allowCustomerUpdates whether customers may change their subscriptions
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record CheckoutOrganization(UUID id, Instant createdAt, @Nullable Instant modifiedAt, String name, String slug,
		@Nullable String avatarUrl, ProrationBehavior prorationBehavior, boolean allowCustomerUpdates,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public CheckoutOrganization {
		prorationBehavior = ResponseValues.known(prorationBehavior, ProrationBehavior.UNKNOWN);
		additionalProperties = ResponseValues.map(additionalProperties);
	}

	/**
	 * What happens to the rest of a period when a plan changes.
	 */
	public enum ProrationBehavior {

		/**
		 * The difference is charged at once.
		 */
		INVOICE,

		/**
		 * The difference is charged with the next invoice.
		 */
		PRORATE,

		/**
		 * The change waits for the next period.
		 */
		NEXT_PERIOD,

		/**
		 * A new period begins.
		 */
		RESET,

		/**
		 * A behaviour that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
