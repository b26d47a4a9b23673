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

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Benefit that was granted to a customer, or could not be granted. In the latter case,
 * {@code property("error")} contains the reason.
 *
 * @since 0.1.0
 */
public final class BenefitGrant extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	BenefitGrant(Value value) {
		super(value);
	}

	/**
	 * Return whether the customer has the benefit. Check this first: events are sent for
	 * failed grants, too.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean isGranted() {
		return required("is_granted", Form.FLAG);
	}

	/**
	 * Return when the benefit was granted.
	 * @return the time, or {@code null} if not granted, or if it cannot be read
	 */
	public @Nullable Instant grantedAt() {
		return read("granted_at", Form.TIME);
	}

	/**
	 * Return whether the benefit was revoked.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean isRevoked() {
		return required("is_revoked", Form.FLAG);
	}

	/**
	 * Return when the benefit was revoked.
	 * @return the time, or {@code null} if not revoked, or if it cannot be read
	 */
	public @Nullable Instant revokedAt() {
		return read("revoked_at", Form.TIME);
	}

	/**
	 * Return the subscription that includes the benefit.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable UUID subscriptionId() {
		return checked("subscription_id", Form.ID);
	}

	/**
	 * Return the order that includes the benefit.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable UUID orderId() {
		return checked("order_id", Form.ID);
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID customerId() {
		return required("customer_id", Form.ID);
	}

	/**
	 * Return the member of the customer who has the benefit: the owner, or the holder of
	 * a seat of a team.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID memberId() {
		return read("member_id", Form.ID);
	}

	/**
	 * Return the benefit.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public @Nullable UUID benefitId() {
		return read("benefit_id", Form.ID);
	}

	/**
	 * Return the customer.
	 * @return the customer, or {@code null} if absent or unreadable
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Customer customer() {
		return checked("customer", Form.object(Customer::new));
	}

	/**
	 * Return the member of the customer who has the benefit: the owner, or the holder of
	 * a seat of a team.
	 * @return the member, or {@code null} if there is none
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Member member() {
		return checked("member", Form.object(Member::new));
	}

	/**
	 * Return the benefit.
	 * @return the benefit, or {@code null} if absent or unreadable
	 */
	public @Nullable ProductBenefit benefit() {
		return resource("benefit", ProductBenefit::new);
	}

	/**
	 * Return the data of this kind of benefit, such as a license key.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> properties() {
		return map("properties");
	}

	/**
	 * Return the data before the change.
	 * @return an unmodifiable map, empty if there was no change, or if unreadable
	 */
	public Map<String, @Nullable Object> previousProperties() {
		return map("previous_properties");
	}

}
