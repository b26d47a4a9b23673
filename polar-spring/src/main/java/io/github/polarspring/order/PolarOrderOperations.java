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
import java.util.stream.Stream;

import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Payment;
import io.github.polarspring.model.Refund;

/**
 * Operations on orders.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/orders">Polar on orders</a>
 */
public interface PolarOrderOperations {

	/**
	 * Get one page of the organization's orders.
	 * @param query filters, order and page
	 * @return the page
	 */
	PolarPage<Order> list(OrderQuery query);

	/**
	 * Get all of the organization's orders that match, starting with the page of the
	 * query. Pages are requested as the stream is consumed, so that a short-circuiting
	 * operation ends early, and consuming the stream can throw an exception.
	 * @param query filters and order
	 * @return a sequential stream, which need not be closed
	 */
	Stream<Order> stream(OrderQuery query);

	/**
	 * Find an order.
	 * @param id Polar's id of the order
	 * @return the order, empty if there is none
	 */
	Optional<Order> find(UUID id);

	/**
	 * Return the orders of the caller of the current request. Members of a team, for whom
	 * another user pays, do not see the orders of the team.
	 * @return the orders
	 * @throws io.github.polarspring.PolarLoginRequiredException if no one is signed in
	 * @throws io.github.polarspring.PolarIdentityException if the user cannot be
	 * identified
	 * @throws IllegalStateException if nothing determines the caller
	 */
	UserOrders ofCurrentUser();

	/**
	 * Return the orders of a user or a workspace.
	 * @param externalId the application's own id
	 * @return the orders
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	UserOrders of(String externalId);

	/**
	 * Return the address of the invoice of an order. If Polar has not generated it yet,
	 * this method has it generated and waits for some seconds. The address is valid for
	 * ten minutes: redirect to it at once, and do not store it.
	 * @param id Polar's id of the order
	 * @return a URL to redirect to
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such order
	 * @throws io.github.polarspring.PolarValidationException if name or address is
	 * missing, with the error {@code MissingInvoiceBillingDetails}. They can be
	 * {@linkplain #changeBillingDetails added}
	 * @throws io.github.polarspring.PolarApiException if the order cannot have an
	 * invoice, because it was not paid
	 * @throws PolarDocumentNotReadyException if Polar needs more time
	 */
	URI invoice(UUID id);

	/**
	 * Return the address of the receipt of an order, like {@link #invoice}.
	 * @param id Polar's id of the order
	 * @return a URL to redirect to
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such order, or
	 * it has no receipt, because it is free or was not paid
	 * @throws PolarDocumentNotReadyException if Polar needs more time
	 */
	URI receipt(UUID id);

	/**
	 * Change name and address on the invoice of an order. If Polar has generated it, it
	 * is generated again, which takes some seconds.
	 * @param id Polar's id of the order
	 * @param details the name and the address
	 * @return the changed order
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such order
	 * @throws io.github.polarspring.PolarValidationException if a value is invalid, or
	 * another country or state than that of the order
	 */
	Order changeBillingDetails(UUID id, BillingDetails details);

	/**
	 * Return the attempts to pay an order, newest first. A failed one has the reason why
	 * the card was declined. A failed attempt to pay a change of the plan belongs to no
	 * order.
	 * @param id Polar's id of the order
	 * @return the payments, empty also if there is no such order
	 */
	List<Payment> payments(UUID id);

	/**
	 * Return the refunds of an order, newest first.
	 * @param id Polar's id of the order
	 * @return the refunds, empty also if there is no such order
	 */
	List<Refund> refunds(UUID id);

	/**
	 * Refund an order. A refund with the same key is made only once: if Polar has it
	 * already, it is returned, whatever its status. Refunds of an order are made one
	 * after the other, also by several instances if they share a database. Do not call
	 * this method in a transaction, which would occupy a connection while Polar is
	 * called.
	 * <p>
	 * The call is never repeated. If the response is missing, the refunds of the order
	 * are read until the refund appears, for 30 seconds, and then one last time.
	 * @param id Polar's id of the order
	 * @param request the refund
	 * @return the refund, which can be pending or have failed
	 * @throws io.github.polarspring.PolarOutcomeUnknownException if it is not known
	 * whether the refund was made, or another refund of the order is still in progress.
	 * Ask for it again later, with the same key
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such order
	 * @throws io.github.polarspring.PolarConflictException if more is to be refunded than
	 * is left, where refunds that are pending are not left; if a refund with the same key
	 * has another amount; or if Polar does not refund the order, for example because it
	 * is disputed
	 */
	Refund refund(UUID id, RefundRequest request);

}
