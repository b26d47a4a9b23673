package io.github.polarspring.webhook.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.PolarEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table. What is called within {@link #inTransaction} joins its transaction.
 */
final class InboxStore {

	private static final String EVENTS = "polar_webhook_event";

	private static final int MAX_CONFLICTS = 20;

	private static final int MAX_PURGED = 1000;

	private static final int MAX_TEXT = 255;

	private static final int MAX_FAILURE = 500;

	private final JdbcClient jdbc;

	private final TransactionTemplate transactions;

	InboxStore(DataSource dataSource, PlatformTransactionManager transactionManager) {
		this.jdbc = JdbcClient.create(dataSource);
		this.transactions = new TransactionTemplate(transactionManager);
		this.transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		// every statement sees what is committed by then: who is first in a lane depends
		// on it
		this.transactions.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
	}

	<T> @Nullable T inTransaction(Supplier<@Nullable T> action) {
		return this.transactions.execute((status) -> action.get());
	}

	/**
	 * Read from the table, to know that it is there.
	 */
	void check() {
		this.jdbc
			.sql("SELECT id, event_type, lane, lane_order, status, due_at, received_at, attempts, failing_since,"
					+ " failure, handled_by, out_of_order, body FROM " + EVENTS + " WHERE 1 = 0")
			.query()
			.listOfRows();
	}

	/**
	 * Store an event at the end of its lane, unless it is there already. Two that are
	 * stored at the same time cannot get the same place, and the second one is not stored
	 * before the first is committed: whoever sees an event of a lane sees all earlier
	 * ones.
	 * @param wanted whether there is a listener; if not, it is done and needs no body
	 */
	Added add(PolarEvent<?> event, String lane, boolean wanted, Instant now) {
		return repeatOnConflict(() -> {
			Place place = this.jdbc
				.sql("SELECT (SELECT status FROM " + EVENTS + " WHERE id = :id) AS status,"
						+ " (SELECT MAX(lane_order) FROM " + EVENTS + " WHERE lane = :lane) AS last")
				.param("id", event.id())
				.param("lane", lane)
				.query((row, index) -> new Place(row.getString("status"), row.getLong("last")))
				.single();
			if (place.status() != null) {
				return (place.status().equals("DEAD") && requeueDead(event.id(), now)) ? Added.REQUEUED : Added.KNOWN;
			}
			this.jdbc.sql("INSERT INTO " + EVENTS
					+ " (id, event_type, lane, lane_order, status, due_at, received_at, attempts, out_of_order, body)"
					+ " VALUES (:id, :type, :lane, :order, :status, :now, :now, 0, :outOfOrder, :body)")
				.param("id", event.id())
				.param("type", limited(event.type(), MAX_TEXT))
				.param("lane", lane)
				.param("order", place.last() + 1)
				.param("status", wanted ? "NEW" : "EMPTY")
				.param("now", now.toEpochMilli())
				.param("outOfOrder", false)
				.param("body", wanted ? event.body() : null, Types.VARBINARY)
				.update();
			return Added.NEW;
		});
	}

	private <T> T repeatOnConflict(Supplier<T> action) {
		for (int i = 1;; i++) {
			try {
				T result = inTransaction(action::get);
				if (result == null) {
					throw new IllegalStateException("No result");
				}
				return result;
			}
			catch (DuplicateKeyException | TransientDataAccessException ex) {
				if (i == MAX_CONFLICTS) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Put a dead letter back, at the end of its lane: where it was, it could become the
	 * first while another one is being handled.
	 */
	boolean requeue(String id, Instant now) {
		return repeatOnConflict(() -> requeueDead(id, now));
	}

	private boolean requeueDead(String id, Instant now) {
		Optional<DeadPlace> place = this.jdbc
			.sql("SELECT lane, lane_order FROM " + EVENTS + " WHERE id = :id AND status = 'DEAD' FOR UPDATE")
			.param("id", id)
			.query((row, index) -> new DeadPlace(row.getString("lane"), row.getLong("lane_order")))
			.optional();
		if (place.isEmpty()) {
			return false;
		}
		long last = this.jdbc.sql("SELECT MAX(lane_order) FROM " + EVENTS + " WHERE lane = :lane")
			.param("lane", place.get().lane())
			.query(Long.class)
			.single();
		boolean overtaken = last > place.get().order();
		this.jdbc
			.sql("UPDATE " + EVENTS + " SET status = 'NEW', due_at = :now, attempts = 0, failing_since = NULL,"
					+ " lane_order = :order, out_of_order = (out_of_order OR :overtaken) WHERE id = :id")
			.param("now", now.toEpochMilli())
			.param("order", overtaken ? last + 1 : place.get().order())
			.param("overtaken", overtaken)
			.param("id", id)
			.update();
		return true;
	}

	/**
	 * Return lanes whose first event can be handled. The subquery is one that databases
	 * answer from the index of the lane, even with outdated statistics.
	 */
	List<String> dueLanes(Instant now, int limit) {
		return this.jdbc
			.sql("SELECT e.lane FROM " + EVENTS + " e WHERE e.status = 'NEW' AND e.due_at <= :now AND e.lane_order ="
					+ " (SELECT MIN(o.lane_order) FROM " + EVENTS + " o WHERE o.lane = e.lane AND o.status = 'NEW')"
					+ " ORDER BY e.due_at LIMIT :limit")
			.param("now", now.toEpochMilli())
			.param("limit", limit)
			.query(String.class)
			.list();
	}

	/**
	 * Lock the first event of a lane, for this transaction. As none that is earlier can
	 * appear, it stays the first until it is done or given up. It is locked by its id
	 * alone, so that no other row is touched.
	 * @return the event, or {@code null} if there is none that is due, or somebody else
	 * has it
	 */
	@Nullable Row lockFirst(String lane, Instant now) {
		return this.jdbc
			.sql("SELECT id, status, due_at, attempts, failing_since, handled_by, out_of_order, body FROM " + EVENTS
					+ " WHERE id = (SELECT id FROM " + EVENTS
					+ " WHERE lane = :lane AND status = 'NEW' ORDER BY lane_order LIMIT 1) FOR UPDATE SKIP LOCKED")
			.param("lane", lane)
			.query((ResultSet row) -> {
				boolean due = row.next() && row.getString("status").equals("NEW")
						&& row.getLong("due_at") <= now.toEpochMilli();
				return due ? Optional.of(Row.of(row)) : Optional.<Row>empty();
			})
			.orElse(null);
	}

	/**
	 * Note which listeners have handled an event.
	 */
	void handledBy(String id, Set<String> listeners) {
		this.jdbc.sql("UPDATE " + EVENTS + " SET handled_by = :listeners WHERE id = :id")
			.param("listeners", String.join("\n", listeners))
			.param("id", id)
			.update();
	}

	void done(String id, Instant now) {
		this.jdbc
			.sql("UPDATE " + EVENTS + " SET status = 'DONE', due_at = :now, failing_since = NULL, failure = NULL,"
					+ " handled_by = NULL WHERE id = :id")
			.param("now", now.toEpochMilli())
			.param("id", id)
			.update();
	}

	/**
	 * Count a failed attempt. Its lock is gone by now, so somebody else may have been
	 * faster.
	 * @param attempts how many had failed before
	 * @param dueAt when to try again, {@code null} to give it up
	 * @return {@code false} if the event has been done meanwhile, or its failure counted
	 */
	boolean failed(String id, int attempts, String failure, Instant since, @Nullable Instant dueAt, Instant now) {
		Integer rows = inTransaction(() -> this.jdbc
			.sql("UPDATE " + EVENTS + " SET attempts = attempts + 1, failure = :failure, failing_since = :since,"
					+ " status = :status, due_at = :due WHERE id = :id AND status = 'NEW' AND attempts = :attempts")
			.param("attempts", attempts)
			.param("failure", limited(failure, MAX_FAILURE))
			.param("since", since.toEpochMilli())
			.param("status", (dueAt != null) ? "NEW" : "DEAD")
			.param("due", ((dueAt != null) ? dueAt : now).toEpochMilli())
			.param("id", id)
			.update());
		return rows != null && rows == 1;
	}

	List<DeadLetter> deadLetters(int limit) {
		return this.jdbc
			.sql("SELECT id, received_at, due_at, attempts, failure, out_of_order, body FROM " + EVENTS
					+ " WHERE status = 'DEAD' ORDER BY due_at, lane_order LIMIT :limit")
			.param("limit", limit)
			.query(InboxStore::deadLetter)
			.list();
	}

	List<String> deadIds() {
		return this.jdbc.sql("SELECT id FROM " + EVENTS + " WHERE status = 'DEAD' ORDER BY due_at, lane_order")
			.query(String.class)
			.list();
	}

	Optional<DeadLetter> deadLetter(String id) {
		return this.jdbc
			.sql("SELECT id, received_at, due_at, attempts, failure, out_of_order, body FROM " + EVENTS
					+ " WHERE id = :id AND status = 'DEAD'")
			.param("id", id)
			.query(InboxStore::deadLetter)
			.optional();
	}

	private static DeadLetter deadLetter(ResultSet row, int index) throws SQLException {
		return new DeadLetter(event(row), Instant.ofEpochMilli(row.getLong("received_at")),
				Instant.ofEpochMilli(row.getLong("due_at")), row.getInt("attempts"), row.getString("failure"));
	}

	private static PolarEvent<?> event(ResultSet row) throws SQLException {
		PolarEvent<?> event = PolarEvent.read(row.getString("id"), row.getBytes("body"));
		return row.getBoolean("out_of_order") ? event.outOfOrder() : event;
	}

	InboxBacklog backlog(Instant now) {
		long now0 = now.toEpochMilli();
		return this.jdbc.sql("SELECT (SELECT COUNT(*) FROM " + EVENTS + " WHERE status = 'NEW') AS pending,"
				+ " (SELECT MIN(COALESCE(failing_since, due_at)) FROM " + EVENTS + " WHERE status = 'NEW') AS oldest,"
				+ " (SELECT COUNT(DISTINCT lane) FROM " + EVENTS + " WHERE status = 'NEW' AND attempts > 0) AS held,"
				+ " (SELECT COUNT(*) FROM " + EVENTS + " WHERE status = 'DEAD') AS dead")
			.query((row, index) -> {
				long oldest = row.getLong("oldest");
				Duration age = row.wasNull() ? Duration.ZERO : Duration.ofMillis(Math.max(0, now0 - oldest));
				return new InboxBacklog(row.getLong("pending"), age, row.getLong("held"), row.getLong("dead"));
			})
			.single();
	}

	/**
	 * Delete the bodies, and later the ids, of events that are done. Never those that
	 * wait or were given up.
	 */
	void purge(Instant payloadsBefore, Instant idsBefore) {
		purge("UPDATE " + EVENTS + " SET status = 'EMPTY', body = NULL WHERE status = 'DONE' AND id IN (:ids)", "DONE",
				payloadsBefore);
		purge("DELETE FROM " + EVENTS + " WHERE status = 'EMPTY' AND id IN (:ids)", "EMPTY", idsBefore);
	}

	/**
	 * In small transactions, which hold up nobody.
	 */
	private void purge(String statement, String status, Instant before) {
		List<String> ids;
		do {
			ids = this.jdbc
				.sql("SELECT id FROM " + EVENTS + " WHERE status = :status AND due_at < :before LIMIT " + MAX_PURGED)
				.param("status", status)
				.param("before", before.toEpochMilli())
				.query(String.class)
				.list();
			List<String> found = ids;
			if (!found.isEmpty()) {
				inTransaction(() -> this.jdbc.sql(statement).param("ids", found).update());
			}
		}
		while (ids.size() == MAX_PURGED);
	}

	private static String limited(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length);
	}

	/**
	 * What became of an event that came in.
	 */
	enum Added {

		/**
		 * It is new.
		 */
		NEW,

		/**
		 * It had been given up, and is tried again.
		 */
		REQUEUED,

		/**
		 * It waits, is being handled, or is done.
		 */
		KNOWN

	}

	/**
	 * What is known of an event that comes in.
	 */
	private record Place(@Nullable String status, long last) {

	}

	private record DeadPlace(String lane, long order) {

	}

	/**
	 * An event to handle.
	 */
	record Row(String id, PolarEvent<?> event, int attempts, @Nullable Instant failingSince, Set<String> handledBy) {

		private static Row of(ResultSet row) throws SQLException {
			long since = row.getLong("failing_since");
			String handledBy = row.getString("handled_by");
			return new Row(row.getString("id"), InboxStore.event(row), row.getInt("attempts"),
					(since != 0) ? Instant.ofEpochMilli(since) : null,
					(handledBy != null) ? Set.of(handledBy.split("\n")) : Set.of());
		}

	}

}
