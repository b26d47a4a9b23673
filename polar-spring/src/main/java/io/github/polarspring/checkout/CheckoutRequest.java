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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * id}, {@linkplain Builder#customerId Polar's id} or {@linkplain Builder#customerEmail
 * e-mail}, or calls {@link Builder#guest()}, nothing about the signed-in user is sent.
 * The context also adds the IP address and the language. If the session is for another
 * person, call {@link Builder#withoutCustomerIpAddress()} and set the
 * {@link Builder#locale locale}. The external id is also added to the metadata under the
 * reserved key {@code external_customer_id}, which Polar copies to the order and the
 * subscription.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/checkouts/create-session">Polar's API
 * reference</a>
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY, getterVisibility = Visibility.NONE,
		isGetterVisibility = Visibility.NONE)
public final class CheckoutRequest {

	private final List<ProductReference> products;

	private final @Nullable UUID customerId;

	private final @Nullable String externalCustomerId;

	private final @Nullable String customerEmail;

	private final @Nullable String customerName;

	private final @Nullable String customerIpAddress;

	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	private final Map<String, Object> metadata;

	private final @Nullable String successUrl;

	private final @Nullable String returnUrl;

	private final @Nullable String locale;

	private final @Nullable String currency;

	private final @Nullable UUID discountId;

	private final @Nullable Boolean allowDiscountCodes;

	private final @Nullable Boolean requireBillingAddress;

	private final @Nullable Long amount;

	private final @Nullable Integer seats;

	private final @Nullable Integer minSeats;

	private final @Nullable Integer maxSeats;

	private final @Nullable Integer units;

	private final @Nullable Integer minUnits;

	private final @Nullable Integer maxUnits;

	private final @Nullable Boolean allowTrial;

	private final @Nullable TrialInterval trialInterval;

	private final @Nullable Integer trialIntervalCount;

	private final @Nullable Boolean isBusinessCustomer;

	private final @Nullable String customerBillingName;

	private final @Nullable BillingAddress customerBillingAddress;

	private final @Nullable String customerTaxId;

	private final @Nullable UUID subscriptionId;

	private final @Nullable String embedOrigin;

	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	private final Map<String, Object> customerMetadata;

	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	private final Map<String, Object> customFieldData;

	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	private final Map<ProductReference, List<AdHocPrice>> prices;

	@JsonIgnore
	private final boolean guest;

	@JsonIgnore
	private final boolean ipAddressWithheld;

	private CheckoutRequest(Builder builder) {
		this.products = List.copyOf(builder.products);
		this.customerId = builder.customerId;
		this.externalCustomerId = builder.externalCustomerId;
		this.customerEmail = builder.customerEmail;
		this.customerName = builder.customerName;
		this.customerIpAddress = builder.customerIpAddress;
		this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metadata));
		this.successUrl = builder.successUrl;
		this.returnUrl = builder.returnUrl;
		this.locale = builder.locale;
		this.currency = builder.currency;
		this.discountId = builder.discountId;
		this.allowDiscountCodes = builder.allowDiscountCodes;
		this.requireBillingAddress = builder.requireBillingAddress;
		this.amount = builder.amount;
		this.seats = builder.seats;
		this.minSeats = builder.minSeats;
		this.maxSeats = builder.maxSeats;
		this.units = builder.units;
		this.minUnits = builder.minUnits;
		this.maxUnits = builder.maxUnits;
		this.allowTrial = builder.allowTrial;
		this.trialInterval = builder.trialInterval;
		this.trialIntervalCount = builder.trialIntervalCount;
		this.isBusinessCustomer = builder.isBusinessCustomer;
		this.customerBillingName = builder.customerBillingName;
		this.customerBillingAddress = builder.customerBillingAddress;
		this.customerTaxId = builder.customerTaxId;
		this.subscriptionId = builder.subscriptionId;
		this.embedOrigin = builder.embedOrigin;
		this.customerMetadata = Collections.unmodifiableMap(new LinkedHashMap<>(builder.customerMetadata));
		this.customFieldData = Collections.unmodifiableMap(new LinkedHashMap<>(builder.customFieldData));
		this.prices = Collections.unmodifiableMap(new LinkedHashMap<>(builder.prices));
		this.guest = builder.guest;
		this.ipAddressWithheld = builder.ipAddressWithheld;
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
		Builder complete = mutate();
		complete.products = distinct(this.products.stream().map((product) -> product.resolve(products)).toList());
		complete.prices.clear();
		this.prices.forEach((product, prices) -> complete.prices.put(product.resolve(products), prices));
		complete.successUrl = CheckoutUrl
			.withCheckoutId(CheckoutUrl.resolve("success_url", this.successUrl, applicationUrl), applicationUrl);
		complete.returnUrl = CheckoutUrl.resolve("return_url", this.returnUrl, applicationUrl);
		if (this.externalCustomerId != null) {
			complete.metadata.put(CheckoutMetadata.EXTERNAL_CUSTOMER_ID, this.externalCustomerId);
			CheckoutMetadata.requireSize(complete.metadata);
		}
		if (browserHash != null && CheckoutMetadata.hasRoom(complete.metadata)) {
			complete.metadata.put(CheckoutMetadata.BROWSER_HASH, browserHash);
		}
		return complete.build();
	}

	/**
	 * Return whether code identified the buyer by an id, or chose a guest. An e-mail
	 * address alone does not count, because it can come from a form.
	 */
	boolean isBuyerSet() {
		return this.guest || this.externalCustomerId != null || this.customerId != null;
	}

	boolean isIpAddressWithheld() {
		return this.ipAddressWithheld;
	}

	/**
	 * Return this request without the given optional fields.
	 */
	CheckoutRequest without(Set<String> fields) {
		Builder without = mutate();
		for (String field : fields) {
			switch (field) {
				case CheckoutFields.CUSTOMER_EMAIL -> {
					without.customerEmail = null;
				}
				case CheckoutFields.CUSTOMER_NAME -> {
					without.customerName = null;
				}
				case CheckoutFields.CUSTOMER_IP_ADDRESS -> {
					without.customerIpAddress = null;
				}
				case CheckoutFields.LOCALE -> {
					without.locale = null;
				}
				default -> throw new IllegalArgumentException(field + " is not optional");
			}
		}
		return without.build();
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
		return this.products.stream().map(ProductReference::toString).toList();
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID customerId() {
		return this.customerId;
	}

	/**
	 * Return the application's own id of the buyer.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable String externalCustomerId() {
		return this.externalCustomerId;
	}

	/**
	 * Return the e-mail address with which the page is prefilled.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable String customerEmail() {
		return this.customerEmail;
	}

	/**
	 * Return the name with which the page is prefilled.
	 * @return the name, or {@code null} if not set
	 */
	public @Nullable String customerName() {
		return this.customerName;
	}

	/**
	 * Return the shopper's IP address.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable String customerIpAddress() {
		return this.customerIpAddress;
	}

	/**
	 * Return the metadata.
	 * @return an unmodifiable map to strings, numbers and booleans
	 */
	public Map<String, Object> metadata() {
		return this.metadata;
	}

	/**
	 * Return where Polar redirects the buyer after the payment.
	 * @return a URL or a path, or {@code null} if not set
	 */
	public @Nullable String successUrl() {
		return this.successUrl;
	}

	/**
	 * Return the target of the back button of the checkout page.
	 * @return a URL or a path, or {@code null} if not set
	 */
	public @Nullable String returnUrl() {
		return this.returnUrl;
	}

	/**
	 * Return the language of the checkout page.
	 * @return a BCP 47 tag, or {@code null} if not set
	 */
	public @Nullable String locale() {
		return this.locale;
	}

	/**
	 * Return the currency to sell in.
	 * @return three letters in lower case, or {@code null} if not set
	 */
	public @Nullable String currency() {
		return this.currency;
	}

	/**
	 * Return the discount to apply.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID discountId() {
		return this.discountId;
	}

	/**
	 * Return whether the buyer can enter a discount code.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean allowDiscountCodes() {
		return this.allowDiscountCodes;
	}

	/**
	 * Return whether the buyer must enter a full billing address.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean requireBillingAddress() {
		return this.requireBillingAddress;
	}

	/**
	 * Return the amount of a pay-what-you-want price.
	 * @return the amount in minor units, or {@code null} if not set
	 */
	public @Nullable Long amount() {
		return this.amount;
	}

	/**
	 * Return the number of seats.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer seats() {
		return this.seats;
	}

	/**
	 * Return the minimum number of seats.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer minSeats() {
		return this.minSeats;
	}

	/**
	 * Return the maximum number of seats.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer maxSeats() {
		return this.maxSeats;
	}

	/**
	 * Return the number of units.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer units() {
		return this.units;
	}

	/**
	 * Return the minimum number of units.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer minUnits() {
		return this.minUnits;
	}

	/**
	 * Return the maximum number of units.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer maxUnits() {
		return this.maxUnits;
	}

	/**
	 * Return whether a trial of the product applies.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean allowTrial() {
		return this.allowTrial;
	}

	/**
	 * Return the unit of the length of the trial.
	 * @return the unit, or {@code null} if not set
	 */
	public @Nullable TrialInterval trialInterval() {
		return this.trialInterval;
	}

	/**
	 * Return the length of the trial.
	 * @return the number of units, or {@code null} if not set
	 */
	public @Nullable Integer trialIntervalCount() {
		return this.trialIntervalCount;
	}

	/**
	 * Return whether the buyer is a business.
	 * @return {@code null} if not set
	 */
	public @Nullable Boolean isBusinessCustomer() {
		return this.isBusinessCustomer;
	}

	/**
	 * Return the name for the invoice.
	 * @return the name, or {@code null} if not set
	 */
	public @Nullable String customerBillingName() {
		return this.customerBillingName;
	}

	/**
	 * Return the billing address.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable BillingAddress customerBillingAddress() {
		return this.customerBillingAddress;
	}

	/**
	 * Return the tax id.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable String customerTaxId() {
		return this.customerTaxId;
	}

	/**
	 * Return the free subscription to upgrade.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID subscriptionId() {
		return this.subscriptionId;
	}

	/**
	 * Return the origin of the page that embeds the checkout.
	 * @return the origin, or {@code null} if not set
	 */
	public @Nullable String embedOrigin() {
		return this.embedOrigin;
	}

	/**
	 * Return the metadata for the customer.
	 * @return an unmodifiable map to strings, numbers and booleans
	 */
	public Map<String, Object> customerMetadata() {
		return this.customerMetadata;
	}

	/**
	 * Return the values of custom fields by their slugs.
	 * @return an unmodifiable map to strings, numbers, booleans, instants and
	 * {@code null}
	 */
	public Map<String, Object> customFieldData() {
		return this.customFieldData;
	}

	/**
	 * Return the ad-hoc prices.
	 * @return an unmodifiable map from products, as given, to their prices
	 */
	public Map<String, List<AdHocPrice>> prices() {
		Map<String, List<AdHocPrice>> prices = new LinkedHashMap<>();
		this.prices.forEach((product, list) -> prices.put(product.toString(), list));
		return Collections.unmodifiableMap(prices);
	}

	private List<@Nullable Object> values() {
		return Arrays.asList(this.products, this.customerId, this.externalCustomerId, this.customerEmail,
				this.customerName, this.customerIpAddress, this.metadata, this.successUrl, this.returnUrl, this.locale,
				this.currency, this.discountId, this.allowDiscountCodes, this.requireBillingAddress, this.amount,
				this.seats, this.minSeats, this.maxSeats, this.units, this.minUnits, this.maxUnits, this.allowTrial,
				this.trialInterval, this.trialIntervalCount, this.isBusinessCustomer, this.customerBillingName,
				this.customerBillingAddress, this.customerTaxId, this.subscriptionId, this.embedOrigin,
				this.customerMetadata, this.customFieldData, this.prices, this.guest, this.ipAddressWithheld);
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof CheckoutRequest other && values().equals(other.values());
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.products, this.externalCustomerId, this.metadata);
	}

	/**
	 * Return the products only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return "CheckoutRequest" + this.products;
	}

	/**
	 * Builder for a {@link CheckoutRequest}. Not safe for use by multiple threads.
	 * Methods throw an {@link IllegalArgumentException} that names the field and the
	 * limit for values that Polar would reject.
	 */
	public static final class Builder {

		private List<ProductReference> products;

		private @Nullable UUID customerId;

		private @Nullable String externalCustomerId;

		private @Nullable String customerEmail;

		private @Nullable String customerName;

		private @Nullable String customerIpAddress;

		private final Map<String, Object> metadata = new LinkedHashMap<>();

		private @Nullable String successUrl;

		private @Nullable String returnUrl;

		private @Nullable String locale;

		private @Nullable String currency;

		private @Nullable UUID discountId;

		private @Nullable Boolean allowDiscountCodes;

		private @Nullable Boolean requireBillingAddress;

		private @Nullable Long amount;

		private @Nullable Integer seats;

		private @Nullable Integer minSeats;

		private @Nullable Integer maxSeats;

		private @Nullable Integer units;

		private @Nullable Integer minUnits;

		private @Nullable Integer maxUnits;

		private @Nullable Boolean allowTrial;

		private @Nullable TrialInterval trialInterval;

		private @Nullable Integer trialIntervalCount;

		private @Nullable Boolean isBusinessCustomer;

		private @Nullable String customerBillingName;

		private @Nullable BillingAddress customerBillingAddress;

		private @Nullable String customerTaxId;

		private @Nullable UUID subscriptionId;

		private @Nullable String embedOrigin;

		private final Map<String, Object> customerMetadata = new LinkedHashMap<>();

		private final Map<String, Object> customFieldData = new LinkedHashMap<>();

		private final Map<ProductReference, List<AdHocPrice>> prices = new LinkedHashMap<>();

		private boolean guest;

		private boolean ipAddressWithheld;

		private Builder(List<ProductReference> products) {
			this.products = new ArrayList<>(distinct(products));
		}

		private Builder(CheckoutRequest request) {
			this.products = new ArrayList<>(request.products);
			this.customerId = request.customerId;
			this.externalCustomerId = request.externalCustomerId;
			this.customerEmail = request.customerEmail;
			this.customerName = request.customerName;
			this.customerIpAddress = request.customerIpAddress;
			this.metadata.putAll(request.metadata);
			this.successUrl = request.successUrl;
			this.returnUrl = request.returnUrl;
			this.locale = request.locale;
			this.currency = request.currency;
			this.discountId = request.discountId;
			this.allowDiscountCodes = request.allowDiscountCodes;
			this.requireBillingAddress = request.requireBillingAddress;
			this.amount = request.amount;
			this.seats = request.seats;
			this.minSeats = request.minSeats;
			this.maxSeats = request.maxSeats;
			this.units = request.units;
			this.minUnits = request.minUnits;
			this.maxUnits = request.maxUnits;
			this.allowTrial = request.allowTrial;
			this.trialInterval = request.trialInterval;
			this.trialIntervalCount = request.trialIntervalCount;
			this.isBusinessCustomer = request.isBusinessCustomer;
			this.customerBillingName = request.customerBillingName;
			this.customerBillingAddress = request.customerBillingAddress;
			this.customerTaxId = request.customerTaxId;
			this.subscriptionId = request.subscriptionId;
			this.embedOrigin = request.embedOrigin;
			this.customerMetadata.putAll(request.customerMetadata);
			this.customFieldData.putAll(request.customFieldData);
			this.prices.putAll(request.prices);
			this.guest = request.guest;
			this.ipAddressWithheld = request.ipAddressWithheld;
		}

		/**
		 * Set the application's own id of the buyer, instead of that of the signed-in
		 * user. Polar returns it as {@code customer.external_id}.
		 * @param externalCustomerId the id, which is used unchanged
		 * @return this builder
		 * @see PolarIdentity#externalId()
		 */
		public Builder externalCustomerId(String externalCustomerId) {
			this.externalCustomerId = PolarIdentity.requireExternalId(externalCustomerId);
			this.guest = false;
			return this;
		}

		/**
		 * Set the buyer by Polar's id of the customer, instead of the signed-in user.
		 * @param customerId id of an existing customer
		 * @return this builder
		 */
		public Builder customerId(UUID customerId) {
			CheckoutFields.id("customer_id", customerId);
			this.customerId = customerId;
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
			CheckoutFields.email(customerEmail);
			this.customerEmail = customerEmail;
			return this;
		}

		/**
		 * Set the name with which the page is prefilled.
		 * @param customerName the name, at most 256 characters
		 * @return this builder
		 */
		public Builder customerName(String customerName) {
			this.customerName = CheckoutFields.name(customerName);
			return this;
		}

		/**
		 * Sell to anyone who opens the page: neither an id of a customer nor anything
		 * about the signed-in user is sent.
		 * @return this builder
		 */
		public Builder guest() {
			this.externalCustomerId = null;
			this.customerId = null;
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
			this.customerIpAddress = CheckoutFields.ipAddress(customerIpAddress);
			this.ipAddressWithheld = false;
			return this;
		}

		/**
		 * Do not send an IP address, not even that of the current request.
		 * @return this builder
		 */
		public Builder withoutCustomerIpAddress() {
			this.customerIpAddress = null;
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
			CheckoutMetadata.put("metadata", this.metadata, key, value);
			return this;
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, long value) {
			CheckoutMetadata.put("metadata", this.metadata, key, value);
			return this;
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value, a finite number
		 * @return this builder
		 */
		public Builder metadata(String key, double value) {
			CheckoutMetadata.put("metadata", this.metadata, key, value);
			return this;
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, boolean value) {
			CheckoutMetadata.put("metadata", this.metadata, key, value);
			return this;
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
			Assert.isTrue(this.products.contains(product),
					() -> "prices: '" + product + "' is not one of the products of the session: " + this.products);
			this.prices.put(product, CheckoutPrices.validate(prices));
			return this;
		}

		/**
		 * Set the currency to sell in. By default, Polar uses the country of the
		 * shopper's IP address, or else the organization's default currency.
		 * @param currency three letters; the first product must have a price in it
		 * @return this builder
		 */
		public Builder currency(String currency) {
			this.currency = MinorUnits.code(currency);
			return this;
		}

		/**
		 * Set the discount to apply.
		 * @param discountId id of the discount
		 * @return this builder
		 */
		public Builder discountId(UUID discountId) {
			CheckoutFields.id("discount_id", discountId);
			this.discountId = discountId;
			return this;
		}

		/**
		 * Set whether the buyer can enter a discount code, {@code true} by default. If
		 * not, the buyer cannot change a discount that is set.
		 * @param allowDiscountCodes whether codes are allowed
		 * @return this builder
		 */
		public Builder allowDiscountCodes(boolean allowDiscountCodes) {
			this.allowDiscountCodes = allowDiscountCodes;
			return this;
		}

		/**
		 * Set whether the buyer must enter a full billing address instead of a country,
		 * {@code false} by default.
		 * @param requireBillingAddress whether the address is required
		 * @return this builder
		 */
		public Builder requireBillingAddress(boolean requireBillingAddress) {
			this.requireBillingAddress = requireBillingAddress;
			return this;
		}

		/**
		 * Set the amount of a pay-what-you-want price. Polar ignores it for other prices.
		 * @param amount the amount in minor units of the currency
		 * @return this builder
		 */
		public Builder amount(long amount) {
			this.amount = CheckoutFields.amount(amount);
			return this;
		}

		/**
		 * Set the number of seats of a seat-based price.
		 * @param seats 1 to 10000, within the bounds
		 * @return this builder
		 */
		public Builder seats(int seats) {
			this.seats = CheckoutFields.seats("seats", seats);
			return this;
		}

		/**
		 * Limit the number of seats that the buyer can choose.
		 * @param minSeats the minimum, 1 to 10000
		 * @return this builder
		 */
		public Builder minSeats(int minSeats) {
			this.minSeats = CheckoutFields.seats("min_seats", minSeats);
			return this;
		}

		/**
		 * Limit the number of seats that the buyer can choose.
		 * @param maxSeats the maximum, 1 to 10000
		 * @return this builder
		 */
		public Builder maxSeats(int maxSeats) {
			this.maxSeats = CheckoutFields.seats("max_seats", maxSeats);
			return this;
		}

		/**
		 * Set the number of units of a unit-based price.
		 * @param units at least 1, within the bounds
		 * @return this builder
		 */
		public Builder units(int units) {
			this.units = CheckoutFields.units("units", units);
			return this;
		}

		/**
		 * Limit the number of units that the buyer can choose.
		 * @param minUnits the minimum, at least 1
		 * @return this builder
		 */
		public Builder minUnits(int minUnits) {
			this.minUnits = CheckoutFields.units("min_units", minUnits);
			return this;
		}

		/**
		 * Limit the number of units that the buyer can choose.
		 * @param maxUnits the maximum, at least 1
		 * @return this builder
		 */
		public Builder maxUnits(int maxUnits) {
			this.maxUnits = CheckoutFields.units("max_units", maxUnits);
			return this;
		}

		/**
		 * Set whether a trial of the product applies, {@code true} by default.
		 * @param allowTrial {@code false} to disable the trial
		 * @return this builder
		 */
		public Builder allowTrial(boolean allowTrial) {
			this.allowTrial = allowTrial;
			return this;
		}

		/**
		 * Set the length of the trial, instead of the product's. This has no effect on
		 * one-time products.
		 * @param count 1 to 1000
		 * @param interval the unit of the length
		 * @return this builder
		 */
		public Builder trial(int count, TrialInterval interval) {
			this.trialIntervalCount = CheckoutFields.trialIntervalCount(count);
			this.trialInterval = CheckoutFields.trialInterval(interval);
			return this;
		}

		/**
		 * Set whether the buyer is a business, which must enter a billing name and a full
		 * address.
		 * @param businessCustomer whether the buyer is a business
		 * @return this builder
		 */
		public Builder businessCustomer(boolean businessCustomer) {
			this.isBusinessCustomer = businessCustomer;
			return this;
		}

		/**
		 * Set the name for the invoice.
		 * @param customerBillingName the name
		 * @return this builder
		 */
		public Builder customerBillingName(String customerBillingName) {
			this.customerBillingName = CheckoutFields.text("customer_billing_name", customerBillingName);
			return this;
		}

		/**
		 * Set the billing address. If it contains more than a country (and a state in the
		 * US or Canada), Polar requires a complete address.
		 * @param customerBillingAddress the address
		 * @return this builder
		 */
		public Builder customerBillingAddress(BillingAddress customerBillingAddress) {
			Assert.notNull(customerBillingAddress, "customer_billing_address must not be null");
			this.customerBillingAddress = customerBillingAddress.requireAccepted();
			return this;
		}

		/**
		 * Set the tax id, which requires a {@linkplain #customerBillingAddress billing
		 * address}.
		 * @param customerTaxId the id, valid in the country of the address
		 * @return this builder
		 */
		public Builder customerTaxId(String customerTaxId) {
			this.customerTaxId = CheckoutFields.text("customer_tax_id", customerTaxId);
			return this;
		}

		/**
		 * Set the free subscription to upgrade. Its customer is the buyer.
		 * @param subscriptionId id of the subscription
		 * @return this builder
		 */
		public Builder subscriptionId(UUID subscriptionId) {
			CheckoutFields.id("subscription_id", subscriptionId);
			this.subscriptionId = subscriptionId;
			return this;
		}

		/**
		 * Set the origin of the page that embeds the checkout. Polar's page posts its
		 * messages, which include a token of the buyer, to exactly this origin. Take it
		 * from configuration, never from a request.
		 * @param embedOrigin scheme, host and port, such as {@code https://shop.example}
		 * @return this builder
		 */
		public Builder embedOrigin(String embedOrigin) {
			this.embedOrigin = CheckoutUrl.validateOrigin("embed_origin", embedOrigin);
			return this;
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value, 1 to 500 characters
		 * @return this builder
		 */
		public Builder customerMetadata(String key, String value) {
			CheckoutMetadata.put("customer_metadata", this.customerMetadata, key, value);
			return this;
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value
		 * @return this builder
		 */
		public Builder customerMetadata(String key, long value) {
			CheckoutMetadata.put("customer_metadata", this.customerMetadata, key, value);
			return this;
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value, a finite number
		 * @return this builder
		 */
		public Builder customerMetadata(String key, double value) {
			CheckoutMetadata.put("customer_metadata", this.customerMetadata, key, value);
			return this;
		}

		/**
		 * Add metadata that Polar merges into that of the customer upon payment.
		 * @param key the key, 1 to 40 characters
		 * @param value the value
		 * @return this builder
		 */
		public Builder customerMetadata(String key, boolean value) {
			CheckoutMetadata.put("customer_metadata", this.customerMetadata, key, value);
			return this;
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
			CheckoutFields.putCustomField(this.customFieldData, slug, value);
			return this;
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
			this.successUrl = CheckoutUrl.validate("success_url", successUrl);
			return this;
		}

		/**
		 * Set the target of the back button of the checkout page. By default, there is no
		 * button.
		 * @param returnUrl an absolute http or https URL, or a path within the
		 * application
		 * @return this builder
		 */
		public Builder returnUrl(String returnUrl) {
			this.returnUrl = CheckoutUrl.validate("return_url", returnUrl);
			return this;
		}

		/**
		 * Set the language of the checkout page. Polar applies it if localization is
		 * enabled for the organization.
		 * @param locale a locale with a language
		 * @return this builder
		 */
		public Builder locale(Locale locale) {
			this.locale = CheckoutFields.locale(locale);
			return this;
		}

		private static void requireBounds(String field, @Nullable Integer min, @Nullable Integer value,
				@Nullable Integer max) {
			Assert.isTrue(min == null || max == null || min <= max,
					() -> "min_" + field + " must not be greater than max_" + field);
			Assert.isTrue(value == null || min == null || value >= min,
					() -> field + " must not be less than min_" + field);
			Assert.isTrue(value == null || max == null || value <= max,
					() -> field + " must not be greater than max_" + field);
		}

		/**
		 * Build the request.
		 * @return an immutable request
		 * @throws IllegalArgumentException if fields are inconsistent
		 */
		public CheckoutRequest build() {
			requireBounds("seats", this.minSeats, this.seats, this.maxSeats);
			requireBounds("units", this.minUnits, this.units, this.maxUnits);
			CheckoutPrices.requireConsistent(this.prices.get(this.products.get(0)), this.currency, this.amount,
					new CheckoutPrices.Range("seats", this.minSeats, this.seats, this.maxSeats),
					new CheckoutPrices.Range("units", this.minUnits, this.units, this.maxUnits));
			Assert.isTrue(this.customerTaxId == null || this.customerBillingAddress != null,
					"customer_tax_id requires customer_billing_address");
			return new CheckoutRequest(this);
		}

	}

}
