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
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Seat of a purchase that was assigned to a person. Polar uses the seat that was revoked
 * for the next person, under the same id. Contains personal data such as the e-mail
 * address.
 *
 * @since 0.1.0
 */
public final class CustomerSeat extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CustomerSeat(Value value) {
		super(value);
	}

	/**
	 * Return the status.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public Status status() {
		return required("status", Form.oneOf(Status.class));
	}

	/**
	 * Return the subscription.
	 * @return the id, or {@code null} if the seat belongs to an order, or if it cannot be
	 * read
	 */
	public @Nullable UUID subscriptionId() {
		return read("subscription_id", Form.ID);
	}

	/**
	 * Return the one-time order.
	 * @return the id, or {@code null} if the seat belongs to a subscription, or if it
	 * cannot be read
	 */
	public @Nullable UUID orderId() {
		return read("order_id", Form.ID);
	}

	/**
	 * Return the customer who uses the seat. In an organization with members, this is the
	 * team.
	 * @return the id, or {@code null} if the seat was revoked, or if it cannot be read
	 */
	public @Nullable UUID customerId() {
		return read("customer_id", Form.ID);
	}

	/**
	 * Return the member of the team who uses the seat, or used it until it was revoked.
	 * @return the member, or {@code null} if there is none, also when a revoked seat is
	 * read again
	 */
	public @Nullable Member member() {
		return resource("member", Member::new);
	}

	/**
	 * Return the e-mail address of the person.
	 * @return the address, or {@code null} if the seat was revoked, or if it cannot be
	 * read
	 */
	public @Nullable String email() {
		return read("email", Form.TEXT);
	}

	/**
	 * Return until when the person can accept the invitation. Sending it again does not
	 * extend this time.
	 * @return the time, or {@code null} if there is no invitation, or if it cannot be
	 * read
	 */
	public @Nullable Instant invitationExpiresAt() {
		return read("invitation_token_expires_at", Form.TIME);
	}

	/**
	 * Return since when the person uses the seat.
	 * @return the time, or {@code null} if the invitation is pending, or if it cannot be
	 * read
	 */
	public @Nullable Instant claimedAt() {
		return read("claimed_at", Form.TIME);
	}

	/**
	 * Return when the seat was revoked.
	 * @return the time, or {@code null} if it was not, or if it cannot be read
	 */
	public @Nullable Instant revokedAt() {
		return read("revoked_at", Form.TIME);
	}

	/**
	 * Return the metadata of the assignment.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> metadata() {
		return map("seat_metadata");
	}

	/**
	 * Status of a seat.
	 */
	public enum Status {

		/**
		 * The person was invited.
		 */
		PENDING,

		/**
		 * The person has the seat, and its benefits.
		 */
		CLAIMED,

		/**
		 * The seat was taken away.
		 */
		REVOKED,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
