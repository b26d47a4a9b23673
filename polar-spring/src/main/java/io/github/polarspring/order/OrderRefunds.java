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

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Refund;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Refunds of orders. Polar knows no idempotency keys and makes the same refund twice, so
 * the key is in the metadata of the refund, and those of an order are read first.
 */
final class OrderRefunds {

	private static final String REFUNDS = "/v1/refunds/";

	private final PolarClient client;

	private final RefundTurns turns;

	OrderRefunds(PolarClient client, RefundTurns turns) {
		this.client = client;
		this.turns = turns;
	}

	List<Refund> list(UUID orderId) {
		Listing query = new Listing.Builder().ofOrder(orderId).build();
		return PolarPage.stream(query.page(), (page) -> this.client.list(Refund.class, REFUNDS, query.parameters(page)))
			.filter((refund) -> orderId.equals(refund.orderId()))
			.toList();
	}

	Refund refund(UUID orderId, RefundRequest request) {
		if (!this.turns.take(orderId)) {
			return find(orderId, request).orElseThrow(() -> new PolarOutcomeUnknownException(
					"Another refund of the order %s is in progress, or its outcome is not known yet".formatted(orderId),
					null));
		}
		try {
			Refund refund = make(orderId, request);
			this.turns.giveBack(orderId);
			return refund;
		}
		catch (PolarOutcomeUnknownException ex) {
			// Polar may still be processing the refund
			throw ex;
		}
		catch (RuntimeException ex) {
			this.turns.giveBack(orderId);
			throw ex;
		}
	}

	private Refund make(UUID orderId, RefundRequest request) {
		List<Refund> existing = list(orderId);
		Optional<Refund> made = find(existing, request);
		if (made.isPresent()) {
			return made.get();
		}
		long pending = existing.stream()
			.filter((refund) -> refund.status() == Refund.Status.PENDING)
			.mapToLong(Refund::amount)
			.sum();
		long left = this.client.get(Order.class, "/v1/orders/{id}", orderId).refundableAmount() - pending;
		Long amount = request.amount();
		Assert.isTrue(left > 0, () -> "Nothing is left to refund of the order " + orderId);
		Assert.isTrue(amount == null || amount <= left,
				() -> "amount must be at most " + left + ", which is left to refund of the order " + orderId);
		return this.client.call(HttpMethod.POST, REFUNDS)
			.body(request.body(orderId, (amount != null) ? amount : left))
			.retrieveOnce(Refund.class, () -> find(orderId, request));
	}

	private Optional<Refund> find(UUID orderId, RefundRequest request) {
		return find(list(orderId), request);
	}

	private static Optional<Refund> find(List<Refund> refunds, RefundRequest request) {
		return refunds.stream()
			.filter((refund) -> request.key().equals(refund.metadata().get(RefundRequest.KEY)))
			.findFirst();
	}

	private static final class Listing extends PolarQuery {

		private Listing(Builder builder) {
			super(builder);
		}

		private static final class Builder extends PolarQuery.Builder<Builder> {

			Builder ofOrder(UUID orderId) {
				return filter("order_id", orderId);
			}

			Listing build() {
				return new Listing(this);
			}

		}

	}

}
