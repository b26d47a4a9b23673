package io.github.polarspring.checkout;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonPOJOBuilder;

import org.springframework.util.Assert;

/**
 * A checkout session as Polar describes it. Immutable.
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

	private final long amount;

	private final long discountAmount;

	private final long netAmount;

	private final @Nullable Long taxAmount;

	private final long totalAmount;

	private final @Nullable String currency;

	private final @Nullable UUID productId;

	private final @Nullable UUID customerId;

	private final @Nullable String externalCustomerId;

	private final @Nullable String customerName;

	private final @Nullable String customerEmail;

	private final @Nullable String customerIpAddress;

	private final @Nullable String locale;

	private final Map<String, Object> metadata;

	private final Map<String, Object> additionalProperties;

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
		this.amount = builder.amount;
		this.discountAmount = builder.discountAmount;
		this.netAmount = builder.netAmount;
		this.taxAmount = builder.taxAmount;
		this.totalAmount = builder.totalAmount;
		this.currency = builder.currency;
		this.productId = builder.productId;
		this.customerId = builder.customerId;
		this.externalCustomerId = builder.externalCustomerId;
		this.customerName = builder.customerName;
		this.customerEmail = builder.customerEmail;
		this.customerIpAddress = builder.customerIpAddress;
		this.locale = builder.locale;
		this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metadata));
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
	 * minutes.
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
	 * Return the selected product.
	 * @return the id, or {@code null} if there is none
	 */
	public @Nullable UUID productId() {
		return this.productId;
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
	 * Return the language of the checkout page.
	 * @return a BCP 47 tag, or {@code null} if not set
	 */
	public @Nullable String locale() {
		return this.locale;
	}

	/**
	 * Return the metadata, with the kinds of values that were sent.
	 * @return an unmodifiable map to strings, {@code Long}, {@code Double} and booleans
	 */
	public Map<String, Object> metadata() {
		return this.metadata;
	}

	/**
	 * Return what Polar said of the session beyond the other methods. Can hold
	 * credentials of the payment processor and personal data: do not log it.
	 * @return an unmodifiable map from Polar's names to JSON values
	 */
	public Map<String, Object> additionalProperties() {
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

		private long amount;

		private long discountAmount;

		private long netAmount;

		private @Nullable Long taxAmount;

		private long totalAmount;

		private @Nullable String currency;

		private @Nullable UUID productId;

		private @Nullable UUID customerId;

		private @Nullable String externalCustomerId;

		private @Nullable String customerName;

		private @Nullable String customerEmail;

		private @Nullable String customerIpAddress;

		private @Nullable String locale;

		private final Map<String, Object> metadata = new LinkedHashMap<>();

		private final Map<String, Object> additionalProperties = new LinkedHashMap<>();

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
		 * Set the selected product.
		 * @param productId see {@link CheckoutSession#productId()}
		 * @return this builder
		 */
		public Builder productId(@Nullable UUID productId) {
			this.productId = productId;
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
		 * Set the language of the checkout page.
		 * @param locale see {@link CheckoutSession#locale()}
		 * @return this builder
		 */
		public Builder locale(@Nullable String locale) {
			this.locale = locale;
			return this;
		}

		/**
		 * Set the metadata.
		 * @param metadata see {@link CheckoutSession#metadata()}
		 * @return this builder
		 */
		public Builder metadata(Map<String, Object> metadata) {
			this.metadata.clear();
			this.metadata.putAll(metadata);
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
