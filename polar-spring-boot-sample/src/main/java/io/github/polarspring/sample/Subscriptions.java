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

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

import io.github.polarspring.model.Product;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.SubscriptionStatus;
import io.github.polarspring.webhook.PolarCurrent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stores the subscriptions of customers from Polar's events.
 */
@Component
class Subscriptions {

	private final JdbcClient jdbc;

	Subscriptions(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Events can be duplicated, out of order and outdated, so the subscription is stored
	 * as it is at Polar now.
	 */
	@PolarEventListener
	void changed(@PolarCurrent Subscription subscription, Buyer buyer) {
		if (buyer instanceof Buyer.Known known) {
			this.jdbc
				.sql("MERGE INTO subscription (id, customer, product, status, ends_at)"
						+ " VALUES (:id, :customer, :product, :status, :ends)")
				.param("id", subscription.id())
				.param("customer", known.externalId())
				.param("product", name(subscription.product()))
				.param("status", subscription.status().name())
				.param("ends", utc(subscription.endsAt()))
				.update();
		}
	}

	private static String name(@Nullable Product product) {
		return (product != null && product.name() != null) ? product.name() : "";
	}

	private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

	List<Term> of(String customer) {
		return this.jdbc
			.sql("SELECT product, status, ends_at FROM subscription WHERE customer = ? ORDER BY product, id")
			.param(customer)
			.query((row, index) -> {
				OffsetDateTime ends = row.getObject("ends_at", OffsetDateTime.class);
				return new Term(row.getString("product"), SubscriptionStatus.valueOf(row.getString("status")),
						(ends != null) ? ends.toLocalDate() : null);
			})
			.list();
	}

	/**
	 * A subscription.
	 *
	 * @param product the name of the product
	 * @param polarStatus the status at Polar
	 * @param endsOn when the subscription ends, or {@code null} if it continues
	 */
	record Term(String product, SubscriptionStatus polarStatus, @Nullable LocalDate endsOn) {

		/**
		 * Return whether the customer can use the product. While Polar retries a failed
		 * payment, this shop does not end the access.
		 */
		boolean isUsable() {
			return switch (this.polarStatus) {
				case ACTIVE, TRIALING, PAST_DUE -> true;
				default -> false;
			};
		}

		public String status() {
			return switch (this.polarStatus) {
				case CANCELED, UNPAID, INCOMPLETE_EXPIRED -> "ended";
				case PAST_DUE -> "payment failed";
				default ->
					(this.endsOn != null) ? "ends on " + this.endsOn : this.polarStatus.name().toLowerCase(Locale.ROOT);
			};
		}

	}

}
