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

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;

/**
 * Reader of the resource that an event is about, as it is at Polar now.
 */
final class CurrentResources {

	private static final String ID = "id";

	private static final String REFUND = "refund";

	/**
	 * Paths by the first part of the type of the event.
	 */
	private static final Map<String, String> PATHS = Map.of("checkout", "/v1/checkouts/{id}", "order",
			"/v1/orders/{id}", "subscription", "/v1/subscriptions/{id}", "customer", "/v1/customers/{id}", "product",
			"/v1/products/{id}", "discount", "/v1/discounts/{id}", "benefit", "/v1/benefits/{id}", "organization",
			"/v1/organizations/{id}", "member", "/v1/customers/{customer_id}/members/{id}");

	private static final Map<String, String> SCOPES = Map.of("checkout", "checkouts:read", "order", "orders:read",
			"subscription", "subscriptions:read", REFUND, "refunds:read", "customer", "customers:read", "product",
			"products:read", "discount", "discounts:read", "benefit", "benefits:read", "organization",
			"organizations:read", "member", "members:read");

	private final PolarClient client;

	CurrentResources(PolarClient client) {
		this.client = client;
	}

	static boolean canBeRead(String type) {
		String kind = PolarEvent.kind(type);
		return kind.equals(REFUND) || PATHS.containsKey(kind);
	}

	/**
	 * Return the scope that the access token needs to read the resource of an event.
	 */
	static String scope(String type) {
		return SCOPES.getOrDefault(PolarEvent.kind(type), "");
	}

	/**
	 * Read a resource.
	 * @param event the event
	 * @param type the type to read it as
	 * @return the resource, or {@code null} if it does not exist
	 */
	@Nullable Object read(PolarEvent<?> event, Class<?> type) {
		String kind = event.kind();
		if (kind.equals(REFUND)) {
			return readListed("/v1/refunds/", id(event, ID), type);
		}
		String path = PATHS.get(kind);
		if (path == null) {
			throw new PolarDataException("The resource of the event %s cannot be read from Polar".formatted(event));
		}
		try {
			if (event.type().equals(PolarEventTypes.CUSTOMER_STATE_CHANGED)) {
				return this.client.get(type, path + "/state", id(event, ID));
			}
			return path.contains("{customer_id}") ? this.client.get(type, path, id(event, "customer_id"), id(event, ID))
					: this.client.get(type, path, id(event, ID));
		}
		catch (PolarNotFoundException ex) {
			return null;
		}
	}

	/**
	 * Read a resource that can only be read as an item of a list.
	 */
	private @Nullable Object readListed(String path, UUID id, Class<?> type) {
		LinkedMultiValueMap<String, String> query = new LinkedMultiValueMap<>(Map.of(ID, List.of(id.toString())));
		return this.client.list(type, path, query).items().stream().findFirst().orElse(null);
	}

	private static UUID id(PolarEvent<?> event, String name) {
		try {
			return UUID.fromString(event.payload().path(name).asString(""));
		}
		catch (IllegalArgumentException ex) {
			throw new PolarDataException(
					"'%s' of the event %s is missing or has an unexpected form".formatted(name, event));
		}
	}

}
