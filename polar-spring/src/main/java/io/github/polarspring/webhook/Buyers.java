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

import io.github.polarspring.PolarDataException;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Lookup of the buyer of an event, from Polar's customer and from the copy of the
 * external id in the metadata of the checkout, which Polar copies to the order, the
 * subscription and renewals.
 */
final class Buyers {

	private static final String COPY = "external_customer_id";

	private static final String EXTERNAL_ID = "external_id";

	private static final String METADATA = "metadata";

	private static final String CUSTOMER = "customer";

	private static final String SUBSCRIPTIONS = "active_subscriptions";

	/**
	 * Events that contain the metadata of the checkout.
	 */
	private static final Set<String> PURCHASES = Set.of("checkout", "order", "subscription");

	private final String event;

	private Buyers(String event) {
		this.event = event;
	}

	static Buyer of(String event, String type, JsonNode data) {
		return new Buyers(event).of(type.substring(0, Math.max(type.indexOf('.'), 0)), data);
	}

	private Buyer of(String kind, JsonNode data) {
		if (PURCHASES.contains(kind)) {
			String customer = kind.equals("checkout") ? text(data, COPY, "") : externalId(data);
			return ofPurchase(copy(data, ""), customer);
		}
		String customer = kind.equals(CUSTOMER) ? text(data, EXTERNAL_ID, "") : externalId(data);
		return (customer != null) ? ofCustomer(customer, data) : new Buyer.Guest();
	}

	/**
	 * Return the buyer of a purchase. Without the copy, the buyer was a guest, even if
	 * Polar attributes the purchase to a known customer by the e-mail address.
	 */
	private static Buyer ofPurchase(@Nullable String ours, @Nullable String polars) {
		if (ours == null) {
			return new Buyer.Guest();
		}
		return (polars == null || polars.equals(ours)) ? new Buyer.Known(ours) : new Buyer.Mismatch(ours, polars);
	}

	/**
	 * Return the buyer of an event about a customer, who can have purchases of another
	 * user. Only the subscriptions in the customer's state contain the copy. If it
	 * contradicts the customer, the result is a mismatch.
	 */
	private Buyer ofCustomer(String customer, JsonNode data) {
		JsonNode subscriptions = data.path(SUBSCRIPTIONS);
		if (!isAbsent(subscriptions) && !subscriptions.isArray()) {
			throw unreadable(SUBSCRIPTIONS);
		}
		for (JsonNode subscription : subscriptions) {
			String ours = copy(subscription, SUBSCRIPTIONS + "[].");
			if (ours != null && !ours.equals(customer)) {
				return new Buyer.Mismatch(ours, customer);
			}
		}
		return new Buyer.Unproven(customer);
	}

	private @Nullable String copy(JsonNode purchase, String path) {
		JsonNode metadata = purchase.path(METADATA);
		if (!metadata.isObject()) {
			throw unreadable(path + METADATA);
		}
		if (metadata.path(COPY).isNull()) {
			throw unreadable(path + METADATA + "." + COPY);
		}
		return text(metadata, COPY, path + METADATA + ".");
	}

	private @Nullable String externalId(JsonNode data) {
		JsonNode customer = data.path(CUSTOMER);
		if (!isAbsent(customer) && !customer.isObject()) {
			throw unreadable(CUSTOMER);
		}
		return text(customer, EXTERNAL_ID, CUSTOMER + ".");
	}

	private @Nullable String text(JsonNode json, String name, String path) {
		JsonNode text = json.path(name);
		if (!isAbsent(text) && !text.isString()) {
			throw unreadable(path + name);
		}
		return (text.isString() && !text.asString().isEmpty()) ? text.asString() : null;
	}

	private static boolean isAbsent(JsonNode json) {
		return json.isMissingNode() || json.isNull();
	}

	private PolarDataException unreadable(String path) {
		return new PolarDataException(
				("The buyer of the event %s cannot be determined: '%s' is missing or has an unexpected form. The"
						+ " JSON that")
					.formatted(this.event, path) + " Polar sent is available from payload()");
	}

}
