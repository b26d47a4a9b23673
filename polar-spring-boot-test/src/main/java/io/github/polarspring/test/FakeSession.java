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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A checkout session. Guarded by the lock of {@link FakeState}.
 */
final class FakeSession {

	/**
	 * Fields that Polar stores and returns as they were sent, with their initial values.
	 */
	private static final Map<String, @Nullable Object> STORED = new LinkedHashMap<>();

	static {
		for (String name : List.of("min_seats", "max_seats", "units", "min_units", "max_units", "trial_interval",
				"trial_interval_count", "customer_billing_name", "customer_tax_id", "embed_origin", "subscription_id",
				"payment_method_type")) {
			STORED.put(name, null);
		}
		STORED.put("allow_trial", true);
		STORED.put("allow_discount_codes", true);
		STORED.put("require_billing_address", false);
		STORED.put("is_business_customer", false);
		STORED.put("customer_metadata", Map.of());
		STORED.put("custom_field_data", Map.of());
	}

	private static final List<String> SELLERS_ONLY = List.of("metadata", "customer_metadata", "external_customer_id",
			"customer_external_id", "subscription_id", "trial_interval", "trial_interval_count");

	final UUID id;

	final String clientSecret;

	final Instant createdAt;

	final Instant expiresAt;

	final List<FakeProduct> products;

	final String url;

	final @Nullable String externalCustomerId;

	private final FakeTaxes taxes;

	private final Map<UUID, FakePrices> prices = new LinkedHashMap<>();

	private final Map<String, @Nullable Object> stored = new LinkedHashMap<>(STORED);

	/**
	 * Prices that are charged instead of those in {@link #prices}, after the product or
	 * the currency was changed.
	 */
	private @Nullable FakePrices replaced;

	private FakeProduct product;

	String successUrl;

	boolean ownSuccessUrl;

	@Nullable String returnUrl;

	@Nullable String ipAddress;

	Map<String, Object> metadata;

	String currency;

	private @Nullable Integer seats;

	private int chargedSeats = 1;

	private int chargedUnits = 1;

	private @Nullable Long chosenAmount;

	private @Nullable Map<String, @Nullable Object> billingAddress;

	/**
	 * Polar keeps a tax of 0 until it can compute another one.
	 */
	private boolean withoutTax;

	@Nullable FakeDiscount discount;

	@Nullable Instant modifiedAt;

	String status = "open";

	@Nullable UUID customerId;

	@Nullable String customerEmail;

	@Nullable String customerName;

	/**
	 * Data of the card processor.
	 */
	private Map<String, String> processor = Map.of("publishable_key", "pk_test_fake");

	/**
	 * Create a session.
	 * @param values the fields of the request, without problems
	 * @param products the products of the request
	 * @param prices the prices of each product
	 * @param customer the customer of the request, if it is known
	 */
	FakeSession(String baseUrl, Map<String, @Nullable Object> values, List<FakeProduct> products,
			Map<UUID, FakePrices> prices, @Nullable FakeCustomer customer, @Nullable FakeDiscount discount,
			FakeTaxes taxes, Instant now) {
		this.id = UUID.randomUUID();
		this.clientSecret = FakeState.secret("polar_c_");
		this.taxes = taxes;
		this.createdAt = now;
		this.expiresAt = now.plus(Duration.ofHours(24));
		this.products = List.copyOf(products);
		this.product = products.get(0);
		this.prices.putAll(prices);
		this.url = baseUrl + "/checkout/" + this.clientSecret;
		this.successUrl = this.url + "/confirmation";
		this.externalCustomerId = (String) values.get("external_customer_id");
		this.metadata = Map.of();
		this.discount = discount;
		String currency = (String) values.get("currency");
		this.currency = (currency != null) ? currency : defaultCurrency();
		if (prices().adHoc()) {
			prices().first().put("modified_at", now);
		}
		seats(prices().minimumSeats());
		if (firstOf(values.get("seats"), values.get("min_seats")) instanceof Number number) {
			seats(number.intValue());
		}
		units(prices().minimumUnits());
		copy(values);
		if (this.stored.get("units") == null) {
			units(firstOf(values.get("min_units"), prices().minimumUnits()));
		}
		chargeUnits();
		this.chosenAmount = (Long) values.get("amount");
		if (customer != null) {
			link(customer, values);
		}
		Map<String, @Nullable Object> address = this.billingAddress;
		if (address != null && values.get("customer_billing_address") != null
				&& FakeAddress.isMoreThanCountry(address)) {
			this.stored.put("require_billing_address", true);
		}
		rememberTax();
	}

	private FakeSession(FakeSession other) {
		this.id = other.id;
		this.clientSecret = other.clientSecret;
		this.taxes = other.taxes;
		this.createdAt = other.createdAt;
		this.expiresAt = other.expiresAt;
		this.products = other.products;
		this.product = other.product;
		this.prices.putAll(other.prices);
		this.replaced = other.replaced;
		this.stored.putAll(other.stored);
		this.url = other.url;
		this.successUrl = other.successUrl;
		this.ownSuccessUrl = other.ownSuccessUrl;
		this.returnUrl = other.returnUrl;
		this.ipAddress = other.ipAddress;
		this.externalCustomerId = other.externalCustomerId;
		this.metadata = other.metadata;
		this.currency = other.currency;
		this.seats = other.seats;
		this.chargedSeats = other.chargedSeats;
		this.chargedUnits = other.chargedUnits;
		this.chosenAmount = other.chosenAmount;
		this.billingAddress = other.billingAddress;
		this.withoutTax = other.withoutTax;
		this.discount = other.discount;
		this.modifiedAt = other.modifiedAt;
		this.status = other.status;
		this.customerId = other.customerId;
		this.customerEmail = other.customerEmail;
		this.customerName = other.customerName;
		this.processor = other.processor;
	}

	/**
	 * Return a copy, to make changes that can be discarded.
	 */
	FakeSession copy() {
		return new FakeSession(this);
	}

	private String defaultCurrency() {
		FakePrices prices = prices(this.product);
		String currency = this.product.currency();
		return prices.in(currency).isEmpty() ? String.valueOf(prices.prices().get(0).get("price_currency")) : currency;
	}

	private void link(FakeCustomer customer, Map<String, @Nullable Object> values) {
		this.customerId = customer.id();
		this.customerEmail = (String) firstOf(this.customerEmail,
				firstOf(customer.email(), customer.isTeam() ? customer.owner().email : null));
		this.customerName = (String) firstOf(this.customerName, customer.isTeam() ? null : customer.name());
		this.stored.computeIfAbsent("customer_billing_name", (name) -> customer.billingName());
		if (this.billingAddress == null && customer.get("billing_address") instanceof Map<?, ?> address) {
			Map<String, Object> known = new LinkedHashMap<>();
			address.forEach((part, value) -> known.put(part.toString(), value));
			this.billingAddress = FakeAddress.complete(known);
		}
		if (customer.get("tax_id") instanceof List<?> taxId) {
			this.stored.computeIfAbsent("customer_tax_id", (name) -> taxId.get(0));
		}
		if (!values.containsKey("is_business_customer") && customer.get("billing_name") != null
				&& customer.get("billing_address") instanceof Map<?, ?> address && FakeAddress.isFull(address)) {
			this.stored.put("is_business_customer", true);
		}
	}

	private static @Nullable Object firstOf(@Nullable Object first, @Nullable Object second) {
		return (first != null) ? first : second;
	}

	/**
	 * Update the fields that the body contains. Missing fields are not changed. Polar
	 * ignores {@code null} for some fields; for others, it clears the field.
	 */
	void update(Map<String, @Nullable Object> values) {
		if (values.get("product_id") instanceof String productId) {
			select(this.products.stream()
				.filter((candidate) -> candidate.id().toString().equals(productId))
				.findFirst()
				.orElseThrow(), values.get("product_price_id"));
		}
		if (values.get("currency") instanceof String chosen && values.get("product_price_id") == null) {
			this.currency = chosen;
			charge(this.product.prices());
		}
		if (this.discount != null && !this.discount.isFor(this.product, this.currency)) {
			this.discount = null;
		}
		if (values.get("seats") instanceof Long number) {
			seats(number.intValue());
		}
		else if (values.containsKey("seats")) {
			// the amount remains
			this.seats = null;
		}
		if (values.get("amount") instanceof Long amount) {
			this.chosenAmount = amount;
		}
		copy(values);
		chargeUnits();
		if (Boolean.FALSE.equals(values.get("is_business_customer"))) {
			clearBusiness();
		}
		rememberTax();
	}

	private void clearBusiness() {
		this.stored.put("is_business_customer", false);
		this.stored.put("customer_billing_name", null);
		this.stored.put("customer_tax_id", null);
	}

	/**
	 * Clear what is only asked for if there is something to pay.
	 */
	void clearUnasked() {
		if (!isPaymentFormRequired()) {
			this.stored.put("payment_method_type", null);
			if (!Boolean.TRUE.equals(this.stored.get("require_billing_address"))) {
				clearBusiness();
			}
		}
	}

	/**
	 * Copy the fields that Polar stores as they are.
	 */
	private void copy(Map<String, @Nullable Object> values) {
		Map<String, Object> fields = customFieldData();
		if (values.get("custom_field_data") instanceof Map<?, ?> sent) {
			sent.forEach((slug, value) -> fields.put(slug.toString(), value));
		}
		values.forEach((name, value) -> {
			if (STORED.containsKey(name)) {
				this.stored.put(name, value);
			}
		});
		this.stored.put("custom_field_data", fields);
		if (values.get("metadata") instanceof Map<?, ?> sent) {
			Map<String, Object> all = new LinkedHashMap<>();
			sent.forEach((key, value) -> all.put(key.toString(), Objects.requireNonNull(value)));
			this.metadata = all;
		}
		if (values.containsKey("customer_email") && this.customerId == null) {
			this.customerEmail = (String) values.get("customer_email");
		}
		if (values.containsKey("customer_name")) {
			this.customerName = (String) values.get("customer_name");
		}
		if (values.containsKey("customer_ip_address")) {
			this.ipAddress = (String) values.get("customer_ip_address");
		}
		if (values.get("customer_billing_address") instanceof Map<?, ?> address) {
			Map<String, Object> parts = new LinkedHashMap<>();
			address.forEach((part, value) -> parts.put(part.toString(), value));
			this.billingAddress = FakeAddress.complete(parts);
		}
		if (this.stored.get("customer_tax_id") instanceof String taxId && this.billingAddress != null) {
			this.stored.put("customer_tax_id",
					FakeTaxIds.normalize(taxId, String.valueOf(this.billingAddress.get("country"))));
		}
		if (values.containsKey("success_url")) {
			String own = (String) values.get("success_url");
			this.ownSuccessUrl = own != null;
			this.successUrl = (own != null) ? FakeUrl.withCheckoutId(own, this.id) : this.url + "/confirmation";
		}
		if (values.containsKey("return_url")) {
			this.returnUrl = (String) values.get("return_url");
		}
	}

	private void rememberTax() {
		FakeAmounts amounts = amounts();
		this.withoutTax = (amounts.amount() == amounts.discount() && amounts.tax() != null)
				|| (this.withoutTax && !FakeTaxes.isUsable(this.billingAddress));
	}

	@Nullable Object get(String name) {
		return this.stored.get(name);
	}

	@Nullable Integer seats() {
		return this.seats;
	}

	void seats(@Nullable Integer seats) {
		this.seats = seats;
		this.chargedSeats = (seats != null) ? seats : 1;
	}

	private void units(@Nullable Object units) {
		this.stored.put("units", units);
		chargeUnits();
	}

	/**
	 * Charge the number of units. Without a number, the amount remains.
	 */
	private void chargeUnits() {
		if (this.stored.get("units") instanceof Number units) {
			this.chargedUnits = units.intValue();
		}
	}

	/**
	 * Return the smallest number of units.
	 */
	int minimumUnits() {
		int price = Objects.requireNonNull(prices().minimumUnits());
		return (this.stored.get("min_units") instanceof Number min) ? Math.max(price, min.intValue()) : price;
	}

	int maximumUnits() {
		int price = prices().maximumUnits();
		return (this.stored.get("max_units") instanceof Number max) ? Math.min(price, max.intValue()) : price;
	}

	/**
	 * Select a product. It is sold at the prices of the catalog, even if the session has
	 * ad-hoc prices.
	 */
	void select(FakeProduct product) {
		select(product, null);
	}

	/**
	 * Select a product, at one of the prices of the session or at those of the catalog.
	 * @param priceId the ID of the price, or {@code null} for the catalog
	 */
	void select(FakeProduct product, @Nullable Object priceId) {
		Map<String, @Nullable Object> price = price(product, priceId);
		this.product = product;
		if (price != null) {
			this.currency = String.valueOf(price.get("price_currency"));
			charge(new FakePrices(List.of(price), false));
			return;
		}
		if (product.prices().in(this.currency).isEmpty()) {
			this.currency = product.currency();
		}
		charge(product.prices());
	}

	/**
	 * Return the price of a product in this session with an ID, or {@code null}.
	 */
	@Nullable Map<String, @Nullable Object> price(FakeProduct product, @Nullable Object id) {
		return current(product).prices()
			.stream()
			.filter((price) -> String.valueOf(price.get("id")).equals(id))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Charge other prices, for the smallest number of seats and units.
	 */
	private void charge(FakePrices prices) {
		this.replaced = prices;
		seats(prices().minimumSeats());
		units(prices().minimumUnits());
		this.chosenAmount = null;
	}

	/**
	 * Choose an amount on the checkout page. Only used for prices that the buyer chooses.
	 */
	void choose(@Nullable Long amount) {
		this.chosenAmount = amount;
	}

	/**
	 * Return the smallest number of seats.
	 */
	int minimumSeats() {
		int tiers = Objects.requireNonNull(prices().minimumSeats());
		return (this.stored.get("min_seats") instanceof Number min) ? Math.max(tiers, min.intValue()) : tiers;
	}

	int maximumSeats() {
		int tiers = prices().maximumSeats();
		return (this.stored.get("max_seats") instanceof Number max) ? Math.min(tiers, max.intValue()) : tiers;
	}

	long amount() {
		return amountAt(prices());
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
		return amounts(address, amount, (this.discount != null) ? this.discount.of(amount, this.currency) : 0);
	}

	/**
	 * Return the amounts of an order of a subscription.
	 * @param subtotal the sum of its items
	 * @param discounted the discount
	 */
	FakeAmounts amountsOf(long subtotal, long discounted) {
		return amounts(this.billingAddress, subtotal, discounted);
	}

	private FakeAmounts amounts(@Nullable Map<String, @Nullable Object> address, long amount, long discounted) {
		FakeAmounts amounts = this.taxes.amounts(amount, discounted, prices().taxBehavior(), address,
				this.stored.get("customer_tax_id") != null);
		if (address != null && FakeTaxes.isUsable(address)) {
			return (amount == 0 && isPaymentSetupRequired())
					? new FakeAmounts(0, 0, 0, 0L,
							FakeTaxes.behavior(prices().taxBehavior(), String.valueOf(address.get("country"))))
					: amounts;
		}
		boolean charged = amount > discounted || (amount > 0 && isPaymentSetupRequired());
		return new FakeAmounts(amount, discounted, amounts.net(), (charged && !this.withoutTax) ? null : 0L,
				amounts.taxBehavior());
	}

	/**
	 * Return a copy with another number of seats.
	 */
	FakeSession withSeats(int seats) {
		FakeSession copy = copy();
		copy.seats(seats);
		return copy;
	}

	/**
	 * Return a copy with another number of units.
	 */
	FakeSession withUnits(int units) {
		FakeSession copy = copy();
		copy.units(units);
		return copy;
	}

	/**
	 * Return a copy with another discount, or without.
	 */
	FakeSession withDiscount(@Nullable FakeDiscount discount) {
		FakeSession copy = copy();
		copy.discount = discount;
		return copy;
	}

	/**
	 * Return the number of units, or {@code null} without a unit-based price.
	 */
	@Nullable Integer units() {
		return (this.stored.get("units") instanceof Number units) ? units.intValue() : null;
	}

	/**
	 * Enter an address as a buyer who pays, unless tax is already known.
	 */
	void completeAddress() {
		if (isPaymentRequired()) {
			this.billingAddress = addressToPay();
		}
	}

	private @Nullable Map<String, @Nullable Object> addressToPay() {
		return FakeTaxes.isUsable(this.billingAddress) ? this.billingAddress : FakeTaxes.BUYERS_ADDRESS;
	}

	@Nullable Map<String, @Nullable Object> billingAddress() {
		return this.billingAddress;
	}

	/**
	 * Return all prices of a product, in all currencies.
	 */
	private FakePrices prices(FakeProduct product) {
		FakePrices prices = (product.equals(this.product) && this.replaced != null) ? this.replaced
				: this.prices.get(product.id());
		Assert.state(prices != null, "The product has no prices");
		return prices;
	}

	/**
	 * Return all prices of a product, including changes of the catalog since the session
	 * was created.
	 */
	private FakePrices current(FakeProduct product) {
		FakePrices prices = Objects.requireNonNull(this.prices.get(product.id()));
		return prices.adHoc() ? prices : product.prices();
	}

	/**
	 * Return the current prices of the selected product in the currency of the session,
	 * with which an order is created.
	 */
	FakePrices current() {
		FakePrices current = current(this.product).in(this.currency);
		return (this.replaced != null || current.isEmpty()) ? prices() : current;
	}

	long amountAt(FakePrices prices) {
		return prices.amount(this.chosenAmount, this.chargedSeats, this.chargedUnits);
	}

	/**
	 * Return the prices that are charged.
	 */
	FakePrices prices() {
		return prices(this.product).in(this.currency);
	}

	/**
	 * Return the prices of a product that the buyer can choose, in the currency of the
	 * session if it has any.
	 */
	FakePrices listPrices(FakeProduct product) {
		FakePrices prices = prices(product);
		return prices.in(this.currency).isEmpty() ? prices.in(product.currency()) : prices.in(this.currency);
	}

	FakeProduct product() {
		return this.product;
	}

	/**
	 * Return the origin that is allowed to embed the page of this session.
	 */
	@Nullable String embedOrigin() {
		return (String) this.stored.get("embed_origin");
	}

	Map<String, Object> customerMetadata() {
		return map("customer_metadata");
	}

	Map<String, Object> customFieldData() {
		return map("custom_field_data");
	}

	private Map<String, Object> map(String name) {
		Map<String, Object> map = new LinkedHashMap<>();
		if (this.stored.get(name) instanceof Map<?, ?> known) {
			known.forEach((key, value) -> map.put(key.toString(), value));
		}
		return map;
	}

	void customFieldData(Map<String, Object> data) {
		this.stored.put("custom_field_data", data);
	}

	boolean allowsDiscountCodes() {
		return Boolean.TRUE.equals(this.stored.get("allow_discount_codes"));
	}

	boolean isOpen() {
		return this.status.equals("open");
	}

	boolean isBusiness() {
		return Boolean.TRUE.equals(this.stored.get("is_business_customer"));
	}

	/**
	 * Return whether the buyer must enter a full address.
	 */
	boolean requiresFullAddress() {
		return isBusiness() || Boolean.TRUE.equals(this.stored.get("require_billing_address"))
				|| "upi".equals(this.stored.get("payment_method_type"));
	}

	/**
	 * Return whether Polar fails to store {@code null} as whether the buyer is a
	 * business.
	 */
	boolean asksForPaymentOrAddress() {
		return isPaymentFormRequired() || requiresFullAddress();
	}

	/**
	 * Return the interval and the length of the trial, or {@code null} without a trial.
	 */
	@Nullable Trial trial() {
		if (!this.product.isRecurring() || Boolean.FALSE.equals(this.stored.get("allow_trial"))) {
			return null;
		}
		Object interval = firstOf(this.stored.get("trial_interval"), this.product.get("trial_interval"));
		Object count = (this.stored.get("trial_interval") != null) ? this.stored.get("trial_interval_count")
				: this.product.get("trial_interval_count");
		return (interval instanceof String unit && count instanceof Number number) ? new Trial(unit, number.intValue())
				: null;
	}

	/**
	 * Return the end of a trial that starts now, or {@code null} without a trial.
	 */
	@Nullable Instant trialEnd(Instant now) {
		Trial trial = trial();
		return (trial != null) ? plus(now, trial.interval(), trial.count()) : null;
	}

	static Instant plus(Instant start, @Nullable Object interval, int count) {
		ZonedDateTime time = start.atZone(ZoneOffset.UTC);
		return switch (String.valueOf(interval)) {
			case "day" -> time.plusDays(count).toInstant();
			case "week" -> time.plusWeeks(count).toInstant();
			case "year" -> time.plusYears(count).toInstant();
			default -> time.plusMonths(count).toInstant();
		};
	}

	boolean isPaymentRequired() {
		return amounts().net() > 0 && trial() == null;
	}

	private boolean isPaymentSetupRequired() {
		if (!this.product.isRecurring() || prices().isFree()) {
			return false;
		}
		boolean metered = !prices().metered().isEmpty();
		return (metered || amount() > 0) && !(this.discount != null && this.discount.isFreeForever());
	}

	boolean isPaymentFormRequired() {
		return isPaymentRequired() || isPaymentSetupRequired();
	}

	boolean isExpired(Instant now) {
		return this.status.equals("expired") || (isOpen() && !now.isBefore(this.expiresAt));
	}

	/**
	 * Record that the buyer confirmed the session.
	 */
	void charge(boolean accepted) {
		Map<String, String> processor = new LinkedHashMap<>(this.processor);
		processor.put("customer_id", "cus_" + this.id.toString().replace("-", "").substring(0, 14));
		if (isPaymentFormRequired()) {
			processor.put("intent_client_secret", "pi_fake_secret_" + this.id.toString().substring(0, 8));
			processor.put("intent_status", accepted ? "succeeded" : "requires_action");
		}
		this.processor = processor;
	}

	/**
	 * Return whether the buyer has to confirm the payment at the bank.
	 */
	boolean isChallenged() {
		return this.status.equals("confirmed") && "requires_action".equals(this.processor.get("intent_status"));
	}

	/**
	 * Open a confirmed session again.
	 */
	void reopen() {
		this.status = "open";
		Map<String, String> processor = new LinkedHashMap<>(this.processor);
		processor.keySet().removeAll(List.of("intent_client_secret", "intent_status"));
		this.processor = processor;
	}

	/**
	 * Return the JSON for buyers.
	 */
	Map<String, @Nullable Object> toClientJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toJson(organizationId);
		SELLERS_ONLY.forEach(json::remove);
		json.put("organization", organization(organizationId, this.createdAt));
		return json;
	}

	/**
	 * Return what buyers see of the organization.
	 */
	static Map<String, @Nullable Object> organization(UUID id, Instant createdAt) {
		Map<String, @Nullable Object> organization = new LinkedHashMap<>();
		organization.put("created_at", createdAt);
		organization.put("modified_at", null);
		organization.put("id", id);
		organization.put("name", "Fake organization");
		organization.put("slug", FakeState.ORGANIZATION);
		organization.put("avatar_url", null);
		organization.put("proration_behavior", "prorate");
		organization.put("allow_customer_updates", true);
		return organization;
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		FakeProduct product = product();
		FakePrices prices = prices();
		FakeAmounts amounts = amounts();
		Trial trial = trial();
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("payment_processor", "stripe");
		json.put("status", this.status);
		json.put("client_secret", this.clientSecret);
		json.put("url", this.url);
		json.put("expires_at", this.expiresAt);
		json.put("success_url", this.successUrl);
		json.put("return_url", this.returnUrl);
		json.put("amount", amounts.amount());
		json.put("seats", this.seats);
		amounts.putInto(json);
		json.put("tax_behavior", amounts.taxBehavior());
		json.put("currency", this.currency);
		json.put("active_trial_interval", (trial != null) ? trial.interval() : null);
		json.put("active_trial_interval_count", (trial != null) ? trial.count() : null);
		json.put("trial_end", trialEnd(this.createdAt));
		json.put("organization_id", organizationId);
		json.put("product_id", product.id());
		json.put("product_price_id", prices.first().get("id"));
		json.put("discount_id", (this.discount != null) ? this.discount.id() : null);
		boolean free = current(product).in(this.currency).isFree();
		json.put("is_discount_applicable", !free);
		json.put("is_free_product_price", free);
		json.put("is_payment_required", isPaymentRequired());
		json.put("is_payment_setup_required", isPaymentSetupRequired());
		json.put("is_payment_form_required", isPaymentFormRequired());
		json.put("customer_id", this.customerId);
		json.put("customer_name", this.customerName);
		json.put("customer_email", this.customerEmail);
		json.put("customer_ip_address", this.ipAddress);
		json.put("customer_billing_address", this.billingAddress);
		// Polar overwrites the locale, unless the organization has enabled
		// localization
		json.put("locale", "en");
		json.put("payment_processor_metadata", this.processor);
		putAddressFields(json);
		json.put("metadata", this.metadata);
		json.put("external_customer_id", this.externalCustomerId);
		json.put("customer_external_id", this.externalCustomerId);
		json.put("products", this.products.stream().map((each) -> each.toJson(organizationId)).toList());
		json.put("product", product.toJson(organizationId));
		json.put("product_price", prices.first());
		Map<String, Object> allPrices = new LinkedHashMap<>();
		this.products.forEach((each) -> allPrices.put(each.id().toString(), current(each).prices()));
		json.put("prices", allPrices);
		json.put("discount", (this.discount != null) ? this.discount.toJson() : null);
		json.put("attached_custom_fields", product.customFields());
		json.put("subtotal_amount", amounts.net());
		json.putAll(this.stored);
		return json;
	}

	private void putAddressFields(Map<String, @Nullable Object> json) {
		Map<String, String> fields = addressFields();
		json.put("billing_address_fields", fields);
		Map<String, Boolean> asked = new LinkedHashMap<>();
		fields.forEach((part, requirement) -> asked.put(part, requirement.equals("required")));
		json.put("customer_billing_address_fields", asked);
	}

	Map<String, String> addressFields() {
		return FakeAddress.fields((this.billingAddress != null) ? this.billingAddress.get("country") : null,
				requiresFullAddress());
	}

	/**
	 * A trial.
	 *
	 * @param interval the unit of the length
	 * @param count the length
	 */
	record Trial(String interval, int count) {

	}

}
