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

package io.github.polarspring.webhook.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.PolarEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionUsageException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Access to the table of the inbox. Methods that are called within {@link #inTransaction}
 * participate in its transaction.
 */
final class InboxStore {

	private static final String EVENTS = "polar_webhook_event";

	/**
	 * Shorter than the time for which Polar waits for a response.
	 */
	private static final Duration MAX_CONFLICTS = Duration.ofSeconds(5);

	private static final int MAX_PURGED = 1000;

	private static final int MAX_TEXT = 255;

	private static final int MAX_FAILURE = 500;

	private final JdbcTemplate template;

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	InboxStore(DataSource dataSource, TransactionOperations transactions) {
		this.template = new JdbcTemplate(dataSource);
		this.jdbc = JdbcClient.create(this.template);
		this.transactions = transactions;
	}

	/**
	 * Return the template for the transactions of the inbox. Each statement must see
	 * everything that was committed before, which determines the first event in a lane.
	 */
	static TransactionTemplate transactions(PlatformTransactionManager transactionManager) {
		TransactionTemplate transactions = new TransactionTemplate(transactionManager);
		transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		transactions.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		return transactions;
	}

	<T> @Nullable T inTransaction(Supplier<@Nullable T> action) {
		return this.transactions.execute((status) -> action.get());
	}

	/**
	 * Begin a transaction and read from the table, to verify that both work as required.
	 */
	void check() {
		try {
			inTransaction(() -> {
				if (!Boolean.TRUE.equals(this.template.execute(InboxStore::isReadCommitted))) {
					throw unusable("the transactions have another level, or do not belong to the data source");
				}
				return this.jdbc
					.sql("SELECT id, event_type, lane, lane_order, status, due_at, received_at, attempts,"
							+ " failing_since, failure, wanted_by, handled_by, out_of_order, body FROM " + EVENTS
							+ " WHERE 1 = 0")
					.query()
					.listOfRows();
			});
		}
		catch (TransactionUsageException ex) {
			throw unusable(String.valueOf(ex.getMessage()));
		}
	}

	private static PolarConfigurationException unusable(String reason) {
		return new PolarConfigurationException(
				"The inbox for Polar's webhooks requires transactions with the isolation level 'read committed': "
						+ reason,
				"Set this level on the data source, or mark another transaction manager with @PolarDataSource.");
	}

	private static boolean isReadCommitted(Connection connection) throws SQLException {
		return !connection.getAutoCommit()
				&& connection.getTransactionIsolation() == Connection.TRANSACTION_READ_COMMITTED;
	}

	/**
	 * Store an event at the end of its lane, unless it is already stored. Events that are
	 * stored concurrently cannot get the same position, and the second one is not stored
	 * before the first is committed. A reader that sees an event of a lane therefore sees
	 * all earlier ones.
	 * @param wantedBy the listeners to the event
	 * @param keep whether the event has to be handled; if not, it is stored as handled
	 * and without its body
	 * @param whenNew called in the transaction that stores the event, for each attempt
	 */
	Added add(PolarEvent<?> event, String lane, Set<String> wantedBy, boolean keep, Instant now, Runnable whenNew) {
		return retryOnConflict(() -> {
			Place place = this.jdbc
				.sql("SELECT (SELECT status FROM " + EVENTS + " WHERE id = :id) AS status,"
						+ " (SELECT MAX(lane_order) FROM " + EVENTS + " WHERE lane = :lane) AS last")
				.param("id", event.id())
				.param("lane", lane)
				.query((row, index) -> new Place(row.getString("status"), row.getLong("last")))
				.single();
			if (place.status() != null) {
				return (place.status().equals("DEAD") && requeueDead(event.id(), wantedBy, now)) ? Added.REQUEUED
						: Added.KNOWN;
			}
			this.jdbc
				.sql("INSERT INTO " + EVENTS
						+ " (id, event_type, lane, lane_order, status, due_at, received_at, attempts, wanted_by,"
						+ " out_of_order, body)"
						+ " VALUES (:id, :type, :lane, :order, :status, :now, :now, 0, :wantedBy, :outOfOrder, :body)")
				.param("id", event.id())
				.param("type", limited(event.type(), MAX_TEXT))
				.param("lane", lane)
				.param("order", place.last() + 1)
				.param("status", keep ? "NEW" : "EMPTY")
				.param("now", now.toEpochMilli())
				.param("wantedBy", joined(wantedBy), Types.VARCHAR)
				.param("outOfOrder", false)
				.param("body", keep ? event.body() : null, Types.VARBINARY)
				.update();
			whenNew.run();
			return Added.NEW;
		});
	}

	private <T> T retryOnConflict(Supplier<T> action) {
		long until = System.nanoTime() + MAX_CONFLICTS.toNanos();
		while (true) {
			try {
				T result = inTransaction(action::get);
				if (result == null) {
					throw new IllegalStateException("No result");
				}
				return result;
			}
			catch (DuplicateKeyException | ConcurrencyFailureException ex) {
				if (System.nanoTime() - until > 0) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Requeue a dead letter at the end of its lane. At its former position, it could
	 * become the first event while another one is being handled.
	 */
	boolean requeue(String id, Set<String> wantedBy, Instant now) {
		return retryOnConflict(() -> requeueDead(id, wantedBy, now));
	}

	private boolean requeueDead(String id, Set<String> wantedBy, Instant now) {
		Optional<DeadPlace> dead = this.jdbc
			.sql("SELECT lane, lane_order, received_at FROM " + EVENTS
					+ " WHERE id = :id AND status = 'DEAD' FOR UPDATE")
			.param("id", id)
			.query((row, index) -> new DeadPlace(row.getString("lane"), row.getLong("lane_order"),
					row.getLong("received_at")))
			.optional();
		if (dead.isEmpty()) {
			return false;
		}
		EndOfLane end = this.jdbc
			.sql("SELECT MAX(lane_order) AS last, MAX(CASE WHEN lane_order > :order AND received_at >= :received"
					+ " AND status <> 'DEAD' THEN 1 ELSE 0 END) AS overtaken FROM " + EVENTS + " WHERE lane = :lane")
			.param("order", dead.get().order())
			.param("received", dead.get().receivedAt())
			.param("lane", dead.get().lane())
			.query((row, index) -> new EndOfLane(row.getLong("last"), row.getInt("overtaken") > 0))
			.single();
		// always use a new position, which conflicts with that of an event that is stored
		// concurrently
		this.jdbc
			.sql("UPDATE " + EVENTS + " SET status = 'NEW', due_at = :now, attempts = 0, failing_since = NULL,"
					+ " wanted_by = :wantedBy, lane_order = :order, out_of_order = (out_of_order OR :overtaken)"
					+ " WHERE id = :id")
			.param("now", now.toEpochMilli())
			.param("wantedBy", joined(wantedBy), Types.VARCHAR)
			.param("order", end.last() + 1)
			.param("overtaken", end.overtaken())
			.param("id", id)
			.update();
		return true;
	}

	/**
	 * Return lanes whose first event can be handled. Databases execute the subquery with
	 * the index of the lane, even with outdated statistics. Times are compared only for
	 * events that have failed, because the clock of the instance that stored an event may
	 * be wrong.
	 */
	List<String> dueLanes(Instant now, int limit) {
		return this.jdbc
			.sql("SELECT e.lane FROM " + EVENTS + " e WHERE e.status = 'NEW' AND (e.attempts = 0 OR e.due_at <= :now)"
					+ " AND e.lane_order = (SELECT MIN(o.lane_order) FROM " + EVENTS
					+ " o WHERE o.lane = e.lane AND o.status = 'NEW') ORDER BY e.due_at LIMIT :limit")
			.param("now", now.toEpochMilli())
			.param("limit", limit)
			.query(InboxStore::text)
			.list();
	}

	/**
	 * Lock the first event of a lane, for this transaction. Because no earlier event can
	 * appear, it remains the first until it is handled or moved to the dead letters. It
	 * is locked by its id, so that no other row is affected.
	 * @return the event, or {@code null} if none is due, or if another worker has locked
	 * it
	 */
	@Nullable Row lockFirst(String lane, Instant now) {
		return this.jdbc.sql(
				"SELECT id, event_type, status, due_at, attempts, failing_since, failure, wanted_by, handled_by, out_of_order,"
						+ " body FROM " + EVENTS + " WHERE id = (SELECT id FROM " + EVENTS
						+ " WHERE lane = :lane AND status = 'NEW' ORDER BY lane_order LIMIT 1) FOR UPDATE SKIP LOCKED")
			.param("lane", lane)
			.query((ResultSet row) -> {
				boolean due = row.next() && row.getString("status").equals("NEW")
						&& (row.getInt("attempts") == 0 || row.getLong("due_at") <= now.toEpochMilli());
				return due ? Optional.of(Row.of(row)) : Optional.<Row>empty();
			})
			.orElse(null);
	}

	/**
	 * Store which listeners have handled an event.
	 */
	void markHandledBy(String id, Set<String> listeners) {
		this.jdbc.sql("UPDATE " + EVENTS + " SET handled_by = :listeners WHERE id = :id")
			.param("listeners", joined(listeners))
			.param("id", id)
			.update();
	}

	void done(String id, Instant now) {
		this.jdbc
			.sql("UPDATE " + EVENTS + " SET status = 'DONE', due_at = :now, failing_since = NULL, failure = NULL,"
					+ " wanted_by = NULL, handled_by = NULL WHERE id = :id")
			.param("now", now.toEpochMilli())
			.param("id", id)
			.update();
	}

	boolean contains(String id) {
		return this.jdbc.sql("SELECT 1 FROM " + EVENTS + " WHERE id = :id")
			.param("id", id)
			.query()
			.optionalValue()
			.isPresent();
	}

	/**
	 * Return whether an event about the same occurrence was stored. If a body has been
	 * deleted, its event counts as the same if it was received after the occurrence: an
	 * event that is missed does less harm than one that is handled twice.
	 */
	boolean covers(PolarEvent<?> rebuilt, String lane) {
		return this.jdbc
			.sql("SELECT id, received_at, body FROM " + EVENTS + " WHERE lane = :lane AND event_type = :type")
			.param("lane", lane)
			.param("type", limited(rebuilt.type(), MAX_TEXT))
			.query((row, index) -> {
				byte[] body = row.getBytes("body");
				return (body != null) ? isSame(PolarEvent.read(row.getString("id"), body), rebuilt)
						: rebuilt.isSameOccurrence(Instant.ofEpochMilli(row.getLong("received_at")));
			})
			.list()
			.contains(true);
	}

	private static boolean isSame(PolarEvent<?> stored, PolarEvent<?> rebuilt) {
		return stored.businessKey().equals(rebuilt.businessKey()) && rebuilt.isSameOccurrence(stored.timestamp());
	}

	boolean isDone(String id) {
		return this.jdbc.sql("SELECT status FROM " + EVENTS + " WHERE id = :id")
			.param("id", id)
			.query(InboxStore::text)
			.optional()
			.filter("DONE"::equals)
			.isPresent();
	}

	/**
	 * Store a failed attempt. The lock was already released, so another worker may have
	 * handled the event, or be handling it.
	 * @param attempts number of preceding failed attempts
	 * @param dueAt time of the next attempt, {@code null} to move the event to the dead
	 * letters
	 * @return {@code false} if another worker has handled the event
	 */
	boolean failed(String id, int attempts, String failure, Instant since, @Nullable Instant dueAt, Instant now) {
		return Boolean.TRUE.equals(inTransaction(() -> {
			boolean unchanged = this.jdbc
				.sql("SELECT status, attempts FROM " + EVENTS + " WHERE id = :id FOR UPDATE SKIP LOCKED")
				.param("id", id)
				.query((row, index) -> row.getString("status").equals("NEW") && row.getInt("attempts") == attempts)
				.optional()
				.orElse(false);
			if (unchanged) {
				this.jdbc
					.sql("UPDATE " + EVENTS + " SET attempts = attempts + 1, failure = :failure,"
							+ " failing_since = :since, status = :status, due_at = :due WHERE id = :id")
					.param("failure", limited(failure, MAX_FAILURE))
					.param("since", since.toEpochMilli())
					.param("status", (dueAt != null) ? "NEW" : "DEAD")
					.param("due", ((dueAt != null) ? dueAt : now).toEpochMilli())
					.param("id", id)
					.update();
			}
			return unchanged;
		}));
	}

	List<DeadLetter> deadLetters(int limit) {
		return this.jdbc
			.sql("SELECT id, event_type, received_at, due_at, attempts, failure FROM " + EVENTS
					+ " WHERE status = 'DEAD' ORDER BY due_at, lane_order LIMIT :limit")
			.param("limit", limit)
			.query(InboxStore::deadLetter)
			.list();
	}

	Optional<DeadLetter> deadLetter(String id) {
		return this.jdbc
			.sql("SELECT id, event_type, received_at, due_at, attempts, failure FROM " + EVENTS
					+ " WHERE id = :id AND status = 'DEAD'")
			.param("id", id)
			.query(InboxStore::deadLetter)
			.optional();
	}

	private static DeadLetter deadLetter(ResultSet row, int index) throws SQLException {
		return new DeadLetter(row.getString("id"), row.getString("event_type"),
				Instant.ofEpochMilli(row.getLong("received_at")), Instant.ofEpochMilli(row.getLong("due_at")),
				row.getInt("attempts"), row.getString("failure"));
	}

	Optional<PolarEvent<?>> deadEvent(String id) {
		return this.jdbc.sql(
				"SELECT id, event_type, attempts, failing_since, failure, wanted_by, handled_by, out_of_order, body FROM "
						+ EVENTS + " WHERE id = :id AND status = 'DEAD'")
			.param("id", id)
			.query((row, index) -> Row.of(row))
			.optional()
			.map(Row::event);
	}

	List<String> deadIds() {
		return this.jdbc.sql("SELECT id FROM " + EVENTS + " WHERE status = 'DEAD' ORDER BY due_at, lane_order")
			.query(InboxStore::text)
			.list();
	}

	JdbcWebhookInbox.Backlog backlog(Instant now) {
		return this.jdbc.sql("SELECT (SELECT COUNT(*) FROM " + EVENTS + " WHERE status = 'NEW') AS pending,"
				+ " (SELECT MIN(COALESCE(failing_since, due_at)) FROM " + EVENTS + " WHERE status = 'NEW') AS oldest,"
				+ " (SELECT COUNT(DISTINCT lane) FROM " + EVENTS + " WHERE status = 'NEW' AND attempts > 0) AS held,"
				+ " (SELECT COUNT(*) FROM " + EVENTS + " WHERE status = 'DEAD') AS dead")
			.query((row, index) -> {
				long oldest = row.getLong("oldest");
				Duration age = row.wasNull() ? Duration.ZERO
						: Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest));
				return new JdbcWebhookInbox.Backlog(row.getLong("pending"), age, row.getLong("held"),
						row.getLong("dead"));
			})
			.single();
	}

	/**
	 * Delete the bodies, and later the ids, of handled events, but never those of pending
	 * events or dead letters. The last event of a customer is retained, because the
	 * position of the next one in the lane follows from it.
	 * @param proceed returns whether to continue with another round
	 */
	void purge(Instant payloadsBefore, Instant idsBefore, BooleanSupplier proceed) {
		purge("SELECT id FROM " + EVENTS + " WHERE status = 'DONE' AND due_at < :before LIMIT " + MAX_PURGED,
				payloadsBefore,
				"UPDATE " + EVENTS + " SET status = 'EMPTY', body = NULL WHERE status = 'DONE' AND id IN (:ids)",
				proceed);
		purge("SELECT e.id FROM " + EVENTS + " e WHERE e.status = 'EMPTY' AND e.due_at < :before"
				+ " AND (e.lane = e.id OR e.lane LIKE '" + Lanes.CHECKOUT + "%' OR e.lane_order <"
				+ " (SELECT MAX(o.lane_order) FROM " + EVENTS + " o WHERE o.lane = e.lane)) LIMIT " + MAX_PURGED,
				idsBefore, "DELETE FROM " + EVENTS + " WHERE status = 'EMPTY' AND id IN (:ids)", proceed);
	}

	/**
	 * Delete the bodies of the handled events of a customer, including those of the
	 * checkouts that led to a purchase, from the time when they had no customer.
	 */
	void erase(UUID customerId) {
		inTransaction(() -> {
			Set<String> lanes = new HashSet<>(this.jdbc
				.sql("SELECT id, body FROM " + EVENTS + " WHERE lane = :lane AND body IS NOT NULL AND (event_type LIKE"
						+ " 'checkout.%' OR event_type LIKE 'order.%' OR event_type LIKE 'subscription.%')")
				.param("lane", customerId.toString())
				.query((row, index) -> Lanes.ofCheckout(PolarEvent.read(row.getString("id"), row.getBytes("body"))))
				.set());
			lanes.add(customerId.toString());
			return this.jdbc
				.sql("UPDATE " + EVENTS
						+ " SET status = 'EMPTY', body = NULL WHERE status = 'DONE' AND lane IN (:lanes)")
				.param("lanes", lanes)
				.update();
		});
	}

	/**
	 * Delete rows in small transactions, which do not block others for long.
	 */
	private void purge(String select, Instant before, String statement, BooleanSupplier proceed) {
		int purged = MAX_PURGED;
		while (purged == MAX_PURGED && proceed.getAsBoolean()) {
			List<String> ids = this.jdbc.sql(select)
				.param("before", before.toEpochMilli())
				.query(InboxStore::text)
				.list();
			purged = ids.size();
			if (!ids.isEmpty()) {
				inTransaction(() -> this.jdbc.sql(statement).param("ids", ids).update());
			}
		}
	}

	private static @Nullable String joined(Set<String> listeners) {
		return listeners.isEmpty() ? null : String.join("\n", listeners);
	}

	private static String text(ResultSet row, int index) throws SQLException {
		return row.getString(1);
	}

	private static String limited(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length);
	}

	/**
	 * Result of storing an event.
	 */
	enum Added {

		/**
		 * The event was stored.
		 */
		NEW,

		/**
		 * The event was a dead letter and was requeued.
		 */
		REQUEUED,

		/**
		 * The event is already pending, being handled, or handled.
		 */
		KNOWN

	}

	/**
	 * State of an event before it is stored.
	 */
	private record Place(@Nullable String status, long last) {

	}

	private record DeadPlace(String lane, long order, long receivedAt) {

	}

	private record EndOfLane(long last, boolean overtaken) {

	}

	/**
	 * Event to handle.
	 */
	record Row(String id, String type, int attempts, @Nullable Instant failingSince, @Nullable String failure,
			Set<String> wantedBy, Set<String> handledBy, boolean outOfOrder, byte[] body) {

		private static Row of(ResultSet row) throws SQLException {
			long since = row.getLong("failing_since");
			return new Row(row.getString("id"), row.getString("event_type"), row.getInt("attempts"),
					(since != 0) ? Instant.ofEpochMilli(since) : null, row.getString("failure"),
					split(row.getString("wanted_by")), split(row.getString("handled_by")),
					row.getBoolean("out_of_order"), row.getBytes("body"));
		}

		private static Set<String> split(@Nullable String listeners) {
			return (listeners != null) ? Set.of(listeners.split("\n")) : Set.of();
		}

		PolarEvent<?> event() {
			PolarEvent<?> event = PolarEvent.read(this.id, this.body);
			return this.outOfOrder ? event.outOfOrder() : event;
		}

		String describe() {
			return "PolarEvent[type=" + this.type + ", id=" + this.id + "]";
		}

	}

}
