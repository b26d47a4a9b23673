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

package io.github.polarspring.entitlement;

import java.util.List;
import java.util.UUID;

/**
 * Application event that is published when a user's customer at Polar has purchases that
 * do not count for the user, because another user or a guest made them, or it is not
 * known who did. It is published once an hour for a user, by each instance, and outside a
 * transaction. Notify your support team: who made them has paid, and may have nothing.
 *
 * @param externalId id of the user in the application to whose customer Polar assigned
 * the purchases
 * @param purchaseIds Polar's ids of the subscriptions and orders
 * @since 0.1.0
 * @see PolarEntitlements#assignSubscription
 */
public record PolarUnprovenPurchases(String externalId, List<UUID> purchaseIds) {

	/**
	 * Create an event.
	 */
	public PolarUnprovenPurchases {
		purchaseIds = List.copyOf(purchaseIds);
	}

	/**
	 * Return a text without the id of the user: in some applications, it is an e-mail
	 * address.
	 */
	@Override
	public String toString() {
		return "PolarUnprovenPurchases[purchaseIds=" + this.purchaseIds + "]";
	}

}
