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
import org.jspecify.annotations.Nullable;

/**
 * Session of a customer in Polar's customer portal. Anyone who has its URL or its token
 * can see and change what the customer bought, until it expires after one hour: redirect
 * the customer immediately, and neither store nor log it.
 *
 * @since 0.1.0
 */
public final class CustomerSession extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CustomerSession(Value value) {
		super(value);
	}

	/**
	 * Return the token. It is the credential of Polar's API for custom portals.
	 * @return the token
	 * @throws io.github.polarspring.PolarDataException if it is missing or cannot be read
	 */
	public String token() {
		return required("token", Form.TEXT);
	}

	/**
	 * Return the URL of the portal. It contains the token.
	 * @return an absolute URL
	 * @throws io.github.polarspring.PolarDataException if it is missing or cannot be read
	 */
	public String customerPortalUrl() {
		return required("customer_portal_url", Form.TEXT);
	}

	/**
	 * Return when the session expires.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant expiresAt() {
		return read("expires_at", Form.TIME);
	}

	/**
	 * Return the target of the back link of the portal.
	 * @return an absolute URL, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String returnUrl() {
		return read("return_url", Form.TEXT);
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
	 * Return the customer with all fields.
	 * @return the customer, or {@code null} if absent or unreadable
	 */
	public @Nullable Customer customer() {
		return resource("customer", Customer::new);
	}

}
