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

package io.github.polarspring.autoconfigure.entitlement;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarEventTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@link PolarEventRecorder} that makes entitlements be read again after an event about a
 * purchase. Polar's events can be late, doubled, and in any order, so nothing is taken
 * from the event but who it is about.
 */
final class EntitlementRefresh implements PolarEventRecorder {

	private static final String CUSTOMER = "customer";

	private static final Set<String> KINDS = Set.of("order", "subscription", "benefit_grant", CUSTOMER, "refund",
			"customer_seat", "member");

	/**
	 * Types that together report each change of what a user has.
	 */
	private static final Set<String> TYPES = Set.of(PolarEventTypes.ORDER_PAID, PolarEventTypes.ORDER_REFUNDED,
			PolarEventTypes.SUBSCRIPTION_UPDATED, PolarEventTypes.BENEFIT_GRANT_CREATED,
			PolarEventTypes.BENEFIT_GRANT_REVOKED, PolarEventTypes.CUSTOMER_STATE_CHANGED);

	private static final int MAX_ID_LENGTH = 200;

	private final PolarFeatures features;

	private final Supplier<PolarEntitlements> entitlements;

	EntitlementRefresh(PolarFeatures features, Supplier<PolarEntitlements> entitlements) {
		this.features = features;
		this.entitlements = entitlements;
	}

	@Override
	public void record(PolarEvent<?> event) {
		String kind = event.type().split("\\.", 2)[0];
		if (!KINDS.contains(kind) || this.features.isEmpty()) {
			return;
		}
		JsonNode data = event.payload();
		Set<String> payers = new TreeSet<>();
		add(payers, data.at("/metadata/external_customer_id"));
		add(payers, data.at("/subscription/metadata/external_customer_id"));
		add(payers, data.at("/order/metadata/external_customer_id"));
		add(payers, data.at("/customer/external_id"));
		boolean customer = kind.equals(CUSTOMER);
		if (customer) {
			add(payers, data.path("external_id"));
			data.path("active_subscriptions")
				.forEach((subscription) -> add(payers, subscription.at("/metadata/external_customer_id")));
		}
		// a seat that was revoked names the customer only in its member
		UUID customerId = Stream
			.of(customer ? data.path("id") : data.path("customer_id"), data.at("/member/customer_id"))
			.map(EntitlementRefresh::id)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		if (!payers.isEmpty() || customerId != null) {
			this.entitlements.get().refresh(payers, customerId);
		}
	}

	@Override
	public Set<String> types() {
		return this.features.isEmpty() ? Set.of() : TYPES;
	}

	@Override
	public boolean uses(String type) {
		return !this.features.isEmpty() && KINDS.contains(type.split("\\.", 2)[0]);
	}

	private static void add(Set<String> payers, JsonNode id) {
		String payer = id.isString() ? id.asString() : "";
		if (!payer.isBlank() && payer.length() <= MAX_ID_LENGTH) {
			payers.add(payer);
		}
	}

	private static @Nullable UUID id(JsonNode id) {
		try {
			return id.isString() ? UUID.fromString(id.asString()) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
