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

package io.github.polarspring.order;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.model.Order;

/**
 * Orders of a user of the application: what the user is {@linkplain Order#isBoughtBy
 * proven} to have bought, and what was
 * {@linkplain io.github.polarspring.entitlement.PolarEntitlements#assignOrder assigned}
 * to the user. Any other order does not exist here.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface UserOrders {

	/**
	 * Return the orders.
	 * @return the orders, newest first
	 */
	List<Order> list();

	/**
	 * Find an order.
	 * @param id Polar's id of the order
	 * @return the order, empty if it is not one of the user's
	 */
	Optional<Order> find(UUID id);

	/**
	 * Return the address of the invoice of an order, see
	 * {@link PolarOrderOperations#invoice}.
	 * @param id Polar's id of the order
	 * @return a URL to redirect the user to
	 * @throws io.github.polarspring.PolarNotFoundException if the order is not one of the
	 * user's
	 */
	URI invoice(UUID id);

	/**
	 * Return the address of the receipt of an order, see
	 * {@link PolarOrderOperations#receipt}.
	 * @param id Polar's id of the order
	 * @return a URL to redirect the user to
	 * @throws io.github.polarspring.PolarNotFoundException if the order is not one of the
	 * user's
	 */
	URI receipt(UUID id);

	/**
	 * Change name and address on the invoice of an order, see
	 * {@link PolarOrderOperations#changeBillingDetails}.
	 * @param id Polar's id of the order
	 * @param details the name and the address
	 * @return the changed order
	 * @throws io.github.polarspring.PolarNotFoundException if the order is not one of the
	 * user's
	 */
	Order changeBillingDetails(UUID id, BillingDetails details);

}
