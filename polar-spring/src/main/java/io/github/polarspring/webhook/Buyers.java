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

import java.util.Set;

import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tells who bought from what Polar says and from our own copy in the metadata of the
 * checkout, which Polar copies to order, subscription and renewals.
 */
final class Buyers {

	private static final String COPY = "external_customer_id";

	private static final String EXTERNAL_ID = "external_id";

	/**
	 * Of which the metadata are those of the checkout.
	 */
	private static final Set<String> PURCHASES = Set.of("checkout", "order", "subscription");

	private Buyers() {
	}

	static Buyer of(String type, JsonNode data) {
		String kind = type.substring(0, Math.max(type.indexOf('.'), 0));
		if (PURCHASES.contains(kind)) {
			JsonNode customer = kind.equals("checkout") ? data.path(COPY) : data.path("customer").path(EXTERNAL_ID);
			return ofPurchase(text(data.path("metadata").path(COPY)), text(customer));
		}
		String customer = text(
				kind.equals("customer") ? data.path(EXTERNAL_ID) : data.path("customer").path(EXTERNAL_ID));
		return (customer != null) ? ofCustomer(customer, data) : new Buyer.Guest();
	}

	/**
	 * Without our copy it was a guest, whose purchase Polar may have given to a customer
	 * of ours by the e-mail address.
	 */
	private static Buyer ofPurchase(@Nullable String ours, @Nullable String polars) {
		if (ours == null) {
			return new Buyer.Guest();
		}
		return (polars == null || polars.equals(ours)) ? new Buyer.Known(ours) : new Buyer.Mismatch(ours, polars);
	}

	/**
	 * What a customer has can be somebody else's purchase. Only the subscriptions in his
	 * state have our copy, and one that contradicts him says that something is wrong.
	 */
	private static Buyer ofCustomer(String customer, JsonNode data) {
		for (JsonNode subscription : data.path("active_subscriptions")) {
			String ours = text(subscription.path("metadata").path(COPY));
			if (ours != null && !ours.equals(customer)) {
				return new Buyer.Mismatch(ours, customer);
			}
		}
		return new Buyer.Unproven(customer);
	}

	private static @Nullable String text(JsonNode node) {
		return (node.isString() && !node.asString().isEmpty()) ? node.asString() : null;
	}

}
