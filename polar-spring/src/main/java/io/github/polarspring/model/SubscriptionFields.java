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

import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Base class for representations of a subscription.
 */
abstract sealed class SubscriptionFields extends IdentifiedResource
		permits CustomerState.ActiveSubscription, Subscription {

	SubscriptionFields(Value value) {
		super(value);
	}

	/**
	 * Return the price of a period after discount. If the price includes tax, it is
	 * gross, otherwise tax is added to it. Only the {@linkplain Order orders} tell the
	 * tax.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long amount() {
		return required("amount", Form.LONG);
	}

	/**
	 * Return the currency.
	 * @return three letters in lower case
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public String currency() {
		return required("currency", Form.TEXT);
	}

	/**
	 * Return the unit of the billing period.
	 * @return the unit, or {@code null} if absent or unreadable
	 */
	public @Nullable RecurringInterval recurringInterval() {
		return read("recurring_interval", Form.oneOf(RecurringInterval.class));
	}

	/**
	 * Return the status.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public SubscriptionStatus status() {
		return required("status", Form.oneOf(SubscriptionStatus.class));
	}

	/**
	 * Return the start of the trial.
	 * @return the time, or {@code null} if there is no trial, or if it cannot be read
	 */
	public @Nullable Instant trialStart() {
		return read("trial_start", Form.TIME);
	}

	/**
	 * Return the end of the trial.
	 * @return the time, or {@code null} if there is no trial, or if it cannot be read
	 */
	public @Nullable Instant trialEnd() {
		return read("trial_end", Form.TIME);
	}

	/**
	 * Return when the subscription was canceled.
	 * @return the time, or {@code null} if not canceled, or if it cannot be read
	 */
	public @Nullable Instant canceledAt() {
		return read("canceled_at", Form.TIME);
	}

	/**
	 * Return when the subscription started.
	 * @return the time, or {@code null} if not started, or if it cannot be read
	 */
	public @Nullable Instant startedAt() {
		return read("started_at", Form.TIME);
	}

	/**
	 * Return when the subscription will end.
	 * @return the time, or {@code null} if not canceled, or if it cannot be read
	 */
	public @Nullable Instant endsAt() {
		return read("ends_at", Form.TIME);
	}

	/**
	 * Return the product.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public @Nullable UUID productId() {
		return read("product_id", Form.ID);
	}

	/**
	 * Return the discount.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID discountId() {
		return read("discount_id", Form.ID);
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
	 * Return what the buyer entered into custom fields, by slug.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> customFieldData() {
		return map("custom_field_data");
	}

}
