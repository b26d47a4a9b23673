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

package io.github.polarspring.entitlement;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * {@link HoldingsStore} in the application's database. The row of a payer decides what
 * happens at the same time: a mark increases its version, and a state is stored only if
 * the version is still the one from before it was read.
 */
final class JdbcHoldingsStore implements HoldingsStore {

	private static final String STATES = "polar_customer_state";

	/**
	 * Rows are deleted only together with the state of their payer, and only added while
	 * that is locked. An obsolete one causes Polar to be read once too often.
	 */
	private static final String CUSTOMERS = "polar_customer_payer";

	private static final String ASSIGNMENTS = "polar_order_assignment";

	private static final int MAX_DELETED = 1000;

	/**
	 * Rejects states that another version of the library has written.
	 */
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
				DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
		.build();

	private final JdbcClient jdbc;

	private final TransactionOperations transactions;

	private final Clock clock;

	/**
	 * Create a store.
	 * @param dataSource contains the tables
	 * @param transactions begin new transactions on the data source, with the isolation
	 * level 'read committed'
	 * @param clock the clock
	 */
	JdbcHoldingsStore(DataSource dataSource, TransactionOperations transactions, Clock clock) {
		this.jdbc = JdbcClient.create(dataSource);
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Check that the tables exist.
	 * @throws DataAccessException if one does not exist, or the database is not available
	 */
	void check() {
		inTransaction(() -> {
			this.jdbc
				.sql("SELECT s.payer, s.state, s.read_at, s.marked_at, s.version, s.state_version, c.customer_id,"
						+ " c.payer, a.order_id, a.payer, a.assigned_at FROM " + STATES + " s, " + CUSTOMERS + " c, "
						+ ASSIGNMENTS + " a WHERE 1 = 0")
				.query()
				.listOfRows();
			return true;
		});
	}

	@Override
	public @Nullable Stored find(String payer) {
		return this.jdbc
			.sql("SELECT state, read_at, marked_at, version, state_version FROM " + STATES + " WHERE payer = :payer")
			.param("payer", payer)
			.query(JdbcHoldingsStore::stored)
			.optional()
			.orElse(null);
	}

	private static Stored stored(ResultSet row, int index) throws SQLException {
		Holdings holdings = read(row.getString("state"));
		long version = row.getLong("version");
		return new Stored(holdings, Instant.ofEpochMilli(row.getLong("read_at")), version,
				holdings == null || version != row.getLong("state_version"),
				Instant.ofEpochMilli(row.getLong("marked_at")));
	}

	private static @Nullable Holdings read(@Nullable String state) {
		try {
			return (state != null) ? MAPPER.readValue(state, Holdings.class) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	@Override
	public long save(String payer, Holdings holdings, Instant readAt, long version) {
		try {
			return inTransaction(
					() -> (version != 0) ? replace(payer, holdings, readAt, version) : insert(payer, holdings, readAt));
		}
		catch (DuplicateKeyException ex) {
			return -1;
		}
	}

	private long replace(String payer, Holdings holdings, Instant readAt, long version) {
		int updated = withState("UPDATE " + STATES + " SET state = :state, read_at = :readAt, state_version = :version"
				+ " WHERE payer = :payer AND version = :version", payer, holdings, readAt, version)
			.update();
		if (updated == 0) {
			return -1;
		}
		addCustomers(payer, holdings);
		return version;
	}

	private long insert(String payer, Holdings holdings, Instant readAt) {
		if (holdings.isEmpty()) {
			return (find(payer) != null) ? -1 : 0;
		}
		long version = firstVersion();
		withState("INSERT INTO " + STATES + " (payer, state, read_at, marked_at, version, state_version)"
				+ " VALUES (:payer, :state, :readAt, 0, :version, :version)", payer, holdings, readAt, version)
			.update();
		addCustomers(payer, holdings);
		return version;
	}

	private StatementSpec withState(String sql, String payer, Holdings holdings, Instant readAt, long version) {
		return this.jdbc.sql(sql)
			.param("payer", payer)
			.param("state", MAPPER.writeValueAsString(holdings))
			.param("readAt", readAt.toEpochMilli())
			.param("version", version);
	}

	/**
	 * Return a version that is higher than those of a row that was deleted before, with
	 * which an instance may still compare.
	 */
	private long firstVersion() {
		return this.clock.millis();
	}

	private void addCustomers(String payer, Holdings holdings) {
		Set<String> known = this.jdbc.sql("SELECT customer_id FROM " + CUSTOMERS + " WHERE payer = :payer")
			.param("payer", payer)
			.query(JdbcHoldingsStore::text)
			.set();
		for (UUID customerId : holdings.customerIds()) {
			if (!known.contains(customerId.toString())) {
				this.jdbc.sql("INSERT INTO " + CUSTOMERS + " (customer_id, payer) VALUES (:customer, :payer)")
					.param("customer", customerId.toString())
					.param("payer", payer)
					.update();
			}
		}
	}

	private Set<String> payersOf(@Nullable UUID customerId) {
		return (customerId != null) ? this.jdbc.sql("SELECT payer FROM " + CUSTOMERS + " WHERE customer_id = :customer")
			.param("customer", customerId.toString())
			.query(JdbcHoldingsStore::text)
			.set() : Set.of();
	}

	@Override
	public void mark(Collection<String> payers, @Nullable UUID customerId) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			markAll(payers, customerId);
		}
		else {
			retryOnConflict(() -> markAll(payers, customerId));
		}
	}

	/**
	 * Mark payers in an order that is always the same, so that two transactions cannot
	 * block each other.
	 */
	private void markAll(Collection<String> payers, @Nullable UUID customerId) {
		Set<String> marked = new TreeSet<>(payersOf(customerId));
		payers.stream().filter(JdbcHoldingsStore::canBePayer).forEach(marked::add);
		marked.forEach(this::mark);
	}

	/**
	 * Return whether the application can have a payer with this id. Others, which can
	 * have been created in Polar's dashboard, could be too long for the table.
	 */
	private static boolean canBePayer(String id) {
		try {
			PolarIdentity.requireExternalId(id);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void mark(String payer) {
		long now = this.clock.millis();
		int updated = this.jdbc
			.sql("UPDATE " + STATES + " SET version = version + 1, marked_at = :now WHERE payer = :payer")
			.param("now", now)
			.param("payer", payer)
			.update();
		if (updated > 0) {
			return;
		}
		try {
			this.jdbc
				.sql("INSERT INTO " + STATES + " (payer, state, read_at, marked_at, version, state_version)"
						+ " VALUES (:payer, :state, 0, :now, :version, 0)")
				.param("payer", payer)
				.param("state", null, Types.VARCHAR)
				.param("now", now)
				.param("version", firstVersion())
				.update();
		}
		catch (DuplicateKeyException ex) {
			// without the message of the database, which contains the payer
			throw new DuplicateKeyException("The payer was stored by another transaction");
		}
	}

	@Override
	public Map<String, Long> markedSince(Instant time) {
		Map<String, Long> versions = new HashMap<>();
		this.jdbc.sql("SELECT payer, version FROM " + STATES + " WHERE marked_at >= :time")
			.param("time", time.toEpochMilli())
			.query((RowCallbackHandler) (row) -> versions.put(row.getString("payer"), row.getLong("version")));
		return versions;
	}

	@Override
	public void assign(UUID orderId, String payer) {
		retryOnConflict(() -> {
			long now = this.clock.millis();
			int updated = withAssignment(
					"UPDATE " + ASSIGNMENTS + " SET payer = :payer, assigned_at = :now" + " WHERE order_id = :order",
					orderId, payer, now)
				.update();
			if (updated == 0) {
				withAssignment("INSERT INTO " + ASSIGNMENTS + " (order_id, payer, assigned_at)"
						+ " VALUES (:order, :payer, :now)", orderId, payer, now)
					.update();
			}
		});
	}

	private StatementSpec withAssignment(String sql, UUID orderId, String payer, long now) {
		return this.jdbc.sql(sql).param("order", orderId.toString()).param("payer", payer).param("now", now);
	}

	@Override
	public Set<UUID> assignedTo(String payer) {
		return this.jdbc.sql("SELECT order_id FROM " + ASSIGNMENTS + " WHERE payer = :payer")
			.param("payer", payer)
			.query((row, index) -> UUID.fromString(row.getString(1)))
			.set();
	}

	@Override
	public Map<UUID, String> assignments(@Nullable List<UUID> orderIds) {
		Map<UUID, String> payers = new HashMap<>();
		RowCallbackHandler row = (result) -> payers.put(UUID.fromString(result.getString("order_id")),
				result.getString("payer"));
		String sql = "SELECT order_id, payer FROM " + ASSIGNMENTS;
		if (orderIds == null) {
			this.jdbc.sql(sql).query(row);
		}
		else if (!orderIds.isEmpty()) {
			this.jdbc.sql(sql + " WHERE order_id IN (:orders)")
				.param("orders", orderIds.stream().map(UUID::toString).toList())
				.query(row);
		}
		return payers;
	}

	@Override
	public void erase(@Nullable String payer, @Nullable UUID customerId) {
		inTransaction(() -> {
			Set<String> payers = new TreeSet<>(payersOf(customerId));
			if (payer != null) {
				payers.add(payer);
				this.jdbc.sql("DELETE FROM " + ASSIGNMENTS + " WHERE payer = :payer").param("payer", payer).update();
			}
			payers.forEach((erased) -> delete(List.of(erased)));
			return true;
		});
	}

	/**
	 * Delete old states in small transactions, which do not block others for long.
	 * Assignments of orders are retained.
	 */
	@Override
	public void deleteOlderThan(Instant time) {
		int deleted = MAX_DELETED;
		while (deleted == MAX_DELETED) {
			deleted = inTransaction(() -> {
				List<String> payers = this.jdbc
					.sql("SELECT payer FROM " + STATES + " WHERE marked_at < :time AND read_at < :time LIMIT "
							+ MAX_DELETED + " FOR UPDATE SKIP LOCKED")
					.param("time", time.toEpochMilli())
					.query(JdbcHoldingsStore::text)
					.list();
				if (!payers.isEmpty()) {
					delete(payers);
				}
				return payers.size();
			});
		}
	}

	private void delete(List<String> payers) {
		this.jdbc.sql("DELETE FROM " + STATES + " WHERE payer IN (:payers)").param("payers", payers).update();
		this.jdbc.sql("DELETE FROM " + CUSTOMERS + " WHERE payer IN (:payers)").param("payers", payers).update();
	}

	private void retryOnConflict(Runnable action) {
		Supplier<Boolean> supplier = () -> {
			action.run();
			return true;
		};
		try {
			inTransaction(supplier);
		}
		catch (DuplicateKeyException | ConcurrencyFailureException ex) {
			inTransaction(supplier);
		}
	}

	private <T> T inTransaction(Supplier<T> action) {
		T result = this.transactions.execute((status) -> action.get());
		if (result == null) {
			throw new IllegalStateException("No result");
		}
		return result;
	}

	private static String text(ResultSet row, int index) throws SQLException {
		return row.getString(1);
	}

}
