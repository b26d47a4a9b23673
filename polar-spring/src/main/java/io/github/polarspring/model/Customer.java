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
 * A customer. Email address, names and addresses are personal data.
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
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record Customer(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Map<String, Object> metadata,
		@Nullable String externalId, @Nullable String email, boolean emailVerified, Type type, @Nullable String name,
		@Nullable String billingName, @Nullable Address billingAddress, List<String> taxId, @Nullable String locale,
		UUID organizationId, @Nullable UUID defaultPaymentMethodId, @Nullable Instant deletedAt,
		@Nullable Instant firstUserEventAt, @Nullable String avatarUrl,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public Customer {
		metadata = ResponseValues.map(metadata);
		taxId = ResponseValues.list(taxId);
		additionalProperties = ResponseValues.map(additionalProperties);
		type = ResponseValues.known(type, Type.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "Customer[id=" + this.id + "]";
	}

	/**
	 * Kind of customer.
	 */
	public enum Type {

		/**
		 * A person.
		 */
		INDIVIDUAL,

		/**
		 * A team with members.
		 */
		TEAM,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
