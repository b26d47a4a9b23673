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

import java.util.List;
import java.util.UUID;

import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Base class for representations of a product.
 */
abstract sealed class ProductFields extends IdentifiedResource permits CheckoutProduct, Product {

	ProductFields(Value value) {
		super(value);
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

}
