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
import org.jspecify.annotations.Nullable;

/**
 * A benefit that was given to a customer, or could not be: then
 * {@link #additionalProperties()} holds the {@code error}.
 *
 * @param id id of the grant
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param isGranted whether the customer has it: look at this first, as an event comes for
 * failures, too
 * @param grantedAt when it was given
 * @param isRevoked whether it was taken back
 * @param revokedAt when it was taken back
 * @param subscriptionId id of the subscription, {@code null} without one
 * @param orderId id of the order, {@code null} without one
 * @param customerId id of the customer at Polar
 * @param memberId id of the member of a team
 * @param benefitId id of the benefit
 * @param customer the customer
 * @param benefit the benefit
 * @param properties what belongs to this kind of benefit, such as a license key
 * @param previousProperties the same before the change, empty if there was none
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record BenefitGrant(UUID id, Instant createdAt, @Nullable Instant modifiedAt, boolean isGranted,
		@Nullable Instant grantedAt, boolean isRevoked, @Nullable Instant revokedAt, @Nullable UUID subscriptionId,
		@Nullable UUID orderId, UUID customerId, @Nullable UUID memberId, UUID benefitId, @Nullable Customer customer,
		@Nullable ProductBenefit benefit, Map<String, @Nullable Object> properties,
		Map<String, @Nullable Object> previousProperties,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public BenefitGrant {
		properties = ResponseValues.map(properties);
		previousProperties = ResponseValues.map(previousProperties);
		additionalProperties = ResponseValues.map(additionalProperties);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "BenefitGrant[id=" + this.id + "]";
	}

}
