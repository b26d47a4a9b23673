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

package io.github.polarspring.customer;

import java.util.UUID;

/**
 * Application event that is published when a user wants to open the customer portal, and
 * it remains closed, because a customer has purchases of this user and of another buyer,
 * see {@link PortalAccess.Mismatch} and {@link PortalAccess.Unverified}. It is published
 * once an hour for a user and a customer, by each instance, and outside a transaction.
 * Notify your support team.
 *
 * @param externalId id of the user in the application
 * @param customerId Polar's id of the customer who has the purchases
 * @since 0.1.0
 */
public record PolarPortalMismatch(String externalId, UUID customerId) {

	/**
	 * Return a text without the id of the user: in some applications, it is an e-mail
	 * address.
	 */
	@Override
	public String toString() {
		return "PolarPortalMismatch[customerId=" + this.customerId + "]";
	}

}
