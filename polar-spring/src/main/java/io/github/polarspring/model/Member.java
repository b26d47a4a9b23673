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

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * Member of a customer. An individual has one member, its owner; a team can have more.
 * Contains personal data such as the e-mail address.
 *
 * @since 0.1.0
 */
public final class Member extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Member(Value value) {
		super(value);
	}

	/**
	 * Return the customer.
	 * @return the id
	 * @throws io.github.polarspring.PolarDataException if it is missing or cannot be read
	 */
	public UUID customerId() {
		return required("customer_id", Form.ID);
	}

	/**
	 * Return the application's own id of this member.
	 * @return the id, or {@code null} if there is none
	 * @throws io.github.polarspring.PolarDataException if it cannot be read
	 */
	public @Nullable String externalId() {
		return checked("external_id", Form.TEXT);
	}

	/**
	 * Return the e-mail address.
	 * @return the address, or {@code null} if absent or unreadable
	 */
	public @Nullable String email() {
		return read("email", Form.TEXT);
	}

	/**
	 * Return the name.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return what the member may do.
	 * @return the role, or {@code null} if absent or unreadable
	 */
	public @Nullable Role role() {
		return read("role", Form.oneOf(Role.class));
	}

	/**
	 * Role of a member.
	 */
	public enum Role {

		/**
		 * The only member who can do everything.
		 */
		OWNER,

		/**
		 * A member who can manage subscriptions and invoices.
		 */
		BILLING_MANAGER,

		/**
		 * A member who can use what was bought.
		 */
		MEMBER,

		/**
		 * A value that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
