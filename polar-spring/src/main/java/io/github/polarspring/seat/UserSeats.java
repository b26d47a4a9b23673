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

package io.github.polarspring.seat;

import java.util.UUID;

import io.github.polarspring.model.Order;

/**
 * Seats of purchases: of all that the organization sold, or of those of one user, where
 * others do not exist.
 * <p>
 * Methods call Polar only to find out whose purchase it is. They are safe for use by
 * multiple threads.
 *
 * @since 0.1.0
 */
public interface UserSeats {

	/**
	 * Return the seats of a subscription.
	 * @param subscriptionId Polar's id of the subscription
	 * @return the seats
	 * @throws io.github.polarspring.PolarNotFoundException if it is not one of the
	 * user's, see {@link PolarSeatOperations#of}
	 */
	PurchasedSeats ofSubscription(UUID subscriptionId);

	/**
	 * Return the seats of a one-time order. The seats of a subscription do not belong to
	 * its orders.
	 * @param orderId Polar's id of the order
	 * @return the seats
	 * @throws io.github.polarspring.PolarNotFoundException if it is not one of the
	 * user's, see {@link PolarSeatOperations#of}
	 */
	PurchasedSeats ofOrder(UUID orderId);

	/**
	 * Return the seats that were bought with an order: those of its subscription, or its
	 * own.
	 * @param order the order
	 * @return the seats
	 */
	default PurchasedSeats boughtWith(Order order) {
		UUID subscriptionId = order.subscriptionId();
		return (subscriptionId != null) ? ofSubscription(subscriptionId) : ofOrder(order.id());
	}

}
