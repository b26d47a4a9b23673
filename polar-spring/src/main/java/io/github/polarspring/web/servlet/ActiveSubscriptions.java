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

package io.github.polarspring.web.servlet;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.product.PolarProducts;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Lookup of the subscription because of which Polar would reject a purchase after the
 * buyer has filled in the form.
 */
final class ActiveSubscriptions {

	private static final int MAX_PRODUCTS = 1_000;

	private final CurrentIdentity identity;

	private final PolarProducts products;

	private final Supplier<PolarClient> client;

	private final Supplier<PolarCustomerOperations> customers;

	/**
	 * Whether a product is recurring, which never changes.
	 */
	private final Cache<UUID, Boolean> recurring = Caffeine.newBuilder().maximumSize(MAX_PRODUCTS).build();

	ActiveSubscriptions(CurrentIdentity identity, PolarProducts products, Supplier<PolarClient> client,
			Supplier<PolarCustomerOperations> customers) {
		this.identity = identity;
		this.products = products;
		this.client = client;
		this.customers = customers;
	}

	/**
	 * Return the subscription that prevents the purchase. There is none for one-time
	 * products, for guests, and if the application has set the buyer or the subscription
	 * to change.
	 */
	Optional<Subscription> find(HttpServletRequest request, CheckoutRequest checkout) {
		PolarIdentity identity = checkout.isBuyerSet() ? null : this.identity.of(request);
		if (identity == null || !checkout.products().stream().allMatch(this::isRecurring)) {
			return Optional.empty();
		}
		return this.customers.get().findBillableSubscription(identity.externalId());
	}

	/**
	 * Return whether a product is recurring. What does not exist cannot be bought, which
	 * is reported when the checkout is created.
	 */
	private boolean isRecurring(String product) {
		UUID id = this.products.resolve(product);
		Boolean known = this.recurring.getIfPresent(id);
		if (known != null) {
			return known;
		}
		try {
			boolean read = this.client.get().get(Product.class, "/v1/products/{id}", id).isRecurring();
			this.recurring.put(id, read);
			return read;
		}
		catch (PolarNotFoundException ex) {
			return false;
		}
	}

}
