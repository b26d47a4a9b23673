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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

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
			execute("MERGE INTO subscription (id, customer, product, status, ends_at, pauses, modified_at)"
					+ " VALUES (:id, :customer, :product, :status, :ends, :pauses, :modified)", subscription,
					known.externalId());
		}
	}

	/**
	 * Store the result of a change, so that the page shows it before the event arrives.
	 * If the response was slow, a later event can have arrived before it.
	 */
	void changed(Subscription subscription) {
		execute("UPDATE subscription SET product = :product, status = :status, ends_at = :ends, pauses = :pauses,"
				+ " modified_at = :modified WHERE id = :id AND modified_at <= :modified", subscription, null);
	}

	private void execute(String sql, Subscription subscription, @Nullable String customer) {
		this.jdbc.sql(sql)
			.param("id", subscription.id())
			.param("customer", customer)
			.param("product", name(subscription.product()))
			.param("status", subscription.status().name())
			.param("ends", utc(subscription.endsAt()))
			.param("pauses", subscription.pauseAtPeriodEnd())
			.param("modified", utc(modifiedAt(subscription)))
			.update();
	}

	private static @Nullable Instant modifiedAt(Subscription subscription) {
		return (subscription.modifiedAt() != null) ? subscription.modifiedAt() : subscription.createdAt();
	}

	private static String name(@Nullable Product product) {
		return (product != null && product.name() != null) ? product.name() : "";
	}

	private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

	List<Term> of(String customer) {
		return this.jdbc.sql(
				"SELECT id, product, status, ends_at, pauses FROM subscription WHERE customer = ? ORDER BY product, id")
			.param(customer)
			.query((row, index) -> {
				OffsetDateTime ends = row.getObject("ends_at", OffsetDateTime.class);
				return new Term(row.getObject("id", UUID.class), row.getString("product"),
						SubscriptionStatus.valueOf(row.getString("status")), (ends != null) ? ends.toLocalDate() : null,
						row.getBoolean("pauses"));
			})
			.list();
	}

	/**
	 * A subscription.
	 *
	 * @param id the id of the subscription at Polar
	 * @param product the name of the product
	 * @param polarStatus the status at Polar
	 * @param endsOn when the subscription ends, or {@code null} if it continues
	 * @param pauses whether the subscription is paused after the current period
	 */
	record Term(UUID id, String product, SubscriptionStatus polarStatus, @Nullable LocalDate endsOn, boolean pauses) {

		private static final String YEARLY = "yearly";

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

		/**
		 * Return the changes that the customer can make now.
		 */
		public List<Change> changes() {
			if (this.polarStatus == SubscriptionStatus.PAUSED) {
				return List.of(Change.RESUME);
			}
			if (!isUsable()) {
				return List.of();
			}
			if (this.endsOn != null) {
				return List.of(Change.KEEP);
			}
			List<Change> changes = new ArrayList<>(
					List.of(this.pauses ? Change.CONTINUE : Change.PAUSE, Change.CANCEL));
			if (!this.product.endsWith(YEARLY)) {
				changes.add(0, Change.YEARLY);
			}
			return changes;
		}

		public String status() {
			return switch (this.polarStatus) {
				case CANCELED, UNPAID, INCOMPLETE_EXPIRED -> "ended";
				case PAST_DUE -> "payment failed";
				default -> (this.endsOn != null) ? "ends on " + this.endsOn
						: this.pauses ? "pauses soon" : this.polarStatus.name().toLowerCase(Locale.ROOT);
			};
		}

	}

	/**
	 * A change that the customer makes with a button.
	 */
	enum Change {

		YEARLY("Pay yearly"),

		CANCEL("Cancel"),

		KEEP("Keep"),

		PAUSE("Pause"),

		CONTINUE("Do not pause"),

		RESUME("Resume");

		private final String label;

		Change(String label) {
			this.label = label;
		}

		public String label() {
			return this.label;
		}

		/**
		 * Return the last part of the path.
		 */
		public String path() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
