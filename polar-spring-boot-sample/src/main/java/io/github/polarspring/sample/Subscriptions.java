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
import java.util.Objects;
import java.util.stream.Stream;

import io.github.polarspring.model.Product;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.webhook.PolarEvent;
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
	 * Each event contains the complete subscription, so the newest event wins, regardless
	 * of the order of delivery.
	 */
	@PolarEventListener
	void changed(PolarEvent<Subscription> event) {
		if (event.buyer() instanceof Buyer.Known buyer) {
			Subscription subscription = event.data();
			this.jdbc.sql("""
					MERGE INTO subscription s USING (VALUES (CAST(:id AS UUID), :modified)) n (id, modified_at)
					ON s.id = n.id
					WHEN MATCHED AND s.modified_at <= n.modified_at AND NOT s.ended
					THEN UPDATE SET ends_at = :ends, ended = :ended, modified_at = n.modified_at
					WHEN NOT MATCHED
					THEN INSERT (id, customer, product, ends_at, ended, modified_at)
					VALUES (n.id, :customer, :product, :ends, :ended, n.modified_at)""")
				.param("id", subscription.id())
				.param("customer", buyer.externalId())
				.param("product", name(subscription.product()))
				.param("ends", utc(subscription.endsAt()))
				.param("ended", isOver(subscription))
				.param("modified", utc(modified(event)))
				.update();
		}
	}

	/**
	 * Unreadable timestamps are {@code null}.
	 */
	private static Instant modified(PolarEvent<Subscription> event) {
		Subscription subscription = event.data();
		return Stream.of(subscription.modifiedAt(), subscription.createdAt(), event.timestamp())
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	private static String name(@Nullable Product product) {
		return (product != null && product.name() != null) ? product.name() : "";
	}

	/**
	 * Determined from the subscription, not from the type of the event, so that the
	 * result does not depend on the order of delivery.
	 */
	private static boolean isOver(Subscription subscription) {
		return subscription.endedAt() != null || switch (subscription.status()) {
			case CANCELED, UNPAID, INCOMPLETE_EXPIRED -> true;
			default -> false;
		};
	}

	private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

	List<Term> of(String customer) {
		return this.jdbc.sql("SELECT product, ends_at, ended FROM subscription WHERE customer = ? ORDER BY product, id")
			.param(customer)
			.query((row, index) -> {
				OffsetDateTime ends = row.getObject("ends_at", OffsetDateTime.class);
				return new Term(row.getString("product"), (ends != null) ? ends.toLocalDate() : null,
						row.getBoolean("ended"));
			})
			.list();
	}

	/**
	 * A subscription.
	 *
	 * @param product the name of the product
	 * @param endsOn when the subscription ends, or {@code null} if it continues
	 * @param ended whether the subscription has ended
	 */
	record Term(String product, @Nullable LocalDate endsOn, boolean ended) {

		public String status() {
			if (this.ended) {
				return "ended";
			}
			return (this.endsOn != null) ? "ends on " + this.endsOn : "active";
		}

	}

}
