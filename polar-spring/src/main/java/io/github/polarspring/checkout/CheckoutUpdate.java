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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Changes to an open checkout session:
 *
 * <pre class="code">
 * CheckoutUpdate.builder().seats(12).discountId(null).build()
 * </pre>
 *
 * Fields that are not set are not sent and remain unchanged. {@code null} is sent, and
 * removes the value; the builder accepts it only for fields that Polar can clear.
 * Immutable.
 *
 * @since 0.1.0
 * @see PolarCheckoutOperations#update(UUID, CheckoutUpdate)
 * @see <a href="https://polar.sh/docs/api-reference/checkouts/update-session">Polar's API
 * reference</a>
 */
public final class CheckoutUpdate {

	private static final String METADATA = "metadata";

	private static final String CUSTOMER_METADATA = "customer_metadata";

	private static final String PRODUCT_ID = "product_id";

	private final Map<String, @Nullable Object> fields;

	private CheckoutUpdate(Map<String, @Nullable Object> fields) {
		this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
	}

	/**
	 * Return a builder without any changes.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	boolean replacesMetadata() {
		return this.fields.containsKey(METADATA);
	}

	/**
	 * Return this update as it is sent.
	 * @param products resolves product names
	 * @param reserved the entries of the session's metadata that must be retained
	 */
	CheckoutUpdate complete(PolarProducts products, Map<String, Object> reserved) {
		Map<String, @Nullable Object> complete = new LinkedHashMap<>(this.fields);
		if (this.fields.get(PRODUCT_ID) instanceof ProductReference product) {
			complete.put(PRODUCT_ID, product.resolve(products));
		}
		if (!reserved.isEmpty() && this.fields.get(METADATA) instanceof Map<?, ?> own) {
			Map<Object, Object> metadata = new LinkedHashMap<>(own);
			metadata.putAll(reserved);
			if (!CheckoutMetadata.fits(metadata)) {
				metadata.remove(CheckoutMetadata.BROWSER_HASH);
			}
			CheckoutMetadata.requireSize(metadata);
			complete.put(METADATA, metadata);
		}
		return new CheckoutUpdate(complete);
	}

	@JsonValue
	Map<String, @Nullable Object> fields() {
		return this.fields;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CheckoutUpdate other && this.fields.equals(other.fields);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.fields);
	}

	/**
	 * Return the names of the fields only: their values can be personal data.
	 */
	@Override
	public String toString() {
		return "CheckoutUpdate" + this.fields.keySet();
	}

	/**
	 * Builder for a {@link CheckoutUpdate}. Fields that are not set remain unchanged.
	 * Methods accept {@code null} only where Polar removes the value then; for other
	 * fields, Polar ignores {@code null}, or fails. Methods throw an
	 * {@link IllegalArgumentException} that names the field and the limit for values that
	 * Polar would reject. Not safe for use by multiple threads.
	 */
	public static final class Builder extends AbstractCheckoutUpdateBuilder<Builder> {

		private Builder() {
		}

		/**
		 * Select another product. Polar then charges its catalog prices, even in a
		 * session with ad-hoc prices.
		 * @param product name from {@code polar.products}, or id as text, of a product of
		 * the session
		 * @return this builder
		 */
		public Builder product(String product) {
			return set(PRODUCT_ID, ProductReference.of(product));
		}

		/**
		 * Sell in another currency. Polar then charges catalog prices, even in a session
		 * with ad-hoc prices. The currency can be changed, but not removed.
		 * @param currency three letters; the selected product must have a price in it
		 * @return this builder
		 */
		public Builder currency(String currency) {
			return set("currency", MinorUnits.code(currency));
		}

		/**
		 * Set the discount to apply.
		 * @param discountId id of the discount, {@code null} to remove it
		 * @return this builder
		 */
		public Builder discountId(@Nullable UUID discountId) {
			return set("discount_id", (discountId != null) ? CheckoutFields.id("discount_id", discountId) : null);
		}

		/**
		 * Set whether the buyer can enter a discount code.
		 * @param allowDiscountCodes whether codes are allowed
		 * @return this builder
		 */
		public Builder allowDiscountCodes(boolean allowDiscountCodes) {
			return set("allow_discount_codes", allowDiscountCodes);
		}

		/**
		 * Set whether the buyer must enter a full billing address instead of a country.
		 * @param requireBillingAddress whether the address is required
		 * @return this builder
		 */
		public Builder requireBillingAddress(boolean requireBillingAddress) {
			return set("require_billing_address", requireBillingAddress);
		}

		/**
		 * Set the shopper's IP address. Polar derives the country from it in the next
		 * update, not in this one.
		 * @param customerIpAddress an IPv4 or IPv6 literal without a port, {@code null}
		 * to remove it
		 * @return this builder
		 */
		public Builder customerIpAddress(@Nullable String customerIpAddress) {
			return set("customer_ip_address",
					(customerIpAddress != null) ? CheckoutFields.ipAddress(customerIpAddress) : null);
		}

		/**
		 * Replace all metadata. The reserved keys, such as {@code external_customer_id},
		 * retain their values regardless of the map; for this purpose, the template reads
		 * the session first.
		 * @param metadata at most 50 entries; keys of 1 to 40 characters; strings of 1 to
		 * 500 characters, finite numbers and booleans
		 * @return this builder
		 */
		public Builder metadata(Map<String, ?> metadata) {
			Assert.notNull(metadata, "metadata must not be null. To remove all entries, use an empty map");
			Map<String, Object> own = new LinkedHashMap<>(metadata);
			own.keySet().removeAll(CheckoutMetadata.RESERVED);
			return set(METADATA, CheckoutMetadata.copy(METADATA, own));
		}

		/**
		 * Replace all metadata for the customer.
		 * @param customerMetadata see {@link #metadata(Map)}; to remove all entries, use
		 * an empty map
		 * @return this builder
		 */
		public Builder customerMetadata(Map<String, ?> customerMetadata) {
			Assert.notNull(customerMetadata,
					"customer_metadata must not be null. To remove all entries, use an empty map");
			Map<String, Object> copy = CheckoutMetadata.copy(CUSTOMER_METADATA, customerMetadata);
			copy.replaceAll((key, value) -> CheckoutFields.integral(CUSTOMER_METADATA, key, value));
			return set(CUSTOMER_METADATA, copy);
		}

		/**
		 * Set whether a trial of the product applies.
		 * @param allowTrial {@code false} to disable the trial, {@code null} to remove
		 * the setting
		 * @return this builder
		 */
		public Builder allowTrial(@Nullable Boolean allowTrial) {
			return set("allow_trial", allowTrial);
		}

		/**
		 * Set the length of the trial, instead of the product's. It can be changed, but
		 * not removed; to disable the trial, set {@link #allowTrial(Boolean)
		 * allowTrial(false)}.
		 * @param count 1 to 1000
		 * @param interval the unit of the length
		 * @return this builder
		 */
		public Builder trial(int count, TrialInterval interval) {
			set("trial_interval_count", CheckoutFields.trialIntervalCount(count));
			return set("trial_interval", CheckoutFields.trialInterval(interval));
		}

		/**
		 * Set where Polar redirects the buyer after the payment.
		 * @param successUrl an absolute http or https URL, in which Polar replaces
		 * <code>{CHECKOUT_ID}</code>; {@code null} for Polar's own page
		 * @return this builder
		 */
		public Builder successUrl(@Nullable String successUrl) {
			return set("success_url",
					(successUrl != null) ? CheckoutUrl.validateAbsolute("success_url", successUrl) : null);
		}

		/**
		 * Set the target of the back button of the checkout page.
		 * @param returnUrl an absolute http or https URL, {@code null} for no button
		 * @return this builder
		 */
		public Builder returnUrl(@Nullable String returnUrl) {
			return set("return_url",
					(returnUrl != null) ? CheckoutUrl.validateAbsolute("return_url", returnUrl) : null);
		}

		/**
		 * Set the origin of the page that embeds the checkout. Take it from
		 * configuration, never from a request. It can be changed, but not removed.
		 * @param embedOrigin scheme, host and port, such as {@code https://shop.example}
		 * @return this builder
		 */
		public Builder embedOrigin(String embedOrigin) {
			return set("embed_origin", CheckoutUrl.validateOrigin("embed_origin", embedOrigin));
		}

		/**
		 * Build the update.
		 * @return an immutable update
		 */
		public CheckoutUpdate build() {
			return new CheckoutUpdate(snapshot());
		}

	}

}
