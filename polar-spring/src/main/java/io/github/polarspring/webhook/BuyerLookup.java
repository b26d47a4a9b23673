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

package io.github.polarspring.webhook;

import java.util.UUID;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.util.Assert;

/**
 * Lookup of the buyer in the purchase that an event is about.
 */
final class BuyerLookup implements PolarBuyerResolver {

	private static final String CHECKOUT = "checkout";

	private static final String ORDER = "order";

	private static final String SUBSCRIPTION = "subscription";

	private static final String CUSTOMER = "customer";

	private final PolarClient client;

	BuyerLookup(PolarClient client) {
		Assert.notNull(client, "client must not be null");
		this.client = client;
	}

	@Override
	public Buyer resolve(PolarEvent<?> event) {
		Buyer buyer = event.buyer();
		return (buyer instanceof Buyer.Unproven unproven && !event.isTriggered())
				? lookUp(event.kind(), event.payload(), unproven) : buyer;
	}

	private Buyer lookUp(String kind, JsonNode data, Buyer.Unproven unproven) {
		return switch (kind) {
			case CHECKOUT -> ofCheckout(data, unproven);
			case ORDER, SUBSCRIPTION -> ofPurchase(data, unproven);
			default -> ofPart(data, unproven);
		};
	}

	/**
	 * Return the buyer of what belongs to an order or a subscription.
	 */
	private Buyer ofPart(JsonNode data, Buyer.Unproven unproven) {
		UUID orderId = id(data, "order_id");
		String kind = (orderId != null) ? ORDER : SUBSCRIPTION;
		JsonNode purchase = (orderId != null) ? read("/v1/orders/{id}", orderId)
				: read("/v1/subscriptions/{id}", id(data, "subscription_id"));
		if (purchase == null) {
			return unproven;
		}
		Buyer buyer = Buyers.of(kind, kind, purchase);
		return (buyer instanceof Buyer.Unproven still) ? ofPurchase(purchase, still) : buyer;
	}

	/**
	 * Return the buyer of an order or a subscription whose own metadata does not tell.
	 */
	private Buyer ofPurchase(JsonNode purchase, Buyer.Unproven unproven) {
		UUID checkoutId = id(purchase, "checkout_id");
		JsonNode checkout = read("/v1/checkouts/{id}",
				(checkoutId != null) ? checkoutId : id(purchase.path(SUBSCRIPTION), "checkout_id"));
		return (checkout != null) ? ofCheckout(checkout, unproven) : unproven;
	}

	private Buyer ofCheckout(JsonNode checkout, Buyer.Unproven unproven) {
		Buyer buyer = Buyers.of(CHECKOUT, CHECKOUT, checkout);
		if (buyer instanceof Buyer.Known known) {
			return compared(known.externalId(), unproven.customerExternalId());
		}
		if (buyer instanceof Buyer.Mismatch mismatch) {
			return compared(mismatch.externalId(), mismatch.customerExternalId());
		}
		return (buyer instanceof Buyer.Guest) ? buyer : ofChosenCustomer(checkout, unproven);
	}

	private static Buyer compared(String ours, @Nullable String polars) {
		return (polars == null || polars.equals(ours)) ? new Buyer.Known(ours) : new Buyer.Mismatch(ours, polars);
	}

	/**
	 * Return the buyer of a checkout that the application created for a customer.
	 */
	private Buyer ofChosenCustomer(JsonNode checkout, Buyer.Unproven unproven) {
		UUID chosen = id(checkout, "customer_id");
		if (chosen == null || !chosen.toString().equals(Buyers.chosenCustomer(checkout))) {
			return unproven;
		}
		JsonNode customer = read("/v1/customers/{id}", chosen);
		String externalId = (customer != null
				&& Buyers.of(CUSTOMER, CUSTOMER, customer) instanceof Buyer.Unproven found) ? found.customerExternalId()
						: null;
		return (externalId != null) ? compared(externalId, unproven.customerExternalId()) : unproven;
	}

	/**
	 * Read a resource.
	 * @return the resource, or {@code null} if it does not exist
	 */
	private @Nullable JsonNode read(String path, @Nullable UUID id) {
		try {
			return (id != null) ? this.client.get(JsonNode.class, path, id) : null;
		}
		catch (PolarNotFoundException ex) {
			return null;
		}
	}

	private static @Nullable UUID id(JsonNode data, String name) {
		JsonNode id = data.path(name);
		return id.isString() ? id(name, id.asString()) : null;
	}

	private static UUID id(String name, String id) {
		try {
			return UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			throw new PolarDataException("The buyer cannot be looked up: '%s' is not an id".formatted(name));
		}
	}

}
