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
import org.jspecify.annotations.Nullable;

/**
 * A product. Within an order, prices, benefits, pictures and custom fields are empty.
 *
 * @param id id of the product
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param trialInterval unit of the trial's length
 * @param trialIntervalCount length of the trial
 * @param name name
 * @param description description, in Markdown
 * @param visibility who can see it
 * @param recurringInterval unit of the billing period, {@code null} for a one-time
 * purchase
 * @param recurringIntervalCount length of the billing period
 * @param meterInterval unit of the period for usage
 * @param meterIntervalCount length of the period for usage
 * @param isRecurring whether it is a subscription
 * @param isArchived whether it is no longer sold
 * @param organizationId id of the seller's organization
 * @param metadata metadata, values are text, numbers and booleans
 * @param prices prices
 * @param benefits what buyers get
 * @param medias pictures
 * @param attachedCustomFields what buyers are asked for
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record Product(UUID id, Instant createdAt, @Nullable Instant modifiedAt, @Nullable TrialInterval trialInterval,
		@Nullable Integer trialIntervalCount, String name, @Nullable String description,
		CheckoutProduct.Visibility visibility, @Nullable RecurringInterval recurringInterval,
		@Nullable Integer recurringIntervalCount, @Nullable RecurringInterval meterInterval,
		@Nullable Integer meterIntervalCount, boolean isRecurring, boolean isArchived, UUID organizationId,
		Map<String, Object> metadata, List<ProductPrice> prices, List<ProductBenefit> benefits,
		List<ProductMedia> medias, List<AttachedCustomField> attachedCustomFields,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public Product {
		metadata = ResponseValues.map(metadata);
		prices = ResponseValues.list(prices);
		benefits = ResponseValues.list(benefits);
		medias = ResponseValues.list(medias);
		attachedCustomFields = ResponseValues.list(attachedCustomFields);
		additionalProperties = ResponseValues.map(additionalProperties);
		visibility = ResponseValues.known(visibility, CheckoutProduct.Visibility.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "Product[id=" + this.id + "]";
	}

}
