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
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * A product that a checkout session sells.
 *
 * @param id id of the product
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param name its name
 * @param description its description, or {@code null}
 * @param visibility who sees it
 * @param recurringInterval unit of the billing period, {@code null} if sold once
 * @param recurringIntervalCount length of the billing period, {@code null} if sold once
 * @param meterInterval unit of the period of metered usage, or {@code null}
 * @param meterIntervalCount length of the period of metered usage, or {@code null}
 * @param trialInterval unit of the trial's length, {@code null} without a trial
 * @param trialIntervalCount length of the trial, {@code null} without one
 * @param isRecurring whether it is a subscription
 * @param isArchived whether it is archived
 * @param organizationId id of the organization that sells it
 * @param prices its prices in the catalog; what a session charges is in
 * {@link CheckoutSession#prices()}
 * @param benefits what the buyer gets
 * @param medias its pictures
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record CheckoutProduct(UUID id, Instant createdAt, @Nullable Instant modifiedAt, String name,
		@Nullable String description, Visibility visibility, @Nullable RecurringInterval recurringInterval,
		@Nullable Integer recurringIntervalCount, @Nullable RecurringInterval meterInterval,
		@Nullable Integer meterIntervalCount, @Nullable TrialInterval trialInterval,
		@Nullable Integer trialIntervalCount, boolean isRecurring, boolean isArchived, UUID organizationId,
		List<ProductPrice> prices, List<ProductBenefit> benefits, List<ProductMedia> medias,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public CheckoutProduct {
		visibility = ResponseValues.known(visibility, Visibility.UNKNOWN);
		prices = ResponseValues.list(prices);
		benefits = ResponseValues.list(benefits);
		medias = ResponseValues.list(medias);
		additionalProperties = ResponseValues.map(additionalProperties);
	}

	/**
	 * Who sees a product.
	 */
	public enum Visibility {

		/**
		 * Nobody yet.
		 */
		DRAFT,

		/**
		 * Who has a link.
		 */
		PRIVATE,

		/**
		 * Everybody.
		 */
		PUBLIC,

		/**
		 * A visibility that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
