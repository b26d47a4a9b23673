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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * {@link RefundLedger} for all instances that share a database. Each change is committed
 * at once, whatever transaction the caller has.
 */
final class JdbcRefundLedger implements RefundLedger {

	private static final String TURNS = "polar_refund_turn";

	private static final String ATTEMPTS = "polar_refund_attempt";

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	private final Clock clock;

	JdbcRefundLedger(DataSource dataSource, TransactionOperations transactions, Clock clock) {
		this.jdbc = JdbcClient.create(dataSource);
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Check that the tables exist.
	 */
	void check() {
		inTransaction(() -> this.jdbc.sql(
				"SELECT t.order_id, t.owner, t.ends_at, a.order_id, a.refund_key, a.amount, a.created_after, a.refund_id FROM "
						+ TURNS + " t, " + ATTEMPTS + " a WHERE 1 = 0")
			.query()
			.listOfRows());
	}

	@Override
	public boolean take(UUID orderId, UUID owner) {
		long now = this.clock.millis();
		try {
			return inTransaction(() -> takeOver(orderId, owner, now) || insert(orderId, owner, now));
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	/**
	 * Take a turn that has ended.
	 */
	private boolean takeOver(UUID orderId, UUID owner, long now) {
		return update(
				"UPDATE " + TURNS + " SET owner = :owner, ends_at = :until WHERE order_id = :order AND ends_at <= :now",
				orderId, owner, now);
	}

	private boolean insert(UUID orderId, UUID owner, long now) {
		return update("INSERT INTO " + TURNS + " (order_id, owner, ends_at) VALUES (:order, :owner, :until)", orderId,
				owner, now);
	}

	@Override
	public boolean extend(UUID orderId, UUID owner) {
		return inTransaction(
				() -> update("UPDATE " + TURNS + " SET ends_at = :until WHERE order_id = :order AND owner = :owner",
						orderId, owner, this.clock.millis()));
	}

	private boolean update(String sql, UUID orderId, UUID owner, long now) {
		return this.jdbc.sql(sql)
			.param("order", orderId.toString())
			.param("owner", owner.toString())
			.param("until", now + TURN.toMillis())
			.param("now", now)
			.update() == 1;
	}

	@Override
	public void giveBack(UUID orderId, UUID owner) {
		inTransaction(() -> this.jdbc.sql("DELETE FROM " + TURNS + " WHERE order_id = :order AND owner = :owner")
			.param("order", orderId.toString())
			.param("owner", owner.toString())
			.update());
	}

	@Override
	public @Nullable Attempt find(UUID orderId, String key) {
		return this.jdbc
			.sql("SELECT amount, created_after, refund_id FROM " + ATTEMPTS
					+ " WHERE order_id = :order AND refund_key = :key")
			.param("order", orderId.toString())
			.param("key", key)
			.query(JdbcRefundLedger::attempt)
			.optional()
			.orElse(null);
	}

	private static Attempt attempt(ResultSet row, int index) throws SQLException {
		String refundId = row.getString("refund_id");
		return new Attempt(row.getLong("amount"), Instant.EPOCH.plus(row.getLong("created_after"), ChronoUnit.MICROS),
				(refundId != null) ? UUID.fromString(refundId) : null);
	}

	/**
	 * Record an attempt. The caller has the turn, so that no other one records the same.
	 */
	@Override
	public void record(UUID orderId, String key, Attempt attempt) {
		inTransaction(() -> record(
				"UPDATE " + ATTEMPTS + " SET amount = :amount, created_after = :after, refund_id = :refund"
						+ " WHERE order_id = :order AND refund_key = :key",
				orderId, key, attempt)
				|| record("INSERT INTO " + ATTEMPTS + " (order_id, refund_key, amount, created_after, refund_id)"
						+ " VALUES (:order, :key, :amount, :after, :refund)", orderId, key, attempt));
	}

	private boolean record(String sql, UUID orderId, String key, Attempt attempt) {
		UUID refundId = attempt.refundId();
		return this.jdbc.sql(sql)
			.param("order", orderId.toString())
			.param("key", key)
			.param("amount", attempt.amount())
			.param("after", ChronoUnit.MICROS.between(Instant.EPOCH, attempt.createdAfter()))
			.param("refund", (refundId != null) ? refundId.toString() : null, Types.VARCHAR)
			.update() == 1;
	}

	@Override
	public Set<UUID> refundIds(UUID orderId) {
		return this.jdbc.sql("SELECT refund_id FROM " + ATTEMPTS + " WHERE order_id = :order AND refund_id IS NOT NULL")
			.param("order", orderId.toString())
			.query((row, index) -> UUID.fromString(row.getString("refund_id")))
			.set();
	}

	private <T> T inTransaction(Supplier<T> action) {
		T result = this.transactions.execute((status) -> action.get());
		if (result == null) {
			throw new IllegalStateException("No result");
		}
		return result;
	}

}
