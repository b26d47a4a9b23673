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

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.Holdings.Grant;
import io.github.polarspring.entitlement.Holdings.Purchase;
import io.github.polarspring.entitlement.HoldingsStore.Stored;
import io.github.polarspring.testsupport.MutableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcHoldingsStore}, for each database.
 */
abstract class AbstractJdbcHoldingsStoreTests {

	private static final String ALICE = "alice";

	private static final String BOB = "bob";

	private static final UUID CUSTOMER = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID OTHER_CUSTOMER = UUID.fromString("7e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID ORDER = UUID.fromString("1e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID OTHER_ORDER = UUID.fromString("2e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final Instant READ = Instant.parse("2026-11-23T09:59:58.123Z");

	private final MutableClock clock = new MutableClock();

	private final InterruptedDataSource dataSource = new InterruptedDataSource(dataSource());

	private final JdbcClient jdbc = JdbcClient.create(this.dataSource);

	private final TransactionTemplate transactions = transactions();

	private final JdbcHoldingsStore store = new JdbcHoldingsStore(this.dataSource, newTransactions(), this.clock);

	/**
	 * Return an existing database.
	 */
	abstract DataSource dataSource();

	abstract String platform();

	private TransactionTemplate transactions() {
		TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		transactions.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		return transactions;
	}

	private TransactionTemplate newTransactions() {
		TransactionTemplate transactions = transactions();
		transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return transactions;
	}

	@BeforeEach
	void createTables() {
		for (String table : List.of("polar_customer_state", "polar_customer_payer", "polar_order_assignment")) {
			this.jdbc.sql("DROP TABLE IF EXISTS " + table).update();
		}
		assertThatExceptionOfType(BadSqlGrammarException.class).isThrownBy(this.store::check);
		new ResourceDatabasePopulator(
				new ClassPathResource("io/github/polarspring/entitlement/schema-" + platform() + ".sql"))
			.execute(this.dataSource);
		this.store.check();
	}

	private static Holdings holdings(UUID... customers) {
		return new Holdings(List.of(customers).stream().map(AbstractJdbcHoldingsStoreTests::purchase).toList(),
				List.of(), null);
	}

	private static Purchase purchase(UUID customer) {
		return new Purchase(UUID.randomUUID(), customer, null, Proof.METADATA, true, false, Map.of(), List.of(),
				List.of(), null);
	}

	private void save(String payer, UUID... customers) {
		assertThat(this.store.save(payer, holdings(customers), READ, version(payer))).isPositive();
	}

	private long version(String payer) {
		Stored stored = this.store.find(payer);
		return (stored != null) ? stored.version() : 0;
	}

	private boolean isStale(String payer) {
		Stored stored = this.store.find(payer);
		assertThat(stored).isNotNull();
		return stored.stale();
	}

	private long count(String table) {
		return this.jdbc.sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
	}

	@Test
	void savedStateIsFound() {
		UUID id = UUID.randomUUID();
		Grant grant = new Grant(UUID.randomUUID(), "Zoë 🐻", Map.of("forms", Long.MAX_VALUE));
		Holdings holdings = new Holdings(List.of(
				new Purchase(id, CUSTOMER, UUID.randomUUID(), Proof.ASSIGNED, true, true, Map.of("forms", 3L),
						List.of(grant), List.of(new Grant(UUID.randomUUID(), null, Map.of())), READ.plusNanos(1)),
				purchase(OTHER_CUSTOMER)), List.of(UUID.randomUUID()), new PaymentProblem(id, null, READ, null));
		long version = this.store.save(ALICE, holdings, READ, 0);
		assertThat(this.store.find(ALICE)).usingRecursiveComparison()
			.ignoringFields("markedAt")
			.isEqualTo(new Stored(holdings, READ, version, false, Instant.EPOCH));
		Instant later = READ.plusSeconds(1);
		assertThat(this.store.save(ALICE, Holdings.NONE, later, version)).isEqualTo(version);
		assertThat(this.store.find(ALICE)).usingRecursiveComparison()
			.ignoringFields("markedAt")
			.isEqualTo(new Stored(Holdings.NONE, later, version, false, Instant.EPOCH));
	}

	@Test
	void stateOfThousandSeatsIsFound() {
		List<Grant> grants = IntStream.range(0, 1000)
			.mapToObj((seat) -> new Grant(UUID.randomUUID(), "member-" + seat, Map.of("forms", 1L)))
			.toList();
		Holdings holdings = new Holdings(List.of(new Purchase(UUID.randomUUID(), CUSTOMER, null, Proof.METADATA, true,
				true, Map.of(), grants, List.of(), null)), List.of(), null);
		this.store.save(ALICE, holdings, READ, 0);
		assertThat(this.store.find(ALICE)).isNotNull().extracting(Stored::holdings).isEqualTo(holdings);
	}

	@Test
	void payersAreDistinguishedByEachCharacter() {
		List<String> payers = List.of("alice", "Alice", "alice ", "älice", "a\u0308lice", "alıce", "ALICE", "🐻", "🐼",
				"用户", "x".repeat(200), "🐻".repeat(100));
		payers.forEach((payer) -> save(payer, CUSTOMER));
		for (String payer : payers) {
			Stored before = this.store.find(payer);
			this.clock.advance(Duration.ofSeconds(1));
			this.store.mark(List.of(payer), null);
			assertThat(this.store.markedSince(this.clock.instant())).containsOnlyKeys(payer);
			assertThat(this.store.find(payer)).isNotNull()
				.extracting(Stored::holdings)
				.isEqualTo((before != null) ? before.holdings() : null);
		}
		assertThat(count("polar_customer_state")).isEqualTo(payers.size());
	}

	@Test
	void emptyStateOfAnUnknownPayerIsNotStored() {
		assertThat(this.store.save(ALICE, Holdings.NONE, READ, 0)).isZero();
		assertThat(this.store.find(ALICE)).isNull();
		this.store.mark(List.of(ALICE), null);
		assertThat(this.store.save(ALICE, Holdings.NONE, READ, 0)).isEqualTo(-1);
		assertThat(isStale(ALICE)).isTrue();
		assertThat(this.store.save(ALICE, Holdings.NONE, READ, version(ALICE))).isPositive();
		assertThat(isStale(ALICE)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{}", "{", "null", "[]", "{\"purchases\":[],\"unproven\":[],\"problem\":null,\"novel\":true}",
					"{\"purchases\":null,\"unproven\":[],\"problem\":null}", "{\"purchases\":[],\"unproven\":[]}" })
	void stateOfAnotherVersionIsAbsent(String state) {
		save(ALICE, CUSTOMER);
		this.jdbc.sql("UPDATE polar_customer_state SET state = ?").param(state).update();
		assertThat(this.store.find(ALICE)).usingRecursiveComparison()
			.ignoringFields("markedAt")
			.isEqualTo(new Stored(null, READ, version(ALICE), true, Instant.EPOCH));
		save(ALICE, CUSTOMER);
		assertThat(isStale(ALICE)).isFalse();
	}

	@Test
	void markMakesTheStateStaleUntilItIsSavedAgain() {
		save(ALICE, CUSTOMER);
		long version = version(ALICE);
		this.store.mark(List.of(ALICE), null);
		assertThat(this.store.find(ALICE)).isNotNull().satisfies((stored) -> {
			assertThat(stored.stale()).isTrue();
			assertThat(stored.version()).isGreaterThan(version);
			assertThat(stored.holdings()).isNotNull();
			assertThat(stored.readAt()).isEqualTo(READ);
		});
		assertThat(this.store.save(ALICE, holdings(CUSTOMER), READ, version)).isEqualTo(-1);
		assertThat(isStale(ALICE)).isTrue();
		save(ALICE, CUSTOMER);
		assertThat(isStale(ALICE)).isFalse();
	}

	@Test
	void payerOfWhomNothingIsStoredIsMarked() {
		this.store.mark(List.of(BOB, ALICE, BOB), null);
		long version = version(ALICE);
		assertThat(this.store.find(ALICE)).usingRecursiveComparison()
			.ignoringFields("markedAt")
			.isEqualTo(new Stored(null, Instant.EPOCH, version, true, Instant.EPOCH));
		assertThat(this.store.markedSince(this.clock.instant())).isEqualTo(Map.of(ALICE, version, BOB, version));
	}

	@Test
	void payersOfACustomerAreMarked() {
		save(ALICE, CUSTOMER, OTHER_CUSTOMER, CUSTOMER);
		save(BOB, OTHER_CUSTOMER);
		save("carol", CUSTOMER);
		this.store.mark(List.of(), OTHER_CUSTOMER);
		assertThat(this.store.markedSince(this.clock.instant())).containsOnlyKeys(ALICE, BOB);
		assertThat(isStale(ALICE)).isTrue();
		assertThat(isStale("carol")).isFalse();
		save(ALICE, CUSTOMER, OTHER_CUSTOMER);
		this.store.mark(List.of("carol"), UUID.randomUUID());
		assertThat(isStale(ALICE)).isFalse();
		assertThat(isStale("carol")).isTrue();
	}

	@Test
	void idThatNoPayerCanHaveIsNotMarked() {
		this.store.mark(List.of("x".repeat(201), " ", "a\u0000b", "\ud83d", ALICE), null);
		assertThat(this.store.markedSince(Instant.EPOCH)).containsOnlyKeys(ALICE);
	}

	@Test
	void markIsRolledBackWithTheTransactionOfTheCaller() {
		save(ALICE, CUSTOMER);
		this.transactions.executeWithoutResult((status) -> {
			this.store.mark(List.of(ALICE, BOB), CUSTOMER);
			status.setRollbackOnly();
		});
		assertThat(isStale(ALICE)).isFalse();
		assertThat(this.store.find(BOB)).isNull();
		this.transactions.executeWithoutResult((status) -> this.store.mark(List.of(ALICE, BOB), CUSTOMER));
		assertThat(isStale(ALICE)).isTrue();
		assertThat(isStale(BOB)).isTrue();
	}

	@Test
	void saveIsNotRolledBackWithTheTransactionOfTheCaller() {
		save(BOB, CUSTOMER);
		this.transactions.executeWithoutResult((status) -> {
			save(ALICE, CUSTOMER);
			save(BOB, CUSTOMER);
			assertThat(this.store.save(ALICE, holdings(CUSTOMER), READ, 0)).isEqualTo(-1);
			assertThat(count("polar_customer_state")).as("the transaction is still usable").isEqualTo(2);
			status.setRollbackOnly();
		});
		assertThat(isStale(ALICE)).isFalse();
	}

	@Test
	void saveWhenMarkedMeanwhileShouldStoreNothing() {
		save(ALICE, CUSTOMER);
		Stored before = this.store.find(ALICE);
		assertThat(before).isNotNull();
		this.dataSource.before("UPDATE polar_customer_state SET state", () -> this.store.mark(List.of(ALICE), null));
		assertThat(this.store.save(ALICE, holdings(OTHER_CUSTOMER), READ, before.version())).isEqualTo(-1);
		assertThat(this.store.find(ALICE)).usingRecursiveComparison()
			.ignoringFields("markedAt")
			.isEqualTo(new Stored(before.holdings(), READ, before.version() + 1, true, Instant.EPOCH));

		this.dataSource.before("INSERT INTO polar_customer_state", () -> this.store.mark(List.of(BOB), null));
		assertThat(this.store.save(BOB, holdings(CUSTOMER), READ, 0)).isEqualTo(-1);
		assertThat(this.store.find(BOB)).usingRecursiveComparison()
			.ignoringFields("markedAt")
			.isEqualTo(new Stored(null, Instant.EPOCH, version(BOB), true, Instant.EPOCH));
	}

	@Test
	void concurrentSaveAndMarkEndStale() throws Exception {
		this.store.mark(List.of(ALICE), null);
		for (int i = 0; i < 50; i++) {
			long version = version(ALICE);
			CountDownLatch ready = new CountDownLatch(2);
			CompletableFuture<Void> saving = CompletableFuture.runAsync(() -> {
				meet(ready);
				this.store.save(ALICE, holdings(CUSTOMER), READ, version);
			});
			CompletableFuture<Void> marking = CompletableFuture.runAsync(() -> {
				meet(ready);
				this.transactions.executeWithoutResult((status) -> this.store.mark(List.of(ALICE), CUSTOMER));
			});
			CompletableFuture.allOf(saving, marking).get(20, TimeUnit.SECONDS);
			assertThat(this.store.find(ALICE)).isNotNull().satisfies((stored) -> {
				assertThat(stored.stale()).isTrue();
				assertThat(stored.version()).isEqualTo(version + 1);
			});
		}
	}

	private static void meet(CountDownLatch ready) {
		ready.countDown();
		try {
			assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void markThatConflictsIsRetriedWithoutATransaction() {
		this.dataSource.before("INSERT INTO polar_customer_state", () -> this.store.mark(List.of(ALICE), null));
		this.store.mark(List.of(ALICE), null);
		assertThat(version(ALICE)).isEqualTo(this.clock.millis() + 1);
	}

	@Test
	void markThatConflictsFailsTheTransactionOfTheCaller() {
		this.dataSource.before("INSERT INTO polar_customer_state", () -> this.store.mark(List.of(ALICE), null));
		assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(
				() -> this.transactions.executeWithoutResult((status) -> this.store.mark(List.of(ALICE, BOB), null)))
			.withMessageNotContaining(ALICE)
			.withNoCause();
		assertThat(this.store.markedSince(Instant.EPOCH)).isEqualTo(Map.of(ALICE, this.clock.millis()));
	}

	@Test
	void markedSinceReturnsLaterMarks() {
		save(ALICE, CUSTOMER);
		assertThat(this.store.markedSince(Instant.ofEpochMilli(1))).isEmpty();
		this.store.mark(List.of(ALICE), null);
		Instant first = this.clock.instant();
		this.clock.advance(Duration.ofMillis(1));
		this.store.mark(List.of(BOB), null);
		this.store.mark(List.of(BOB), null);
		assertThat(this.store.markedSince(first)).isEqualTo(Map.of(ALICE, version(ALICE), BOB, version(BOB)));
		assertThat(this.store.markedSince(this.clock.instant())).containsOnlyKeys(BOB);
		assertThat(this.store.markedSince(this.clock.instant().plusMillis(1))).isEmpty();
	}

	@Test
	void erasedPayerIsStoredWithAHigherVersion() {
		this.store.mark(List.of(ALICE), null);
		this.store.mark(List.of(ALICE), null);
		long version = version(ALICE);
		this.clock.advance(Duration.ofSeconds(1));
		this.store.erase(ALICE, null);
		assertThat(this.store.save(ALICE, holdings(CUSTOMER), READ, version)).isEqualTo(-1);
		this.store.mark(List.of(ALICE), null);
		assertThat(version(ALICE)).isGreaterThan(version);
	}

	@Test
	void eraseDeletesWhatIsStoredAboutAPayer() {
		save(ALICE, CUSTOMER);
		save(BOB, CUSTOMER);
		this.store.assign(ORDER, ALICE);
		this.store.assign(OTHER_ORDER, BOB);
		for (int i = 0; i < 2; i++) {
			this.store.erase(ALICE, null);
			assertThat(this.store.find(ALICE)).isNull();
			assertThat(this.store.assignedTo(ALICE)).isEmpty();
			assertThat(isStale(BOB)).isFalse();
			assertThat(this.store.assignedTo(BOB)).containsExactly(OTHER_ORDER);
			assertThat(count("polar_customer_payer")).isEqualTo(1);
		}
	}

	@Test
	void eraseDeletesStatesWithPurchasesOfACustomer() {
		save(ALICE, CUSTOMER, OTHER_CUSTOMER);
		save(BOB, OTHER_CUSTOMER);
		this.store.assign(ORDER, ALICE);
		this.store.erase(null, CUSTOMER);
		assertThat(this.store.find(ALICE)).isNull();
		assertThat(this.store.assignedTo(ALICE)).containsExactly(ORDER);
		assertThat(isStale(BOB)).isFalse();
		this.store.erase(null, null);
		this.store.mark(List.of(), OTHER_CUSTOMER);
		assertThat(this.store.markedSince(Instant.EPOCH.plusMillis(1))).containsOnlyKeys(BOB);
	}

	@Test
	void laterAssignmentReplacesTheEarlierOne() {
		this.store.assign(ORDER, ALICE);
		this.store.assign(OTHER_ORDER, ALICE);
		assertThat(this.store.assignedTo(ALICE)).containsExactlyInAnyOrder(ORDER, OTHER_ORDER);
		this.store.assign(ORDER, "Alice ");
		assertThat(this.store.assignedTo(ALICE)).containsExactly(OTHER_ORDER);
		assertThat(this.store.assignments(null)).isEqualTo(Map.of(ORDER, "Alice ", OTHER_ORDER, ALICE));
		assertThat(this.store.assignments(List.of(ORDER, UUID.randomUUID()))).isEqualTo(Map.of(ORDER, "Alice "));
		assertThat(this.store.assignments(List.of())).isEmpty();
	}

	@Test
	void assignmentThatConflictsIsRetried() {
		this.dataSource.before("INSERT INTO polar_order_assignment", () -> this.store.assign(ORDER, BOB));
		this.store.assign(ORDER, ALICE);
		assertThat(this.store.assignments(null)).isEqualTo(Map.of(ORDER, ALICE));
	}

	@Test
	void statesThatWereNeitherReadNorMarkedRecentlyAreDeleted() {
		Instant now = this.clock.instant();
		for (String payer : List.of("old", "read", "marked")) {
			this.store.save(payer, holdings(CUSTOMER), now, 0);
			this.store.mark(List.of(payer), null);
			this.store.assign(UUID.randomUUID(), payer);
		}
		this.store.save("never marked", holdings(CUSTOMER), now, 0);
		this.store.mark(List.of("never read"), null);
		this.clock.advance(Duration.ofDays(1));
		this.store.save("read", holdings(CUSTOMER), this.clock.instant(), version("read"));
		this.store.mark(List.of("marked"), null);
		this.store.deleteOlderThan(now);
		assertThat(count("polar_customer_state")).isEqualTo(5);
		this.store.deleteOlderThan(now.plusMillis(1));
		assertThat(this.store.find("read")).isNotNull();
		assertThat(this.store.find("marked")).isNotNull();
		assertThat(count("polar_customer_state")).isEqualTo(2);
		assertThat(count("polar_customer_payer")).isEqualTo(2);
		assertThat(count("polar_order_assignment")).isEqualTo(3);
	}

	@Test
	void manyStatesAreDeleted() {
		this.transactions.executeWithoutResult((status) -> {
			for (int i = 0; i < 1001; i++) {
				this.store.mark(List.of("payer-" + i), null);
			}
		});
		this.store.deleteOlderThan(this.clock.instant().plusMillis(1));
		assertThat(count("polar_customer_state")).isZero();
	}

	@Test
	void deletionDoesNotWaitForAStateThatIsBeingMarked() {
		save(ALICE, CUSTOMER);
		save(BOB, CUSTOMER);
		this.transactions.executeWithoutResult((status) -> {
			this.store.mark(List.of(ALICE), null);
			elsewhere(() -> this.store.deleteOlderThan(this.clock.instant().plusMillis(1)));
		});
		assertThat(isStale(ALICE)).isTrue();
		assertThat(this.store.find(BOB)).isNull();
	}

	/**
	 * Run an action outside of the transaction of this thread.
	 */
	private static void elsewhere(Runnable action) {
		CompletableFuture.runAsync(action).orTimeout(20, TimeUnit.SECONDS).join();
	}

	/**
	 * Data source whose connections run an action right before a statement, once.
	 */
	private static final class InterruptedDataSource extends DelegatingDataSource {

		private volatile String statement = "";

		private volatile @Nullable Runnable action;

		InterruptedDataSource(DataSource dataSource) {
			super(dataSource);
		}

		void before(String statement, Runnable action) {
			this.statement = statement;
			this.action = action;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						Runnable action = this.action;
						if (action != null && method.getName().equals("prepareStatement")
								&& arguments[0].toString().startsWith(this.statement)) {
							this.action = null;
							elsewhere(action);
						}
						return AopUtils.invokeJoinpointUsingReflection(connection, method, arguments);
					});
		}

	}

}
