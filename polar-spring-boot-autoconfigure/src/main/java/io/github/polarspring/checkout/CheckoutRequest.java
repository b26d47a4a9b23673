package io.github.polarspring.checkout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
import io.github.polarspring.customer.PolarCustomer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * What to sell, and to whom: the content of a checkout session to create.
 *
 * <pre class="code">
 * CheckoutRequest.forProducts("pro").successUrl("/thanks").metadata("campaign", "spring").build()
 * </pre>
 *
 * Immutable. What is not set is not sent, and Polar's default applies.
 * <p>
 * <strong>Who buys.</strong> Within a web request the logged-in user is added, but all or
 * nothing: as soon as code sets {@linkplain Builder#externalCustomerId external id},
 * {@linkplain Builder#customerId Polar's id} or {@linkplain Builder#customerEmail
 * e-mail}, or says {@link Builder#guest()}, nothing of the logged-in user is sent. The
 * external id is repeated in the metadata under the reserved key
 * {@code external_customer_id}, which Polar copies to order and subscription.
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

	@JsonIgnore
	private final @Nullable String applicationUrl;

	@JsonIgnore
	private final boolean guest;

	@JsonIgnore
	private final boolean ipAddressWithheld;

	@JsonIgnore
	private final Set<Prefilled> prefilled;

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
		this.applicationUrl = builder.applicationUrl;
		this.guest = builder.guest;
		this.ipAddressWithheld = builder.ipAddressWithheld;
		this.prefilled = Set.copyOf(builder.prefilled);
	}

	/**
	 * Start a request for one of the given products. The buyer buys one; the first is
	 * selected.
	 * @param productIds ids of the products, in display order
	 * @return a builder
	 * @throws IllegalArgumentException if there is none, or one comes twice
	 */
	public static Builder forProducts(UUID... productIds) {
		return new Builder(Arrays.stream(productIds).map(ProductReference::of).toList());
	}

	/**
	 * Start a request for one of the given products. The buyer buys one; the first is
	 * selected.
	 * @param products names from {@code polar.products}, or ids as text, in display
	 * order. An unknown name is refused when the session is created.
	 * @return a builder
	 * @throws IllegalArgumentException if there is none, or one comes twice
	 */
	public static Builder forProducts(String... products) {
		return new Builder(Arrays.stream(products).map(ProductReference::of).toList());
	}

	/**
	 * Return a builder that starts with the content of this request.
	 * @return a builder
	 */
	public Builder mutate() {
		return new Builder(this);
	}

	/**
	 * Return this request as it goes over the wire.
	 */
	CheckoutRequest complete(PolarProducts products) {
		Builder complete = mutate();
		complete.products = distinct(this.products.stream().map((product) -> product.resolve(products)).toList());
		complete.successUrl = CheckoutUrl.resolve("success_url", this.successUrl, this.applicationUrl);
		complete.returnUrl = CheckoutUrl.resolve("return_url", this.returnUrl, this.applicationUrl);
		if (this.externalCustomerId != null) {
			complete.metadata.put(CheckoutMetadata.EXTERNAL_CUSTOMER_ID, this.externalCustomerId);
			CheckoutMetadata.requireSize(complete.metadata);
		}
		return complete.build();
	}

	private static List<ProductReference> distinct(List<ProductReference> products) {
		Assert.notEmpty(products, "products must not be empty");
		Assert.isTrue(Set.copyOf(products).size() == products.size(), "products must not hold a product twice");
		return products;
	}

	/**
	 * Return the products to choose between.
	 * @return names and ids as they were given, in display order
	 */
	public List<String> products() {
		return this.products.stream().map(ProductReference::toString).toList();
	}

	/**
	 * Return the Polar customer who buys.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable UUID customerId() {
		return this.customerId;
	}

	/**
	 * Return the application's own id for the buyer.
	 * @return the id, or {@code null} if not set
	 */
	public @Nullable String externalCustomerId() {
		return this.externalCustomerId;
	}

	/**
	 * Return the e-mail address to fill in.
	 * @return the address, or {@code null} if not set
	 */
	public @Nullable String customerEmail() {
		return this.customerEmail;
	}

	/**
	 * Return the name to fill in.
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
	 * Return where the buyer goes after the payment.
	 * @return a URL or a path, or {@code null} if not set
	 */
	public @Nullable String successUrl() {
		return this.successUrl;
	}

	/**
	 * Return where the back button of the checkout page leads.
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

	private List<@Nullable Object> values() {
		return Arrays.asList(this.products, this.customerId, this.externalCustomerId, this.customerEmail,
				this.customerName, this.customerIpAddress, this.metadata, this.successUrl, this.returnUrl, this.locale,
				this.applicationUrl, this.guest, this.ipAddressWithheld, this.prefilled);
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
	 * Names the products only: the rest can be personal data.
	 */
	@Override
	public String toString() {
		return "CheckoutRequest" + this.products;
	}

	/**
	 * What the starter added, as opposed to the application's code.
	 */
	private enum Prefilled {

		IDENTITY, NAME

	}

	/**
	 * Builder of a {@link CheckoutRequest}. Not safe for use by several threads. Methods
	 * throw {@link IllegalArgumentException} for values that Polar would refuse, naming
	 * field and limit.
	 */
	public static final class Builder {

		private static final int MAX_NAME_LENGTH = 256;

		private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

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

		private @Nullable String applicationUrl;

		private boolean guest;

		private boolean ipAddressWithheld;

		private final Set<Prefilled> prefilled = new LinkedHashSet<>();

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
			this.applicationUrl = request.applicationUrl;
			this.guest = request.guest;
			this.ipAddressWithheld = request.ipAddressWithheld;
			this.prefilled.addAll(request.prefilled);
		}

		/**
		 * Set the application's own id for the buyer, instead of that of the logged-in
		 * user. Polar hands it back as {@code customer.external_id}.
		 * @param externalCustomerId the id, used exactly as it is
		 * @return this builder
		 * @see PolarCustomer#externalId()
		 */
		public Builder externalCustomerId(String externalCustomerId) {
			dropPrefilledIdentity();
			this.externalCustomerId = PolarCustomer.requireExternalId(externalCustomerId);
			this.guest = false;
			return this;
		}

		/**
		 * Set the buyer by Polar's own id, instead of the logged-in user.
		 * @param customerId id of an existing customer
		 * @return this builder
		 */
		public Builder customerId(UUID customerId) {
			Assert.notNull(customerId, "customer_id must not be null");
			dropPrefilledIdentity();
			this.customerId = customerId;
			this.guest = false;
			return this;
		}

		/**
		 * Set the e-mail address to fill in, instead of the logged-in user. Polar looks
		 * its domain up and refuses addresses that cannot receive mail.
		 * @param customerEmail the address
		 * @return this builder
		 */
		public Builder customerEmail(String customerEmail) {
			Assert.isTrue(isEmail(customerEmail), "customer_email must be an e-mail address");
			dropPrefilledIdentity();
			this.customerEmail = customerEmail;
			return this;
		}

		/**
		 * Set the name to fill in.
		 * @param customerName the name, at most 256 characters
		 * @return this builder
		 */
		public Builder customerName(String customerName) {
			Assert.isTrue(isName(customerName),
					() -> "customer_name must have 1 to " + MAX_NAME_LENGTH + " characters");
			this.customerName = customerName;
			this.prefilled.remove(Prefilled.NAME);
			return this;
		}

		/**
		 * Sell to whoever opens the page: no id of a customer is sent, and nothing of the
		 * logged-in user.
		 * @return this builder
		 */
		public Builder guest() {
			dropPrefilledIdentity();
			this.externalCustomerId = null;
			this.customerId = null;
			this.guest = true;
			return this;
		}

		/**
		 * Set the shopper's IP address, instead of that of the current request. Polar
		 * derives country, currency and tax from it.
		 * @param customerIpAddress an IPv4 or IPv6 literal, without port
		 * @return this builder
		 */
		public Builder customerIpAddress(String customerIpAddress) {
			Assert.isTrue(customerIpAddress.matches("[0-9a-fA-F:.]{2,45}"),
					"customer_ip_address must be an IP address, without port");
			this.customerIpAddress = customerIpAddress;
			this.ipAddressWithheld = false;
			return this;
		}

		/**
		 * Send no IP address, not even that of the current request.
		 * @return this builder
		 */
		public Builder withoutCustomerIpAddress() {
			this.customerIpAddress = null;
			this.ipAddressWithheld = true;
			return this;
		}

		/**
		 * Add metadata, which Polar copies to order and subscription. Every kind of value
		 * comes back as it was sent.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value, 1 to 500 characters
		 * @return this builder
		 */
		public Builder metadata(String key, String value) {
			CheckoutMetadata.put(this.metadata, key, value);
			return this;
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, long value) {
			CheckoutMetadata.put(this.metadata, key, value);
			return this;
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value, a finite number
		 * @return this builder
		 */
		public Builder metadata(String key, double value) {
			Assert.isTrue(Double.isFinite(value), () -> "metadata value of '" + key + "' must be a finite number");
			CheckoutMetadata.put(this.metadata, key, value);
			return this;
		}

		/**
		 * Add metadata.
		 * @param key the key, 1 to 40 characters, not {@code external_customer_id}
		 * @param value the value
		 * @return this builder
		 */
		public Builder metadata(String key, boolean value) {
			CheckoutMetadata.put(this.metadata, key, value);
			return this;
		}

		/**
		 * Set where the buyer goes after the payment.
		 * @param successUrl an absolute http or https URL, or a path within the
		 * application. Polar replaces <code>{CHECKOUT_ID}</code> by the id of the
		 * session.
		 * @return this builder
		 */
		public Builder successUrl(String successUrl) {
			this.successUrl = CheckoutUrl.validate("success_url", successUrl);
			return this;
		}

		/**
		 * Set where the back button of the checkout page leads. Without it there is none.
		 * @param returnUrl an absolute http or https URL, or a path within the
		 * application
		 * @return this builder
		 */
		public Builder returnUrl(String returnUrl) {
			this.returnUrl = CheckoutUrl.validate("return_url", returnUrl);
			return this;
		}

		/**
		 * Set the language of the checkout page. Polar heeds it where the organization
		 * switched localization on.
		 * @param locale a locale with a language
		 * @return this builder
		 */
		public Builder locale(Locale locale) {
			Assert.isTrue(!locale.getLanguage().isEmpty(), "locale must have a language");
			this.locale = locale.toLanguageTag();
			return this;
		}

		/**
		 * Add the logged-in user, unless the application's code said who buys. Called by
		 * the starter; what it adds is dropped again when code says who buys later on.
		 * @param customer the logged-in user
		 * @return this builder
		 */
		public Builder prefill(PolarCustomer customer) {
			if (this.guest || this.externalCustomerId != null || this.customerId != null
					|| this.customerEmail != null) {
				return this;
			}
			this.externalCustomerId = customer.externalId();
			this.customerEmail = isEmail(customer.email()) ? customer.email() : null;
			this.prefilled.add(Prefilled.IDENTITY);
			if (this.customerName == null && isName(customer.name())) {
				this.customerName = customer.name();
				this.prefilled.add(Prefilled.NAME);
			}
			return this;
		}

		/**
		 * Add the shopper's IP address, unless the application's code decided on one.
		 * Called by the starter.
		 * @param ipAddress the address
		 * @return this builder
		 */
		public Builder prefillIpAddress(String ipAddress) {
			return (this.customerIpAddress != null || this.ipAddressWithheld) ? this : customerIpAddress(ipAddress);
		}

		/**
		 * Add the shopper's language, unless the application's code set one. A locale
		 * that Polar would refuse is left out. Called by the starter.
		 * @param locale the locale
		 * @return this builder
		 */
		public Builder prefillLocale(Locale locale) {
			return (this.locale != null || !LANGUAGES.contains(locale.getLanguage())) ? this
					: locale(locale.stripExtensions());
		}

		/**
		 * Add where to go after the payment, unless the application's code set it. Called
		 * by the starter.
		 * @param successUrl a URL or a path
		 * @return this builder
		 */
		public Builder prefillSuccessUrl(String successUrl) {
			return (this.successUrl != null) ? this : successUrl(successUrl);
		}

		/**
		 * Add where the back button leads, unless the application's code set it. Called
		 * by the starter.
		 * @param returnUrl a URL or a path
		 * @return this builder
		 */
		public Builder prefillReturnUrl(String returnUrl) {
			return (this.returnUrl != null) ? this : returnUrl(returnUrl);
		}

		/**
		 * Add the public address of the application, against which paths are resolved,
		 * unless it is known already. Called by the starter.
		 * @param applicationUrl an absolute URL
		 * @return this builder
		 */
		public Builder prefillApplicationUrl(String applicationUrl) {
			if (this.applicationUrl == null) {
				this.applicationUrl = applicationUrl;
			}
			return this;
		}

		private void dropPrefilledIdentity() {
			if (this.prefilled.remove(Prefilled.IDENTITY)) {
				this.externalCustomerId = null;
				this.customerEmail = null;
			}
			if (this.prefilled.remove(Prefilled.NAME)) {
				this.customerName = null;
			}
		}

		private static boolean isEmail(@Nullable String email) {
			return email != null && email.matches("[^\\s@]+@[^\\s@]+");
		}

		private static boolean isName(@Nullable String name) {
			return StringUtils.hasText(name) && name.length() <= MAX_NAME_LENGTH;
		}

		/**
		 * Build the request.
		 * @return an immutable request
		 */
		public CheckoutRequest build() {
			return new CheckoutRequest(this);
		}

	}

}
