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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Rules for the products to which a subscription can be changed.
 */
final class FakePlans {

	private FakePlans() {
	}

	/**
	 * Return why a subscription cannot be changed to a product, or {@code null}.
	 */
	static @Nullable String problemOf(FakeSubscription subscription, @Nullable FakeProduct product) {
		if (product == null) {
			return "Product does not exist.";
		}
		if (product.isArchived()) {
			return "Product is archived.";
		}
		if (!product.isRecurring()) {
			return "Product is not recurring.";
		}
		FakePrices prices = product.prices().in(subscription.session.currency);
		if (prices.isEmpty()) {
			return "This product doesn't have a price for the subscription currency.";
		}
		if (prices.chosen() != null) {
			return "Can't update to a product with custom prices.";
		}
		if (subscription.session.prices().minimumSeats() != null && prices.minimumSeats() == null) {
			return "Can't switch from a seat-based to a non-seat-based product.";
		}
		return (subscription.session.prices().minimumUnits() != null && prices.minimumUnits() == null)
				? "Can't switch from a unit-based to a non-unit-based product." : null;
	}

	/**
	 * Return why a customer cannot change a subscription to a product, or {@code null}.
	 */
	static @Nullable String problemInPortalOf(FakeSubscription subscription, @Nullable FakeProduct product) {
		boolean offered = product == null || product.isArchived() || "public".equals(product.get("visibility"));
		return offered ? problemOf(subscription, product) : "Product visibility is not allowed.";
	}

	/**
	 * Return the other products to which a customer can change a subscription.
	 */
	static List<FakeProduct> inPortal(FakeState state, FakeSubscription subscription) {
		return state.products()
			.stream()
			.filter((product) -> !product.equals(subscription.product)
					&& problemInPortalOf(subscription, product) == null)
			.toList();
	}

}
