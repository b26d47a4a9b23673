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
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * License key that Polar granted to a customer. Contains the key, which is a secret of
 * the customer, and personal data such as the e-mail address.
 *
 * @since 0.1.0
 */
public final class LicenseKey extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	LicenseKey(Value value) {
		super(value);
	}

	/**
	 * Return the key.
	 * @return the key, whose upper and lower case differ
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public String key() {
		return required("key", Form.TEXT);
	}

	/**
	 * Return the key with most of its characters hidden.
	 * @return the text to show, or {@code null} if absent or unreadable
	 */
	public @Nullable String displayKey() {
		return read("display_key", Form.TEXT);
	}

	/**
	 * Return the status. A key can also have {@linkplain #expiresAt() expired}.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public Status status() {
		return required("status", Form.oneOf(Status.class));
	}

	/**
	 * Return the customer.
	 * @return the id
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID customerId() {
		return required("customer_id", Form.ID);
	}

	/**
	 * Return the customer.
	 * @return the customer, or {@code null} if absent
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Customer customer() {
		return resource("customer", Customer::new);
	}

	/**
	 * Return the benefit.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public @Nullable UUID benefitId() {
		return read("benefit_id", Form.ID);
	}

	/**
	 * Return the activation by which the key was validated.
	 * @return the activation, or {@code null} if it was validated without one
	 */
	public @Nullable LicenseKeyActivation activation() {
		return resource("activation", LicenseKeyActivation::new);
	}

	/**
	 * Return how often the key can be activated.
	 * @return the number, or {@code null} if the key needs no activation, or if it cannot
	 * be read
	 */
	public @Nullable Integer limitActivations() {
		return read("limit_activations", Form.INTEGER);
	}

	/**
	 * Return the usage that was counted when the key was validated.
	 * @return the number, or {@code null} if absent or unreadable
	 */
	public @Nullable Integer usage() {
		return read("usage", Form.INTEGER);
	}

	/**
	 * Return the maximum usage.
	 * @return the number, or {@code null} if there is no maximum, or if it cannot be read
	 */
	public @Nullable Integer limitUsage() {
		return read("limit_usage", Form.INTEGER);
	}

	/**
	 * Return when the key expires.
	 * @return the time, or {@code null} if it does not, or if it cannot be read
	 */
	public @Nullable Instant expiresAt() {
		return read("expires_at", Form.TIME);
	}

	/**
	 * Return when the key was last validated.
	 * @return the time, or {@code null} if it never was, or if it cannot be read
	 */
	public @Nullable Instant lastValidatedAt() {
		return read("last_validated_at", Form.TIME);
	}

	/**
	 * Status of a license key.
	 */
	public enum Status {

		/**
		 * Valid, unless it has expired.
		 */
		GRANTED,

		/**
		 * Taken away, with the benefit.
		 */
		REVOKED,

		/**
		 * Not valid, although the customer has the benefit.
		 */
		DISABLED,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
