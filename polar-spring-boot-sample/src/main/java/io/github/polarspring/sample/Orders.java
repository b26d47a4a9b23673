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

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.webhook.PolarCurrent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stores the orders of customers from Polar's events.
 */
@Component
class Orders {

	private final JdbcClient jdbc;

	Orders(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Events can be duplicated, out of order and outdated, so the order is stored as it
	 * is at Polar now.
	 */
	@PolarEventListener({ PolarEventTypes.ORDER_PAID, PolarEventTypes.ORDER_UPDATED, PolarEventTypes.ORDER_REFUNDED })
	void changed(@PolarCurrent Order order, Buyer buyer) {
		if (order.paid() && buyer instanceof Buyer.Known known) {
			this.jdbc
				.sql("MERGE INTO purchase (order_id, customer, product, amount, status, recurring, seats)"
						+ " VALUES (:id, :customer, :product, :amount, :status, :recurring, :seats)")
				.param("id", order.id())
				.param("customer", known.externalId())
				.param("product", Objects.requireNonNullElse(order.description(), ""))
				.param("amount", order.totalAmount())
				.param("status", order.status().name())
				.param("recurring", order.subscriptionId() != null)
				.param("seats", order.seats() != null)
				.update();
		}
	}

	List<Purchase> of(String customer) {
		return this.jdbc.sql(
				"SELECT order_id, product, amount, status, recurring, seats FROM purchase WHERE customer = ? ORDER BY product, order_id")
			.param(customer)
			.query((row, index) -> new Purchase(row.getObject("order_id", UUID.class), row.getString("product"),
					row.getLong("amount"), OrderStatus.valueOf(row.getString("status")), row.getBoolean("recurring"),
					row.getBoolean("seats")))
			.list();
	}

	/**
	 * A purchase.
	 *
	 * @param id the id of the order at Polar
	 * @param product the name of the product
	 * @param amount the price in cents, with tax
	 * @param orderStatus the status of the order. Amounts do not tell whether it was
	 * refunded, because refunds are stated without tax
	 * @param recurring whether it belongs to a subscription, which decides about the
	 * access
	 * @param seats whether it is for several people
	 */
	record Purchase(UUID id, String product, long amount, OrderStatus orderStatus, boolean recurring, boolean seats) {

		public String price() {
			return ShopProperties.format(this.amount);
		}

		public String status() {
			return this.orderStatus.name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

		boolean isRefunded() {
			return this.orderStatus == OrderStatus.REFUNDED;
		}

	}

}
