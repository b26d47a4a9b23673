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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
				() -> checkTaxId(this.values.get("customer_billing_address")),
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
		else if (this.state.productOfPrice(String.valueOf(this.values.get("product_price_id"))) == null) {
			this.errors.at("product_price_id")
				.add(VALUE_ERROR, "Price does not exist.", this.values.get("product_price_id"));
		}
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
		List<Map<String, @Nullable Object>> prices = new ArrayList<>();
		for (int i = 0; i < list.size(); i++) {
			Map<String, @Nullable Object> price = price(list.get(i));
			JsonNode input = this.body.path("prices").path(product.id().toString()).path(i);
			Map<String, @Nullable Object> meter = null;
			if ("unit_based".equals(price.get("amount_type")) && !product.isRecurring()) {
				at.at(i).add(VALUE_ERROR, "Unit-based pricing is not supported on one-time products.", price);
				continue;
			}
			if ("metered_unit".equals(price.get("amount_type"))) {
				if (!product.isRecurring()) {
					at.at(i).add(VALUE_ERROR, "Metered pricing is not supported on one-time products.", price);
					continue;
				}
				meter = this.state.catalog().meter(String.valueOf(price.get("meter_id")));
				if (meter == null) {
					at.at(i).at("meter_id").add(VALUE_ERROR, "Meter does not exist.", input.path("meter_id"));
					continue;
				}
			}
			prices.add(FakePrices.price(price, "ad_hoc", product.id(), product.recurringInterval(), meter,
					this.state.now()));
		}
		if (prices.isEmpty()) {
			at.add("too_short", "At least one price is required.", list);
		}
		checkSet(product, prices, list, at);
		return new FakePrices(prices, true);
	}

	private static Map<String, @Nullable Object> price(@Nullable Object value) {
		Map<String, @Nullable Object> price = new LinkedHashMap<>();
		((Map<?, ?>) Objects.requireNonNull(value)).forEach((key, each) -> price.put(key.toString(), each));
		return price;
	}

	/**
	 * Check that prices can be combined.
	 */
	private static void checkSet(FakeProduct product, List<Map<String, @Nullable Object>> prices, List<?> input,
			FakeErrors at) {
		Map<Object, List<String>> types = new LinkedHashMap<>();
		prices.forEach((price) -> types
			.computeIfAbsent(Objects.requireNonNull(price.get("price_currency")), (currency) -> new ArrayList<>())
			.add(String.valueOf(price.get("amount_type"))));
		for (List<String> each : types.values()) {
			String twice = Set.of("fixed", "custom", "seat_based", "unit_based")
				.stream()
				.filter((type) -> each.indexOf(type) != each.lastIndexOf(type))
				.findFirst()
				.orElse(null);
			if (twice != null) {
				at.add(VALUE_ERROR, "Only one %s price is allowed.".formatted(twice.replace('_', '-')), input);
				return;
			}
			if (each.contains("custom")
					&& each.stream().anyMatch((type) -> !Set.of("custom", "metered_unit").contains(type))) {
				at.add(VALUE_ERROR, "A custom price cannot be combined with a fixed, seat-based or unit-based price.",
						input);
				return;
			}
		}
		if (types.values().stream().map(HashSet::new).distinct().count() > 1) {
			at.add(VALUE_ERROR, "All price currencies must define the same set of price types.", input);
		}
		else if (!types.containsKey(product.currency())) {
			at.add(VALUE_ERROR, "The organization's default presentment currency must be present in the prices.",
					input);
		}
	}

	private void checkCurrency(FakeProduct product, FakePrices prices) {
		if (this.values.get("currency") instanceof String currency && prices.in(currency).isEmpty()) {
			this.errors.at("products")
				.at(0)
				.add(VALUE_ERROR, "Product is not available in the specified currency.", product.id());
		}
	}

	private void checkAmount(FakePrices prices) {
		if (!(this.values.get("amount") instanceof Long amount)) {
			return;
		}
		String problem = prices.problemOf(amount);
		if (problem != null) {
			String currency = String.valueOf(prices.prices().get(0).get("price_currency"));
			this.errors.at("amount").add(problem, switch (problem) {
				case "greater_than_equal" -> "Amount is below minimum.";
				case "less_than_equal" -> "Amount is above maximum.";
				default -> "Amount must be 0 or at least %s."
					.formatted(FakePriceSchema.format(FakePriceSchema.minimum(currency), currency));
			}, this.body.path("amount"));
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

	private void checkTaxId(@Nullable Object address) {
		if (!(this.values.get("customer_tax_id") instanceof String taxId)) {
			return;
		}
		if (address == null) {
			this.errors.at("customer_billing_address").add("missing", "Country is required to validate tax ID.", null);
		}
		else if (FakeTaxes.normalizeId(taxId) == null) {
			this.errors.at("customer_tax_id").add(VALUE_ERROR, "Invalid tax ID.", this.body.path("customer_tax_id"));
		}
	}

	private void checkNewQuantity(Quantity quantity, FakePrices prices) {
		String name = quantity.field();
		Integer minimum = quantity.minimum(prices);
		if (minimum == null) {
			List.of(name, "min_" + name, "max_" + name).forEach((field) -> checkAbsent(quantity, field));
			return;
		}
		int maximum = quantity.maximum(prices);
		if (this.values.get("min_" + name) instanceof Long min && min < minimum) {
			this.errors.at("min_" + name)
				.add("greater_than_equal", "min_%s must be at least %d.".formatted(name, minimum), min);
		}
		if (this.values.get("max_" + name) instanceof Long max && max > maximum) {
			this.errors.at("max_" + name)
				.add("less_than_equal", "max_%s must be at most %d.".formatted(name, maximum), max);
		}
		checkQuantity(name, minimum, maximum);
	}

	private void checkAbsent(Quantity quantity, String field) {
		if (this.values.get(field) != null) {
			this.errors.at(field)
				.add(VALUE_ERROR, "%s can only be set for %s pricing."
					.formatted(field.equals(quantity.field()) ? StringUtils.capitalize(field) : field, quantity.kind()),
						this.body.path(field));
		}
	}

	private void checkQuantity(String name, int minimum, int maximum) {
		if (this.values.get(name) instanceof Long number && number < minimum) {
			this.errors.at(name)
				.add("greater_than_equal", "Minimum %d %s required.".formatted(minimum, name), this.body.path(name));
		}
		else if (this.values.get(name) instanceof Long number && number > maximum) {
			this.errors.at(name)
				.add("less_than_equal", "Maximum %d %s allowed.".formatted(maximum, name), this.body.path(name));
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
		else if (subscription.amount() > 0) {
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
			if (data.get(slug) == null) {
				if (required) {
					this.errors.at("custom_field_data").at(slug).add("missing", "Field required", data);
				}
				else if (data.containsKey(slug)) {
					known.put(slug, null);
				}
				continue;
			}
			FakeErrors problems = new FakeErrors("body", "custom_field_data", slug);
			known.put(slug, type(field, required).read(input.path(slug), problems));
			problems.items().forEach((item) -> item.remove("ctx"));
			this.errors.addAll(problems);
		}
		if (this.values.containsKey("custom_field_data")) {
			this.values.put("custom_field_data", known);
		}
	}

	private static FakeType type(Map<?, ?> field, boolean required) {
		Map<?, ?> properties = (Map<?, ?>) Objects.requireNonNull(field.get("properties"));
		return switch (String.valueOf(field.get("type"))) {
			case "number" -> FakeSchema.integer(number(properties.get("ge"), Long.MIN_VALUE),
					number(properties.get("le"), Long.MAX_VALUE));
			case "date" -> FakeCheckoutRules::date;
			case "checkbox" -> required ? FakeSchema.literal(true) : FakeSchema.bool();
			case "select" -> FakeSchema.literal(((List<?>) Objects.requireNonNull(properties.get("options"))).stream()
				.map((option) -> String.valueOf(((Map<?, ?>) option).get("value")))
				.toList(), "'%s'");
			default -> FakeSchema.text((int) number(properties.get("min_length"), 0),
					(int) number(properties.get("max_length"), Integer.MAX_VALUE));
		};
	}

	private static @Nullable Object date(JsonNode value, FakeErrors errors) {
		Object date = FakeSchema.time().read(value, errors);
		return (date != null && !date.toString().contains("T")) ? date + "T00:00:00" : date;
	}

	private static long number(@Nullable Object value, long fallback) {
		return (value instanceof Number number) ? number.longValue() : fallback;
	}

	/**
	 * Check the change of a session.
	 */
	List<Map<String, @Nullable Object>> check(FakeSession session) {
		FakeProduct product = session.product();
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
			product = chosen;
		}
		FakeProduct selected = product;
		FakeSession changed = session.copy();
		changed.select(selected);
		String currency = (this.values.get("currency") instanceof String sent) ? sent : changed.currency;
		FakePrices prices = (this.values.get("currency") != null) ? selected.prices().in(currency) : changed.prices();
		Object address = this.values.get("customer_billing_address");
		return firstOf(() -> checkCurrencyOf(prices), () -> checkAmount(prices),
				() -> checkQuantity(Quantity.SEATS, changed, prices),
				() -> checkQuantity(Quantity.UNITS, changed, prices), () -> {
					if (!this.values.containsKey("discount_code") || session.allowsDiscountCodes()) {
						checkDiscount(selected, currency);
					}
				}, () -> checkTaxId((address != null) ? address : session.billingAddress()),
				() -> checkCustomFields(selected, false));
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
		else {
			checkQuantity(quantity.field(), quantity.minimum(session), quantity.maximum(session));
		}
	}

	/**
	 * Check a changed session that is confirmed.
	 * @param token the token of the card, or {@code null}
	 */
	List<Map<String, @Nullable Object>> checkConfirmation(FakeSession session, @Nullable Object token) {
		if (Boolean.TRUE.equals(session.prices().first().get("is_archived"))) {
			this.errors.at("product_price_id")
				.add(VALUE_ERROR, "Price is archived.", session.prices().first().get("id"));
			return this.errors.items();
		}
		FakeDiscount discount = session.discount;
		if (discount != null && !discount.isRedeemable(this.state.now())) {
			this.errors.at("discount_id").add(VALUE_ERROR, "Discount is no longer redeemable.", discount.id());
			return this.errors.items();
		}
		return firstOf(() -> checkCustomFields(session.product(), true), () -> checkComplete(session, token));
	}

	private void checkComplete(FakeSession session, @Nullable Object token) {
		if (session.customerEmail == null) {
			missing("customer_email");
		}
		Map<String, @Nullable Object> address = session.billingAddress();
		List<String> missing = session.addressFields()
			.entrySet()
			.stream()
			.filter((field) -> field.getValue().equals("required")
					&& (address == null || address.get(field.getKey()) == null))
			.map(Map.Entry::getKey)
			.toList();
		if (session.isPaymentFormRequired()) {
			if (session.isBusiness() && session.get("customer_billing_name") == null) {
				missing("customer_billing_name");
			}
			if (address == null) {
				missing("customer_billing_address");
			}
			else if (!FakeTaxes.isUsable(address)) {
				this.errors.at("customer_billing_address")
					.add(VALUE_ERROR, "Required tax location information is missing.", null);
			}
			missing.forEach((part) -> this.errors.at("customer_billing_address")
				.at(part)
				.add("missing", "Field is required.", null));
			if (token == null) {
				this.errors.at("confirmation_token_id").add("missing", "Confirmation token is required.", null);
			}
		}
		if (session.requiresFullAddress() && !missing.isEmpty()) {
			this.errors.at("customer_billing_address").add(VALUE_ERROR, "Full billing address is required.", address);
		}
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
