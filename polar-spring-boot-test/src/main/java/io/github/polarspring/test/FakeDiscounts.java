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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Creates and changes discounts. Guarded by the lock of {@link FakeState}.
 */
final class FakeDiscounts {

	private final FakeState state;

	FakeDiscounts(FakeState state) {
		this.state = state;
	}

	/**
	 * Create a discount, if there are no problems.
	 */
	@Nullable Map<String, @Nullable Object> create(UUID id, Map<String, @Nullable Object> values, FakeErrors errors) {
		checkCode(values.get("code"), null, errors);
		List<UUID> products = products(values, errors);
		if (!errors.isEmpty()) {
			return null;
		}
		Map<String, @Nullable Object> own = convert(values);
		own.remove("products");
		own.values().removeIf(Objects::isNull);
		FakeDiscount discount = new FakeDiscount(id, own, products, this.state.now());
		this.state.add(discount);
		Map<String, @Nullable Object> json = json(discount);
		this.state.send("discount.created", json);
		return json;
	}

	/**
	 * Change a discount, if there are no problems.
	 */
	@Nullable Map<String, @Nullable Object> update(FakeDiscount discount, Map<String, @Nullable Object> values,
			FakeErrors errors) {
		checkFixed(discount, values, errors);
		if (errors.isEmpty()) {
			checkCode(values.get("code"), discount, errors);
		}
		if (errors.isEmpty() && discount.redemptions() > 0) {
			checkRedeemed(discount, values, errors);
		}
		List<UUID> products = errors.isEmpty() ? products(values, errors) : List.of();
		if (!errors.isEmpty()) {
			return null;
		}
		Map<String, @Nullable Object> own = convert(values);
		boolean fixed = discount.get("amounts") != null;
		own.keySet().removeAll(fixed ? Set.of("basis_points") : Set.of("amounts", "amount", "currency"));
		own.keySet().removeAll(Set.of("products", "duration", "type"));
		if (own.get("name") == null) {
			own.remove("name");
		}
		discount.update(own, (values.get("products") != null) ? products : null, this.state.now());
		Map<String, @Nullable Object> json = json(discount);
		this.state.send("discount.updated", json);
		return json;
	}

	boolean delete(UUID id) {
		FakeDiscount discount = this.state.discount(id);
		if (discount != null) {
			this.state.removeDiscount(id);
			this.state.send("discount.deleted", json(discount));
		}
		return discount != null;
	}

	private static void checkFixed(FakeDiscount discount, Map<String, @Nullable Object> values, FakeErrors errors) {
		if (values.containsKey("duration") && !Objects.equals(values.get("duration"), discount.get("duration"))) {
			errors.at("duration").add("value_error", "Duration cannot be changed.", values.get("duration"));
		}
		else if (values.get("type") != null && !Objects.equals(values.get("type"), discount.get("type"))) {
			errors.at("type").add("value_error", "Type cannot be changed.", values.get("type"));
		}
	}

	private void checkCode(@Nullable Object code, @Nullable FakeDiscount own, FakeErrors errors) {
		FakeDiscount known = (code != null) ? this.state.discount(code.toString()) : null;
		if (known != null && !known.equals(own)) {
			errors.at("code").add("value_error", "Discount with this code already exists.", code);
		}
	}

	private static void checkRedeemed(FakeDiscount discount, Map<String, @Nullable Object> values, FakeErrors errors) {
		List<String> fields = (discount.get("amounts") != null)
				? List.of("amount", "currency", "amounts", "duration_in_months")
				: List.of("basis_points", "duration_in_months");
		fields.stream()
			.filter((field) -> values.containsKey(field) && !Objects.equals(values.get(field), discount.get(field)))
			.findFirst()
			.ifPresent((field) -> errors.at(field)
				.add("value_error", "This field cannot be changed because the discount has already been redeemed.",
						discount.get(field)));
	}

	private List<UUID> products(Map<String, @Nullable Object> values, FakeErrors errors) {
		List<UUID> products = new ArrayList<>();
		if (errors.isEmpty() && values.get("products") instanceof List<?> ids) {
			for (int i = 0; i < ids.size() && errors.isEmpty(); i++) {
				UUID id = UUID.fromString(String.valueOf(ids.get(i)));
				if (this.state.product(id) == null) {
					errors.at("products").at(i).add("value_error", "Product not found.", id);
				}
				products.add(id);
			}
		}
		return products;
	}

	/**
	 * Return the fields as they are stored: with times as instants, and an amount by
	 * currency.
	 */
	private static Map<String, @Nullable Object> convert(Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> own = new LinkedHashMap<>(values);
		own.replaceAll((name, value) -> (name.endsWith("_at") && value != null) ? FakeTime.toInstant(value.toString())
				: value);
		if (own.get("amount") != null) {
			own.put("amounts", Map.of(Objects.requireNonNullElse(own.get("currency"), "usd"),
					Objects.requireNonNull(own.get("amount"))));
		}
		own.keySet().removeAll(Set.of("amount", "currency"));
		if (own.get("amounts") instanceof Map<?, ?> amounts) {
			Object currency = amounts.containsKey("usd") ? "usd" : amounts.keySet().iterator().next();
			own.put("amount", amounts.get(currency));
			own.put("currency", currency);
		}
		return own;
	}

	Map<String, @Nullable Object> json(FakeDiscount discount) {
		UUID organization = this.state.organizationId();
		Map<String, @Nullable Object> json = discount.toFullJson(organization);
		json.put("products",
				discount.products()
					.stream()
					.map(this.state::product)
					.filter(Objects::nonNull)
					.map((product) -> product.toOrderJson(organization))
					.toList());
		return json;
	}

}
