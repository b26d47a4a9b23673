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

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

import org.springframework.dao.ConcurrencyFailureException;
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

	private static final String UNITS = "polar_usage_unit";

	private static final String BALANCES = "polar_usage_balance";

	/**
	 * Units that were recorded without being reserved, and that are not part of the count
	 * in the row b.
	 */
	private static final String RECORDED = "(SELECT COALESCE(SUM(u.units), 0) FROM " + UNITS
			+ " u WHERE u.customer_id = b.customer_id AND u.meter = b.meter AND u.reserved = FALSE"
			+ " AND (u.sent_at IS NULL OR u.sent_at > b.counted_at - " + MeterCount.UNCERTAIN.toMillis() + "))";

	private static final String OF_CUSTOMER = " WHERE customer_id = :customer";

	private static final int MAX_ATTEMPTS = 5;

	private static final int MAX_IDS = 100;

	private static final int MAX_DELETED = 500;

	private static final int MAX_DELETIONS = 100;

	private static final int MAX_FAILURE = 500;

	private static final TypeReference<Map<String, Object>> BODY = new TypeReference<>() {
	};

	private final JdbcTemplate template;

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	/**
	 * For what no caller waits for. With MariaDB's default isolation level, updates and
	 * deletions would lock more than their rows, and so block those who record events.
	 */
	private final TransactionOperations readCommitted;

	private final Clock clock;

	private volatile @Nullable String product;

	JdbcUsageStore(DataSource dataSource, PlatformTransactionManager transactionManager,
			TransactionOperations readCommitted, Clock clock) {
		this.template = new JdbcTemplate(dataSource);
		this.jdbc = JdbcClient.create(this.template);
		this.transactions = new TransactionTemplate(transactionManager);
		this.readCommitted = readCommitted;
		this.clock = clock;
	}

	@Override
	public void check() {
		inTransaction(() -> this.jdbc
			.sql("SELECT e.id, e.event_name, e.status, e.changed_at, e.occurred_at, e.body, e.failure, t.id, t.ends_at,"
					+ " u.event_id, u.meter, u.customer_id, u.units, u.reserved, u.sent_at, b.customer_id, b.meter,"
					+ " b.balance, b.credited, b.taken, b.counted_at, b.read_at FROM " + EVENTS + " e, " + TURN + " t, "
					+ UNITS + " u, " + BALANCES + " b WHERE 1 = 0")
			.query()
			.listOfRows());
	}

	@Override
	public boolean add(PendingEvent event, Instant now, Set<String> limited) {
		byte[] body = PolarJson.MAPPER.writeValueAsBytes(event.body());
		return inTransaction(() -> {
			if (!insert(event, body, now)) {
				return true;
			}
			if (!insertUnits(event, limited)) {
				delete(EVENTS, "id", List.of(event.id()));
				return true;
			}
			boolean taken = takeUnits(event, limited);
			if (!taken) {
				delete(UNITS, "event_id", List.of(event.id()));
				delete(EVENTS, "id", List.of(event.id()));
			}
			return taken;
		});
	}

	/**
	 * Insert an event.
	 * @return {@code false} if there is one with the same id
	 */
	private boolean insert(PendingEvent event, byte[] body, Instant now) {
		return insertUnlessPresent(EVENTS, "id, event_name, status, changed_at, occurred_at, body",
				Map.of("id", event.id(), "event_name", event.name(), "status", "NEW", "changed_at", now.toEpochMilli(),
						"occurred_at", event.timestamp().toEpochMilli(), "body", body));
	}

	/**
	 * Insert the units of an event.
	 * @return {@code false} if they are known, because the event was sent before
	 */
	private boolean insertUnits(PendingEvent event, Set<String> limited) {
		return event.units()
			.entrySet()
			.stream()
			.allMatch((units) -> insertUnlessPresent(UNITS, "event_id, meter, customer_id, units, reserved",
					Map.of("event_id", event.id(), "meter", units.getKey(), "customer_id", event.customer(), "units",
							units.getValue(), "reserved", limited.contains(units.getKey()))));
	}

	/**
	 * Insert a row, unless there is one with the same key. With PostgreSQL, a failed
	 * statement would abort the transaction of the caller.
	 */
	private boolean insertUnlessPresent(String table, String columns, Map<String, Object> values) {
		boolean postgres = product().equals("PostgreSQL");
		boolean mysql = product().equals("MariaDB") || product().equals("MySQL");
		try {
			return this.jdbc
				.sql((mysql ? "INSERT IGNORE INTO " : "INSERT INTO ") + table + " (" + columns + ") VALUES (:"
						+ columns.replace(", ", ", :") + ")" + (postgres ? " ON CONFLICT DO NOTHING" : ""))
				.params(values)
				.update() == 1;
		}
		catch (DuplicateKeyException ex) {
			// only with H2, where it does not affect the transaction
			return false;
		}
	}

	private String product() {
		String product = this.product;
		if (product == null) {
			product = String.valueOf(this.template.execute(JdbcUsageStore::productName));
			this.product = product;
		}
		return product;
	}

	private static String productName(Connection connection) throws SQLException {
		return connection.getMetaData().getDatabaseProductName();
	}

	/**
	 * Take the units of an event from the balances of all limited meters, or from none.
	 * The rows remain locked until the transaction ends.
	 */
	private boolean takeUnits(PendingEvent event, Set<String> limited) {
		Map<String, BigDecimal> taken = new LinkedHashMap<>();
		for (Map.Entry<String, BigDecimal> units : event.units().entrySet()) {
			if (!limited.contains(units.getKey())) {
				continue;
			}
			if (!takeUnits(event.customer(), units.getKey(), units.getValue())) {
				taken.forEach((meter, number) -> takeUnits(event.customer(), meter, number.negate()));
				return false;
			}
			taken.put(units.getKey(), units.getValue());
		}
		return true;
	}

	private boolean takeUnits(String customer, String meter, BigDecimal units) {
		boolean checked = units.signum() > 0;
		boolean taken = this.jdbc
			.sql("UPDATE " + BALANCES + " SET taken = taken + :units" + OF_CUSTOMER + " AND meter = :meter"
					+ (checked ? " AND balance - taken - :recorded >= :units" : ""))
			.param("units", units)
			.param("customer", customer)
			.param("meter", meter)
			.param("recorded", checked ? recorded(customer, meter) : BigDecimal.ZERO)
			.update() == 1;
		if (checked && !taken && !balances(customer).containsKey(meter)) {
			throw new PolarEntitlementsUnavailableException(
					"The balance was read after the transaction began, which does not see it because of its isolation level",
					Duration.ofSeconds(1), null);
		}
		return taken || !checked;
	}

	/**
	 * Return the units that were recorded without being reserved, and that Polar has not
	 * counted.
	 */
	private BigDecimal recorded(String customer, String meter) {
		return this.jdbc
			.sql("SELECT " + RECORDED + " FROM " + BALANCES + " b WHERE b.customer_id = :customer AND b.meter = :meter")
			.param("customer", customer)
			.param("meter", meter)
			.query(BigDecimal.class)
			.optional()
			.orElse(BigDecimal.ZERO);
	}

	@Override
	public Map<String, StoredBalance> balances(String customer) {
		Map<String, StoredBalance> balances = new TreeMap<>();
		this.jdbc
			.sql("SELECT b.meter, b.balance, b.taken, b.credited, b.read_at, " + RECORDED + " AS recorded FROM "
					+ BALANCES + " b WHERE b.customer_id = :customer")
			.param("customer", customer)
			.query((row, index) -> Map.entry(row.getString("meter"),
					new StoredBalance(
							row.getBigDecimal("balance")
								.subtract(row.getBigDecimal("taken"))
								.subtract(row.getBigDecimal("recorded")),
							row.getBigDecimal("credited"), Instant.ofEpochMilli(row.getLong("read_at")))))
			.list()
			.forEach((row) -> balances.put(row.getKey(), row.getValue()));
		return balances;
	}

	@Override
	public void count(String customer, Map<String, MeterCount> counts, Instant readAt, boolean create) {
		Map<String, MeterCount> sorted = new TreeMap<>(counts);
		for (int attempt = 1; true; attempt++) {
			try {
				execute(create ? this.readCommitted : this.transactions,
						() -> count(customer, sorted, readAt.toEpochMilli(), create));
				return;
			}
			catch (DuplicateKeyException | ConcurrencyFailureException ex) {
				// another instance is storing the first balance of the customer
				if (attempt == MAX_ATTEMPTS || !create) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Does not wait for transactions that take units, which can wait for this one.
	 */
	private int count(String customer, Map<String, MeterCount> counts, long readAt, boolean create) {
		Map<String, Long> free = countedAt(customer, " FOR UPDATE SKIP LOCKED");
		Set<String> known = countedAt(customer, "").keySet();
		int changed = 0;
		for (Map.Entry<String, MeterCount> entry : counts.entrySet()) {
			String meter = entry.getKey();
			MeterCount count = entry.getValue();
			Long countedAt = free.get(meter);
			if (countedAt != null) {
				boolean newer = count.at().toEpochMilli() >= countedAt;
				changed += newer
						? save("UPDATE " + BALANCES + " SET balance = :balance, credited = :credited,"
								+ " taken = :taken, counted_at = :countedAt,"
								+ " read_at = CASE WHEN read_at < :readAt THEN :readAt ELSE read_at END" + OF_CUSTOMER
								+ " AND meter = :meter", customer, meter, count, readAt)
						: touch(customer, meter, readAt);
			}
			else if (create && !known.contains(meter)) {
				changed += save(
						"INSERT INTO " + BALANCES
								+ " (customer_id, meter, balance, credited, taken, counted_at, read_at)"
								+ " VALUES (:customer, :meter, :balance, :credited, :taken, :countedAt, :readAt)",
						customer, meter, count, readAt);
			}
		}
		return changed;
	}

	private Map<String, Long> countedAt(String customer, String lock) {
		Map<String, Long> countedAt = new TreeMap<>();
		this.jdbc.sql("SELECT meter, counted_at FROM " + BALANCES + OF_CUSTOMER + lock)
			.param("customer", customer)
			.query((row, index) -> Map.entry(row.getString("meter"), row.getLong("counted_at")))
			.list()
			.forEach((row) -> countedAt.put(row.getKey(), row.getValue()));
		return countedAt;
	}

	private int save(String sql, String customer, String meter, MeterCount count, long readAt) {
		BigDecimal taken = this.jdbc
			.sql("SELECT COALESCE(SUM(units), 0) FROM " + UNITS + OF_CUSTOMER
					+ " AND meter = :meter AND reserved = TRUE AND (sent_at IS NULL OR sent_at > :certain)")
			.param("customer", customer)
			.param("meter", meter)
			.param("certain", count.certainUntil().toEpochMilli())
			.query(BigDecimal.class)
			.single();
		return this.jdbc.sql(sql)
			.param("balance", count.balance())
			.param("credited", count.credited())
			.param("taken", taken)
			.param("countedAt", count.at().toEpochMilli())
			.param("readAt", readAt)
			.param("customer", customer)
			.param("meter", meter)
			.update();
	}

	private int touch(String customer, String meter, long readAt) {
		return this.jdbc
			.sql("UPDATE " + BALANCES + " SET read_at = :readAt" + OF_CUSTOMER
					+ " AND meter = :meter AND read_at < :readAt")
			.param("readAt", readAt)
			.param("customer", customer)
			.param("meter", meter)
			.update();
	}

	private int delete(String table, String column, List<String> ids) {
		return update("DELETE FROM " + table + " WHERE " + column + " IN (:ids)", Map.of(), ids);
	}

	/**
	 * Execute a statement for some ids at a time. With many, PostgreSQL would read the
	 * entire table, as long as it is not very large.
	 */
	private int update(String sql, Map<String, Object> params, List<String> ids) {
		int updated = 0;
		for (int i = 0; i < ids.size(); i += MAX_IDS) {
			updated += this.jdbc.sql(sql)
				.params(params)
				.param("ids", ids.subList(i, Math.min(i + MAX_IDS, ids.size())))
				.update();
		}
		return updated;
	}

	@Override
	public void erase(String customer) {
		inTransaction(() -> this.jdbc.sql("DELETE FROM " + BALANCES + OF_CUSTOMER).param("customer", customer).update()
				+ this.jdbc.sql("DELETE FROM " + UNITS + OF_CUSTOMER + " AND sent_at > 0")
					.param("customer", customer)
					.update());
	}

	@Override
	public void clear() {
		inTransaction(() -> List.of(EVENTS, UNITS, BALANCES)
			.stream()
			.mapToInt((table) -> this.jdbc.sql("DELETE FROM " + table).update())
			.sum());
	}

	@Override
	public boolean isEmpty() {
		// sorted, so that PostgreSQL uses the index
		return this.jdbc.sql("SELECT 1 FROM " + EVENTS + " WHERE status = 'NEW' ORDER BY changed_at LIMIT 1")
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
				body.length + PendingEvent.ID_AND_TIME, Map.of());
	}

	@Override
	public void sent(Collection<PendingEvent> events, Instant sentAt) {
		List<String> ids = events.stream().map(PendingEvent::id).sorted().toList();
		execute(this.readCommitted, () -> update("UPDATE " + UNITS + " SET sent_at = :sentAt WHERE event_id IN (:ids)",
				Map.of("sentAt", sentAt.toEpochMilli()), ids) + delete(EVENTS, "id", ids));
	}

	@Override
	public void deleteSentBefore(Instant time) {
		for (int i = 0; i < MAX_DELETIONS; i++) {
			List<String> ids = this.jdbc
				.sql("SELECT DISTINCT event_id FROM " + UNITS + " WHERE sent_at > 0 AND sent_at < :time LIMIT "
						+ MAX_DELETED)
				.param("time", time.toEpochMilli())
				.query((row, index) -> row.getString("event_id"))
				.list();
			execute(this.readCommitted, () -> delete(UNITS, "event_id", ids));
			if (ids.size() < MAX_DELETED) {
				return;
			}
		}
	}

	@Override
	public void reject(PendingEvent event, String failure, Instant now) {
		execute(this.readCommitted, () -> this.jdbc
			.sql("UPDATE " + EVENTS
					+ " SET status = 'DEAD', changed_at = :now, failure = :failure WHERE id = :id AND status = 'NEW'")
			.param("now", now.toEpochMilli())
			.param("failure", (failure.length() > MAX_FAILURE) ? failure.substring(0, MAX_FAILURE) : failure)
			.param("id", event.id())
			.update()
				+ this.jdbc.sql("UPDATE " + UNITS + " SET sent_at = 0 WHERE event_id = :id")
					.param("id", event.id())
					.update());
	}

	@Override
	public boolean take(long now, long end) {
		try {
			return execute(this.readCommitted,
					() -> moveTurn("ends_at <= :limit", now, end) || (isTurnMissing() && insertTurn(end)));
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	@Override
	public boolean move(long end, long newEnd) {
		return execute(this.readCommitted, () -> moveTurn("ends_at = :limit", end, newEnd));
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
		return inTransaction(() -> {
			this.jdbc.sql("UPDATE " + UNITS + " SET sent_at = NULL WHERE sent_at = 0 AND event_id = :id")
				.param("id", id)
				.update();
			return this.jdbc.sql(requeueing() + " AND id = :id")
				.param("now", this.clock.millis())
				.param("id", id)
				.update();
		}) == 1;
	}

	@Override
	public int requeueAll() {
		return inTransaction(() -> {
			this.jdbc.sql("UPDATE " + UNITS + " SET sent_at = NULL WHERE sent_at = 0").update();
			return this.jdbc.sql(requeueing()).param("now", this.clock.millis()).update();
		});
	}

	private static String requeueing() {
		return "UPDATE " + EVENTS + " SET status = 'NEW', changed_at = :now, failure = NULL WHERE status = 'DEAD'";
	}

	@Override
	public boolean discard(String id) {
		return inTransaction(() -> {
			this.jdbc.sql("DELETE FROM " + UNITS + " WHERE sent_at = 0 AND event_id = :id").param("id", id).update();
			return this.jdbc.sql("DELETE FROM " + EVENTS + " WHERE status = 'DEAD' AND id = :id")
				.param("id", id)
				.update();
		}) == 1;
	}

	@Override
	public boolean isVolatile() {
		return false;
	}

	private <T> T inTransaction(Supplier<T> action) {
		return execute(this.transactions, action);
	}

	private static <T> T execute(TransactionOperations transactions, Supplier<T> action) {
		T result = transactions.execute((status) -> action.get());
		if (result == null) {
			throw new IllegalStateException("No result");
		}
		return result;
	}

}
