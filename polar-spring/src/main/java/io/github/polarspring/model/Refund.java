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
 * A refund. A dispute that it belongs to is in {@link #additionalProperties()}.
 *
 * @param id id of the refund
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param metadata metadata, values are text, numbers and booleans
 * @param status status
 * @param reason why
 * @param amount amount in minor units, without tax
 * @param taxAmount tax in minor units
 * @param currency currency, three letters in lower case
 * @param organizationId id of the seller's organization
 * @param orderId id of the order
 * @param subscriptionId id of the subscription, {@code null} without one
 * @param customerId id of the customer at Polar
 * @param revokeBenefits whether the benefits are taken back
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record Refund(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Map<String, Object> metadata,
		Status status, Reason reason, long amount, long taxAmount, String currency, UUID organizationId, UUID orderId,
		@Nullable UUID subscriptionId, UUID customerId, boolean revokeBenefits,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public Refund {
		metadata = ResponseValues.map(metadata);
		additionalProperties = ResponseValues.map(additionalProperties);
		status = ResponseValues.known(status, Status.UNKNOWN);
		reason = ResponseValues.known(reason, Reason.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "Refund[id=" + this.id + "]";
	}

	/**
	 * Status of a refund.
	 */
	public enum Status {

		/**
		 * On its way.
		 */
		PENDING,

		/**
		 * Paid back.
		 */
		SUCCEEDED,

		/**
		 * It did not work.
		 */
		FAILED,

		/**
		 * Called off.
		 */
		CANCELED,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

	/**
	 * Why money was paid back.
	 */
	public enum Reason {

		/**
		 * Paid twice.
		 */
		DUPLICATE,

		/**
		 * Fraud.
		 */
		FRAUDULENT,

		/**
		 * The customer asked for it.
		 */
		CUSTOMER_REQUEST,

		/**
		 * The service failed.
		 */
		SERVICE_DISRUPTION,

		/**
		 * A guarantee.
		 */
		SATISFACTION_GUARANTEE,

		/**
		 * To prevent a dispute.
		 */
		DISPUTE_PREVENTION,

		/**
		 * Something else.
		 */
		OTHER,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
