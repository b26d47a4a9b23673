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

package io.github.polarspring.usage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.client.PolarJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * {@link UsageStore} in a database, for all instances that share it. An event is added in
 * the transaction of the caller, if there is one.
 */
final class JdbcUsageStore implements UsageStore {

	private static final String EVENTS = "polar_usage_event";

	private static final String TURN = "polar_usage_turn";

	private static final int MAX_FAILURE = 500;

	private static final TypeReference<Map<String, Object>> BODY = new TypeReference<>() {
	};

	private final JdbcTemplate template;

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	private final Clock clock;

	private volatile @Nullable String insert;

	JdbcUsageStore(DataSource dataSource, PlatformTransactionManager transactionManager, Clock clock) {
		this.template = new JdbcTemplate(dataSource);
		this.jdbc = JdbcClient.create(this.template);
		this.transactions = new TransactionTemplate(transactionManager);
		this.clock = clock;
	}

	@Override
	public void check() {
		inTransaction(() -> this.jdbc
			.sql("SELECT e.id, e.event_name, e.status, e.changed_at, e.occurred_at, e.body, e.failure, t.id, t.ends_at"
					+ " FROM " + EVENTS + " e, " + TURN + " t WHERE 1 = 0")
			.query()
			.listOfRows());
	}

	@Override
	public void add(PendingEvent event, Instant now) {
		byte[] body = PolarJson.MAPPER.writeValueAsBytes(event.body());
		inTransaction(() -> {
			try {
				return this.jdbc.sql(insert())
					.param("id", event.id())
					.param("name", event.name())
					.param("now", now.toEpochMilli())
					.param("occurred", event.timestamp().toEpochMilli())
					.param("body", body)
					.update();
			}
			catch (DuplicateKeyException ex) {
				// only with H2, where it does not affect the transaction
				return 0;
			}
		});
	}

	/**
	 * Return the statement that ignores a duplicate. With PostgreSQL, a failed statement
	 * would abort the transaction of the caller.
	 */
	private String insert() {
		String insert = this.insert;
		if (insert == null) {
			insert = "INSERT INTO " + EVENTS + " (id, event_name, status, changed_at, occurred_at, body)"
					+ " VALUES (:id, :name, 'NEW', :now, :occurred, :body)"
					+ switch (String.valueOf(this.template.execute(JdbcUsageStore::product))) {
						case "PostgreSQL" -> " ON CONFLICT (id) DO NOTHING";
						case "MariaDB", "MySQL" -> " ON DUPLICATE KEY UPDATE id = id";
						default -> "";
					};
			this.insert = insert;
		}
		return insert;
	}

	private static String product(Connection connection) throws SQLException {
		return connection.getMetaData().getDatabaseProductName();
	}

	@Override
	public boolean isEmpty() {
		return this.jdbc.sql("SELECT 1 FROM " + EVENTS + " WHERE status = 'NEW' LIMIT 1")
			.query()
			.listOfRows()
			.isEmpty();
	}

	@Override
	public List<PendingEvent> next(int limit) {
		return this.jdbc
			.sql("SELECT id, event_name, occurred_at, body FROM " + EVENTS
					+ " WHERE status = 'NEW' ORDER BY changed_at LIMIT :limit")
			.param("limit", limit)
			.query(JdbcUsageStore::event)
			.list();
	}

	private static PendingEvent event(ResultSet row, int index) throws SQLException {
		byte[] body = row.getBytes("body");
		return new PendingEvent(row.getString("id"), row.getString("event_name"),
				Instant.ofEpochMilli(row.getLong("occurred_at")), PolarJson.MAPPER.readValue(body, BODY),
				body.length + PendingEvent.ID_AND_TIME);
	}

	@Override
	public void sent(Collection<PendingEvent> events) {
		inTransaction(() -> this.jdbc.sql("DELETE FROM " + EVENTS + " WHERE id IN (:ids)")
			.param("ids", events.stream().map(PendingEvent::id).sorted().toList())
			.update());
	}

	@Override
	public void reject(PendingEvent event, String failure, Instant now) {
		inTransaction(() -> this.jdbc
			.sql("UPDATE " + EVENTS
					+ " SET status = 'DEAD', changed_at = :now, failure = :failure WHERE id = :id AND status = 'NEW'")
			.param("now", now.toEpochMilli())
			.param("failure", (failure.length() > MAX_FAILURE) ? failure.substring(0, MAX_FAILURE) : failure)
			.param("id", event.id())
			.update());
	}

	@Override
	public boolean take(long now, long end) {
		try {
			return inTransaction(() -> moveTurn("ends_at <= :limit", now, end) || (isTurnMissing() && insertTurn(end)));
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	@Override
	public boolean move(long end, long newEnd) {
		return inTransaction(() -> moveTurn("ends_at = :limit", end, newEnd));
	}

	private boolean moveTurn(String condition, long limit, long end) {
		return this.jdbc.sql("UPDATE " + TURN + " SET ends_at = :end WHERE id = 1 AND " + condition)
			.param("end", end)
			.param("limit", limit)
			.update() == 1;
	}

	private boolean isTurnMissing() {
		return this.jdbc.sql("SELECT id FROM " + TURN + " WHERE id = 1").query().listOfRows().isEmpty();
	}

	private boolean insertTurn(long end) {
		return this.jdbc.sql("INSERT INTO " + TURN + " (id, ends_at) VALUES (1, :end)").param("end", end).update() == 1;
	}

	@Override
	public PolarUsageTemplate.Backlog backlog(Instant now) {
		return this.jdbc
			.sql("SELECT (SELECT COUNT(*) FROM " + EVENTS + " WHERE status = 'NEW') AS pending,"
					+ " (SELECT MIN(changed_at) FROM " + EVENTS + " WHERE status = 'NEW') AS oldest,"
					+ " (SELECT COUNT(*) FROM " + EVENTS + " WHERE status = 'DEAD') AS dead")
			.query((row, index) -> {
				long oldest = row.getLong("oldest");
				Duration age = row.wasNull() ? Duration.ZERO
						: Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest));
				return new PolarUsageTemplate.Backlog(row.getLong("pending"), age, row.getLong("dead"));
			})
			.single();
	}

	@Override
	public List<DeadLetter> list(int limit) {
		return this.jdbc
			.sql("SELECT id, event_name, occurred_at, changed_at, failure FROM " + EVENTS
					+ " WHERE status = 'DEAD' ORDER BY changed_at LIMIT :limit")
			.param("limit", limit)
			.query(JdbcUsageStore::deadLetter)
			.list();
	}

	private static DeadLetter deadLetter(ResultSet row, int index) throws SQLException {
		return new DeadLetter(row.getString("id"), row.getString("event_name"),
				Instant.ofEpochMilli(row.getLong("occurred_at")), Instant.ofEpochMilli(row.getLong("changed_at")),
				row.getString("failure"));
	}

	@Override
	public boolean requeue(String id) {
		return inTransaction(() -> this.jdbc.sql(requeueing() + " AND id = :id")
			.param("now", this.clock.millis())
			.param("id", id)
			.update()) == 1;
	}

	@Override
	public int requeueAll() {
		return inTransaction(() -> this.jdbc.sql(requeueing()).param("now", this.clock.millis()).update());
	}

	private static String requeueing() {
		return "UPDATE " + EVENTS + " SET status = 'NEW', changed_at = :now, failure = NULL WHERE status = 'DEAD'";
	}

	@Override
	public boolean discard(String id) {
		return inTransaction(() -> this.jdbc.sql("DELETE FROM " + EVENTS + " WHERE status = 'DEAD' AND id = :id")
			.param("id", id)
			.update()) == 1;
	}

	@Override
	public boolean isVolatile() {
		return false;
	}

	private <T> T inTransaction(Supplier<T> action) {
		T result = this.transactions.execute((status) -> action.get());
		if (result == null) {
			throw new IllegalStateException("No result");
		}
		return result;
	}

}
