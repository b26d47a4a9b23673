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

import io.github.polarspring.model.Customer;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderBillingReason;
import io.github.polarspring.seat.PolarSeatOperations;
import io.github.polarspring.seat.SeatAssignment;
import io.github.polarspring.webhook.PolarCurrent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Gives buyers of seats one of them. Polar does so only for checkouts without a success
 * URL.
 */
@Component
class Seats {

	private final PolarSeatOperations seats;

	Seats(PolarSeatOperations seats) {
		this.seats = seats;
	}

	@PolarEventListener(PolarEventTypes.ORDER_PAID)
	void paid(@PolarCurrent Order order, Buyer buyer) {
		Customer customer = order.customer();
		if (isFirst(order.billingReason()) && order.seats() != null && customer != null && customer.email() != null
				&& buyer instanceof Buyer.Known known) {
			this.seats.boughtWith(order)
				.assign(SeatAssignment.toUser(known.externalId(), customer.email()).withoutInvitation());
		}
	}

	/**
	 * Renewals have seats, too, all of which can be taken.
	 */
	private static boolean isFirst(@Nullable OrderBillingReason reason) {
		return reason == OrderBillingReason.PURCHASE || reason == OrderBillingReason.SUBSCRIPTION_CREATE;
	}

}
