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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.util.StringUtils;

/**
 * Polar's business rules for a checkout session, in the order in which Polar checks them.
 * Polar reports the problems of the first rule that fails.
 */
final class FakeCheckoutRules {

	private static final String VALUE_ERROR = "value_error";

	private final FakeState state;

	private final Map<String, @Nullable Object> values;

	private final JsonNode body;

	private final FakeErrors errors = new FakeErrors("body");

	/**
	 * Create the rules.
	 * @param values the converted fields of the request
	 * @param body the request
	 */
	FakeCheckoutRules(FakeState state, Map<String, @Nullable Object> values, JsonNode body) {
		this.state = state;
		this.values = values;
		this.body = body;
	}

	private List<Map<String, @Nullable Object>> firstOf(Runnable... rules) {
		for (Runnable rule : rules) {
			rule.run();
			if (!this.errors.isEmpty()) {
				break;
			}
		}
		return this.errors.items();
	}

	/**
	 * Check a new session.
	 * @param products the known products of the request
	 * @param prices the prices of the products, to which the ad-hoc prices are added
	 */
	List<Map<String, @Nullable Object>> check(List<FakeProduct> products, Map<UUID, FakePrices> prices) {
		return firstOf(this::checkProducts, () -> checkAdHocPrices(products, prices), () -> {
			FakeProduct first = products.get(0);
			FakePrices all = Objects.requireNonNull(prices.get(first.id()));
			firstOf(() -> checkCurrency(first, all), () -> checkNew(first, all));
		});
	}

	private void checkNew(FakeProduct product, FakePrices all) {
		FakePrices prices = all.in(currency(product));
		firstOf(() -> checkAmount(prices), () -> checkDiscount(product, currency(product)),
				() -> checkTaxId(this.values.get("customer_billing_address"), null),
				() -> checkNewQuantity(Quantity.SEATS, prices), () -> checkNewQuantity(Quantity.UNITS, prices),
				this::checkSubscription, this::checkCustomer, () -> checkCustomFields(product, false));
	}

	private String currency(FakeProduct product) {
		return (this.values.get("currency") instanceof String currency) ? currency : product.currency();
	}

	private void checkProducts() {
		if (this.values.get("products") instanceof List<?> ids) {
			for (int i = 0; i < ids.size(); i++) {
				checkProduct(String.valueOf(ids.get(i)), this.errors.at("products").at(i));
			}
		}
		else if (this.values.get("product_id") instanceof String id) {
			checkProduct(id, this.errors.at("product_id"));
		}
		else {
			String id = String.valueOf(this.values.get("product_price_id"));
			String problem = problem(this.state.productOfPrice(id), id);
			if (problem != null) {
				this.errors.at("product_price_id").add(VALUE_ERROR, problem, id);
			}
		}
	}

	private static @Nullable String problem(@Nullable FakeProduct product, String priceId) {
		if (product == null) {
			return "Price does not exist.";
		}
		return product.isArchived(priceId) ? "Price is archived."
				: product.isArchived() ? "Product is archived." : null;
	}

	private void checkProduct(String id, FakeErrors at) {
		FakeProduct product = this.state.product(UUID.fromString(id));
		if (product == null) {
			at.add(VALUE_ERROR, "Product does not exist.", id);
		}
		else if (product.isArchived()) {
			at.add(VALUE_ERROR, "Product is archived.", id);
		}
		else if (product.isDraft()) {
			at.add(VALUE_ERROR, "Product is a draft.", id);
		}
	}

	private void checkAdHocPrices(List<FakeProduct> products, Map<UUID, FakePrices> prices) {
		Map<UUID, FakeProduct> known = products.stream()
			.collect(Collectors.toMap(FakeProduct::id, (product) -> product));
		known.values().forEach((product) -> prices.put(product.id(), product.prices()));
		if (this.values.get("product_price_id") instanceof String id) {
			Map<String, @Nullable Object> price = Objects.requireNonNull(products.get(0).price(id));
			prices.put(products.get(0).id(), new FakePrices(List.of(price), false));
			this.values.put("currency", price.get("price_currency"));
		}
		if (!(this.values.get("prices") instanceof Map<?, ?> adHoc)) {
			return;
		}
		adHoc.forEach((id, list) -> {
			FakeErrors at = this.errors.at("prices").at(id);
			FakeProduct product = known.get(UUID.fromString(id.toString()));
			if (product == null) {
				at.add(VALUE_ERROR, "Product is not set on that checkout.", id);
			}
			else {
				prices.put(product.id(), adHocPrices(product, (List<?>) Objects.requireNonNull(list), at));
			}
		});
	}

	private FakePrices adHocPrices(FakeProduct product, List<?> list, FakeErrors at) {
		FakeCatalog catalog = this.state.catalog();
		List<Map<String, @Nullable Object>> prices = new FakePriceRules(at, product.isRecurring(), product.currency(),
				catalog::meter)
			.check(list);
		return new FakePrices(prices.stream()
			.map((price) -> FakePrices.price(price, "ad_hoc", product.id(), product.recurringInterval(),
					catalog.meter(String.valueOf(price.get("meter_id"))), this.state.now()))
			.toList(), true);
	}

	private void checkCurrency(FakeProduct product, FakePrices prices) {
		if (this.values.get("currency") instanceof String currency && prices.in(currency).isEmpty()) {
			FakeErrors at = (this.values.get("products") != null) ? this.errors.at("products").at(0)
					: this.errors.at("product_id");
			at.add(VALUE_ERROR, "Product is not available in the specified currency.", product.id());
		}
	}

	private void checkAmount(FakePrices prices) {
		if (!(this.values.get("amount") instanceof Long amount)) {
			return;
		}
		FakePrices.Problem problem = prices.problemOf(amount);
		if (problem != null) {
			this.errors.at("amount").add(problem.type(), problem.message(), this.body.path("amount"));
		}
	}

	private void checkDiscount(FakeProduct product, String currency) {
		if (this.values.get("discount_id") instanceof String id) {
			String problem = problem(this.state.discount(UUID.fromString(id)), product, currency);
			if (problem != null) {
				this.errors.at("discount_id").add(VALUE_ERROR, problem, id);
			}
		}
		if (this.values.containsKey("discount_code") && this.values.get("discount_code") instanceof String code) {
			String problem = problem(this.state.discount(code), product, currency);
			if (problem != null) {
				this.errors.at("discount_code").add(VALUE_ERROR, problem, null);
			}
		}
	}

	private @Nullable String problem(@Nullable FakeDiscount discount, FakeProduct product, String currency) {
		if (product.prices().isFree()) {
			return "Discounts are not applicable to this product.";
		}
		return (discount != null && discount.applies(product, currency, this.state.now())) ? null
				: "Discount does not exist.";
	}

	/**
	 * Check the tax ID. It must be one of the country of the address.
	 * @param known the tax ID that was sent before, which counts if there is no other one
	 */
	private void checkTaxId(@Nullable Object address, @Nullable Object known) {
		Object taxId = (this.values.get("customer_tax_id") != null) ? this.values.get("customer_tax_id") : known;
		if (taxId == null) {
			return;
		}
		if (!(address instanceof Map<?, ?> parts)) {
			this.errors.at("customer_billing_address").add("missing", "Country is required to validate tax ID.", null);
		}
		else if (FakeTaxIds.normalize(taxId.toString(), String.valueOf(parts.get("country"))) == null) {
			this.errors.at("customer_tax_id").add(VALUE_ERROR, "Invalid tax ID.", taxId);
		}
	}

	private void checkNewQuantity(Quantity quantity, FakePrices prices) {
		String name = quantity.field();
		Integer minimum = quantity.minimum(prices);
		if (minimum == null) {
			firstOf(() -> List.of("min_" + name, "max_" + name).forEach((field) -> checkAbsent(quantity, field)),
					() -> checkAbsent(quantity, name));
			return;
		}
		int maximum = quantity.maximum(prices);
		Object min = this.values.get("min_" + name);
		Object max = this.values.get("max_" + name);
		if (min instanceof Long number && number < minimum) {
			this.errors.at("min_" + name)
				.add("greater_than_equal", "min_%s must be at least %d.".formatted(name, minimum), min);
		}
		else if (max instanceof Long number && number > maximum) {
			this.errors.at("max_" + name)
				.add("less_than_equal", "max_%s must be at most %d.".formatted(name, maximum), max);
		}
		else {
			int lower = (min instanceof Long number) ? Math.max(minimum, number.intValue()) : minimum;
			Object sent = this.values.get(name);
			checkQuantity(name, (sent instanceof Long number) ? number : lower, lower,
					(max instanceof Long number) ? Math.min(maximum, number.intValue()) : maximum);
		}
	}

	private void checkAbsent(Quantity quantity, String field) {
		if (this.values.get(field) != null) {
			this.errors.at(field)
				.add(VALUE_ERROR, "%s can only be set for %s pricing."
					.formatted(field.equals(quantity.field()) ? StringUtils.capitalize(field) : field, quantity.kind()),
						this.body.path(field));
		}
	}

	private void checkQuantity(String name, long number, int minimum, int maximum) {
		if (number < minimum) {
			this.errors.at(name).add("greater_than_equal", "Minimum %d %s required.".formatted(minimum, name), number);
		}
		else if (number > maximum) {
			this.errors.at(name).add("less_than_equal", "Maximum %d %s allowed.".formatted(maximum, name), number);
		}
	}

	private void checkSubscription() {
		if (!(this.values.get("subscription_id") instanceof String id)) {
			return;
		}
		FakeSubscription subscription = this.state.subscription(UUID.fromString(id));
		if (subscription == null) {
			this.errors.at("subscription_id").add(VALUE_ERROR, "Subscription does not exist.", id);
		}
		else if (!subscription.isFree()) {
			this.errors.at("subscription_id").add(VALUE_ERROR, "Only free subscriptions can be upgraded.", id);
		}
	}

	private void checkCustomer() {
		if (this.values.get("subscription_id") == null && this.values.get("customer_id") instanceof String id
				&& this.state.customer(UUID.fromString(id)) == null) {
			this.errors.at("customer_id").add(VALUE_ERROR, "Customer does not exist.", id);
		}
	}

	/**
	 * Check the values of custom fields, at confirmation also whether required ones are
	 * present.
	 */
	private void checkCustomFields(FakeProduct product, boolean confirm) {
		Map<?, ?> data = (this.values.get("custom_field_data") instanceof Map<?, ?> sent) ? sent : Map.of();
		Map<String, @Nullable Object> known = new LinkedHashMap<>();
		JsonNode input = this.body.path("custom_field_data");
		for (Map<String, @Nullable Object> attached : product.customFields()) {
			Map<?, ?> field = (Map<?, ?>) Objects.requireNonNull(attached.get("custom_field"));
			String slug = String.valueOf(field.get("slug"));
			boolean required = confirm && Boolean.TRUE.equals(attached.get("required"));
			if (!data.containsKey(slug)) {
				if (required) {
					this.errors.at("custom_field_data").at(slug).add("missing", "Field required", data);
				}
				continue;
			}
			FakeErrors problems = new FakeErrors("body", "custom_field_data", slug);
			known.put(slug, FakeCustomFields.type(field, required).read(input.path(slug), problems));
			problems.items().forEach((item) -> item.remove("ctx"));
			this.errors.addAll(problems);
		}
		if (this.values.containsKey("custom_field_data")) {
			this.values.put("custom_field_data", known);
		}
	}

	/**
	 * Check the change of a session.
	 * @param confirm whether the buyer confirms it, so that required custom fields must
	 * be present
	 */
	List<Map<String, @Nullable Object>> check(FakeSession session, boolean confirm) {
		FakeProduct product = session.product();
		Object priceId = this.values.get("product_price_id");
		if (this.values.get("product_id") instanceof String id) {
			FakeProduct chosen = session.products.stream()
				.filter((candidate) -> candidate.id().toString().equals(id))
				.findFirst()
				.orElse(null);
			if (chosen == null || chosen.isArchived()) {
				this.errors.at("product_id")
					.add(VALUE_ERROR,
							(chosen != null) ? "Product is archived." : "Product is not available in this checkout.",
							id);
				return this.errors.items();
			}
			if (priceId != null && session.price(chosen, priceId) == null) {
				this.errors.at("product_price_id")
					.add(VALUE_ERROR, "Price is not available in this checkout.", priceId);
				return this.errors.items();
			}
			product = chosen;
		}
		FakeProduct selected = product;
		FakeSession changed = session.copy();
		if (this.values.get("product_id") != null) {
			changed.select(selected, priceId);
		}
		boolean converted = this.values.get("currency") != null && priceId == null;
		String currency = converted ? String.valueOf(this.values.get("currency")) : changed.currency;
		FakePrices prices = converted ? selected.prices().in(currency) : changed.prices();
		Object address = this.values.get("customer_billing_address");
		return firstOf(() -> checkCurrencyOf(prices), () -> checkAmount(prices),
				() -> checkQuantity(Quantity.SEATS, changed, prices),
				() -> checkQuantity(Quantity.UNITS, changed, prices), () -> {
					if (!this.values.containsKey("discount_code") || session.allowsDiscountCodes()) {
						checkDiscount(selected, currency);
					}
				}, () -> {
					if (!Boolean.FALSE.equals(this.values.get("is_business_customer"))) {
						checkTaxId((address != null) ? address : session.billingAddress(),
								this.values.containsKey("customer_tax_id") ? null : session.get("customer_tax_id"));
					}
				}, () -> {
					if (confirm || this.values.containsKey("custom_field_data")) {
						checkCustomFields(selected, confirm);
					}
				});
	}

	private void checkCurrencyOf(FakePrices prices) {
		if (prices.isEmpty()) {
			this.errors.at("currency")
				.add(VALUE_ERROR, "Product is not available in the specified currency.", this.values.get("currency"));
		}
	}

	private void checkQuantity(Quantity quantity, FakeSession session, FakePrices prices) {
		if (quantity.minimum(prices) == null) {
			checkAbsent(quantity, quantity.field());
		}
		else if (this.values.get(quantity.field()) instanceof Long number) {
			checkQuantity(quantity.field(), number, quantity.minimum(session), quantity.maximum(session));
		}
	}

	/**
	 * Check whether the discount of a session that is confirmed can still be redeemed.
	 */
	List<Map<String, @Nullable Object>> checkRedeemable(FakeSession session) {
		FakeDiscount discount = session.discount;
		if (discount != null && !discount.isRedeemable(this.state.now())) {
			this.errors.at("discount_id").add(VALUE_ERROR, "Discount is no longer redeemable.", discount.id());
		}
		return this.errors.items();
	}

	/**
	 * Check a changed session that is confirmed. Polar reports all problems.
	 * @param token the token of the card, or {@code null}
	 */
	List<Map<String, @Nullable Object>> checkConfirmation(FakeSession session, @Nullable Object token) {
		Map<String, @Nullable Object> price = session.prices().first();
		if (Boolean.TRUE.equals(price.get("is_archived"))) {
			this.errors.at("product_price_id").add(VALUE_ERROR, "Price is archived.", price.get("id"));
		}
		if (session.customerId == null && session.customerEmail == null) {
			missing("customer_email");
		}
		Map<String, @Nullable Object> address = session.billingAddress();
		boolean charged = session.isPaymentFormRequired();
		if ((charged || session.isBusiness()) && address == null) {
			missing("customer_billing_address");
		}
		if (session.isBusiness() && session.get("customer_billing_name") == null) {
			missing("customer_billing_name");
		}
		if (charged) {
			if (address != null && !FakeTaxes.isUsable(address)) {
				this.errors.at("customer_billing_address")
					.add(VALUE_ERROR, "Required tax location information is missing.", null);
			}
			session.addressFields().forEach((part, requirement) -> {
				if (requirement.equals("required") && (address == null || address.get(part) == null)) {
					this.errors.at("customer_billing_address").at(part).add("missing", "Field is required.", null);
				}
			});
			if (token == null) {
				this.errors.at("confirmation_token_id").add("missing", "Confirmation token is required.", null);
			}
		}
		if (session.requiresFullAddress() && (address == null || !FakeAddress.isFull(address))) {
			this.errors.at("customer_billing_address").add(VALUE_ERROR, "Full billing address is required.", address);
		}
		return this.errors.items();
	}

	private void missing(String field) {
		this.errors.at(field).add("missing", "Field is required.", null);
	}

	/**
	 * A number that determines the amount of a price.
	 */
	private enum Quantity {

		SEATS("seats", "seat-based"), UNITS("units", "unit-based");

		private final String field;

		private final String kind;

		Quantity(String field, String kind) {
			this.field = field;
			this.kind = kind;
		}

		String field() {
			return this.field;
		}

		String kind() {
			return this.kind;
		}

		/**
		 * Return the smallest number, or {@code null} without a price of this kind.
		 */
		@Nullable Integer minimum(FakePrices prices) {
			return (this == SEATS) ? prices.minimumSeats() : prices.minimumUnits();
		}

		int maximum(FakePrices prices) {
			return (this == SEATS) ? prices.maximumSeats() : prices.maximumUnits();
		}

		int minimum(FakeSession session) {
			return (this == SEATS) ? session.minimumSeats() : session.minimumUnits();
		}

		int maximum(FakeSession session) {
			return (this == SEATS) ? session.maximumSeats() : session.maximumUnits();
		}

	}

}
