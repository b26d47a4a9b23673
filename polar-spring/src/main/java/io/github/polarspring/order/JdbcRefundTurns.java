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
import java.util.UUID;

import javax.sql.DataSource;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * {@link RefundTurns} for all instances that share a database. Each change is committed
 * at once, whatever transaction the caller has.
 */
final class JdbcRefundTurns implements RefundTurns {

	private static final String TABLE = "polar_refund_turn";

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	private final Clock clock;

	JdbcRefundTurns(DataSource dataSource, TransactionOperations transactions, Clock clock) {
		this.jdbc = JdbcClient.create(dataSource);
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Check that the table exists.
	 */
	void check() {
		this.transactions
			.executeWithoutResult((status) -> this.jdbc.sql("SELECT order_id, ends_at FROM " + TABLE + " WHERE 1 = 0")
				.query()
				.listOfRows());
	}

	@Override
	public boolean take(UUID orderId) {
		long now = this.clock.millis();
		long until = now + DURATION.toMillis();
		try {
			Boolean taken = this.transactions.execute((status) -> takeOver(orderId, now, until)
					|| this.jdbc.sql("INSERT INTO " + TABLE + " (order_id, ends_at) VALUES (:order, :until)")
						.param("order", orderId.toString())
						.param("until", until)
						.update() == 1);
			return Boolean.TRUE.equals(taken);
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	/**
	 * Take a turn that has ended.
	 */
	private boolean takeOver(UUID orderId, long now, long until) {
		return this.jdbc.sql("UPDATE " + TABLE + " SET ends_at = :until WHERE order_id = :order AND ends_at <= :now")
			.param("until", until)
			.param("order", orderId.toString())
			.param("now", now)
			.update() == 1;
	}

	@Override
	public void giveBack(UUID orderId) {
		this.transactions
			.executeWithoutResult((status) -> this.jdbc.sql("DELETE FROM " + TABLE + " WHERE order_id = :order")
				.param("order", orderId.toString())
				.update());
	}

}
