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

import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Base class for resources with an id, and with the times of their creation and last
 * change.
 */
abstract sealed class IdentifiedResource extends PolarResource
		permits BenefitGrant, CheckoutOrganization, CheckoutSession, CustomField, CustomerFields, CustomerSeat,
		CustomerSession, LicenseKey, LicenseKeyActivation, Member, CustomerState.GrantedBenefit, CustomerState.Meter,
		Order, Order.Item, Payment, ProductBenefit, ProductFields, Refund, Subscription.PendingUpdate,
		SubscriptionFields, WebhookDelivery, WebhookDelivery.Event, WebhookEndpoint {

	IdentifiedResource(Value value) {
		super(value);
	}

	/**
	 * Return the id.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID id() {
		return required("id", Form.ID);
	}

	/**
	 * Return when it was created.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant createdAt() {
		return read("created_at", Form.TIME);
	}

	/**
	 * Return when it was last changed.
	 * @return the time, or {@code null} if never, or if it cannot be read
	 */
	public @Nullable Instant modifiedAt() {
		return read("modified_at", Form.TIME);
	}

}
