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

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonPOJOBuilder;

import org.springframework.util.Assert;

/**
 * A checkout session as Polar describes it. Immutable.
 * <p>
 * Holds secrets and personal data, which {@link #toString()} leaves out. An unknown value
 * of an enum is read as {@code UNKNOWN}, a price or discount of an unknown type as
 * {@code Other}, and what this version of the library does not know is in
 * {@link #additionalProperties()} here and in the objects below, but for the parts of an
 * address.
 * <p>
 * What Polar documents as always there is not marked as {@code null}able in the objects
 * below; a test's own objects may leave it out.
 * <p>
 * A session that was read {@linkplain PolarCheckoutOperations#getByClientSecret by its
 * client secret} has the organization, but neither metadata, customer metadata, external
 * customer id, subscription id nor the trial that was set.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/api-reference/checkouts/get-session">Polar's API
 * reference</a>
 */
@JsonDeserialize(builder = CheckoutSession.Builder.class)
public final class CheckoutSession {

	private final UUID id;

	private final @Nullable Instant createdAt;

	private final @Nullable Instant modifiedAt;

	private final CheckoutStatus status;

	private final @Nullable String clientSecret;

	private final String url;

	private final @Nullable Instant expiresAt;

	private final @Nullable String successUrl;

	private final @Nullable String returnUrl;

	private final @Nullable String embedOrigin;

	private final long amount;

	private final long discountAmount;

	private final long netAmount;

	private final @Nullable Long taxAmount;

	private final @Nullable TaxBehavior taxBehavior;

	private final long totalAmount;

	private final @Nullable String currency;

	private final @Nullable Integer seats;

	private final @Nullable Integer minSeats;

	private final @Nullable Integer maxSeats;

	private final @Nullable Integer units;

	private final @Nullable Integer minUnits;

	private final @Nullable Integer maxUnits;

	private final @Nullable Boolean allowTrial;

	private final @Nullable TrialInterval trialInterval;

	private final @Nullable Integer trialIntervalCount;

	private final @Nullable TrialInterval activeTrialInterval;

	private final @Nullable Integer activeTrialIntervalCount;

	private final @Nullable Instant trialEnd;

	private final @Nullable UUID organizationId;

	private final @Nullable UUID productId;

	private final @Nullable CheckoutProduct product;

	private final List<CheckoutProduct> products;

	private final Map<UUID, List<ProductPrice>> prices;

	private final @Nullable UUID discountId;

	private final @Nullable CheckoutDiscount discount;

	private final boolean allowDiscountCodes;

	private final boolean requireBillingAddress;

	private final boolean isDiscountApplicable;

	private final boolean isFreeProductPrice;

	private final boolean isPaymentRequired;

	private final boolean isPaymentSetupRequired;

	private final boolean isPaymentFormRequired;

	private final @Nullable UUID subscriptionId;

	private final @Nullable UUID customerId;

	private final @Nullable String externalCustomerId;

	private final boolean isBusinessCustomer;

	private final @Nullable String customerName;

	private final @Nullable String customerEmail;

	private final @Nullable String customerIpAddress;

	private final @Nullable String customerBillingName;

	private final @Nullable Address customerBillingAddress;

	private final @Nullable String customerTaxId;

	private final @Nullable BillingAddressFields billingAddressFields;

	private final List<AttachedCustomField> attachedCustomFields;

	private final Map<String, @Nullable Object> customFieldData;

	private final @Nullable String locale;

	private final @Nullable String paymentProcessor;

	private final @Nullable String paymentMethodType;

	private final Map<String, String> paymentProcessorMetadata;

	private final Map<String, Object> metadata;

	private final Map<String, Object> customerMetadata;

	private final @Nullable CheckoutOrganization organization;

	private final Map<String, @Nullable Object> additionalProperties;

	private CheckoutSession(Builder builder) {
		Assert.notNull(builder.id, "id must not be null");
		Assert.notNull(builder.status, "status must not be null");
		Assert.notNull(builder.url, "url must not be null");
		this.id = builder.id;
		this.createdAt = builder.createdAt;
		this.modifiedAt = builder.modifiedAt;
		this.status = builder.status;
		this.clientSecret = builder.clientSecret;
		this.url = builder.url;
		this.expiresAt = builder.expiresAt;
		this.successUrl = builder.successUrl;
		this.returnUrl = builder.returnUrl;
		this.embedOrigin = builder.embedOrigin;
		this.amount = builder.amount;
		this.discountAmount = builder.discountAmount;
		this.netAmount = builder.netAmount;
		this.taxAmount = builder.taxAmount;
		this.taxBehavior = builder.taxBehavior;
		this.totalAmount = builder.totalAmount;
		this.currency = builder.currency;
		this.seats = builder.seats;
		this.minSeats = builder.minSeats;
		this.maxSeats = builder.maxSeats;
		this.units = builder.units;
		this.minUnits = builder.minUnits;
		this.maxUnits = builder.maxUnits;
		this.allowTrial = builder.allowTrial;
		this.trialInterval = builder.trialInterval;
		this.trialIntervalCount = builder.trialIntervalCount;
		this.activeTrialInterval = builder.activeTrialInterval;
		this.activeTrialIntervalCount = builder.activeTrialIntervalCount;
		this.trialEnd = builder.trialEnd;
		this.organizationId = builder.organizationId;
		this.productId = builder.productId;
		this.product = builder.product;
		this.products = builder.products;
		this.prices = builder.prices;
		this.discountId = builder.discountId;
		this.discount = builder.discount;
		this.allowDiscountCodes = builder.allowDiscountCodes;
		this.requireBillingAddress = builder.requireBillingAddress;
		this.isDiscountApplicable = builder.isDiscountApplicable;
		this.isFreeProductPrice = builder.isFreeProductPrice;
		this.isPaymentRequired = builder.isPaymentRequired;
		this.isPaymentSetupRequired = builder.isPaymentSetupRequired;
		this.isPaymentFormRequired = builder.isPaymentFormRequired;
		this.subscriptionId = builder.subscriptionId;
		this.customerId = builder.customerId;
		this.externalCustomerId = builder.externalCustomerId;
		this.isBusinessCustomer = builder.isBusinessCustomer;
		this.customerName = builder.customerName;
		this.customerEmail = builder.customerEmail;
		this.customerIpAddress = builder.customerIpAddress;
		this.customerBillingName = builder.customerBillingName;
		this.customerBillingAddress = builder.customerBillingAddress;
		this.customerTaxId = builder.customerTaxId;
		this.billingAddressFields = builder.billingAddressFields;
		this.attachedCustomFields = builder.attachedCustomFields;
		this.customFieldData = builder.customFieldData;
		this.locale = builder.locale;
		this.paymentProcessor = builder.paymentProcessor;
		this.paymentMethodType = builder.paymentMethodType;
		this.paymentProcessorMetadata = builder.paymentProcessorMetadata;
		this.metadata = builder.metadata;
		this.customerMetadata = builder.customerMetadata;
		this.organization = builder.organization;
		this.additionalProperties = Collections.unmodifiableMap(new LinkedHashMap<>(builder.additionalProperties));
	}

	/**
	 * Return the id of the session. No secret.
	 * @return the id
	 */
	public UUID id() {
		return this.id;
	}

	/**
	 * Return when the session was created.
	 * @return the time, or {@code null} in a stub without it
	 */
	public @Nullable Instant createdAt() {
		return this.createdAt;
	}

	/**
	 * Return when the session was last changed.
	 * @return the time, or {@code null} if never
	 */
	public @Nullable Instant modifiedAt() {
		return this.modifiedAt;
	}

	/**
	 * Return the status. A session past its expiry can still say {@code OPEN} for some
	 * minutes, see {@link #isExpired(Clock)}.
	 * @return the status
	 */
	public CheckoutStatus status() {
		return this.status;
	}

	/**
	 * Return the client secret: whoever has it can read and change the session.
	 * @return the secret, or {@code null} in a stub without it
	 */
	public @Nullable String clientSecret() {
		return this.clientSecret;
	}

	/**
	 * Return the URL of the checkout page. Treat it as a password: it holds the client
	 * secret, and for a known customer the page shows address and saved cards.
	 * @return an absolute URL
	 */
	public String url() {
		return this.url;
	}

	/**
	 * Return when the session expires, 24 hours after its creation.
	 * @return the time, or {@code null} in a stub without it
	 */
	public @Nullable Instant expiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return where the buyer goes after the payment, with the placeholder replaced.
	 * @return an absolute URL, or {@code null} in a stub without it
	 */
	public @Nullable String successUrl() {
		return this.successUrl;
	}

	/**
	 * Return where the back button leads.
	 * @return an absolute URL, or {@code null} if there is no button
	 */
	public @Nullable String returnUrl() {
		return this.returnUrl;
	}

	/**
	 * Return the origin of the page that embeds the session.
	 * @return the origin, or {@code null} if not set
	 */
	public @Nullable String embedOrigin() {
		return this.embedOrigin;
	}

	/**
	 * Return the price before discount and tax.
	 * @return the amount in minor units of the currency
	 */
	public long amount() {
		return this.amount;
	}

	/**
	 * Return the discount.
	 * @return the amount in minor units of the currency
	 */
	public long discountAmount() {
		return this.discountAmount;
	}

	/**
	 * Return the price after discount, without tax.
	 * @return the amount in minor units of the currency
	 */
	public long netAmount() {
		return this.netAmount;
	}

	/**
	 * Return the tax.
	 * @return the amount in minor units of the currency, or {@code null} until the
	 * buyer's country is known
	 */
	public @Nullable Long taxAmount() {
		return this.taxAmount;
	}

	/**
	 * Return whether the price includes tax.
	 * @return the behaviour, or {@code null} if not known yet
	 */
	public @Nullable TaxBehavior taxBehavior() {
		return this.taxBehavior;
	}

	/**
	 * Return what the buyer pays: net amount and tax.
	 * @return the amount in minor units of the currency
	 */
	public long totalAmount() {
		return this.totalAmount;
	}

	/**
	 * Return the currency.
	 * @return three letters in lower case, or {@code null} in a stub without it
	 */
	public @Nullable String currency() {
		return this.currency;
	}

	/**
	 * Return the number of seats.
	 * @return the number, or {@code null} without a seat-based price
	 */
	public @Nullable Integer seats() {
		return this.seats;
	}

	/**
	 * Return the least number of seats that the buyer may choose.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer minSeats() {
		return this.minSeats;
	}

	/**
	 * Return the most seats that the buyer may choose.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer maxSeats() {
		return this.maxSeats;
	}

	/**
	 * Return the number of units.
	 * @return the number, or {@code null} without a unit-based price
	 */
	public @Nullable Integer units() {
		return this.units;
	}

	/**
	 * Return the least number of units that the buyer may choose.
	 * @return the number, or {@code null} if not set
	 */
	public @Nullable Integer minUnits() {
		return this.minUnits;
	}

	/**
	 * Return the most units that the buyer may choose.
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
	 * Return the unit of the trial's length that was set for this session.
	 * @return the unit, or {@code null} if not set
	 */
	public @Nullable TrialInterval trialInterval() {
		return this.trialInterval;
	}

	/**
	 * Return the length of the trial that was set for this session.
	 * @return the number of units, or {@code null} if not set
	 */
	public @Nullable Integer trialIntervalCount() {
		return this.trialIntervalCount;
	}

	/**
	 * Return the unit of the trial's length that applies, be it the session's or the
	 * product's.
	 * @return the unit, or {@code null} without a trial
	 */
	public @Nullable TrialInterval activeTrialInterval() {
		return this.activeTrialInterval;
	}

	/**
	 * Return the length of the trial that applies.
	 * @return the number of units, or {@code null} without a trial
	 */
	public @Nullable Integer activeTrialIntervalCount() {
		return this.activeTrialIntervalCount;
	}

	/**
	 * Return when the trial would end.
	 * @return the time, or {@code null} without a trial
	 */
	public @Nullable Instant trialEnd() {
		return this.trialEnd;
	}

	/**
	 * Return the organization that sells.
	 * @return the id, or {@code null} in a stub without it
	 */
	public @Nullable UUID organizationId() {
		return this.organizationId;
	}

	/**
	 * Return the selected product.
	 * @return the id, or {@code null} if there is none
	 */
	public @Nullable UUID productId() {
		return this.productId;
	}

	/**
	 * Return the selected product.
	 * @return the product, or {@code null} if there is none
	 */
	public @Nullable CheckoutProduct product() {
		return this.product;
	}

	/**
	 * Return the products that the buyer may choose between.
	 * @return an unmodifiable list in display order
	 */
	public List<CheckoutProduct> products() {
		return this.products;
	}

	/**
	 * Return what is charged for each product: its ad-hoc prices where the session has
	 * such, else those of the catalog.
	 * @return an unmodifiable map from ids of products to prices
	 */
	public Map<UUID, List<ProductPrice>> prices() {
		return this.prices;
	}

	/**
	 * Return the discount that is applied.
	 * @return the id, or {@code null} if there is none
	 */
	public @Nullable UUID discountId() {
		return this.discountId;
	}

	/**
	 * Return the discount that is applied.
	 * @return the discount, or {@code null} if there is none
	 */
	public @Nullable CheckoutDiscount discount() {
		return this.discount;
	}

	/**
	 * Return whether the buyer may type a discount code.
	 * @return {@code true} if so
	 */
	public boolean allowDiscountCodes() {
		return this.allowDiscountCodes;
	}

	/**
	 * Return whether the buyer must give a full billing address.
	 * @return {@code true} if so
	 */
	public boolean requireBillingAddress() {
		return this.requireBillingAddress;
	}

	/**
	 * Return whether a discount can apply to the product.
	 * @return {@code true} if so
	 */
	public boolean isDiscountApplicable() {
		return this.isDiscountApplicable;
	}

	/**
	 * Return whether the product costs nothing.
	 * @return {@code true} if so
	 */
	public boolean isFreeProductPrice() {
		return this.isFreeProductPrice;
	}

	/**
	 * Return whether something is to be paid now.
	 * @return {@code true} if the total is not 0 and there is no trial
	 */
	public boolean isPaymentRequired() {
		return this.isPaymentRequired;
	}

	/**
	 * Return whether a means of payment is to be set up for later.
	 * @return {@code true} for a recurring product that costs something
	 */
	public boolean isPaymentSetupRequired() {
		return this.isPaymentSetupRequired;
	}

	/**
	 * Return whether the page has to ask for a means of payment.
	 * @return {@code true} if so
	 */
	public boolean isPaymentFormRequired() {
		return this.isPaymentFormRequired;
	}

	/**
	 * Return the subscription that is being upgraded, not the one that this session
	 * makes.
	 * @return the id, or {@code null} if there is none
	 */
	public @Nullable UUID subscriptionId() {
		return this.subscriptionId;
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id, or {@code null} until a new buyer has paid
	 */
	public @Nullable UUID customerId() {
		return this.customerId;
	}

	/**
	 * Return the application's own id of the buyer, as it was sent.
	 * @return the id, or {@code null} for a guest
	 */
	public @Nullable String externalCustomerId() {
		return this.externalCustomerId;
	}

	/**
	 * Return whether the buyer is a business.
	 * @return {@code true} if so
	 */
	public boolean isBusinessCustomer() {
		return this.isBusinessCustomer;
	}

	/**
	 * Return the name of the customer.
	 * @return the name, or {@code null} if not known
	 */
	public @Nullable String customerName() {
		return this.customerName;
	}

	/**
	 * Return the e-mail address of the customer.
	 * @return the address, or {@code null} if not known
	 */
	public @Nullable String customerEmail() {
		return this.customerEmail;
	}

	/**
	 * Return the shopper's IP address.
	 * @return the address, or {@code null} if not known
	 */
	public @Nullable String customerIpAddress() {
		return this.customerIpAddress;
	}

	/**
	 * Return the name for the invoice.
	 * @return the name, or {@code null} if not known
	 */
	public @Nullable String customerBillingName() {
		return this.customerBillingName;
	}

	/**
	 * Return the billing address.
	 * @return the address, or {@code null} if not known
	 */
	public @Nullable Address customerBillingAddress() {
		return this.customerBillingAddress;
	}

	/**
	 * Return the tax id.
	 * @return the id, or {@code null} if not known
	 */
	public @Nullable String customerTaxId() {
		return this.customerTaxId;
	}

	/**
	 * Return which parts of the billing address the page asks for.
	 * @return the parts, or {@code null} in a stub without it
	 */
	public @Nullable BillingAddressFields billingAddressFields() {
		return this.billingAddressFields;
	}

	/**
	 * Return the custom fields of the product.
	 * @return an unmodifiable list
	 */
	public List<AttachedCustomField> attachedCustomFields() {
		return this.attachedCustomFields;
	}

	/**
	 * Return what was filled into the custom fields, by their slugs. Typed by the buyer.
	 * @return an unmodifiable map to strings (dates among them), {@code Long}
	 * ({@code BigInteger} for numbers beyond it), booleans and {@code null}
	 */
	public Map<String, @Nullable Object> customFieldData() {
		return this.customFieldData;
	}

	/**
	 * Return the language of the checkout page.
	 * @return a BCP 47 tag, or {@code null} if not set
	 */
	public @Nullable String locale() {
		return this.locale;
	}

	/**
	 * Return who processes the payment.
	 * @return Polar's name for it, such as {@code stripe}, or {@code null} in a stub
	 * without it
	 */
	public @Nullable String paymentProcessor() {
		return this.paymentProcessor;
	}

	/**
	 * Return the kind of means of payment that the buyer chose.
	 * @return Polar's name for it, or {@code null} if not known
	 */
	public @Nullable String paymentMethodType() {
		return this.paymentMethodType;
	}

	/**
	 * Return what the payment processor's form needs. Holds credentials.
	 * @return an unmodifiable map
	 */
	public Map<String, String> paymentProcessorMetadata() {
		return this.paymentProcessorMetadata;
	}

	/**
	 * Return the metadata, with the kinds of values that were sent.
	 * @return an unmodifiable map to strings, {@code Long}, {@code Double} and booleans
	 * ({@code BigInteger} and {@code BigDecimal} for numbers beyond these)
	 */
	public Map<String, Object> metadata() {
		return this.metadata;
	}

	/**
	 * Return the metadata for the customer.
	 * @return an unmodifiable map to strings, {@code Long}, {@code Double} and booleans
	 * ({@code BigInteger} and {@code BigDecimal} for numbers beyond these)
	 */
	public Map<String, Object> customerMetadata() {
		return this.customerMetadata;
	}

	/**
	 * Return the organization that sells.
	 * @return the organization, or {@code null} if the session was not read by its client
	 * secret
	 */
	public @Nullable CheckoutOrganization organization() {
		return this.organization;
	}

	/**
	 * Return what Polar said of the session beyond the other methods. Can hold
	 * credentials of the payment processor and personal data: do not log it.
	 * @return an unmodifiable map from Polar's names to JSON values
	 */
	public Map<String, @Nullable Object> additionalProperties() {
		return this.additionalProperties;
	}

	/**
	 * Return whether the session was paid. Does not say by whom.
	 * @return {@code true} for the status {@code SUCCEEDED}
	 */
	public boolean isSucceeded() {
		return this.status == CheckoutStatus.SUCCEEDED;
	}

	/**
	 * Return whether the session can no longer be paid because its time is over. Polar
	 * sets the status only some minutes after that.
	 * @param clock tells the time
	 * @return {@code true} for the status {@code EXPIRED}, and for an open session at and
	 * after {@link #expiresAt()}
	 */
	public boolean isExpired(Clock clock) {
		return this.status == CheckoutStatus.EXPIRED || (this.status == CheckoutStatus.OPEN && this.expiresAt != null
				&& !clock.instant().isBefore(this.expiresAt));
	}

	/**
	 * Names id and status only: the rest is secret or personal data.
	 */
	@Override
	public String toString() {
		return "CheckoutSession[id=" + this.id + ", status=" + this.status + "]";
	}

	/**
	 * Return a builder, for stubs in tests.
	 * @param id id of the session
	 * @param url URL of the checkout page
	 * @return a builder of an open session
	 */
	public static Builder builder(UUID id, String url) {
		return new Builder().id(id).url(url).status(CheckoutStatus.OPEN);
	}

	/**
	 * Builder of a {@link CheckoutSession}. Not safe for use by several threads.
	 */
	@JsonPOJOBuilder(withPrefix = "")
	@JsonAutoDetect(fieldVisibility = Visibility.NONE)
	public static final class Builder {

		private @Nullable UUID id;

		private @Nullable Instant createdAt;

		private @Nullable Instant modifiedAt;

		private @Nullable CheckoutStatus status;

		private @Nullable String clientSecret;

		private @Nullable String url;

		private @Nullable Instant expiresAt;

		private @Nullable String successUrl;

		private @Nullable String returnUrl;

		private @Nullable String embedOrigin;

		private long amount;

		private long discountAmount;

		private long netAmount;

		private @Nullable Long taxAmount;

		private @Nullable TaxBehavior taxBehavior;

		private long totalAmount;

		private @Nullable String currency;

		private @Nullable Integer seats;

		private @Nullable Integer minSeats;

		private @Nullable Integer maxSeats;

		private @Nullable Integer units;

		private @Nullable Integer minUnits;

		private @Nullable Integer maxUnits;

		private @Nullable Boolean allowTrial;

		private @Nullable TrialInterval trialInterval;

		private @Nullable Integer trialIntervalCount;

		private @Nullable TrialInterval activeTrialInterval;

		private @Nullable Integer activeTrialIntervalCount;

		private @Nullable Instant trialEnd;

		private @Nullable UUID organizationId;

		private @Nullable UUID productId;

		private @Nullable CheckoutProduct product;

		private List<CheckoutProduct> products = List.of();

		private Map<UUID, List<ProductPrice>> prices = Map.of();

		private @Nullable UUID discountId;

		private @Nullable CheckoutDiscount discount;

		private boolean allowDiscountCodes;

		private boolean requireBillingAddress;

		private boolean isDiscountApplicable;

		private boolean isFreeProductPrice;

		private boolean isPaymentRequired;

		private boolean isPaymentSetupRequired;

		private boolean isPaymentFormRequired;

		private @Nullable UUID subscriptionId;

		private @Nullable UUID customerId;

		private @Nullable String externalCustomerId;

		private boolean isBusinessCustomer;

		private @Nullable String customerName;

		private @Nullable String customerEmail;

		private @Nullable String customerIpAddress;

		private @Nullable String customerBillingName;

		private @Nullable Address customerBillingAddress;

		private @Nullable String customerTaxId;

		private @Nullable BillingAddressFields billingAddressFields;

		private List<AttachedCustomField> attachedCustomFields = List.of();

		private Map<String, @Nullable Object> customFieldData = Map.of();

		private @Nullable String locale;

		private @Nullable String paymentProcessor;

		private @Nullable String paymentMethodType;

		private Map<String, String> paymentProcessorMetadata = Map.of();

		private Map<String, Object> metadata = Map.of();

		private Map<String, Object> customerMetadata = Map.of();

		private @Nullable CheckoutOrganization organization;

		private final Map<String, @Nullable Object> additionalProperties = new LinkedHashMap<>();

		Builder() {
		}

		/**
		 * Set the id of the session.
		 * @param id see {@link CheckoutSession#id()}
		 * @return this builder
		 */
		public Builder id(UUID id) {
			this.id = id;
			return this;
		}

		/**
		 * Set when the session was created.
		 * @param createdAt see {@link CheckoutSession#createdAt()}
		 * @return this builder
		 */
		public Builder createdAt(@Nullable Instant createdAt) {
			this.createdAt = createdAt;
			return this;
		}

		/**
		 * Set when the session was last changed.
		 * @param modifiedAt see {@link CheckoutSession#modifiedAt()}
		 * @return this builder
		 */
		public Builder modifiedAt(@Nullable Instant modifiedAt) {
			this.modifiedAt = modifiedAt;
			return this;
		}

		/**
		 * Set the status.
		 * @param status see {@link CheckoutSession#status()}
		 * @return this builder
		 */
		public Builder status(CheckoutStatus status) {
			this.status = status;
			return this;
		}

		/**
		 * Set the client secret.
		 * @param clientSecret see {@link CheckoutSession#clientSecret()}
		 * @return this builder
		 */
		public Builder clientSecret(@Nullable String clientSecret) {
			this.clientSecret = clientSecret;
			return this;
		}

		/**
		 * Set the URL of the checkout page.
		 * @param url see {@link CheckoutSession#url()}
		 * @return this builder
		 */
		public Builder url(String url) {
			this.url = url;
			return this;
		}

		/**
		 * Set when the session expires.
		 * @param expiresAt see {@link CheckoutSession#expiresAt()}
		 * @return this builder
		 */
		public Builder expiresAt(@Nullable Instant expiresAt) {
			this.expiresAt = expiresAt;
			return this;
		}

		/**
		 * Set where the buyer goes after the payment.
		 * @param successUrl see {@link CheckoutSession#successUrl()}
		 * @return this builder
		 */
		public Builder successUrl(@Nullable String successUrl) {
			this.successUrl = successUrl;
			return this;
		}

		/**
		 * Set where the back button leads.
		 * @param returnUrl see {@link CheckoutSession#returnUrl()}
		 * @return this builder
		 */
		public Builder returnUrl(@Nullable String returnUrl) {
			this.returnUrl = returnUrl;
			return this;
		}

		/**
		 * Set the origin of the page that embeds the session.
		 * @param embedOrigin see {@link CheckoutSession#embedOrigin()}
		 * @return this builder
		 */
		public Builder embedOrigin(@Nullable String embedOrigin) {
			this.embedOrigin = embedOrigin;
			return this;
		}

		/**
		 * Set the price before discount and tax.
		 * @param amount see {@link CheckoutSession#amount()}
		 * @return this builder
		 */
		public Builder amount(long amount) {
			this.amount = amount;
			return this;
		}

		/**
		 * Set the discount.
		 * @param discountAmount see {@link CheckoutSession#discountAmount()}
		 * @return this builder
		 */
		public Builder discountAmount(long discountAmount) {
			this.discountAmount = discountAmount;
			return this;
		}

		/**
		 * Set the price after discount.
		 * @param netAmount see {@link CheckoutSession#netAmount()}
		 * @return this builder
		 */
		public Builder netAmount(long netAmount) {
			this.netAmount = netAmount;
			return this;
		}

		/**
		 * Set the tax.
		 * @param taxAmount see {@link CheckoutSession#taxAmount()}
		 * @return this builder
		 */
		public Builder taxAmount(@Nullable Long taxAmount) {
			this.taxAmount = taxAmount;
			return this;
		}

		/**
		 * Set whether the price includes tax.
		 * @param taxBehavior see {@link CheckoutSession#taxBehavior()}
		 * @return this builder
		 */
		public Builder taxBehavior(@Nullable TaxBehavior taxBehavior) {
			this.taxBehavior = taxBehavior;
			return this;
		}

		/**
		 * Set what the buyer pays.
		 * @param totalAmount see {@link CheckoutSession#totalAmount()}
		 * @return this builder
		 */
		public Builder totalAmount(long totalAmount) {
			this.totalAmount = totalAmount;
			return this;
		}

		/**
		 * Set the currency.
		 * @param currency see {@link CheckoutSession#currency()}
		 * @return this builder
		 */
		public Builder currency(@Nullable String currency) {
			this.currency = currency;
			return this;
		}

		/**
		 * Set the number of seats.
		 * @param seats see {@link CheckoutSession#seats()}
		 * @return this builder
		 */
		public Builder seats(@Nullable Integer seats) {
			this.seats = seats;
			return this;
		}

		/**
		 * Set the least number of seats that the buyer may choose.
		 * @param minSeats see {@link CheckoutSession#minSeats()}
		 * @return this builder
		 */
		public Builder minSeats(@Nullable Integer minSeats) {
			this.minSeats = minSeats;
			return this;
		}

		/**
		 * Set the most seats that the buyer may choose.
		 * @param maxSeats see {@link CheckoutSession#maxSeats()}
		 * @return this builder
		 */
		public Builder maxSeats(@Nullable Integer maxSeats) {
			this.maxSeats = maxSeats;
			return this;
		}

		/**
		 * Set the number of units.
		 * @param units see {@link CheckoutSession#units()}
		 * @return this builder
		 */
		public Builder units(@Nullable Integer units) {
			this.units = units;
			return this;
		}

		/**
		 * Set the least number of units that the buyer may choose.
		 * @param minUnits see {@link CheckoutSession#minUnits()}
		 * @return this builder
		 */
		public Builder minUnits(@Nullable Integer minUnits) {
			this.minUnits = minUnits;
			return this;
		}

		/**
		 * Set the most units that the buyer may choose.
		 * @param maxUnits see {@link CheckoutSession#maxUnits()}
		 * @return this builder
		 */
		public Builder maxUnits(@Nullable Integer maxUnits) {
			this.maxUnits = maxUnits;
			return this;
		}

		/**
		 * Set whether a trial of the product applies.
		 * @param allowTrial see {@link CheckoutSession#allowTrial()}
		 * @return this builder
		 */
		public Builder allowTrial(@Nullable Boolean allowTrial) {
			this.allowTrial = allowTrial;
			return this;
		}

		/**
		 * Set the unit of the trial's length that was set for this session.
		 * @param trialInterval see {@link CheckoutSession#trialInterval()}
		 * @return this builder
		 */
		public Builder trialInterval(@Nullable TrialInterval trialInterval) {
			this.trialInterval = trialInterval;
			return this;
		}

		/**
		 * Set the length of the trial that was set for this session.
		 * @param trialIntervalCount see {@link CheckoutSession#trialIntervalCount()}
		 * @return this builder
		 */
		public Builder trialIntervalCount(@Nullable Integer trialIntervalCount) {
			this.trialIntervalCount = trialIntervalCount;
			return this;
		}

		/**
		 * Set the unit of the trial's length that applies.
		 * @param activeTrialInterval see {@link CheckoutSession#activeTrialInterval()}
		 * @return this builder
		 */
		public Builder activeTrialInterval(@Nullable TrialInterval activeTrialInterval) {
			this.activeTrialInterval = activeTrialInterval;
			return this;
		}

		/**
		 * Set the length of the trial that applies.
		 * @param activeTrialIntervalCount see
		 * {@link CheckoutSession#activeTrialIntervalCount()}
		 * @return this builder
		 */
		public Builder activeTrialIntervalCount(@Nullable Integer activeTrialIntervalCount) {
			this.activeTrialIntervalCount = activeTrialIntervalCount;
			return this;
		}

		/**
		 * Set when the trial would end.
		 * @param trialEnd see {@link CheckoutSession#trialEnd()}
		 * @return this builder
		 */
		public Builder trialEnd(@Nullable Instant trialEnd) {
			this.trialEnd = trialEnd;
			return this;
		}

		/**
		 * Set the organization that sells.
		 * @param organizationId see {@link CheckoutSession#organizationId()}
		 * @return this builder
		 */
		public Builder organizationId(@Nullable UUID organizationId) {
			this.organizationId = organizationId;
			return this;
		}

		/**
		 * Set the selected product.
		 * @param productId see {@link CheckoutSession#productId()}
		 * @return this builder
		 */
		public Builder productId(@Nullable UUID productId) {
			this.productId = productId;
			return this;
		}

		/**
		 * Set the selected product.
		 * @param product see {@link CheckoutSession#product()}
		 * @return this builder
		 */
		public Builder product(@Nullable CheckoutProduct product) {
			this.product = product;
			return this;
		}

		/**
		 * Set the products that the buyer may choose between.
		 * @param products see {@link CheckoutSession#products()}
		 * @return this builder
		 */
		public Builder products(@Nullable List<CheckoutProduct> products) {
			this.products = ResponseValues.list(products);
			return this;
		}

		/**
		 * Set what is charged for each product.
		 * @param prices see {@link CheckoutSession#prices()}
		 * @return this builder
		 */
		public Builder prices(@Nullable Map<UUID, @Nullable List<ProductPrice>> prices) {
			this.prices = ResponseValues.lists(prices);
			return this;
		}

		/**
		 * Set the discount that is applied.
		 * @param discountId see {@link CheckoutSession#discountId()}
		 * @return this builder
		 */
		public Builder discountId(@Nullable UUID discountId) {
			this.discountId = discountId;
			return this;
		}

		/**
		 * Set the discount that is applied.
		 * @param discount see {@link CheckoutSession#discount()}
		 * @return this builder
		 */
		public Builder discount(@Nullable CheckoutDiscount discount) {
			this.discount = discount;
			return this;
		}

		/**
		 * Set whether the buyer may type a discount code.
		 * @param allowDiscountCodes see {@link CheckoutSession#allowDiscountCodes()}
		 * @return this builder
		 */
		public Builder allowDiscountCodes(boolean allowDiscountCodes) {
			this.allowDiscountCodes = allowDiscountCodes;
			return this;
		}

		/**
		 * Set whether the buyer must give a full billing address.
		 * @param requireBillingAddress see
		 * {@link CheckoutSession#requireBillingAddress()}
		 * @return this builder
		 */
		public Builder requireBillingAddress(boolean requireBillingAddress) {
			this.requireBillingAddress = requireBillingAddress;
			return this;
		}

		/**
		 * Set whether a discount can apply to the product.
		 * @param discountApplicable see {@link CheckoutSession#isDiscountApplicable()}
		 * @return this builder
		 */
		@JsonProperty("is_discount_applicable")
		public Builder discountApplicable(boolean discountApplicable) {
			this.isDiscountApplicable = discountApplicable;
			return this;
		}

		/**
		 * Set whether the product costs nothing.
		 * @param freeProductPrice see {@link CheckoutSession#isFreeProductPrice()}
		 * @return this builder
		 */
		@JsonProperty("is_free_product_price")
		public Builder freeProductPrice(boolean freeProductPrice) {
			this.isFreeProductPrice = freeProductPrice;
			return this;
		}

		/**
		 * Set whether something is to be paid now.
		 * @param paymentRequired see {@link CheckoutSession#isPaymentRequired()}
		 * @return this builder
		 */
		@JsonProperty("is_payment_required")
		public Builder paymentRequired(boolean paymentRequired) {
			this.isPaymentRequired = paymentRequired;
			return this;
		}

		/**
		 * Set whether a means of payment is to be set up for later.
		 * @param paymentSetupRequired see
		 * {@link CheckoutSession#isPaymentSetupRequired()}
		 * @return this builder
		 */
		@JsonProperty("is_payment_setup_required")
		public Builder paymentSetupRequired(boolean paymentSetupRequired) {
			this.isPaymentSetupRequired = paymentSetupRequired;
			return this;
		}

		/**
		 * Set whether the page has to ask for a means of payment.
		 * @param paymentFormRequired see {@link CheckoutSession#isPaymentFormRequired()}
		 * @return this builder
		 */
		@JsonProperty("is_payment_form_required")
		public Builder paymentFormRequired(boolean paymentFormRequired) {
			this.isPaymentFormRequired = paymentFormRequired;
			return this;
		}

		/**
		 * Set the subscription that is being upgraded.
		 * @param subscriptionId see {@link CheckoutSession#subscriptionId()}
		 * @return this builder
		 */
		public Builder subscriptionId(@Nullable UUID subscriptionId) {
			this.subscriptionId = subscriptionId;
			return this;
		}

		/**
		 * Set Polar's id of the customer.
		 * @param customerId see {@link CheckoutSession#customerId()}
		 * @return this builder
		 */
		public Builder customerId(@Nullable UUID customerId) {
			this.customerId = customerId;
			return this;
		}

		/**
		 * Set the application's own id of the buyer.
		 * @param externalCustomerId see {@link CheckoutSession#externalCustomerId()}
		 * @return this builder
		 */
		public Builder externalCustomerId(@Nullable String externalCustomerId) {
			this.externalCustomerId = externalCustomerId;
			return this;
		}

		/**
		 * Set whether the buyer is a business.
		 * @param businessCustomer see {@link CheckoutSession#isBusinessCustomer()}
		 * @return this builder
		 */
		@JsonProperty("is_business_customer")
		public Builder businessCustomer(boolean businessCustomer) {
			this.isBusinessCustomer = businessCustomer;
			return this;
		}

		/**
		 * Set the name of the customer.
		 * @param customerName see {@link CheckoutSession#customerName()}
		 * @return this builder
		 */
		public Builder customerName(@Nullable String customerName) {
			this.customerName = customerName;
			return this;
		}

		/**
		 * Set the e-mail address of the customer.
		 * @param customerEmail see {@link CheckoutSession#customerEmail()}
		 * @return this builder
		 */
		public Builder customerEmail(@Nullable String customerEmail) {
			this.customerEmail = customerEmail;
			return this;
		}

		/**
		 * Set the shopper's IP address.
		 * @param customerIpAddress see {@link CheckoutSession#customerIpAddress()}
		 * @return this builder
		 */
		public Builder customerIpAddress(@Nullable String customerIpAddress) {
			this.customerIpAddress = customerIpAddress;
			return this;
		}

		/**
		 * Set the name for the invoice.
		 * @param customerBillingName see {@link CheckoutSession#customerBillingName()}
		 * @return this builder
		 */
		public Builder customerBillingName(@Nullable String customerBillingName) {
			this.customerBillingName = customerBillingName;
			return this;
		}

		/**
		 * Set the billing address.
		 * @param customerBillingAddress see
		 * {@link CheckoutSession#customerBillingAddress()}
		 * @return this builder
		 */
		public Builder customerBillingAddress(@Nullable Address customerBillingAddress) {
			this.customerBillingAddress = customerBillingAddress;
			return this;
		}

		/**
		 * Set the tax id.
		 * @param customerTaxId see {@link CheckoutSession#customerTaxId()}
		 * @return this builder
		 */
		public Builder customerTaxId(@Nullable String customerTaxId) {
			this.customerTaxId = customerTaxId;
			return this;
		}

		/**
		 * Set which parts of the billing address the page asks for.
		 * @param billingAddressFields see {@link CheckoutSession#billingAddressFields()}
		 * @return this builder
		 */
		public Builder billingAddressFields(@Nullable BillingAddressFields billingAddressFields) {
			this.billingAddressFields = billingAddressFields;
			return this;
		}

		/**
		 * Set the custom fields of the product.
		 * @param attachedCustomFields see {@link CheckoutSession#attachedCustomFields()}
		 * @return this builder
		 */
		public Builder attachedCustomFields(@Nullable List<AttachedCustomField> attachedCustomFields) {
			this.attachedCustomFields = ResponseValues.list(attachedCustomFields);
			return this;
		}

		/**
		 * Set what was filled into the custom fields.
		 * @param customFieldData see {@link CheckoutSession#customFieldData()}
		 * @return this builder
		 */
		public Builder customFieldData(@Nullable Map<String, @Nullable Object> customFieldData) {
			this.customFieldData = ResponseValues.map(customFieldData);
			return this;
		}

		/**
		 * Set the language of the checkout page.
		 * @param locale see {@link CheckoutSession#locale()}
		 * @return this builder
		 */
		public Builder locale(@Nullable String locale) {
			this.locale = locale;
			return this;
		}

		/**
		 * Set who processes the payment.
		 * @param paymentProcessor see {@link CheckoutSession#paymentProcessor()}
		 * @return this builder
		 */
		public Builder paymentProcessor(@Nullable String paymentProcessor) {
			this.paymentProcessor = paymentProcessor;
			return this;
		}

		/**
		 * Set the kind of means of payment that the buyer chose.
		 * @param paymentMethodType see {@link CheckoutSession#paymentMethodType()}
		 * @return this builder
		 */
		public Builder paymentMethodType(@Nullable String paymentMethodType) {
			this.paymentMethodType = paymentMethodType;
			return this;
		}

		/**
		 * Set what the payment processor's form needs.
		 * @param paymentProcessorMetadata see
		 * {@link CheckoutSession#paymentProcessorMetadata()}
		 * @return this builder
		 */
		public Builder paymentProcessorMetadata(@Nullable Map<String, String> paymentProcessorMetadata) {
			this.paymentProcessorMetadata = ResponseValues.map(paymentProcessorMetadata);
			return this;
		}

		/**
		 * Set the metadata.
		 * @param metadata see {@link CheckoutSession#metadata()}
		 * @return this builder
		 */
		public Builder metadata(@Nullable Map<String, Object> metadata) {
			this.metadata = ResponseValues.map(metadata);
			return this;
		}

		/**
		 * Set the metadata for the customer.
		 * @param customerMetadata see {@link CheckoutSession#customerMetadata()}
		 * @return this builder
		 */
		public Builder customerMetadata(@Nullable Map<String, Object> customerMetadata) {
			this.customerMetadata = ResponseValues.map(customerMetadata);
			return this;
		}

		/**
		 * Set the organization that sells.
		 * @param organization see {@link CheckoutSession#organization()}
		 * @return this builder
		 */
		public Builder organization(@Nullable CheckoutOrganization organization) {
			this.organization = organization;
			return this;
		}

		/**
		 * Add something beyond the other methods.
		 * @param name Polar's name
		 * @param value the JSON value
		 * @return this builder
		 */
		@JsonAnySetter
		public Builder additionalProperty(String name, @Nullable Object value) {
			this.additionalProperties.put(name, value);
			return this;
		}

		/**
		 * Build the session.
		 * @return an immutable session
		 * @throws IllegalArgumentException if id, status or URL are missing
		 */
		public CheckoutSession build() {
			return new CheckoutSession(this);
		}

	}

}
