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

package io.github.polarspring.subscription;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Subscription to create without a checkout, which Polar permits for free products only:
 *
 * <pre class="code">
 * SubscriptionRequest.forUser("free", user.id()).metadata("source", "signup")
 * </pre>
 *
 * Polar does not create an order, does not send an e-mail, and permits a second
 * subscription to the same product. Immutable.
 *
 * @since 0.1.0
 * @see PolarSubscriptionOperations#create(SubscriptionRequest)
 * @see <a href="https://polar.sh/docs/api-reference/subscriptions/create">Polar's API
 * reference</a>
 */
public final class SubscriptionRequest {

	private final String product;

	private final @Nullable String externalCustomerId;

	private final @Nullable UUID customerId;

	private final Map<String, Object> metadata;

	private SubscriptionRequest(String product, @Nullable String externalCustomerId, @Nullable UUID customerId,
			Map<String, Object> metadata) {
		Assert.hasText(product, "product must not be blank");
		this.product = product;
		this.externalCustomerId = externalCustomerId;
		this.customerId = customerId;
		this.metadata = metadata;
	}

	/**
	 * Return a request for a user of the application, who must be a customer already: see
	 * {@link io.github.polarspring.customer.PolarCustomerOperations#ensure}. The
	 * subscription is proven to be the user's own.
	 * @param product a name that is configured in {@code polar.products}, or an id as
	 * text
	 * @param externalId the application's own id of the user
	 * @return a request
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	public static SubscriptionRequest forUser(String product, String externalId) {
		PolarIdentity.requireExternalId(externalId);
		return new SubscriptionRequest(product, externalId, null, Map.of());
	}

	/**
	 * Return a request for a customer.
	 * @param product a name that is configured in {@code polar.products}, or an id as
	 * text
	 * @param customerId Polar's id of the customer
	 * @return a request
	 */
	public static SubscriptionRequest forCustomer(String product, UUID customerId) {
		Assert.notNull(customerId, "customerId must not be null");
		return new SubscriptionRequest(product, null, customerId, Map.of());
	}

	/**
	 * Add an entry to the metadata.
	 * @param key the key, at most 40 characters
	 * @param value text of at most 500 characters, a number or a boolean
	 * @return a changed copy
	 * @throws IllegalArgumentException if the key is reserved, or the value is of another
	 * type
	 */
	public SubscriptionRequest metadata(String key, Object value) {
		Map<String, Object> metadata = new LinkedHashMap<>(this.metadata);
		metadata.put(SubscriptionMetadata.requireKey(key), SubscriptionMetadata.requireValue(key, value));
		return new SubscriptionRequest(this.product, this.externalCustomerId, this.customerId, metadata);
	}

	Map<String, Object> body(PolarProducts products) {
		Map<String, Object> body = new LinkedHashMap<>();
		Map<String, Object> metadata = new LinkedHashMap<>(this.metadata);
		body.put("product_id", products.resolve(this.product));
		if (this.externalCustomerId != null) {
			body.put("external_customer_id", this.externalCustomerId);
			metadata.put(SubscriptionMetadata.USER, this.externalCustomerId);
		}
		else if (this.customerId != null) {
			body.put("customer_id", this.customerId);
			metadata.put(SubscriptionMetadata.BUYER, SubscriptionMetadata.CHOSEN_CUSTOMER + this.customerId);
		}
		body.put("metadata", metadata);
		return body;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof SubscriptionRequest other && this.product.equals(other.product)
				&& Objects.equals(this.externalCustomerId, other.externalCustomerId)
				&& Objects.equals(this.customerId, other.customerId) && this.metadata.equals(other.metadata);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.product, this.externalCustomerId, this.customerId, this.metadata);
	}

	/**
	 * Return the product and the names of the metadata only: everything else can be
	 * personal data.
	 */
	@Override
	public String toString() {
		return "SubscriptionRequest[product=" + this.product + ", metadata=" + this.metadata.keySet() + "]";
	}

}
