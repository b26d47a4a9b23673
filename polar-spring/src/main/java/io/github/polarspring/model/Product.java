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

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * A product. Within an order, prices, benefits, pictures and custom fields are empty.
 *
 * @since 0.1.0
 */
public final class Product extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Product(Value value) {
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

	/**
	 * Return the name.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the description, in Markdown.
	 * @return the text, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String description() {
		return read("description", Form.TEXT);
	}

	/**
	 * Return who can see the product.
	 * @return the visibility, or {@code null} if absent or unreadable
	 */
	public CheckoutProduct.@Nullable Visibility visibility() {
		return read("visibility", Form.oneOf(CheckoutProduct.Visibility.class));
	}

	/**
	 * Return the unit of the billing period.
	 * @return the unit, or {@code null} if the product is sold once, or if it cannot be
	 * read
	 */
	public @Nullable RecurringInterval recurringInterval() {
		return read("recurring_interval", Form.oneOf(RecurringInterval.class));
	}

	/**
	 * Return the length of the billing period.
	 * @return the number of units, or {@code null} if the product is sold once, or if it
	 * cannot be read
	 */
	public @Nullable Integer recurringIntervalCount() {
		return read("recurring_interval_count", Form.INTEGER);
	}

	/**
	 * Return the unit of the period for metered usage.
	 * @return the unit, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable RecurringInterval meterInterval() {
		return read("meter_interval", Form.oneOf(RecurringInterval.class));
	}

	/**
	 * Return the length of the period for metered usage.
	 * @return the number of units, or {@code null} if there is none, or if it cannot be
	 * read
	 */
	public @Nullable Integer meterIntervalCount() {
		return read("meter_interval_count", Form.INTEGER);
	}

	/**
	 * Return the unit of the length of the trial.
	 * @return the unit, or {@code null} if there is no trial, or if it cannot be read
	 */
	public @Nullable TrialInterval trialInterval() {
		return read("trial_interval", Form.oneOf(TrialInterval.class));
	}

	/**
	 * Return the length of the trial.
	 * @return the number of units, or {@code null} if there is no trial, or if it cannot
	 * be read
	 */
	public @Nullable Integer trialIntervalCount() {
		return read("trial_interval_count", Form.INTEGER);
	}

	/**
	 * Return whether the product is sold as a subscription.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isRecurring() {
		return flag("is_recurring");
	}

	/**
	 * Return whether the product is no longer sold.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isArchived() {
		return flag("is_archived");
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
	 * Return the metadata.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> metadata() {
		return checkedMap("metadata");
	}

	/**
	 * Return the prices.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<ProductPrice> prices() {
		return resources("prices", ProductPrice::of);
	}

	/**
	 * Return the benefits that buyers get.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<ProductBenefit> benefits() {
		return resources("benefits", ProductBenefit::new);
	}

	/**
	 * Return the pictures.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<ProductMedia> medias() {
		return resources("medias", ProductMedia::new);
	}

	/**
	 * Return the custom fields on the checkout page.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<AttachedCustomField> attachedCustomFields() {
		return resources("attached_custom_fields", AttachedCustomField::new);
	}

}
