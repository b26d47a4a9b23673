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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * {@link UsageStore} in a database, for all instances that share it. An event is added in
 * the transaction of the caller, if there is one.
 */
final class JdbcUsageStore implements UsageStore {

	private static final String EVENTS = "polar_usage_event";

	private static final String TURN = "polar_usage_turn";

	private static final String BALANCES = "polar_usage_balance";

	private static final int MAX_IDS = 500;

	private static final int MAX_FAILURE = 500;

	private static final TypeReference<Map<String, Object>> BODY = new TypeReference<>() {
	};

	private static final TypeReference<TreeMap<String, BigDecimal>> UNITS = new TypeReference<>() {
	};

	private final JdbcTemplate template;

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	private final TransactionOperations readCommitted;

	private final Clock clock;

	private volatile @Nullable String insert;

	JdbcUsageStore(DataSource dataSource, PlatformTransactionManager transactionManager, Clock clock) {
		this.template = new JdbcTemplate(dataSource);
		this.jdbc = JdbcClient.create(this.template);
		this.transactions = new TransactionTemplate(transactionManager);
		TransactionTemplate readCommitted = new TransactionTemplate(transactionManager);
		readCommitted.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		this.readCommitted = readCommitted;
		this.clock = clock;
	}

	@Override
	public void check() {
		inTransaction(() -> this.jdbc
			.sql("SELECT e.id, e.event_name, e.status, e.changed_at, e.occurred_at, e.body, e.failure, e.customer_id,"
					+ " e.units, t.id, t.ends_at, b.customer_id, b.meter, b.remaining, b.credited, b.counted_at,"
					+ " b.read_at FROM " + EVENTS + " e, " + TURN + " t, " + BALANCES + " b WHERE 1 = 0")
			.query()
			.listOfRows());
	}

	@Override
	public boolean add(PendingEvent event, Instant now, Set<String> limited) {
		byte[] body = PolarJson.MAPPER.writeValueAsBytes(event.body());
		return inTransaction(() -> {
			if (!insert(event, body, now) || takeUnits(event, limited)) {
				return true;
			}
			deleteAll(List.of(event.id()));
			return false;
		});
	}

	/**
	 * Insert an event.
	 * @return {@code false} if there is one with the same id
	 */
	private boolean insert(PendingEvent event, byte[] body, Instant now) {
		try {
			return this.jdbc.sql(insert())
				.param("id", event.id())
				.param("name", event.name())
				.param("now", now.toEpochMilli())
				.param("occurred", event.timestamp().toEpochMilli())
				.param("body", body)
				.param("customer", event.isMetered() ? event.customer() : null)
				.param("units", event.isMetered() ? PolarJson.MAPPER.writeValueAsBytes(event.units()) : null)
				.update() == 1;
		}
		catch (DuplicateKeyException ex) {
			// only with H2, where it does not affect the transaction
			return false;
		}
	}

	/**
	 * Return the statement that ignores a duplicate. With PostgreSQL, a failed statement
	 * would abort the transaction of the caller.
	 */
	private String insert() {
		String insert = this.insert;
		if (insert == null) {
			String product = String.valueOf(this.template.execute(JdbcUsageStore::product));
			insert = (isMySql(product) ? "INSERT IGNORE" : "INSERT") + " INTO " + EVENTS
					+ " (id, event_name, status, changed_at, occurred_at, body, customer_id, units)"
					+ " VALUES (:id, :name, 'NEW', :now, :occurred, :body, :customer, :units)"
					+ (product.equals("PostgreSQL") ? " ON CONFLICT (id) DO NOTHING" : "");
			this.insert = insert;
		}
		return insert;
	}

	private static boolean isMySql(String product) {
		return product.equals("MariaDB") || product.equals("MySQL");
	}

	/**
	 * Take the units of an event from all balances, or from none.
	 */
	private boolean takeUnits(PendingEvent event, Set<String> limited) {
		Map<String, BigDecimal> taken = new LinkedHashMap<>();
		for (Map.Entry<String, BigDecimal> units : event.units().entrySet()) {
			boolean checked = limited.contains(units.getKey()) && units.getValue().signum() > 0;
			boolean changed = takeUnits(event.customer(), units.getKey(), units.getValue(), checked);
			if (checked && !changed) {
				taken.forEach((meter, number) -> takeUnits(event.customer(), meter, number.negate(), false));
				return false;
			}
			taken.put(units.getKey(), units.getValue());
		}
		return true;
	}

	private boolean takeUnits(String customer, String meter, BigDecimal units, boolean checked) {
		return this.jdbc
			.sql("UPDATE " + BALANCES + " SET remaining = remaining - :units"
					+ " WHERE customer_id = :customer AND meter = :meter" + (checked ? " AND remaining >= :units" : ""))
			.param("units", units)
			.param("customer", customer)
			.param("meter", meter)
			.update() == 1;
	}

	@Override
	public Map<String, StoredBalance> balances(String customer) {
		Map<String, StoredBalance> balances = new TreeMap<>();
		this.jdbc.sql("SELECT meter, remaining, credited, read_at FROM " + BALANCES + " WHERE customer_id = :customer")
			.param("customer", customer)
			.query((row, index) -> Map.entry(row.getString("meter"),
					new StoredBalance(row.getBigDecimal("remaining"), row.getBigDecimal("credited"),
							Instant.ofEpochMilli(row.getLong("read_at")))))
			.list()
			.forEach((row) -> balances.put(row.getKey(), row.getValue()));
		return balances;
	}

	@Override
	public Map<String, StoredBalance> count(String customer, Map<String, MeterCount> counts, Instant readAt) {
		Map<String, StoredBalance> balances = this.readCommitted.execute((status) -> {
			Map<String, Long> countedAt = lockBalances(customer);
			Map<String, MeterCount> newer = new TreeMap<>(counts);
			newer.entrySet()
				.removeIf((entry) -> entry.getValue().at().toEpochMilli() < countedAt.getOrDefault(entry.getKey(),
						Long.MIN_VALUE));
			save(customer, newer, countedAt.keySet());
			this.jdbc
				.sql("UPDATE " + BALANCES + " SET read_at = :readAt"
						+ " WHERE customer_id = :customer AND meter IN (:meters) AND read_at < :readAt")
				.param("readAt", readAt.toEpochMilli())
				.param("customer", customer)
				.param("meters", counts.keySet())
				.update();
			return balances(customer);
		});
		return (balances != null) ? balances : Map.of();
	}

	/**
	 * Lock the balances of a customer, so that no units are taken.
	 * @return the times at which Polar counted, by meter
	 */
	private Map<String, Long> lockBalances(String customer) {
		Map<String, Long> countedAt = new TreeMap<>();
		this.jdbc
			.sql("SELECT meter, counted_at FROM " + BALANCES
					+ " WHERE customer_id = :customer ORDER BY meter FOR UPDATE")
			.param("customer", customer)
			.query((row, index) -> Map.entry(row.getString("meter"), row.getLong("counted_at")))
			.list()
			.forEach((row) -> countedAt.put(row.getKey(), row.getValue()));
		return countedAt;
	}

	private void save(String customer, Map<String, MeterCount> counts, Set<String> existing) {
		Map<String, BigDecimal> uncounted = uncounted(customer, counts);
		counts.forEach((meter, count) -> this.jdbc
			.sql(existing.contains(meter)
					? "UPDATE " + BALANCES + " SET remaining = :remaining, credited = :credited,"
							+ " counted_at = :countedAt WHERE customer_id = :customer AND meter = :meter"
					: "INSERT INTO " + BALANCES + " (customer_id, meter, remaining, credited, counted_at, read_at)"
							+ " VALUES (:customer, :meter, :remaining, :credited, :countedAt, 0)")
			.param("remaining", count.balance().subtract(uncounted.getOrDefault(meter, BigDecimal.ZERO)))
			.param("credited", count.credited())
			.param("countedAt", count.at().toEpochMilli())
			.param("customer", customer)
			.param("meter", meter)
			.update());
	}

	/**
	 * Return the units that Polar has not counted, and delete the events that it has.
	 */
	private Map<String, BigDecimal> uncounted(String customer, Map<String, MeterCount> counts) {
		UncountedUnits uncounted = new UncountedUnits(counts);
		this.jdbc
			.sql("SELECT id, status, changed_at, units FROM " + EVENTS
					+ " WHERE customer_id = :customer AND status <> 'DEAD'")
			.param("customer", customer)
			.query((row) -> {
				boolean sent = row.getString("status").equals("SENT");
				uncounted.add(row.getString("id"), units(row.getBytes("units")),
						sent ? Instant.ofEpochMilli(row.getLong("changed_at")) : null);
			});
		deleteAll(uncounted.counted());
		return uncounted.sums();
	}

	private void deleteAll(List<String> ids) {
		for (int i = 0; i < ids.size(); i += MAX_IDS) {
			this.jdbc.sql("DELETE FROM " + EVENTS + " WHERE id IN (:ids)")
				.param("ids", ids.subList(i, Math.min(i + MAX_IDS, ids.size())))
				.update();
		}
	}

	private static Map<String, BigDecimal> units(byte @Nullable [] units) {
		return (units != null) ? PolarJson.MAPPER.readValue(units, UNITS) : Map.of();
	}

	@Override
	public void erase(String customer) {
		inTransaction(() -> this.jdbc.sql("DELETE FROM " + BALANCES + " WHERE customer_id = :customer")
			.param("customer", customer)
			.update());
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
			.sql("SELECT id, event_name, occurred_at, body, units FROM " + EVENTS
					+ " WHERE status = 'NEW' ORDER BY changed_at LIMIT :limit")
			.param("limit", limit)
			.query(JdbcUsageStore::event)
			.list();
	}

	private static PendingEvent event(ResultSet row, int index) throws SQLException {
		byte[] body = row.getBytes("body");
		return new PendingEvent(row.getString("id"), row.getString("event_name"),
				Instant.ofEpochMilli(row.getLong("occurred_at")), PolarJson.MAPPER.readValue(body, BODY),
				body.length + PendingEvent.ID_AND_TIME, units(row.getBytes("units")));
	}

	@Override
	public void sent(Collection<PendingEvent> events, Instant sentAt) {
		List<String> metered = ids(events, true);
		List<String> others = ids(events, false);
		inTransaction(() -> {
			if (!metered.isEmpty()) {
				this.jdbc
					.sql("UPDATE " + EVENTS + " SET status = 'SENT', changed_at = :sentAt"
							+ " WHERE status = 'NEW' AND id IN (:ids)")
					.param("sentAt", sentAt.toEpochMilli())
					.param("ids", metered)
					.update();
			}
			deleteAll(others);
			return true;
		});
	}

	private static List<String> ids(Collection<PendingEvent> events, boolean metered) {
		return events.stream().filter((event) -> event.isMetered() == metered).map(PendingEvent::id).sorted().toList();
	}

	@Override
	public void deleteSentBefore(Instant time) {
		inTransaction(() -> this.jdbc.sql("DELETE FROM " + EVENTS + " WHERE status = 'SENT' AND changed_at < :time")
			.param("time", time.toEpochMilli())
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
