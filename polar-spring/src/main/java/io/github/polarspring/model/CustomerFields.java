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

import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Base class for representations of a customer.
 */
abstract sealed class CustomerFields extends IdentifiedResource permits Customer, CustomerState {

	CustomerFields(Value value) {
		super(value);
	}

	/**
	 * Return the metadata.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> metadata() {
		return checkedMap("metadata");
	}

	/**
	 * Return the application's own id of this customer. Polar matches customers by the
	 * e-mail address that was entered at the checkout. To find out who bought, use {@code
	 * PolarEvent.buyer()}.
	 * @return the id, or {@code null} if the customer has none
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable String externalId() {
		return checked("external_id", Form.TEXT);
	}

	/**
	 * Return the e-mail address as entered.
	 * @return the address, or {@code null} if absent or unreadable
	 */
	public @Nullable String email() {
		return read("email", Form.TEXT);
	}

	/**
	 * Return whether Polar verified that the e-mail address belongs to the customer.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean emailVerified() {
		return required("email_verified", Form.FLAG);
	}

	/**
	 * Return whether the customer is a person or a team.
	 * @return the type, or {@code null} if absent or unreadable
	 */
	public Customer.@Nullable Type type() {
		return read("type", Form.oneOf(Customer.Type.class));
	}

	/**
	 * Return the name.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the name on invoices.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String billingName() {
		return read("billing_name", Form.TEXT);
	}

	/**
	 * Return the address on invoices.
	 * @return the address, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable Address billingAddress() {
		return resource("billing_address", Address::new);
	}

	/**
	 * Return the tax id and its format.
	 * @return an unmodifiable list, empty if not known or unreadable
	 */
	public List<String> taxId() {
		return list("tax_id", Form.TEXT);
	}

	/**
	 * Return the language.
	 * @return a BCP 47 tag, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String locale() {
		return read("locale", Form.TEXT);
	}

	/**
	 * Return the organization that it belongs to.
	 * @return the id, or {@code null} if absent
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable UUID organizationId() {
		return checked("organization_id", Form.ID);
	}

	/**
	 * Return the default payment method.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID defaultPaymentMethodId() {
		return read("default_payment_method_id", Form.ID);
	}

	/**
	 * Return when the customer was deleted.
	 * @return the time, or {@code null} if not deleted, or if it cannot be read
	 */
	public @Nullable Instant deletedAt() {
		return read("deleted_at", Form.TIME);
	}

	/**
	 * Return when the first usage event was received.
	 * @return the time, or {@code null} if there was none, or if it cannot be read
	 */
	public @Nullable Instant firstUserEventAt() {
		return read("first_user_event_at", Form.TIME);
	}

	/**
	 * Return the picture of the customer.
	 * @return an absolute URL, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String avatarUrl() {
		return read("avatar_url", Form.TEXT);
	}

}
