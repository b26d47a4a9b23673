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
import java.util.Objects;

import io.github.polarspring.model.Order;
import io.github.polarspring.webhook.PolarEvent;
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
	 * Events can be duplicated and out of order: refunds are never reverted, and
	 * duplicates have no effect.
	 */
	@PolarEventListener({ PolarEventTypes.ORDER_PAID, PolarEventTypes.ORDER_REFUNDED })
	void changed(PolarEvent<Order> event) {
		if (event.buyer() instanceof Buyer.Known buyer) {
			Order order = event.data();
			boolean known = this.jdbc
				.sql("UPDATE purchase SET refunded = GREATEST(refunded, :refunded) WHERE order_id = :id")
				.param("refunded", order.refundedAmount())
				.param("id", order.id())
				.update() > 0;
			if (!known) {
				this.jdbc
					.sql("INSERT INTO purchase (order_id, customer, product, amount, refunded)"
							+ " VALUES (:id, :customer, :product, :amount, :refunded)")
					.param("id", order.id())
					.param("customer", buyer.externalId())
					.param("product", Objects.requireNonNullElse(order.description(), ""))
					.param("amount", order.totalAmount())
					.param("refunded", order.refundedAmount())
					.update();
			}
		}
	}

	List<Purchase> of(String customer) {
		return this.jdbc
			.sql("SELECT product, amount, refunded FROM purchase WHERE customer = ? ORDER BY product, order_id")
			.param(customer)
			.query((row, index) -> new Purchase(row.getString("product"), row.getLong("amount"),
					row.getLong("refunded")))
			.list();
	}

	/**
	 * A purchase.
	 *
	 * @param product the name of the product
	 * @param amount the price in cents
	 * @param refunded the refunded amount in cents
	 */
	record Purchase(String product, long amount, long refunded) {

		public String price() {
			return ShopProperties.format(this.amount);
		}

		public String status() {
			if (this.refunded == 0) {
				return "paid";
			}
			return isRefunded() ? "refunded" : "partially refunded";
		}

		boolean isRefunded() {
			return this.refunded > 0 && this.refunded >= this.amount;
		}

	}

}
