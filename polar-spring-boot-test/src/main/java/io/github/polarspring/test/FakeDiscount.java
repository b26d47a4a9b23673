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

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A discount: fixed amounts by currency, or a percentage. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeDiscount {

	private static final List<String> OF_A_SESSION = List.of("id", "name", "code", "type", "duration",
			"duration_in_months", "basis_points", "amount", "currency", "amounts");

	private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

	private final Set<UUID> products = new LinkedHashSet<>();

	private final Map<UUID, Integer> redemptions = new LinkedHashMap<>();

	/**
	 * Create a discount.
	 * @param values the type, the amounts or the basis points, and other fields
	 * @param products the IDs of the products that are discounted, none for all
	 * @param now the time of the creation
	 */
	FakeDiscount(UUID id, Map<String, ? extends @Nullable Object> values, List<UUID> products, Instant now) {
		this.values.put("id", id);
		this.values.put("created_at", now);
		for (String name : List.of("modified_at", "code", "starts_at", "ends_at", "max_redemptions",
				"max_redemptions_per_customer")) {
			this.values.put(name, null);
		}
		this.values.put("metadata", Map.of());
		this.values.putAll(values);
		this.products.addAll(products);
	}

	/**
	 * Create a discount that applies to every payment.
	 */
	static FakeDiscount of(UUID id, String code, Map<String, Object> values, Instant now) {
		Map<String, Object> all = new LinkedHashMap<>(values);
		all.put("name", code);
		all.put("code", code);
		all.put("duration", "forever");
		return new FakeDiscount(id, all, List.of(), now);
	}

	UUID id() {
		return (UUID) Objects.requireNonNull(this.values.get("id"));
	}

	@Nullable String code() {
		return (String) this.values.get("code");
	}

	boolean isForever() {
		return "forever".equals(this.values.get("duration"));
	}

	/**
	 * Return whether nothing of any price is ever paid, metered ones included.
	 */
	boolean isFreeForever() {
		return isForever() && this.values.get("basis_points") instanceof Number points && points.intValue() == 10_000;
	}

	Set<UUID> products() {
		return this.products;
	}

	/**
	 * Return whether the discount applies to a product in a currency, at a time.
	 */
	boolean applies(FakeProduct product, String currency, Instant now) {
		return isFor(product, currency) && isRedeemable(now);
	}

	boolean isFor(FakeProduct product, String currency) {
		return (this.products.isEmpty() || this.products.contains(product.id()))
				&& (amounts() == null || amounts().containsKey(currency));
	}

	boolean isRedeemable(Instant now) {
		return !(this.values.get("starts_at") instanceof Instant start && now.isBefore(start))
				&& !(this.values.get("ends_at") instanceof Instant end && !now.isBefore(end))
				&& !(this.values.get("max_redemptions") instanceof Number max && redemptions() >= max.intValue());
	}

	/**
	 * Return whether customers who are the same person have redeemed the discount as
	 * often as one may.
	 */
	boolean isRedeemedBy(Collection<UUID> customerIds) {
		return this.values.get("max_redemptions_per_customer") instanceof Number max
				&& customerIds.stream().mapToInt((id) -> this.redemptions.getOrDefault(id, 0)).sum() >= max.intValue();
	}

	void redeem(UUID customerId) {
		this.redemptions.merge(customerId, 1, Integer::sum);
	}

	@Nullable Object get(String name) {
		return this.values.get(name);
	}

	/**
	 * Change fields.
	 * @param products the IDs of the products that are discounted, or {@code null} for no
	 * change
	 */
	void update(Map<String, @Nullable Object> values, @Nullable List<UUID> products, Instant now) {
		if (values.entrySet().stream().anyMatch((value) -> !Objects.equals(value.getValue(), get(value.getKey())))) {
			this.values.put("modified_at", now);
		}
		this.values.putAll(values);
		if (products != null) {
			this.products.clear();
			this.products.addAll(products);
		}
	}

	int redemptions() {
		return this.redemptions.values().stream().mapToInt(Integer::intValue).sum();
	}

	private @Nullable Map<?, ?> amounts() {
		return (Map<?, ?>) this.values.get("amounts");
	}

	/**
	 * Return the discount on an amount, at most the amount.
	 */
	long of(long amount, String currency) {
		if (this.values.get("basis_points") instanceof Number basisPoints) {
			return BigDecimal.valueOf(amount)
				.multiply(BigDecimal.valueOf(basisPoints.longValue()))
				.divide(BigDecimal.valueOf(10_000), 0, RoundingMode.HALF_UP)
				.longValueExact();
		}
		Map<?, ?> amounts = Objects.requireNonNull(amounts());
		return (amounts.get(currency) instanceof Number fixed) ? Math.min(fixed.longValue(), amount) : 0;
	}

	/**
	 * Divide the discount on several amounts, in proportion to them.
	 */
	List<Long> allocate(List<Long> amounts, String currency) {
		long total = amounts.stream().mapToLong(Long::longValue).sum();
		long left = of(total, currency);
		List<Long> shares = new ArrayList<>();
		long of = total;
		for (long amount : amounts) {
			long share = (of != 0) ? BigDecimal.valueOf(left)
				.multiply(BigDecimal.valueOf(amount))
				.divide(BigDecimal.valueOf(of), 0, RoundingMode.HALF_UP)
				.longValueExact() : 0;
			shares.add(share);
			left -= share;
			of -= amount;
		}
		return shares;
	}

	/**
	 * Return whether the discount no longer applies to a period of a subscription.
	 * @param first the start of the first period to which it applied
	 * @param start the start of the period
	 */
	boolean isExpired(Instant first, Instant start) {
		if ("once".equals(this.values.get("duration"))) {
			return start.isAfter(first);
		}
		return "repeating".equals(this.values.get("duration"))
				&& this.values.get("duration_in_months") instanceof Number months
				&& start.isAfter(FakeSession.plus(first, "month", months.intValue() - 1));
	}

	/**
	 * Return the JSON in sessions.
	 */
	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>(this.values);
		json.keySet().retainAll(OF_A_SESSION);
		return json;
	}

	/**
	 * Return the JSON in orders and subscriptions.
	 */
	Map<String, @Nullable Object> toFullJson(UUID organizationId) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>(this.values);
		json.put("redemptions_count", redemptions());
		json.put("organization_id", organizationId);
		return json;
	}

}
