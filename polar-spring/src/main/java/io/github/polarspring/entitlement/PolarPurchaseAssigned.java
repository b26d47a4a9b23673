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

import java.util.UUID;

/**
 * Application event that is published when the application has assigned a purchase to
 * another user, for example for an audit log.
 *
 * @param purchaseId Polar's id of the subscription or order
 * @param externalId id of the user in the application who has it now
 * @since 0.1.0
 * @see PolarEntitlements#assignSubscription
 */
public record PolarPurchaseAssigned(UUID purchaseId, String externalId) {

	/**
	 * Return a text without the id of the user: in some applications, it is an e-mail
	 * address.
	 */
	@Override
	public String toString() {
		return "PolarPurchaseAssigned[purchaseId=" + this.purchaseId + "]";
	}

}
