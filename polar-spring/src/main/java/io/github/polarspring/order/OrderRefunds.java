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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Refund;
import io.github.polarspring.order.RefundLedger.Attempt;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * Refunds of orders. Polar knows no idempotency keys and makes the same refund twice.
 * Therefore, the key is in the metadata of the refund, and the refunds of the order are
 * read first. Polar can lose this metadata, so each attempt is also recorded before it is
 * sent.
 */
final class OrderRefunds {

	private static final Log logger = LogFactory.getLog(OrderRefunds.class);

	private static final String REFUNDS = "/v1/refunds/";

	/**
	 * By how much the clock of Polar can differ.
	 */
	private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

	private final PolarClient client;

	private final RefundLedger ledger;

	private final Clock clock;

	OrderRefunds(PolarClient client, RefundLedger ledger, Clock clock) {
		this.client = client;
		this.ledger = ledger;
		this.clock = clock;
	}

	List<Refund> list(UUID orderId) {
		return list(this.client, orderId);
	}

	private static List<Refund> list(PolarClient client, UUID orderId) {
		Listing query = new Listing.Builder().ofOrder(orderId).build();
		return PolarPage.stream(query.page(), (page) -> client.list(Refund.class, REFUNDS, query.parameters(page)))
			.filter((refund) -> orderId.equals(refund.orderId()))
			.toList();
	}

	Refund refund(UUID orderId, RefundRequest request) {
		UUID owner = UUID.randomUUID();
		if (!this.ledger.take(orderId, owner)) {
			return find(list(orderId), orderId, request, this.ledger.find(orderId, request.key()))
				.orElseThrow(() -> unknown(orderId));
		}
		boolean processing = false;
		try {
			List<Refund> refunds = list(orderId);
			Optional<Refund> made = find(refunds, orderId, request, this.ledger.find(orderId, request.key()));
			if (made.isPresent()) {
				return made.get();
			}
			Attempt attempt = new Attempt(amount(refunds, orderId, request), createdAfter(refunds), null);
			this.ledger.record(orderId, request.key(), attempt);
			if (!this.ledger.extend(orderId, owner)) {
				throw unknown(orderId);
			}
			processing = true;
			Refund refund = send(orderId, request, attempt);
			processing = false;
			return refund;
		}
		catch (PolarOutcomeUnknownException ex) {
			throw ex;
		}
		catch (PolarException ex) {
			// any other one means that Polar has not processed the refund
			processing = false;
			throw ex;
		}
		finally {
			if (!processing) {
				giveBack(orderId, owner);
			}
		}
	}

	private static PolarOutcomeUnknownException unknown(UUID orderId) {
		return new PolarOutcomeUnknownException(
				"Another refund of the order %s is in progress, or its outcome is not known yet. Nothing was sent"
					.formatted(orderId),
				null);
	}

	private Refund send(UUID orderId, RefundRequest request, Attempt attempt) {
		Refund refund = this.client.call(HttpMethod.POST, REFUNDS)
			.body(request.body(orderId, attempt.amount()))
			.retrieveOnce(Refund.class, (limited) -> find(list(limited, orderId), orderId, request, attempt));
		try {
			this.ledger.record(orderId, request.key(),
					new Attempt(attempt.amount(), attempt.createdAfter(), refund.id()));
		}
		catch (RuntimeException ex) {
			logger.warn("The refund " + refund.id() + " was made, but cannot be recorded", ex);
		}
		return refund;
	}

	/**
	 * Give back a turn. If that fails, it ends by itself.
	 */
	private void giveBack(UUID orderId, UUID owner) {
		try {
			this.ledger.giveBack(orderId, owner);
		}
		catch (RuntimeException ex) {
			logger.warn("The next refund of the order %s has to wait for two minutes".formatted(orderId), ex);
		}
	}

	/**
	 * Return the amount to refund. Refunds that are in progress are not left, although
	 * Polar includes them.
	 */
	private long amount(List<Refund> refunds, UUID orderId, RefundRequest request) {
		long pending = refunds.stream()
			.filter((refund) -> refund.status() == Refund.Status.PENDING)
			.mapToLong(Refund::amount)
			.sum();
		long left = this.client.get(Order.class, "/v1/orders/{id}", orderId).refundableAmount() - pending;
		Long amount = request.amount();
		if (left <= 0 || (amount != null && amount > left)) {
			throw conflict("Only %d can be refunded of the order %s".formatted(Math.max(0, left), orderId));
		}
		return (amount != null) ? amount : left;
	}

	/**
	 * Return the time after which a refund that is sent now is created. Of the refunds
	 * that exist already, none is taken for it.
	 */
	private Instant createdAfter(List<Refund> refunds) {
		Instant earliest = this.clock.instant().minus(CLOCKS_DIFFER);
		return refunds.stream()
			.map(Refund::createdAt)
			.filter((createdAt) -> createdAt != null && createdAt.isAfter(earliest))
			.max(Comparator.naturalOrder())
			.orElse(earliest);
	}

	private static PolarConflictException conflict(String message) {
		return new PolarConflictException(message, 409, null, null);
	}

	/**
	 * Find the refund that was made for a request.
	 * @param attempt the last attempt to make it, {@code null} if there was none
	 */
	private Optional<Refund> find(List<Refund> refunds, UUID orderId, RefundRequest request,
			@Nullable Attempt attempt) {
		Optional<Refund> found = refunds.stream()
			.filter((refund) -> request.key().equals(refund.metadata().get(RefundRequest.KEY)))
			.findFirst()
			.or(() -> (attempt != null) ? find(orderId, refunds, attempt) : Optional.empty());
		Long amount = request.amount();
		if (amount != null && found.isPresent() && found.get().amount() != amount) {
			throw conflict(
					"The order %s has a refund of %d with the same key".formatted(orderId, found.get().amount()));
		}
		return found;
	}

	/**
	 * Find the refund that an attempt has led to, although its metadata is missing.
	 */
	private Optional<Refund> find(UUID orderId, List<Refund> refunds, Attempt attempt) {
		if (attempt.refundId() != null) {
			return refunds.stream().filter((refund) -> refund.id().equals(attempt.refundId())).findFirst();
		}
		Set<UUID> explained = this.ledger.refundIds(orderId);
		return refunds.stream()
			.filter((refund) -> !refund.metadata().containsKey(RefundRequest.KEY) && !explained.contains(refund.id())
					&& refund.amount() == attempt.amount() && isAfter(refund.createdAt(), attempt.createdAfter()))
			.min(Comparator.comparing(Refund::id));
	}

	private static boolean isAfter(@Nullable Instant createdAt, Instant time) {
		return createdAt == null || createdAt.isAfter(time);
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
