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

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import org.jspecify.annotations.Nullable;

/**
 * All that a customer has at this moment: the one thing to look at for access.
 *
 * @param id id of the customer
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param metadata metadata, values are text, numbers and booleans
 * @param externalId the id that the seller uses for this customer, {@code null} if there
 * is none. Polar finds the customer by the e-mail address that was typed: to know who
 * bought, use {@code PolarEvent.buyer()}
 * @param email e-mail address as typed
 * @param emailVerified whether Polar saw that the address is the customer's
 * @param type person or team
 * @param name name
 * @param billingName name on invoices
 * @param billingAddress address on invoices
 * @param taxId tax id and its format, empty without one
 * @param locale language
 * @param organizationId id of the seller's organization
 * @param defaultPaymentMethodId id of the payment method
 * @param deletedAt when the customer was deleted
 * @param firstUserEventAt when the first usage event came in
 * @param avatarUrl picture
 * @param activeSubscriptions subscriptions that give access
 * @param grantedBenefits benefits that the customer has
 * @param activeMeters usage and credit
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record CustomerState(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Map<String, Object> metadata,
		@Nullable String externalId, @Nullable String email, boolean emailVerified, Customer.Type type,
		@Nullable String name, @Nullable String billingName, @Nullable Address billingAddress, List<String> taxId,
		@Nullable String locale, UUID organizationId, @Nullable UUID defaultPaymentMethodId,
		@Nullable Instant deletedAt, @Nullable Instant firstUserEventAt, @Nullable String avatarUrl,
		List<ActiveSubscription> activeSubscriptions, List<GrantedBenefit> grantedBenefits, List<Meter> activeMeters,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public CustomerState {
		metadata = ResponseValues.map(metadata);
		taxId = ResponseValues.list(taxId);
		activeSubscriptions = ResponseValues.list(activeSubscriptions);
		grantedBenefits = ResponseValues.list(grantedBenefits);
		activeMeters = ResponseValues.list(activeMeters);
		additionalProperties = ResponseValues.map(additionalProperties);
		type = ResponseValues.known(type, Customer.Type.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "CustomerState[id=" + this.id + "]";
	}

	/**
	 * A subscription that gives access.
	 *
	 * @param id id of the subscription
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param metadata metadata, values are text, numbers and booleans
	 * @param customFieldData what the buyer typed into custom fields, by slug
	 * @param status status
	 * @param amount price in minor units
	 * @param currency currency, three letters in lower case
	 * @param recurringInterval unit of the billing period
	 * @param currentPeriodStart start of the paid period
	 * @param currentPeriodEnd end of the paid period
	 * @param trialStart start of the trial
	 * @param trialEnd end of the trial
	 * @param cancelAtPeriodEnd whether it ends with the period
	 * @param canceledAt when it was canceled
	 * @param startedAt when it started
	 * @param endsAt when it will end
	 * @param productId id of the product
	 * @param discountId id of the discount, {@code null} without one
	 * @param meters usage in the current period
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record ActiveSubscription(UUID id, Instant createdAt, @Nullable Instant modifiedAt,
			Map<String, Object> metadata, Map<String, @Nullable Object> customFieldData, SubscriptionStatus status,
			long amount, String currency, RecurringInterval recurringInterval, Instant currentPeriodStart,
			Instant currentPeriodEnd, @Nullable Instant trialStart, @Nullable Instant trialEnd,
			boolean cancelAtPeriodEnd, @Nullable Instant canceledAt, @Nullable Instant startedAt,
			@Nullable Instant endsAt, UUID productId, @Nullable UUID discountId, List<Meter> meters,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public ActiveSubscription {
			metadata = ResponseValues.map(metadata);
			customFieldData = ResponseValues.map(customFieldData);
			meters = ResponseValues.list(meters);
			additionalProperties = ResponseValues.map(additionalProperties);
			status = ResponseValues.known(status, SubscriptionStatus.UNKNOWN);
			recurringInterval = ResponseValues.known(recurringInterval, RecurringInterval.UNKNOWN);
		}

		@Override
		public String toString() {
			return "ActiveSubscription[id=" + this.id + "]";
		}

	}

	/**
	 * A benefit that the customer has.
	 *
	 * @param id id of the grant
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param grantedAt when it was given
	 * @param benefitId id of the benefit
	 * @param benefitType what kind of benefit it is
	 * @param benefitMetadata metadata of the benefit
	 * @param properties what belongs to this kind, such as a license key
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record GrantedBenefit(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Instant grantedAt,
			UUID benefitId, ProductBenefit.Type benefitType, Map<String, Object> benefitMetadata,
			Map<String, @Nullable Object> properties,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public GrantedBenefit {
			benefitMetadata = ResponseValues.map(benefitMetadata);
			properties = ResponseValues.map(properties);
			additionalProperties = ResponseValues.map(additionalProperties);
			benefitType = ResponseValues.known(benefitType, ProductBenefit.Type.UNKNOWN);
		}

		@Override
		public String toString() {
			return "GrantedBenefit[id=" + this.id + "]";
		}

	}

	/**
	 * Usage on a meter.
	 *
	 * @param id id of the usage
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param meterId id of the meter
	 * @param consumedUnits units used
	 * @param creditedUnits units paid for or given
	 * @param balance units left, {@code null} within a subscription
	 * @param amount what the usage costs in minor units, {@code null} outside of a
	 * subscription
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record Meter(UUID id, Instant createdAt, @Nullable Instant modifiedAt, UUID meterId,
			BigDecimal consumedUnits, long creditedUnits, @Nullable BigDecimal balance, @Nullable Long amount,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public Meter {
			additionalProperties = ResponseValues.map(additionalProperties);
		}

		@Override
		public String toString() {
			return "Meter[id=" + this.id + "]";
		}

	}

}
