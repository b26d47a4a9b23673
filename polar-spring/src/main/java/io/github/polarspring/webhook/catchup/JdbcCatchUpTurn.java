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

package io.github.polarspring.webhook.catchup;

import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * {@link CatchUpTurn} for all instances that share a database.
 */
final class JdbcCatchUpTurn implements CatchUpTurn {

	private static final String TURN = "polar_catch_up";

	private static final int ID = 1;

	/**
	 * Longer than the time between two calls of {@link #keep}.
	 */
	private static final Duration LENGTH = Duration.ofMinutes(3);

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	private final Clock clock;

	JdbcCatchUpTurn(DataSource dataSource, TransactionOperations transactions, Clock clock) {
		this.jdbc = JdbcClient.create(dataSource);
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Check that the table exists.
	 */
	void check() {
		inTransaction(() -> this.jdbc.sql("SELECT id, owner, ends_at, caught_up_to FROM " + TURN + " WHERE 1 = 0")
			.query()
			.listOfRows());
	}

	@Override
	public boolean take(UUID owner) {
		long now = this.clock.millis();
		try {
			return inTransaction(() -> update(
					"UPDATE " + TURN + " SET owner = :owner, ends_at = :until WHERE id = :id AND ends_at <= :now",
					owner, now)
					|| update("INSERT INTO " + TURN + " (id, owner, ends_at) VALUES (:id, :owner, :until)", owner,
							now));
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	@Override
	public boolean keep(UUID owner) {
		return inTransaction(() -> update("UPDATE " + TURN + " SET ends_at = :until WHERE id = :id AND owner = :owner",
				owner, this.clock.millis()));
	}

	private boolean update(String sql, UUID owner, long now) {
		return this.jdbc.sql(sql)
			.param("id", ID)
			.param("owner", owner.toString())
			.param("until", now + LENGTH.toMillis())
			.param("now", now)
			.update() == 1;
	}

	@Override
	public void giveBack(UUID owner, @Nullable Instant caughtUpTo) {
		inTransaction(() -> this.jdbc
			.sql("UPDATE " + TURN
					+ " SET ends_at = 0, caught_up_to = COALESCE(:to, caught_up_to) WHERE id = :id AND owner = :owner")
			.param("to", (caughtUpTo != null) ? caughtUpTo.toEpochMilli() : null, Types.BIGINT)
			.param("id", ID)
			.param("owner", owner.toString())
			.update());
	}

	@Override
	public @Nullable Instant caughtUpTo() {
		return this.jdbc.sql("SELECT caught_up_to FROM " + TURN + " WHERE id = :id AND caught_up_to IS NOT NULL")
			.param("id", ID)
			.query(Long.class)
			.optional()
			.map(Instant::ofEpochMilli)
			.orElse(null);
	}

	private <T> T inTransaction(Supplier<T> action) {
		T result = this.transactions.execute((status) -> action.get());
		if (result == null) {
			throw new IllegalStateException("No result");
		}
		return result;
	}

}
