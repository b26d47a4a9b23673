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

package io.github.polarspring.test;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A checkout session. Guarded by the lock of {@link FakeState}.
 */
final class FakeSession {

	/**
	 * Fields that Polar returns unchanged.
	 */
	private static final List<String> ECHOED = List.of("min_seats", "max_seats", "allow_trial", "trial_interval",
			"trial_interval_count", "discount_id", "allow_discount_codes", "require_billing_address",
			"is_business_customer", "customer_billing_name", "customer_tax_id", "customer_metadata",
			"custom_field_data", "embed_origin", "subscription_id");

	private static final List<String> SELLERS_ONLY = List.of("metadata", "customer_metadata", "external_customer_id",
			"customer_external_id", "subscription_id", "trial_interval", "trial_interval_count");

	private static final String CUSTOM_FIELD_DATA = "custom_field_data";

	final UUID id = UUID.randomUUID();

	final String clientSecret = FakeState.secret("polar_c_");

	final Instant createdAt;

	final Instant expiresAt;

	final List<FakeProduct> products;

	final String url;

	final @Nullable String externalCustomerId;

	private final FakeTaxes taxes;

	private final Map<UUID, FakePrices> prices = new LinkedHashMap<>();

	private final Map<String, @Nullable Object> echo = new LinkedHashMap<>();

	private FakeProduct product;

	String successUrl;

	boolean ownSuccessUrl;

	@Nullable String returnUrl;

	@Nullable String ipAddress;

	Map<String, Object> metadata;

	String currency;

	private @Nullable Integer seats;

	private int chargedSeats = 1;

	private @Nullable Long chosenAmount;

	private @Nullable Map<String, @Nullable Object> billingAddress;

	@Nullable FakeDiscount discount;

	@Nullable Instant modifiedAt;

	String status = "open";

	@Nullable UUID customerId;

	@Nullable String customerEmail;

	@Nullable String customerName;

	FakeSession(String baseUrl, List<FakeProduct> products, FakeCheckoutBody body, @Nullable FakeCustomer customer,
			FakeTaxes taxes, Instant now) {
		this.taxes = taxes;
		this.billingAddress = (body.billingAddress() == null && customer != null) ? customer.billingAddress()
				: body.billingAddress();
		this.createdAt = now;
		this.expiresAt = now.plus(Duration.ofHours(24));
		this.products = List.copyOf(products);
		this.product = products.get(0);
		this.url = baseUrl + "/checkout/" + this.clientSecret;
		this.successUrl = successUrl(body);
		this.ownSuccessUrl = body.text("success_url") != null;
		this.returnUrl = returnUrl(body);
		this.externalCustomerId = body.externalCustomerId();
		this.ipAddress = body.text("customer_ip_address");
		this.metadata = body.map("metadata");
		products.forEach((product) -> this.prices.put(product.id(),
				FakePrices.of(product, body.prices(product.id()), this.createdAt)));
		FakePrices first = prices();
		String currency = body.text("currency");
		this.currency = (currency != null) ? currency : product().currency();
		seats(body.firstNumber("seats", "min_seats", first.defaultSeats()));
		this.chosenAmount = body.number("amount");
		for (String field : ECHOED) {
			body.put(field, this.echo);
		}
		String email = body.text("customer_email");
		String name = body.text("customer_name");
		this.customerId = (customer != null) ? customer.id() : null;
		this.customerEmail = (email == null && customer != null) ? customer.email() : email;
		this.customerName = (name == null && customer != null) ? customer.name() : name;
	}

	private String successUrl(FakeCheckoutBody body) {
		String url = body.text("success_url");
		return (url != null) ? FakeUrl.withCheckoutId(FakeUrl.normalize(url), this.id) : this.url + "/confirmation";
	}

	private static @Nullable String returnUrl(FakeCheckoutBody body) {
		String url = body.text("return_url");
		return (url != null) ? FakeUrl.normalize(url) : null;
	}

	/**
	 * Update the fields that the body contains. Missing fields are not changed. Polar
	 * ignores {@code null} for some fields; for others, it clears the field.
	 */
	void update(FakeCheckoutBody body, Instant now) {
		this.modifiedAt = now;
		String productId = body.text("product_id");
		if (productId != null && !productId.equals(this.product.id().toString())) {
			this.product = this.products.stream()
				.filter((candidate) -> candidate.id().toString().equals(productId))
				.findFirst()
				.orElseThrow();
			this.prices.put(this.product.id(), FakePrices.of(this.product, null, this.createdAt));
			seats(prices().defaultSeats());
			this.chosenAmount = null;
		}
		String currency = body.text("currency");
		if (currency != null) {
			this.currency = currency;
			this.prices.put(this.product.id(), FakePrices.of(this.product, null, this.createdAt));
		}
		if (body.number("seats") != null) {
			seats(body.firstNumber("seats", "seats", null));
		}
		else if (body.has("seats")) {
			// the amount remains
			this.seats = null;
		}
		if (body.number("amount") != null) {
			this.chosenAmount = body.number("amount");
		}
		if (body.has("customer_email") && this.customerId == null) {
			this.customerEmail = body.text("customer_email");
		}
		if (body.has("customer_name")) {
			this.customerName = body.text("customer_name");
		}
		if (body.has("customer_ip_address")) {
			this.ipAddress = body.text("customer_ip_address");
		}
		if (body.has("metadata")) {
			this.metadata = body.map("metadata");
		}
		if (body.has("success_url")) {
			this.successUrl = successUrl(body);
			this.ownSuccessUrl = body.text("success_url") != null;
		}
		if (body.has("return_url")) {
			this.returnUrl = returnUrl(body);
		}
		Map<String, Object> customFields = customFieldData();
		customFields.putAll(body.map(CUSTOM_FIELD_DATA));
		Map<String, @Nullable Object> address = body.billingAddress();
		if (address != null) {
			this.billingAddress = address;
		}
		ECHOED.stream().filter(body::has).forEach((field) -> {
			this.echo.put(field, null);
			body.put(field, this.echo);
		});
		if (body.has("is_business_customer") && !Boolean.TRUE.equals(this.echo.get("is_business_customer"))) {
			this.echo.put("is_business_customer", false);
			this.echo.put("customer_billing_name", null);
		}
		this.echo.put(CUSTOM_FIELD_DATA, customFields);
	}

	@Nullable Integer seats() {
		return this.seats;
	}

	void seats(@Nullable Integer seats) {
		this.seats = seats;
		this.chargedSeats = (seats != null) ? seats : 1;
	}

	/**
	 * Select a product on the checkout page.
	 */
	void select(FakeProduct product) {
		if (!product.equals(this.product)) {
			this.product = product;
			seats(prices().defaultSeats());
			this.chosenAmount = null;
		}
	}

	/**
	 * Choose an amount on the checkout page. Only used for prices that the buyer chooses.
	 */
	void choose(@Nullable Long amount) {
		this.chosenAmount = amount;
	}

	/**
	 * Return whether prices and session allow this number of seats.
	 */
	boolean acceptsSeats(int seats) {
		boolean within = !(this.echo.get("min_seats") instanceof Number min && seats < min.intValue())
				&& !(this.echo.get("max_seats") instanceof Number max && seats > max.intValue());
		return within && prices().acceptsSeats(seats);
	}

	long amount() {
		return prices().amount(this.currency, this.chosenAmount, this.chargedSeats);
	}

	FakeAmounts amounts() {
		return amounts(this.billingAddress);
	}

	/**
	 * Return the amounts that are charged, which include tax.
	 */
	FakeAmounts amountsToPay() {
		return amounts(addressToPay());
	}

	private FakeAmounts amounts(@Nullable Map<String, @Nullable Object> address) {
		long amount = amount();
		long discounted = (this.discount != null) ? this.discount.of(amount, this.currency) : 0;
		return this.taxes.amounts(amount, discounted, prices().taxBehavior(this.currency), address,
				this.echo.get("customer_tax_id") != null);
	}

	/**
	 * Enter an address as a buyer who pays, unless tax is already known.
	 */
	void completeAddress() {
		if (amounts().net() > 0) {
			this.billingAddress = addressToPay();
		}
	}

	private @Nullable Map<String, @Nullable Object> addressToPay() {
		return FakeTaxes.isUsable(this.billingAddress) ? this.billingAddress : FakeTaxes.BUYERS_ADDRESS;
	}

	@Nullable Map<String, @Nullable Object> billingAddress() {
		return this.billingAddress;
	}

	FakePrices prices(FakeProduct product) {
		FakePrices prices = this.prices.get(product.id());
		Assert.state(prices != null, "The product has no prices");
		return prices;
	}

	FakePrices prices() {
		return prices(this.product);
	}

	FakeProduct product() {
		return this.product;
	}

	/**
	 * Return the origin that is allowed to embed the page of this session.
	 */
	@Nullable String embedOrigin() {
		return (this.echo.get("embed_origin") instanceof String origin) ? origin : null;
	}

	Map<String, Object> customerMetadata() {
		Map<String, Object> metadata = new LinkedHashMap<>();
		if (this.echo.get("customer_metadata") instanceof Map<?, ?> known) {
			known.forEach((key, value) -> metadata.put(key.toString(), value));
		}
		return metadata;
	}

	Map<String, Object> customFieldData() {
		Map<String, Object> data = new LinkedHashMap<>();
		if (this.echo.get(CUSTOM_FIELD_DATA) instanceof Map<?, ?> known) {
			known.forEach((slug, value) -> data.put(slug.toString(), value));
		}
		return data;
	}

	boolean allowsDiscountCodes() {
		return !Boolean.FALSE.equals(this.echo.get("allow_discount_codes"));
	}

	/**
	 * Replace the discount as the buyer.
	 */
	void discount(@Nullable FakeDiscount discount) {
		this.discount = discount;
		this.echo.put("discount_id", null);
	}

	boolean isOpen() {
		return this.status.equals("open");
	}

	/**
	 * Return whether Polar fails to store {@code null} as whether the buyer is a
	 * business.
	 */
	boolean asksForPaymentOrAddress() {
		return amounts().net() > 0 || Boolean.TRUE.equals(this.echo.get("require_billing_address"));
	}

	boolean isExpired(Instant now) {
		return this.status.equals("expired") || (isOpen() && !now.isBefore(this.expiresAt));
	}

	/**
	 * Return the JSON for buyers.
	 */
	Map<String, Object> toClientJson(UUID organizationId) {
		Map<String, Object> json = toJson(organizationId);
		SELLERS_ONLY.forEach(json::remove);
		Map<String, Object> organization = new LinkedHashMap<>();
		organization.put("created_at", this.createdAt);
		organization.put("modified_at", null);
		organization.put("id", organizationId);
		organization.put("name", "Fake organization");
		organization.put("slug", "fake-organization");
		organization.put("avatar_url", null);
		organization.put("proration_behavior", "prorate");
		organization.put("allow_customer_updates", true);
		json.put("organization", organization);
		return json;
	}

	Map<String, Object> toJson(UUID organizationId) {
		FakeProduct product = product();
		FakeAmounts amounts = amounts();
		long amount = amounts.amount();
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("custom_field_data", Map.of());
		json.put("payment_processor", "stripe");
		json.put("status", this.status);
		json.put("client_secret", this.clientSecret);
		json.put("url", this.url);
		json.put("expires_at", this.expiresAt);
		json.put("success_url", this.successUrl);
		json.put("return_url", this.returnUrl);
		json.put("embed_origin", null);
		json.put("amount", amount);
		for (String name : List.of("seats", "min_seats", "max_seats", "units", "min_units", "max_units")) {
			json.put(name, null);
		}
		amounts.putInto(json);
		json.put("tax_behavior", amounts.taxBehavior());
		json.put("currency", this.currency);
		json.put("allow_trial", true);
		for (String name : List.of("active_trial_interval", "active_trial_interval_count", "trial_end")) {
			json.put(name, null);
		}
		json.put("organization_id", organizationId);
		json.put("product_id", product.id());
		json.put("product_price_id", prices().prices().get(0).get("id"));
		json.put("discount_id", null);
		json.put("allow_discount_codes", true);
		json.put("require_billing_address", false);
		json.put("is_discount_applicable", amount > 0);
		json.put("is_free_product_price", amount == 0);
		json.put("is_payment_required", amounts.net() > 0);
		json.put("is_payment_setup_required", false);
		json.put("is_payment_form_required", amounts.net() > 0);
		json.put("customer_id", this.customerId);
		json.put("is_business_customer", false);
		json.put("customer_name", this.customerName);
		json.put("customer_email", this.customerEmail);
		json.put("customer_ip_address", this.ipAddress);
		json.put("customer_billing_name", null);
		json.put("customer_billing_address", this.billingAddress);
		json.put("customer_tax_id", null);
		// Polar overwrites the locale, unless the organization has enabled
		// localization
		json.put("locale", "en");
		json.put("payment_method_type", null);
		json.put("payment_processor_metadata", Map.of("publishable_key", "pk_test_fake"));
		json.put("customer_billing_address_fields", Map.of("country", true, "state", false, "city", false,
				"postal_code", false, "line1", false, "line2", false));
		json.put("billing_address_fields", Map.of("country", "required", "state", "disabled", "city", "disabled",
				"postal_code", "disabled", "line1", "disabled", "line2", "disabled"));
		json.put("trial_interval", null);
		json.put("trial_interval_count", null);
		json.put("metadata", this.metadata);
		json.put("external_customer_id", this.externalCustomerId);
		json.put("customer_external_id", this.externalCustomerId);
		json.put("products", this.products.stream().map((each) -> each.toJson(organizationId)).toList());
		json.put("product", product.toJson(organizationId));
		json.put("product_price", prices().prices().get(0));
		Map<String, Object> prices = new LinkedHashMap<>();
		this.prices.forEach((id, each) -> prices.put(id.toString(), each.prices()));
		json.put("prices", prices);
		json.put("discount", (this.discount != null) ? this.discount.toJson() : null);
		json.put("subscription_id", null);
		json.put("attached_custom_fields", List.of());
		json.put("customer_metadata", Map.of());
		json.put("subtotal_amount", amounts.net());
		json.put("seats", this.seats);
		json.putAll(this.echo);
		if (this.discount != null) {
			json.put("discount_id", this.discount.id());
		}
		return json;
	}

}
