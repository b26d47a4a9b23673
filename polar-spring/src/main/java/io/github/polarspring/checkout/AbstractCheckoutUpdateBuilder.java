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

package io.github.polarspring.checkout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Base class for builders of changes that both the seller and the buyer can make to a
 * checkout session. Fields that are not set remain unchanged. Methods accept {@code null}
 * only where Polar removes the value then; for other fields, Polar ignores {@code null},
 * or fails. Methods throw an {@link IllegalArgumentException} that names the field and
 * the limit for values that Polar would reject.
 *
 * @param <B> the type of the builder
 */
abstract class AbstractCheckoutUpdateBuilder<B extends AbstractCheckoutUpdateBuilder<B>> {

	private static final String CUSTOM_FIELD_DATA = "custom_field_data";

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	AbstractCheckoutUpdateBuilder() {
	}

	@SuppressWarnings("unchecked")
	final B set(String field, @Nullable Object value) {
		this.fields.put(field, value);
		return (B) this;
	}

	/**
	 * Return a copy of the fields that were set so far.
	 */
	final Map<String, @Nullable Object> snapshot() {
		Map<String, @Nullable Object> snapshot = new LinkedHashMap<>(this.fields);
		snapshot.computeIfPresent(CUSTOM_FIELD_DATA, (field, data) -> new LinkedHashMap<>((Map<?, ?>) data));
		return snapshot;
	}

	/**
	 * Select another product. Polar then charges its catalog prices, even in a session
	 * with ad-hoc prices.
	 * @param productId id of a product of the session
	 * @return this builder
	 */
	public B productId(UUID productId) {
		return set("product_id", CheckoutFields.id("product_id", productId));
	}

	/**
	 * Set the amount of a pay-what-you-want price. Polar ignores it for other prices. The
	 * amount can be changed, but not removed.
	 * @param amount the amount in minor units of the currency, which includes tax if the
	 * price does
	 * @return this builder
	 */
	public B amount(long amount) {
		return set("amount", CheckoutFields.amount(amount));
	}

	/**
	 * Set the number of seats. It can be changed, but not removed: without a number of
	 * seats, Polar would still charge the previous amount.
	 * @param seats 1 to 10000, within the bounds of price and session
	 * @return this builder
	 */
	public B seats(int seats) {
		return set("seats", CheckoutFields.seats("seats", seats));
	}

	/**
	 * Set the number of units. It can be changed, but not removed: without a number of
	 * units, Polar would still charge the previous amount.
	 * @param units at least 1, within the bounds of price and session
	 * @return this builder
	 */
	public B units(int units) {
		return set("units", CheckoutFields.units("units", units));
	}

	/**
	 * Set whether the buyer is a business, which must give billing name and full address.
	 * @param businessCustomer whether the buyer is a business; {@code false} also removes
	 * the billing name
	 * @return this builder
	 */
	public B businessCustomer(boolean businessCustomer) {
		return set("is_business_customer", businessCustomer);
	}

	/**
	 * Set the name of the customer.
	 * @param customerName the name, at most 256 characters, {@code null} to remove it
	 * @return this builder
	 */
	public B customerName(@Nullable String customerName) {
		return set("customer_name", (customerName != null) ? CheckoutFields.name(customerName) : null);
	}

	/**
	 * Set the e-mail address of the customer. Polar ignores it once the session has a
	 * customer.
	 * @param customerEmail the address, {@code null} to remove it
	 * @return this builder
	 */
	public B customerEmail(@Nullable String customerEmail) {
		return set("customer_email", (customerEmail != null) ? CheckoutFields.email(customerEmail) : null);
	}

	/**
	 * Set the name for the invoice. To remove it, set {@link #businessCustomer(boolean)
	 * businessCustomer(false)}.
	 * @param customerBillingName the name
	 * @return this builder
	 */
	public B customerBillingName(String customerBillingName) {
		return set("customer_billing_name", CheckoutFields.text("customer_billing_name", customerBillingName));
	}

	/**
	 * Set the billing address. It replaces the previous address as a whole, and cannot be
	 * removed.
	 * @param customerBillingAddress the address
	 * @return this builder
	 */
	public B customerBillingAddress(BillingAddress customerBillingAddress) {
		Assert.notNull(customerBillingAddress,
				"customer_billing_address must not be null. Polar keeps the previous address");
		return set("customer_billing_address", customerBillingAddress.requireAccepted());
	}

	/**
	 * Set the tax id.
	 * @param customerTaxId the id, valid in the country of the billing address,
	 * {@code null} to remove it
	 * @return this builder
	 */
	public B customerTaxId(@Nullable String customerTaxId) {
		return set("customer_tax_id",
				(customerTaxId != null) ? CheckoutFields.text("customer_tax_id", customerTaxId) : null);
	}

	/**
	 * Set the language of the checkout page. Polar applies it if localization is enabled
	 * for the organization. It can be changed, but not removed.
	 * @param locale a locale with a language
	 * @return this builder
	 */
	public B locale(Locale locale) {
		return set("locale", CheckoutFields.locale(locale));
	}

	/**
	 * Fill in a text or select field. Other fields remain unchanged.
	 * @param slug slug of the custom field
	 * @param value the value
	 * @return this builder
	 */
	public B customField(String slug, String value) {
		return putCustomField(slug, value);
	}

	/**
	 * Fill in a number field. Other fields remain unchanged.
	 * @param slug slug of the custom field
	 * @param value the value
	 * @return this builder
	 */
	public B customField(String slug, long value) {
		return putCustomField(slug, value);
	}

	/**
	 * Fill in a checkbox. Other fields remain unchanged.
	 * @param slug slug of the custom field
	 * @param value the value
	 * @return this builder
	 */
	public B customField(String slug, boolean value) {
		return putCustomField(slug, value);
	}

	/**
	 * Fill in a date field. Other fields remain unchanged.
	 * @param slug slug of the custom field
	 * @param value the value
	 * @return this builder
	 */
	public B customField(String slug, Instant value) {
		return putCustomField(slug, value);
	}

	/**
	 * Set a custom field to {@code null}. Other fields remain unchanged.
	 * @param slug slug of the custom field
	 * @return this builder
	 */
	public B clearCustomField(String slug) {
		Assert.hasText(slug, "custom_field_data must contain a slug for each value");
		CheckoutFields.requireWellFormed(CUSTOM_FIELD_DATA, slug);
		Map<String, @Nullable Object> data = customFieldData();
		data.put(slug, null);
		return set(CUSTOM_FIELD_DATA, data);
	}

	private B putCustomField(String slug, Object value) {
		Map<String, @Nullable Object> data = customFieldData();
		CheckoutFields.putCustomField(data, slug, value);
		return set(CUSTOM_FIELD_DATA, data);
	}

	@SuppressWarnings("unchecked")
	private Map<String, @Nullable Object> customFieldData() {
		return (this.fields.get(CUSTOM_FIELD_DATA) instanceof Map<?, ?> data) ? (Map<String, @Nullable Object>) data
				: new LinkedHashMap<>();
	}

}
