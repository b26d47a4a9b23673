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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Request to create a checkout session: what is sold, and to whom.
 *
 * <pre class="code">
 * CheckoutRequest.forProducts("pro").successUrl("/thanks").metadata("campaign", "spring").build()
 * </pre>
 *
 * Immutable. Fields that are not set are not sent, so Polar's defaults apply.
 * <p>
 * <strong>Buyer.</strong> The {@link CheckoutContext} adds the signed-in user, either
 * completely or not at all: if code sets {@linkplain Builder#externalCustomerId external
 * id}, {@linkplain Builder#customerId Polar's id}, {@linkplain Builder#subscriptionId a
 * subscription} or {@linkplain Builder#customerEmail e-mail}, or calls
 * {@link Builder#guest()}, nothing about the signed-in user is sent. The context also
 * adds the IP address and the language. If the session is for another person, call
 * {@link Builder#withoutCustomerIpAddress()} and set the {@link Builder#locale locale}.
 * The external id is also added to the metadata under the reserved key
 * {@code external_customer_id}, which Polar copies to the order and the subscription.
 * Without it, the key {@code checkout_buyer} says that the buyer is a guest or a customer
 * whom code chose.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/checkouts/create-session">Polar's API
 * reference</a>
 */
public final class CheckoutRequest {

	private static final String PRODUCTS = "products";

	private static final String PRICES = "prices";

	private static final String METADATA = "metadata";

	private static final String CUSTOMER_METADATA = "customer_metadata";

	private static final String CUSTOM_FIELD_DATA = "custom_field_data";

	private static final String SUCCESS_URL = "success_url";

	private static final String RETURN_URL = "return_url";

	private static final String CUSTOMER_ID = "customer_id";

	private static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	/**
	 * The fields by their names on the wire, in the order in which they are sent.
	 */
	private final SortedMap<String, Object> fields;

	private final boolean guest;

	private final boolean ipAddressWithheld;

	private CheckoutRequest(Map<String, Object> fields, boolean guest, boolean ipAddressWithheld) {
		this.fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
		this.guest = guest;
		this.ipAddressWithheld = ipAddressWithheld;
	}

	/**
	 * Create a builder for a request with the given products. The buyer chooses one of
	 * them; the first is preselected.
	 * @param productIds ids of the products, in display order
	 * @return a builder
	 * @throws IllegalArgumentException if there is no product, or a product is duplicated
	 */
	public static Builder forProducts(UUID... productIds) {
		return new Builder(Arrays.stream(productIds).map(ProductReference::of).toList());
	}

	/**
	 * Create a builder for a request with the given products. The buyer chooses one of
	 * them; the first is preselected.
	 * @param products names from {@code polar.products}, or ids as text, in display
	 * order. An unknown name is rejected when the session is created.
	 * @return a builder
	 * @throws IllegalArgumentException if there is no product, or a product is duplicated
	 */
	public static Builder forProducts(String... products) {
		return new Builder(Arrays.stream(products).map(ProductReference::of).toList());
	}

	/**
	 * Return a builder that is initialized with this request.
	 * @return a builder
	 */
	public Builder mutate() {
		return new Builder(this);
	}

	/**
	 * Return this request as it is sent.
	 */
	CheckoutRequest complete(PolarProducts products, @Nullable String applicationUrl, @Nullable String browserHash) {
		Map<String, Object> complete = new HashMap<>(this.fields);
		complete.put(PRODUCTS,
				distinct(references(this.fields).stream().map((product) -> product.resolve(products)).toList()));
		complete.computeIfPresent(PRICES, (field, prices) -> ((CheckoutPrices) prices).resolve(products));
		complete.computeIfPresent(SUCCESS_URL, (field, url) -> CheckoutUrl
			.withCheckoutId(CheckoutUrl.resolve(field, (String) url, applicationUrl), applicationUrl));
		complete.computeIfPresent(RETURN_URL, (field, url) -> CheckoutUrl.resolve(field, (String) url, applicationUrl));
		Map<String, Object> metadata = new LinkedHashMap<>(metadata());
		String externalCustomerId = externalCustomerId();
		if (externalCustomerId != null) {
			metadata.put(CheckoutMetadata.EXTERNAL_CUSTOMER_ID, externalCustomerId);
			CheckoutMetadata.requireSize(metadata);
		}
		else if (subscriptionId() == null) {
			// a subscription that is upgraded has its own
			markBuyer(metadata);
		}
		if (browserHash != null && CheckoutMetadata.hasRoom(metadata)) {
			metadata.put(CheckoutMetadata.BROWSER_HASH, browserHash);
		}
		if (!metadata.isEmpty()) {
			complete.put(METADATA, Collections.unmodifiableMap(metadata));
		}
		return new CheckoutRequest(complete, this.guest, this.ipAddressWithheld);
	}

	private void markBuyer(Map<String, Object> metadata) {
		if (customerId() != null) {
			metadata.put(CheckoutMetadata.BUYER, CheckoutMetadata.CUSTOMER + customerId());
			CheckoutMetadata.requireSize(metadata);
		}
		else if (CheckoutMetadata.hasRoom(metadata)) {
			metadata.put(CheckoutMetadata.BUYER, CheckoutMetadata.GUEST);
		}
	}

	/**
	 * Return whether code identified the buyer by an id, or chose a guest. An e-mail
	 * address alone does not count, because it can come from a form.
	 * @return {@code true} if the signed-in user is not the buyer
	 */
	public boolean isBuyerSet() {
		return this.guest || externalCustomerId() != null || customerId() != null || subscriptionId() != null;
	}

	boolean isIpAddressWithheld() {
		return this.ipAddressWithheld;
	}

	/**
	 * Return this request without the given optional fields.
	 */
	CheckoutRequest without(Set<String> optional) {
		Map<String, Object> without = new HashMap<>(this.fields);
		without.keySet().removeAll(optional);
		return new CheckoutRequest(without, this.guest, this.ipAddressWithheld);
	}

	private static List<ProductReference> distinct(List<ProductReference> products) {
		Assert.notEmpty(products, "products must not be empty");
		Assert.isTrue(Set.copyOf(products).size() == products.size(), "products must not contain duplicates");
		return products;
	}

	/**
	 * Return the products that the buyer can choose from.
	 * @return the names and ids as given, in display order
	 */
	public List<String> products() {
		return references(this.fields).stream().map(ProductReference::toString).toList();
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID customerId() {
		return get(CUSTOMER_ID);
	}

	/**
	 * Return the application's own id of the buyer.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable String externalCustomerId() {
		return get(EXTERNAL_CUSTOMER_ID);
	}

	/**
	 * Return the e-mail address with which the page is prefilled.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable String customerEmail() {
		return get(CheckoutFields.CUSTOMER_EMAIL);
	}

	/**
	 * Return the name with which the page is prefilled.
	 * @return the name, or {@code null} if not set
	 */
	public @Nullable String customerName() {
		return get(CheckoutFields.CUSTOMER_NAME);
	}

	/**
	 * Return the shopper's IP address.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable String customerIpAddress() {
		return get(CheckoutFields.CUSTOMER_IP_ADDRESS);
	}

	/**
	 * Return the metadata.
	 * @return an unmodifiable map to strings, numbers and booleans
	 */
	public Map<String, Object> metadata() {
		return map(this.fields, METADATA);
	}

	/**
	 * Return where Polar redirects the buyer after the payment.
	 * @return a URL or a path, or {@code null} if not set
	 */
	public @Nullable String successUrl() {
		return get(SUCCESS_URL);
	}

	/**
	 * Return the target of the back button of the checkout page.
	 * @return a URL or a path, or {@code null} if not set
	 */
	public @Nullable String returnUrl() {
		return get(RETURN_URL);
	}

	/**
	 * Return the language of the checkout page.
	 * @return a BCP 47 tag, or {@code null} if not set
	 */
	public @Nullable String locale() {
		return get(CheckoutFields.LOCALE);
	}

	/**
	 * Return the currency to sell in.
	 * @return three letters in lower case, or {@code null} if not set
	 */
	public @Nullable String currency() {
		return get("currency");
	}

	/**
	 * Return the discount to apply.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID discountId() {
		return get("discount_id");
	}

	/**
	 * Return whether the buyer can enter a discount code.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean allowDiscountCodes() {
		return get("allow_discount_codes");
	}

	/**
	 * Return whether the buyer must enter a full billing address.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean requireBillingAddress() {
		return get("require_billing_address");
	}

	/**
	 * Return the amount of a pay-what-you-want price.
	 * @return the amount in minor units, or {@code null} if not set
	 */
	public @Nullable Long amount() {
		return get("amount");
	}

	/**
	 * Return the number of seats.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer seats() {
		return get("seats");
	}

	/**
	 * Return the minimum number of seats.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer minSeats() {
		return get("min_seats");
	}

	/**
	 * Return the maximum number of seats.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer maxSeats() {
		return get("max_seats");
	}

	/**
	 * Return the number of units.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer units() {
		return get("units");
	}

	/**
	 * Return the minimum number of units.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer minUnits() {
		return get("min_units");
	}

	/**
	 * Return the maximum number of units.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer maxUnits() {
		return get("max_units");
	}

	/**
	 * Return whether a trial of the product applies.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean allowTrial() {
		return get("allow_trial");
	}

	/**
	 * Return the unit of the length of the trial.
	 * @return the unit, or {@code null} if not set
	 */
	public @Nullable TrialInterval trialInterval() {
		return get("trial_interval");
	}

	/**
	 * Return the length of the trial.
	 * @return the number of units, or {@code null} if not set
	 */
	public @Nullable Integer trialIntervalCount() {
		return get("trial_interval_count");
	}

	/**
	 * Return whether the buyer is a business.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean isBusinessCustomer() {
		return get("is_business_customer");
	}

	/**
	 * Return the name for the invoice.
	 * @return the name, or {@code null} if not set
	 */
	public @Nullable String customerBillingName() {
		return get("customer_billing_name");
	}

	/**
	 * Return the billing address.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable BillingAddress customerBillingAddress() {
		return get("customer_billing_address");
	}

	/**
	 * Return the tax id.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable String customerTaxId() {
		return get("customer_tax_id");
	}

	/**
	 * Return the free subscription to upgrade.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID subscriptionId() {
		return get("subscription_id");
	}

	/**
	 * Return the origin of the page that embeds the checkout.
	 * @return the origin, or {@code null} if not set
	 */
	public @Nullable String embedOrigin() {
		return get("embed_origin");
	}

	/**
	 * Return the metadata for the customer.
	 * @return an unmodifiable map to strings, numbers and booleans
	 */
	public Map<String, Object> customerMetadata() {
		return map(this.fields, CUSTOMER_METADATA);
	}

	/**
	 * Return the values of custom fields by their slugs.
	 * @return an unmodifiable map to strings, numbers, booleans, instants and
	 * {@code null}
	 */
	public Map<String, Object> customFieldData() {
		return map(this.fields, CUSTOM_FIELD_DATA);
	}

	/**
	 * Return the ad-hoc prices.
	 * @return an unmodifiable map from products, as given, to their prices
	 */
	public Map<String, List<AdHocPrice>> prices() {
		Map<String, List<AdHocPrice>> prices = new LinkedHashMap<>();
		prices(this.fields).byProduct().forEach((product, list) -> prices.put(product.toString(), list));
		return Collections.unmodifiableMap(prices);
	}

	/**
	 * Return this request as it is sent.
	 */
	@JsonValue
	Map<String, Object> fields() {
		return this.fields;
	}

	private <T> @Nullable T get(String field) {
		return get(this.fields, field);
	}

	/**
	 * Return the value of a field. The builder determines its type.
	 */
	@SuppressWarnings("unchecked")
	private static <T> @Nullable T get(Map<String, Object> fields, String field) {
		return (T) fields.get(field);
	}

	private static List<ProductReference> references(Map<String, Object> fields) {
		List<ProductReference> products = get(fields, PRODUCTS);
		return (products != null) ? products : List.of();
	}

	private static Map<String, Object> map(Map<String, Object> fields, String field) {
		Map<String, Object> map = get(fields, field);
		return (map != null) ? map : Map.of();
	}

	private static CheckoutPrices prices(Map<String, Object> fields) {
		CheckoutPrices prices = get(fields, PRICES);
		return (prices != null) ? prices : new CheckoutPrices(Map.of());
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CheckoutRequest other && this.fields.equals(other.fields) && this.guest == other.guest
				&& this.ipAddressWithheld == other.ipAddressWithheld;
	}

	@Override
	public int hashCode() {
		return this.fields.hashCode();
	}

	/**
	 * Return the products only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return "CheckoutRequest" + references(this.fields);
	}

	/**
	 * Builder for a {@link CheckoutRequest}. Not safe for use by multiple threads.
	 * Methods throw an {@link IllegalArgumentException} that names the field and the
	 * limit for values that Polar would reject.
	 */
	public static final class Builder {

		private final Map<String, Object> fields = new HashMap<>();

		private boolean guest;

		private boolean ipAddressWithheld;

		private Builder(List<ProductReference> products) {
			set(PRODUCTS, distinct(products));
		}

		private Builder(CheckoutRequest request) {
			this.fields.putAll(request.fields);
			this.guest = request.guest;
			this.ipAddressWithheld = request.ipAddressWithheld;
		}

		private Builder put(String field, String key, Object value) {
			Map<String, Object> metadata = new LinkedHashMap<>(map(this.fields, field));
			CheckoutMetadata.put(field, metadata, key, value);
			return set(field, Collections.unmodifiableMap(metadata));
		}

		private Builder set(String field, Object value) {
			this.fields.put(field, value);
			return this;
		}

		/**
		 * Set the application's own id of the buyer, instead of that of the signed-in
		 * user. Polar returns it as {@code customer.external_id}.
		 * @param externalCustomerId the id, which is used unchanged
		 * @return this builder
		 * @see PolarIdentity#externalId()
		 */
		public Builder externalCustomerId(String externalCustomerId) {
			set(EXTERNAL_CUSTOMER_ID, PolarIdentity.requireExternalId(externalCustomerId));
			this.guest = false;
			return this;
		}

		/**
		 * Set the buyer by Polar's id of the customer, instead of the signed-in user. The
		 * external id of that customer, if it has one, then identifies the buyer in
		 * events. If {@link #externalCustomerId} is set as well, that id does.
		 * @param customerId id of an existing customer
		 * @return this builder
		 */
		public Builder customerId(UUID customerId) {
			set(CUSTOMER_ID, CheckoutFields.id(CUSTOMER_ID, customerId));
			this.guest = false;
			return this;
		}

		/**
		 * Set the e-mail address with which the page is prefilled, instead of that of the
		 * signed-in user. Polar looks up the domain and rejects addresses that cannot
		 * receive mail.
		 * @param customerEmail the address
		 * @return this builder
		 */
		public Builder customerEmail(String customerEmail) {
			return set(CheckoutFields.CUSTOMER_EMAIL, CheckoutFields.email(customerEmail));
		}

		/**
		 * Set the name with which the page is prefilled.
		 * @param customerName the name, at most 256 characters
		 * @return this builder
		 */
		public Builder customerName(String customerName) {
			return set(CheckoutFields.CUSTOMER_NAME, CheckoutFields.name(customerName));
		}

		/**
		 * Sell to anyone who opens the page: neither an id of a customer nor anything
		 * about the signed-in user is sent.
		 * @return this builder
		 */
		public Builder guest() {
			this.fields.remove(EXTERNAL_CUSTOMER_ID);
			this.fields.remove(CUSTOMER_ID);
			this.guest = true;
			return this;
		}

		/**
		 * Set the shopper's IP address, instead of that of the current request. Polar
		 * derives country, currency and tax from it.
		 * @param customerIpAddress an IPv4 or IPv6 literal without a port
		 * @return this builder
		 */
		public Builder customerIpAddress(String customerIpAddress) {
			set(CheckoutFields.CUSTOMER_IP_ADDRESS, CheckoutFields.ipAddress(customerIpAddress));
			this.ipAddressWithheld = false;
			return this;
		}

		/**
		 * Do not send an IP address, not even that of the current request.
		 * @return this builder
		 */
		public Builder withoutCustomerIpAddress() {
			this.fields.remove(CheckoutFields.CUSTOMER_IP_ADDRESS);
			this.ipAddressWithheld = true;
			return this;
		}

		/**
		 * Add metadata, which Polar copies to the order and the subscription. Strings,
		 * numbers and booleans retain their types.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value, 1 to 500 characters
		 * @return this builder
		 */
		public Builder metadata(String key, String value) {
			return put(METADATA, key, value);
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, long value) {
			return put(METADATA, key, value);
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value, a finite number
		 * @return this builder
		 */
		public Builder metadata(String key, double value) {
			return put(METADATA, key, value);
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, boolean value) {
			return put(METADATA, key, value);
		}

		/**
		 * Set ad-hoc prices for this session, instead of the product's catalog prices.
		 * @param productId id of the product, as in
		 * {@link CheckoutRequest#forProducts(UUID...)}
		 * @param prices the prices: for each currency, one fixed, custom, seat-based or
		 * unit-based price (a fixed and a seat-based price can be combined), and any
		 * number of metered prices. One price must be in the organization's default
		 * currency.
		 * @return this builder
		 */
		public Builder price(UUID productId, AdHocPrice... prices) {
			return price(ProductReference.of(productId), prices);
		}

		/**
		 * Set ad-hoc prices for this session, instead of the product's catalog prices.
		 * @param product name or id of the product, as in
		 * {@link CheckoutRequest#forProducts(String...)}
		 * @param prices see {@link #price(UUID, AdHocPrice...)}
		 * @return this builder
		 */
		public Builder price(String product, AdHocPrice... prices) {
			return price(ProductReference.of(product), prices);
		}

		private Builder price(ProductReference product, AdHocPrice... prices) {
			List<ProductReference> products = references(this.fields);
			Assert.isTrue(products.contains(product),
					() -> "prices: '" + product + "' is not one of the products of the session: " + products);
			return set(PRICES, prices(this.fields).with(product, CheckoutPrices.validate(prices)));
		}

		/**
		 * Set the currency to sell in. By default, Polar uses the country of the
		 * shopper's IP address, or else the organization's default currency.
		 * @param currency three letters; the first product must have a price in it
		 * @return this builder
		 */
		public Builder currency(String currency) {
			return set("currency", MinorUnits.code(currency));
		}

		/**
		 * Set the discount to apply.
		 * @param discountId id of the discount
		 * @return this builder
		 */
		public Builder discountId(UUID discountId) {
			return set("discount_id", CheckoutFields.id("discount_id", discountId));
		}

		/**
		 * Set whether the buyer can enter a discount code, {@code true} by default. If
		 * not, the buyer cannot change a discount that is set.
		 * @param allowDiscountCodes whether codes are allowed
		 * @return this builder
		 */
		public Builder allowDiscountCodes(boolean allowDiscountCodes) {
			return set("allow_discount_codes", allowDiscountCodes);
		}

		/**
		 * Set whether the buyer must enter a full billing address instead of a country,
		 * {@code false} by default.
		 * @param requireBillingAddress whether the address is required
		 * @return this builder
		 */
		public Builder requireBillingAddress(boolean requireBillingAddress) {
			return set("require_billing_address", requireBillingAddress);
		}

		/**
		 * Set the amount of a pay-what-you-want price. Polar ignores it for other prices.
		 * @param amount the amount in minor units of the currency, which includes tax if
		 * the price does
		 * @return this builder
		 */
		public Builder amount(long amount) {
			return set("amount", CheckoutFields.amount(amount));
		}

		/**
		 * Set the number of seats of a seat-based price.
		 * @param seats 1 to 10000, within the bounds
		 * @return this builder
		 */
		public Builder seats(int seats) {
			return set("seats", CheckoutFields.seats("seats", seats));
		}

		/**
		 * Limit the number of seats that the buyer can choose.
		 * @param minSeats the minimum, 1 to 10000
		 * @return this builder
		 */
		public Builder minSeats(int minSeats) {
			return set("min_seats", CheckoutFields.seats("min_seats", minSeats));
		}

		/**
		 * Limit the number of seats that the buyer can choose.
		 * @param maxSeats the maximum, 1 to 10000
		 * @return this builder
		 */
		public Builder maxSeats(int maxSeats) {
			return set("max_seats", CheckoutFields.seats("max_seats", maxSeats));
		}

		/**
		 * Set the number of units of a unit-based price.
		 * @param units at least 1, within the bounds
		 * @return this builder
		 */
		public Builder units(int units) {
			return set("units", CheckoutFields.units("units", units));
		}

		/**
		 * Limit the number of units that the buyer can choose.
		 * @param minUnits the minimum, at least 1
		 * @return this builder
		 */
		public Builder minUnits(int minUnits) {
			return set("min_units", CheckoutFields.units("min_units", minUnits));
		}

		/**
		 * Limit the number of units that the buyer can choose.
		 * @param maxUnits the maximum, at least 1
		 * @return this builder
		 */
		public Builder maxUnits(int maxUnits) {
			return set("max_units", CheckoutFields.units("max_units", maxUnits));
		}

		/**
		 * Set whether a trial of the product applies, {@code true} by default.
		 * @param allowTrial {@code false} to disable the trial
		 * @return this builder
		 */
		public Builder allowTrial(boolean allowTrial) {
			return set("allow_trial", allowTrial);
		}

		/**
		 * Set the length of the trial, instead of the product's. This has no effect on
		 * one-time products.
		 * @param count 1 to 1000
		 * @param interval the unit of the length
		 * @return this builder
		 */
		public Builder trial(int count, TrialInterval interval) {
			set("trial_interval_count", CheckoutFields.trialIntervalCount(count));
			return set("trial_interval", CheckoutFields.trialInterval(interval));
		}

		/**
		 * Set whether the buyer is a business, which must enter a billing name and a full
		 * address.
		 * @param businessCustomer whether the buyer is a business
		 * @return this builder
		 */
		public Builder businessCustomer(boolean businessCustomer) {
			return set("is_business_customer", businessCustomer);
		}

		/**
		 * Set the name for the invoice.
		 * @param customerBillingName the name
		 * @return this builder
		 */
		public Builder customerBillingName(String customerBillingName) {
			return set("customer_billing_name", CheckoutFields.text("customer_billing_name", customerBillingName));
		}

		/**
		 * Set the billing address. If it contains more than a country (and a state in the
		 * US or Canada), Polar requires a complete address.
		 * @param customerBillingAddress the address
		 * @return this builder
		 */
		public Builder customerBillingAddress(BillingAddress customerBillingAddress) {
			Assert.notNull(customerBillingAddress, "customer_billing_address must not be null");
			return set("customer_billing_address", customerBillingAddress.requireAccepted());
		}

		/**
		 * Set the tax id, which requires a {@linkplain #customerBillingAddress billing
		 * address}.
		 * @param customerTaxId the id, valid in the country of the address
		 * @return this builder
		 */
		public Builder customerTaxId(String customerTaxId) {
			return set("customer_tax_id", CheckoutFields.text("customer_tax_id", customerTaxId));
		}

		/**
		 * Set the free subscription to upgrade. Its customer is the buyer. Set
		 * {@link #externalCustomerId} as well if the subscription was not bought through
		 * this library: otherwise, its events do not tell who the buyer is.
		 * @param subscriptionId id of the subscription
		 * @return this builder
		 */
		public Builder subscriptionId(UUID subscriptionId) {
			return set("subscription_id", CheckoutFields.id("subscription_id", subscriptionId));
		}

		/**
		 * Set the origin of the page that embeds the checkout. Polar's page posts its
		 * messages, which include a token of the buyer, to exactly this origin. Take it
		 * from configuration, never from a request.
		 * @param embedOrigin scheme, host and port, such as {@code https://shop.example}
		 * @return this builder
		 */
		public Builder embedOrigin(String embedOrigin) {
			return set("embed_origin", CheckoutUrl.validateOrigin("embed_origin", embedOrigin));
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value, 1 to 500 characters
		 * @return this builder
		 */
		public Builder customerMetadata(String key, String value) {
			return put(CUSTOMER_METADATA, key, value);
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value
		 * @return this builder
		 */
		public Builder customerMetadata(String key, long value) {
			return put(CUSTOMER_METADATA, key, value);
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment. Unlike
		 * metadata of the session, it cannot contain fractions, on which Polar fails.
		 * @param key the key, 1 to 40 characters
		 * @param value the value, a whole number, which is sent as an integer
		 * @return this builder
		 */
		public Builder customerMetadata(String key, double value) {
			return put(CUSTOMER_METADATA, key, CheckoutFields.integral(CUSTOMER_METADATA, key, value));
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value
		 * @return this builder
		 */
		public Builder customerMetadata(String key, boolean value) {
			return put(CUSTOMER_METADATA, key, value);
		}

		/**
		 * Fill in a text or select field of the first product. The buyer can change it,
		 * so do not use it to identify the buyer.
		 * @param slug slug of the custom field
		 * @param value the value
		 * @return this builder
		 */
		public Builder customField(String slug, String value) {
			return customField(slug, (Object) value);
		}

		/**
		 * Fill in a number field of the first product.
		 * @param slug slug of the custom field
		 * @param value the value
		 * @return this builder
		 */
		public Builder customField(String slug, long value) {
			return customField(slug, (Object) value);
		}

		/**
		 * Fill in a checkbox of the first product.
		 * @param slug slug of the custom field
		 * @param value the value
		 * @return this builder
		 */
		public Builder customField(String slug, boolean value) {
			return customField(slug, (Object) value);
		}

		/**
		 * Fill in a date field of the first product.
		 * @param slug slug of the custom field
		 * @param value the value
		 * @return this builder
		 */
		public Builder customField(String slug, Instant value) {
			return customField(slug, (Object) value);
		}

		private Builder customField(String slug, Object value) {
			Map<String, Object> data = new LinkedHashMap<>(map(this.fields, CUSTOM_FIELD_DATA));
			CheckoutFields.putCustomField(data, slug, value);
			return set(CUSTOM_FIELD_DATA, Collections.unmodifiableMap(data));
		}

		/**
		 * Set where Polar redirects the buyer after the payment.
		 * @param successUrl an absolute http or https URL, or a path within the
		 * application. Polar replaces <code>{CHECKOUT_ID}</code> with the id of the
		 * session. If a URL of the application itself does not contain it,
		 * <code>checkout_id={CHECKOUT_ID}</code> is appended.
		 * @return this builder
		 */
		public Builder successUrl(String successUrl) {
			return set(SUCCESS_URL, CheckoutUrl.validate("success_url", successUrl));
		}

		/**
		 * Set the target of the back button of the checkout page. By default, there is no
		 * button.
		 * @param returnUrl an absolute http or https URL, or a path within the
		 * application
		 * @return this builder
		 */
		public Builder returnUrl(String returnUrl) {
			return set(RETURN_URL, CheckoutUrl.validate("return_url", returnUrl));
		}

		/**
		 * Set the language of the checkout page. Polar applies it if localization is
		 * enabled for the organization. Only language and region are sent.
		 * @param locale a locale with a language
		 * @return this builder
		 * @throws IllegalArgumentException if the language does not exist
		 */
		public Builder locale(Locale locale) {
			return set(CheckoutFields.LOCALE, CheckoutFields.locale(locale));
		}

		private CheckoutPrices.Range range(String field) {
			return new CheckoutPrices.Range(field, get(this.fields, "min_" + field), get(this.fields, field),
					get(this.fields, "max_" + field));
		}

		/**
		 * Build the request.
		 * @return an immutable request
		 * @throws IllegalArgumentException if fields are inconsistent
		 */
		public CheckoutRequest build() {
			CheckoutPrices.Range seats = range("seats").requireOrdered();
			CheckoutPrices.Range units = range("units").requireOrdered();
			CheckoutPrices.requireConsistent(prices(this.fields).byProduct().get(references(this.fields).get(0)),
					get(this.fields, "currency"), get(this.fields, "amount"), seats, units);
			Assert.isTrue(
					!this.fields.containsKey("customer_tax_id") || this.fields.containsKey("customer_billing_address"),
					"customer_tax_id requires customer_billing_address");
			return new CheckoutRequest(this.fields, this.guest, this.ipAddressWithheld);
		}

	}

}
