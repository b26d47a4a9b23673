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
 * Lookup of the buyer in a resource, from Polar's customer and from what the library
 * writes into the metadata of the checkout, which Polar copies to the order, the
 * subscription and renewals.
 */
final class Buyers {

	private static final String COPY = "external_customer_id";

	private static final String MARK = "checkout_buyer";

	private static final String GUEST = "guest";

	private static final String CHOSEN_CUSTOMER = "customer:";

	private static final String EXTERNAL_ID = "external_id";

	private static final String METADATA = "metadata";

	private static final String CUSTOMER = "customer";

	private static final String CUSTOMER_ID = "customer_id";

	private static final String SUBSCRIPTION = "subscription";

	private static final String SUBSCRIPTIONS = "active_subscriptions";

	/**
	 * Resources that contain the metadata of the checkout.
	 */
	private static final Set<String> PURCHASES = Set.of("checkout", "order", SUBSCRIPTION);

	private final String source;

	private Buyers(String source) {
		this.source = source;
	}

	/**
	 * Return the buyer of a resource.
	 * @param source describes the resource in the message of an exception
	 * @param kind the first part of the type of its events
	 * @param data the resource
	 */
	static Buyer of(String source, String kind, JsonNode data) {
		return new Buyers(source).of(kind, data);
	}

	private Buyer of(String kind, JsonNode data) {
		if (PURCHASES.contains(kind)) {
			boolean checkout = kind.equals("checkout");
			return ofPurchase(data, checkout ? text(data, COPY, "") : externalId(data), checkout);
		}
		String customer = kind.equals(CUSTOMER) ? text(data, EXTERNAL_ID, "") : externalId(data);
		return (customer != null) ? ofCustomer(customer, data) : new Buyer.Unproven(null);
	}

	private Buyer ofPurchase(JsonNode purchase, @Nullable String polars, boolean checkout) {
		Buyer buyer = ofMetadata(purchase, "", purchase, polars, checkout);
		JsonNode subscription = purchase.path(SUBSCRIPTION);
		if (buyer instanceof Buyer.Unproven && subscription.path(METADATA).isObject()) {
			// an upgrade keeps the metadata with which the subscription was bought
			buyer = ofMetadata(subscription, SUBSCRIPTION + ".", purchase, polars, checkout);
		}
		return buyer;
	}

	private Buyer ofMetadata(JsonNode owner, String path, JsonNode purchase, @Nullable String polars,
			boolean checkout) {
		String ours = copy(owner, path);
		if (ours != null) {
			return (polars == null || polars.equals(ours)) ? new Buyer.Known(ours) : new Buyer.Mismatch(ours, polars);
		}
		String mark = owner.path(METADATA).path(MARK).asString("");
		if (GUEST.equals(mark)) {
			return new Buyer.Guest();
		}
		// the external id of a checkout is what was sent, not that of its customer
		if (!checkout && polars != null && mark.equals(CHOSEN_CUSTOMER + purchase.path(CUSTOMER_ID).asString(""))) {
			return new Buyer.Known(polars);
		}
		return new Buyer.Unproven(polars);
	}

	/**
	 * Return the id of the customer for whom the application created a checkout.
	 */
	static @Nullable String chosenCustomer(JsonNode checkout) {
		String mark = checkout.path(METADATA).path(MARK).asString("");
		return mark.startsWith(CHOSEN_CUSTOMER) ? mark.substring(CHOSEN_CUSTOMER.length()) : null;
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
				("The buyer of the %s cannot be determined: '%s' is missing or has an unexpected form. The"
						+ " JSON that")
					.formatted(this.source, path) + " Polar sent is available from payload()");
	}

}
