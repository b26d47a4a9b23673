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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Body of a request for a checkout session, including Polar's validation. Unknown fields
 * are ignored, like Polar does.
 */
final class FakeCheckoutBody {

	static final String EMAIL = "[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@.<>]+";

	private static final String UUID_FORMAT = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";

	private static final Set<String> PRICE_TYPES = Set.of("fixed", "free", "custom", "seat_based", "metered_unit",
			"unit_based");

	private static final String IPV4 = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}";

	private static final String IPV6 = "(?=(.*:){2})[\\p{XDigit}:.]{2,45}";

	/**
	 * Polar validates the body against three schemas and reports the errors of each one.
	 */
	private static final Map<String, @Nullable String> SHAPES;

	static {
		SHAPES = new LinkedHashMap<>();
		SHAPES.put("CheckoutProductsCreate", null);
		SHAPES.put("CheckoutProductCreate", "product_id");
		SHAPES.put("CheckoutPriceCreate", "product_price_id");
	}

	private static final List<String> CLIENT_FIELDS = List.of("product_id", "amount", "seats", "units",
			"is_business_customer", "customer_name", "customer_email", "customer_billing_name",
			"customer_billing_address", "customer_tax_id", "locale", "custom_field_data", "allow_trial",
			"payment_method_type", "discount_code");

	/**
	 * As at Polar, numbers can be {@code NaN} and {@code Infinity}.
	 */
	static final JsonMapper JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

	private static final List<String> METADATA = List.of("metadata", "customer_metadata");

	/**
	 * Fields for which Polar accepts {@code null} and then fails.
	 */
	private static final List<String> NOT_NULLABLE = List.of("customer_metadata", "allow_discount_codes",
			"require_billing_address");

	private final JsonNode json;

	FakeCheckoutBody(JsonNode json) {
		this.json = json;
	}

	@Nullable String text(String field) {
		JsonNode value = this.json.get(field);
		return (value != null && value.isString()) ? value.stringValue() : null;
	}

	/**
	 * Return the external ID of the customer, which also has an older field name.
	 */
	@Nullable String externalCustomerId() {
		String id = text("external_customer_id");
		return (id != null) ? id : text("customer_external_id");
	}

	/**
	 * Return the fields of this body that a buyer can change. Polar ignores the rest.
	 */
	FakeCheckoutBody ofClient() {
		ObjectNode own = JsonMapper.shared().createObjectNode();
		CLIENT_FIELDS.stream().filter(this::has).forEach((field) -> own.set(field, this.json.get(field)));
		return new FakeCheckoutBody(own);
	}

	boolean has(String field) {
		return this.json.has(field);
	}

	/**
	 * Return whether Polar accepts this body, and then fails to store or to return it.
	 */
	boolean cannotBeStored() {
		return METADATA.stream()
			.flatMap((field) -> this.json.path(field).properties().stream())
			.anyMatch((entry) -> hasLoneSurrogate(entry.getKey())
					|| (entry.getValue().isString() && hasLoneSurrogate(entry.getValue().stringValue()))
					|| (entry.getValue().isNumber() && !entry.getValue().isIntegralNumber()
							&& !Double.isFinite(entry.getValue().doubleValue())))
				|| this.json.path("customer_metadata")
					.properties()
					.stream()
					.anyMatch((entry) -> isFraction(entry.getValue()));
	}

	boolean cannotBeStored(FakeSession session) {
		return cannotBeStored() || NOT_NULLABLE.stream().anyMatch((field) -> this.json.path(field).isNull())
				|| (this.json.path("is_business_customer").isNull() && session.asksForPaymentOrAddress());
	}

	private static boolean hasLoneSurrogate(String text) {
		return text.codePoints()
			.anyMatch((codePoint) -> codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
	}

	private static boolean isFraction(JsonNode value) {
		return value.isNumber() && value.doubleValue() != Math.rint(value.doubleValue());
	}

	Map<String, Object> map(String field) {
		JsonNode value = this.json.get(field);
		Map<String, Object> map = new LinkedHashMap<>();
		if (value != null) {
			value.properties()
				.forEach((entry) -> map.put(entry.getKey(),
						JsonMapper.shared().treeToValue(entry.getValue(), Object.class)));
		}
		return map;
	}

	@Nullable JsonNode prices(UUID productId) {
		return this.json.path("prices").get(productId.toString());
	}

	@Nullable Long number(String field) {
		JsonNode value = this.json.get(field);
		return (value != null && value.isIntegralNumber()) ? value.longValue() : null;
	}

	@Nullable Integer firstNumber(String field, String otherField, @Nullable Integer fallback) {
		for (String name : List.of(field, otherField)) {
			JsonNode value = this.json.get(name);
			if (value != null && value.isIntegralNumber()) {
				return value.intValue();
			}
		}
		return fallback;
	}

	/**
	 * Return the billing address, or {@code null} if there is none.
	 */
	@Nullable Map<String, @Nullable Object> billingAddress() {
		return this.json.path("customer_billing_address").has("country")
				? FakeTaxes.address(map("customer_billing_address")) : null;
	}

	/**
	 * Copy a field if it is present.
	 */
	void put(String field, Map<String, @Nullable Object> target) {
		JsonNode value = this.json.get(field);
		if (value != null && !value.isNull()) {
			target.put(field, JsonMapper.shared().treeToValue(value, Object.class));
		}
	}

	List<FakeProduct> products(Map<UUID, FakeProduct> known) {
		return productIds().stream().map(known::get).filter(Objects::nonNull).toList();
	}

	private List<UUID> productIds() {
		List<UUID> ids = new ArrayList<>();
		this.json.path("products").forEach((id) -> ids.add(UUID.fromString(id.stringValue())));
		return ids;
	}

	/**
	 * Return the schema errors of the body.
	 */
	List<Map<String, @Nullable Object>> schemaErrors() {
		List<Problem> problems = new ArrayList<>();
		checkProducts(problems);
		for (String field : METADATA) {
			checkNotNull(problems, field);
		}
		checkFields(problems);
		List<Map<String, @Nullable Object>> errors = new ArrayList<>();
		if (!problems.isEmpty()) {
			SHAPES.forEach((shape, missing) -> {
				problems.forEach((problem) -> errors.add(problem.toJson(label(shape), this.json)));
				if (missing != null) {
					errors.add(new Problem("missing", "Field required", missing).toJson(label(shape), this.json));
				}
			});
		}
		return errors;
	}

	/**
	 * Return the schema errors of the body of an update.
	 */
	List<Map<String, @Nullable Object>> updateErrors() {
		List<Problem> problems = new ArrayList<>();
		checkNotNull(problems, "metadata");
		checkFields(problems);
		return problems.stream().map((problem) -> problem.toJson(null, this.json)).toList();
	}

	private void checkNotNull(List<Problem> problems, String field) {
		if (this.json.path(field).isNull()) {
			problems.add(new Problem("dict_type", "Input should be a valid dictionary", field));
		}
	}

	private void checkFields(List<Problem> problems) {
		checkCharacters(problems);
		checkText(problems, "product_id", (text) -> text.matches(UUID_FORMAT) ? null
				: new Problem("uuid_parsing", "Input should be a valid UUID", "product_id"));
		checkNumber(problems, "seats", 1, 10_000);
		checkNumber(problems, "min_seats", 1, 10_000);
		checkNumber(problems, "max_seats", 1, 10_000);
		checkNumber(problems, "amount", 0, Long.MAX_VALUE);
		checkText(problems, "external_customer_id", (text) -> null);
		checkText(problems, "customer_id", (text) -> text.matches(UUID_FORMAT) ? null
				: new Problem("uuid_parsing", "Input should be a valid UUID", "customer_id"));
		checkText(problems, "customer_email", (text) -> text.matches(EMAIL) ? null
				: new Problem("value_error", "value is not a valid email address", "customer_email"));
		checkText(problems, "customer_name", (text) -> (text.length() <= 256) ? null
				: new Problem("string_too_long", "String should have at most 256 characters", "customer_name"));
		checkText(problems, "customer_ip_address", (text) -> isAddress(text) ? null
				: new Problem("ip_any_address", "value is not a valid IPv4 or IPv6 address", "customer_ip_address"));
		for (String field : List.of("success_url", "return_url")) {
			checkText(problems, field, (text) -> url(field, text));
		}
		for (String field : List.of("discount_id", "subscription_id")) {
			checkText(problems, field, (text) -> text.matches(UUID_FORMAT) ? null
					: new Problem("uuid_parsing", "Input should be a valid UUID", field));
		}
		checkPriceShapes(problems);
		for (String field : METADATA) {
			checkMetadata(problems, field);
		}
	}

	/**
	 * Reject the NUL character, which the database cannot store.
	 */
	private void checkCharacters(List<Problem> problems) {
		for (Map.Entry<String, JsonNode> field : this.json.properties()) {
			JsonNode value = field.getValue();
			if (hasNul(value) || value.properties()
				.stream()
				.anyMatch((entry) -> entry.getKey().indexOf('\0') != -1 || hasNul(entry.getValue()))) {
				problems.add(new Problem("value_error", "Value error, This value contains invalid characters",
						field.getKey()));
			}
		}
	}

	private static boolean hasNul(JsonNode value) {
		return value.isString() && value.stringValue().indexOf('\0') != -1;
	}

	private void checkPriceShapes(List<Problem> problems) {
		for (Map.Entry<String, JsonNode> entry : this.json.path("prices").properties()) {
			if (!entry.getValue().isArray() || entry.getValue().isEmpty()) {
				problems.add(new Problem("list_type", "Input should be a valid list with at least 1 item", "prices",
						entry.getKey()));
				continue;
			}
			for (int i = 0; i < entry.getValue().size(); i++) {
				checkPrice(problems, entry.getKey(), i, entry.getValue().get(i));
			}
		}
	}

	private static void checkPrice(List<Problem> problems, String product, int index, JsonNode price) {
		String type = price.path("amount_type").asString("");
		if (!PRICE_TYPES.contains(type)) {
			problems.add(new Problem("union_tag_invalid", "Input tag 'amount_type' is not one of " + PRICE_TYPES,
					"prices", product, index));
			return;
		}
		for (String field : List.of("price_amount", "minimum_amount", "maximum_amount", "preset_amount")) {
			JsonNode amount = price.get(field);
			boolean required = type.equals("fixed") && field.equals("price_amount");
			if (amount == null || amount.isNull()) {
				if (required) {
					problems.add(new Problem("missing", "Field required", "prices", product, index, type, field));
				}
			}
			else if (!amount.isIntegralNumber() || amount.longValue() < 0) {
				problems.add(new Problem("greater_than_equal", "Input should be greater than or equal to 0", "prices",
						product, index, type, field));
			}
			else if (required && amount.longValue() > 0 && amount.longValue() < FakePrices.DEFAULT_MINIMUM) {
				problems.add(new Problem("minimum_price", "Price must be at least " + FakePrices.DEFAULT_MINIMUM,
						"prices", product, index, type, field));
			}
		}
		if (type.equals("seat_based")
				&& (!price.at("/seat_tiers/tiers").isArray() || price.at("/seat_tiers/tiers").isEmpty())) {
			problems.add(new Problem("missing", "Field required", "prices", product, index, type, "seat_tiers"));
		}
	}

	private void checkNumber(List<Problem> problems, String field, long min, long max) {
		JsonNode value = this.json.get(field);
		if (value == null || value.isNull()) {
			return;
		}
		if (!value.isIntegralNumber()) {
			problems.add(new Problem("int_type", "Input should be a valid integer", field));
		}
		else if (value.longValue() < min) {
			problems.add(new Problem("greater_than_equal", "Input should be greater than or equal to " + min, field));
		}
		else if (value.longValue() > max) {
			problems.add(new Problem("less_than_equal", "Input should be less than or equal to " + max, field));
		}
	}

	private static String label(String shape) {
		return "function-after[_validate_unit_constraints(), function-after[_validate_seat_constraints(),"
				+ " function-after[is_complete_configuration(), " + shape + "]]]";
	}

	private void checkProducts(List<Problem> problems) {
		JsonNode products = this.json.get("products");
		if (products == null || !products.isArray()) {
			problems.add(new Problem("missing", "Field required", "products"));
			return;
		}
		if (products.isEmpty()) {
			problems
				.add(new Problem("too_short", "List should have at least 1 item after validation, not 0", "products"));
		}
		for (int i = 0; i < products.size(); i++) {
			String id = products.get(i).isString() ? products.get(i).stringValue() : "";
			if (!id.matches(UUID_FORMAT)) {
				problems.add(new Problem("uuid_parsing", "Input should be a valid UUID", "products", i));
			}
			else if (UUID.fromString(id).version() != 4) {
				problems.add(new Problem("uuid_version", "UUID version 4 expected", "products", i));
			}
		}
		if (problems.isEmpty() && new HashSet<>(productIds()).size() < products.size()) {
			problems.add(new Problem("value_error", "Value error, Products must be unique.", "products"));
		}
	}

	private void checkText(List<Problem> problems, String field, Function<String, @Nullable Problem> check) {
		JsonNode value = this.json.get(field);
		if (value == null || value.isNull()) {
			return;
		}
		Problem problem = value.isString() ? check.apply(value.stringValue())
				: new Problem("string_type", "Input should be a valid string", field);
		if (problem != null) {
			problems.add(problem);
		}
	}

	private static boolean isAddress(String text) {
		try {
			// text with a colon is parsed as a literal or rejected, never resolved
			return text.matches(IPV4) || (text.matches(IPV6) && InetAddress.getByName(text) != null);
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	private static @Nullable Problem url(String field, String text) {
		if (text.length() > 2083) {
			return new Problem("url_too_long", "URL should have at most 2083 characters", field);
		}
		String problem = FakeUrl.problem(text);
		return (problem != null) ? new Problem(problem, "Input should be a valid URL", field) : null;
	}

	private void checkMetadata(List<Problem> problems, String field) {
		JsonNode metadata = this.json.get(field);
		if (metadata == null || metadata.isNull()) {
			return;
		}
		if (!metadata.isObject()) {
			problems.add(new Problem("dict_type", "Input should be a valid dictionary", field));
			return;
		}
		if (metadata.size() > 50) {
			problems.add(new Problem("too_long", "Dictionary should have at most 50 items after validation", field));
		}
		metadata.properties().forEach((entry) -> {
			int length = entry.getKey().length();
			if (length < 1 || length > 40) {
				problems.add(new Problem("string_too_long", "String should have at most 40 characters", field,
						entry.getKey(), "[key]"));
			}
			JsonNode value = entry.getValue();
			boolean valid = value.isString() ? !value.stringValue().isEmpty() && value.stringValue().length() <= 500
					: value.isNumber() || value.isBoolean();
			if (!valid) {
				problems.add(new Problem("string_type", "Input should be a valid string", field, entry.getKey(),
						"constrained-str"));
				problems.add(new Problem("int_type", "Input should be a valid integer", field, entry.getKey(), "int"));
				problems
					.add(new Problem("float_type", "Input should be a valid number", field, entry.getKey(), "float"));
				problems
					.add(new Problem("bool_type", "Input should be a valid boolean", field, entry.getKey(), "bool"));
			}
		});
	}

	/**
	 * Return the business errors of a body without schema errors.
	 */
	List<Map<String, @Nullable Object>> businessErrors(FakeState state) {
		List<Map<String, @Nullable Object>> errors = new ArrayList<>();
		List<UUID> ids = productIds();
		for (int i = 0; i < ids.size(); i++) {
			if (state.product(ids.get(i)) == null) {
				errors
					.add(new Problem("value_error", "Product does not exist.", "products", i).toJson(null, this.json));
			}
		}
		if (errors.isEmpty()) {
			checkPrices(state, errors);
		}
		if (errors.isEmpty()) {
			FakeProduct first = Objects.requireNonNull(state.product(ids.get(0)));
			FakePrices prices = FakePrices.of(first, prices(first.id()), Instant.now());
			checkSeats(prices, errors);
			checkAmount(prices, errors);
		}
		if (errors.isEmpty() && text("customer_id") != null && state.customer(this) == null) {
			errors.add(new Problem("value_error", "Customer does not exist.", "customer_id").toJson(null, this.json));
		}
		return errors;
	}

	/**
	 * Return the business errors of the body of an update.
	 */
	List<Map<String, @Nullable Object>> businessErrors(FakeSession session, FakeState state) {
		List<Map<String, @Nullable Object>> errors = new ArrayList<>();
		String code = text("discount_code");
		if (code != null && session.allowsDiscountCodes() && state.discount(code) == null) {
			errors.add(new Problem("value_error", "Discount does not exist.", "discount_code").toJson(null, this.json));
		}
		String productId = text("product_id");
		FakeProduct product = session.product();
		if (productId != null) {
			product = session.products.stream()
				.filter((candidate) -> candidate.id().toString().equals(productId))
				.findFirst()
				.orElse(null);
		}
		if (product == null) {
			errors.add(new Problem("value_error", "Product is not available in this checkout.", "product_id")
				.toJson(null, this.json));
			return errors;
		}
		String currency = text("currency");
		if (currency != null && !currency.equals(product.currency())) {
			errors.add(new Problem("value_error", "Product is not available in the specified currency.", "currency")
				.toJson(null, this.json));
		}
		FakePrices prices = (productId != null || currency != null) ? FakePrices.of(product, null, session.createdAt)
				: session.prices();
		checkSeats(prices, errors);
		checkAmount(prices, errors);
		return errors;
	}

	private void checkAmount(FakePrices prices, List<Map<String, @Nullable Object>> errors) {
		Long amount = number("amount");
		if (amount != null && !prices.acceptsAmount(amount)) {
			errors.add(new Problem("value_error", "Amount is outside the limits of the price.", "amount").toJson(null,
					this.json));
		}
	}

	private void checkSeats(FakePrices prices, List<Map<String, @Nullable Object>> errors) {
		for (String field : List.of("seats", "min_seats", "max_seats")) {
			Long seats = number(field);
			if (seats == null) {
				continue;
			}
			if (prices.defaultSeats() == null) {
				errors.add(new Problem("value_error", "Seats can only be set with a seat-based price.", field)
					.toJson(null, this.json));
			}
			else if (!prices.acceptsSeats(seats) || isBeyond(field, seats)) {
				errors.add(new Problem("value_error", "Seats are outside the price's tiers.", field).toJson(null,
						this.json));
			}
		}
	}

	private boolean isBeyond(String field, long seats) {
		Long min = number("min_seats");
		Long max = number("max_seats");
		return field.equals("seats") && ((min != null && seats < min) || (max != null && seats > max));
	}

	private void checkPrices(FakeState state, List<Map<String, @Nullable Object>> errors) {
		List<String> ids = productIds().stream().map(UUID::toString).toList();
		for (Map.Entry<String, JsonNode> entry : this.json.path("prices").properties()) {
			FakeProduct product = ids.contains(entry.getKey()) ? state.product(UUID.fromString(entry.getKey())) : null;
			if (product == null) {
				errors.add(new Problem("value_error", "Product is not one of the products of this checkout.", "prices",
						entry.getKey())
					.toJson(null, this.json));
			}
			else if (!FakePrices.of(product, entry.getValue(), Instant.now()).hasCurrency(product.currency())) {
				// the currency of the catalog is used as that of the organization
				errors.add(new Problem("value_error",
						"The organization's default presentment currency must be present in the prices.", "prices",
						entry.getKey())
					.toJson(null, this.json));
			}
		}
		FakeProduct first = state.product(productIds().get(0));
		String currency = text("currency");
		if (errors.isEmpty() && first != null && currency != null
				&& !FakePrices.of(first, prices(first.id()), Instant.now()).hasCurrency(currency)) {
			errors.add(new Problem("value_error", "Product is not available in the specified currency.", "products", 0)
				.toJson(null, this.json));
		}
	}

	private record Problem(String type, String message, Object... path) {

		Map<String, @Nullable Object> toJson(@Nullable String label, JsonNode body) {
			List<Object> location = new ArrayList<>();
			location.add("body");
			if (label != null) {
				location.add(label);
			}
			location.addAll(List.of(this.path));
			Map<String, @Nullable Object> json = new LinkedHashMap<>();
			json.put("type", this.type);
			json.put("loc", location);
			json.put("msg", this.message);
			json.put("input", input(body));
			return json;
		}

		private Object input(JsonNode body) {
			JsonNode input = body;
			for (Object element : this.path) {
				JsonNode next = (element instanceof Integer index) ? input.get(index) : input.get(element.toString());
				input = (next != null) ? next : input;
			}
			return input;
		}

	}

}
