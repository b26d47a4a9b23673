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

package io.github.polarspring.sample;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderBillingReason;
import io.github.polarspring.webhook.PolarCurrent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Gives buyers of seats one of them. Polar does so only for checkouts without a success
 * URL.
 */
@Component
class Seats {

	private static final Set<String> ASSIGNED = Set.of("SeatAlreadyAssigned", "SeatNotAvailable");

	private final PolarClient polar;

	Seats(PolarClient polar) {
		this.polar = polar;
	}

	@PolarEventListener(PolarEventTypes.ORDER_PAID)
	void paid(@PolarCurrent Order order, Buyer buyer) {
		Customer customer = order.customer();
		if (isFirst(order.billingReason()) && order.seats() != null && customer != null && customer.email() != null
				&& buyer instanceof Buyer.Known known) {
			assign(order, known.externalId(), customer.email());
		}
	}

	/**
	 * Renewals have seats, too, all of which can be taken.
	 */
	private static boolean isFirst(@Nullable OrderBillingReason reason) {
		return reason == OrderBillingReason.PURCHASE || reason == OrderBillingReason.SUBSCRIPTION_CREATE;
	}

	private void assign(Order order, String buyer, String email) {
		@Nullable UUID subscription = order.subscriptionId();
		Map<String, Object> seat = Map.of((subscription != null) ? "subscription_id" : "order_id",
				(subscription != null) ? subscription : order.id(), "email", email, "external_member_id", buyer,
				"immediate_claim", true);
		try {
			this.polar.post(JsonNode.class, "/v1/customer-seats", seat);
		}
		catch (PolarApiException ex) {
			// events can be doubled, and then all seats can be taken
			if (ex.getError() == null || !ASSIGNED.contains(ex.getError())) {
				throw ex;
			}
		}
	}

}
