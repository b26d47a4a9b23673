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

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the number of rows that PostgreSQL reads from large tables.
 */
@TestInstance(Lifecycle.PER_CLASS)
class UsageGrowthIntegrationTests {

	private static final int ROWS = 100_000;

	private static final int ROWS_PER_CUSTOMER = 20;

	private static final String CUSTOMER = "customer-17";

	private static final String METER = "tokens";

	private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

	private final EmbeddedPostgres postgres = EmbeddedPostgres.start();

	private final DriverManagerDataSource dataSource = new DriverManagerDataSource(
			this.postgres.getJdbcUrl("postgres", "postgres"));

	private final JdbcClient jdbc = JdbcClient.create(this.dataSource);

	private final JdbcTransactionManager transactionManager = new JdbcTransactionManager(this.dataSource);

	private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	private final UsageStore store = new JdbcUsageStore(this.dataSource, this.transactionManager,
			new TransactionTemplate(this.transactionManager), this.clock);

	private final PolarUsageTemplate usage = PolarUsageTemplate
		.builder(PolarClient.builder().accessToken("polar_oat_test").build())
		.clock(this.clock)
		.database(this.dataSource, this.transactionManager, new TransactionTemplate(this.transactionManager))
		.meters(new PolarMeters(
				List.of(new UsageMeter(METER, UUID.randomUUID(), "chat", METER, null, WhenUnknown.REJECT))))
		.build();

	UsageGrowthIntegrationTests() throws IOException {
	}

	@BeforeAll
	void createTables() {
		new ResourceDatabasePopulator(new ClassPathResource("io/github/polarspring/usage/schema-postgresql.sql"))
			.execute(this.dataSource);
	}

	@AfterAll
	void stop() throws IOException {
		this.postgres.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 1000, 50_000, 99_000 })
	void statementsReadOnlyTheRowsThatTheyNeed(int waiting) {
		insert(waiting);
		assertThat(rowsRead(this.store::isEmpty)).isEqualTo(1);
		int batch = Math.min(waiting, 500);
		assertThat(rowsRead(() -> this.store.next(500))).isEqualTo(batch);
		List<PendingEvent> events = this.store.next(500);
		assertThat(rowsRead(() -> this.store.sent(events, NOW))).isBetween((long) batch, 10L * batch);
		assertThat(rowsRead(() -> this.store.deleteSentBefore(NOW.minusMillis(ROWS - 500)))).as("old events")
			.isBetween(499L, 1000L);
		MeterCount count = new MeterCount(BigDecimal.TEN, BigDecimal.TEN, NOW);
		long perCustomer = 3L * ROWS_PER_CUSTOMER;
		assertThat(rowsRead(() -> this.store.count(CUSTOMER, Map.of(METER, count), NOW, true)))
			.as("the balance, and units of the customer")
			.isBetween(1L, perCustomer);
		UsageEvent event = UsageEvent.builder("chat").externalCustomerId(CUSTOMER).metadata(METER, 1).build();
		assertThat(rowsRead(() -> this.usage.record(event))).isZero();
		assertThat(rowsRead(() -> this.usage.tryRecord(event))).isBetween(2L, perCustomer);
		assertThat(rowsRead(() -> this.usage.balance(METER, CUSTOMER))).isBetween(1L, perCustomer);
	}

	/**
	 * Insert rows of which the last ones wait.
	 */
	private void insert(int waiting) {
		this.jdbc.sql("TRUNCATE polar_usage_event, polar_usage_unit, polar_usage_balance").update();
		this.jdbc.sql("""
				INSERT INTO polar_usage_event (id, event_name, status, changed_at, occurred_at, body)
				SELECT 'event-' || n, 'chat', 'NEW', :now - :rows + n, :now, '{}'
				FROM generate_series(:rows - :waiting + 1, :rows) n""")
			.param("waiting", waiting)
			.param("now", NOW.toEpochMilli())
			.param("rows", ROWS)
			.update();
		this.jdbc.sql("""
				INSERT INTO polar_usage_unit (event_id, meter, customer_id, units, reserved, sent_at)
				SELECT 'event-' || n, :meter, 'customer-' || n % (:rows / :perCustomer), 1, n % 2 = 0,
				CASE WHEN n > :rows - :waiting THEN NULL ELSE :now - :rows + n END FROM generate_series(1, :rows) n""")
			.param("meter", METER)
			.param("waiting", waiting)
			.param("now", NOW.toEpochMilli())
			.param("rows", ROWS)
			.param("perCustomer", ROWS_PER_CUSTOMER)
			.update();
		this.jdbc.sql("""
				INSERT INTO polar_usage_balance (customer_id, meter, balance, credited, taken, counted_at, read_at)
				SELECT 'customer-' || n, :meter, 1000, 1000, 0, :now, :now FROM generate_series(1, :rows) n""")
			.param("meter", METER)
			.param("now", NOW.toEpochMilli())
			.param("rows", ROWS)
			.update();
		this.jdbc.sql("ANALYZE polar_usage_event, polar_usage_unit, polar_usage_balance").update();
	}

	/**
	 * Return the number of rows that the statements of an action read, and roll back.
	 */
	private long rowsRead(Runnable action) {
		Long rows = new TransactionTemplate(this.transactionManager).execute((status) -> {
			status.setRollbackOnly();
			action.run();
			return this.jdbc.sql("""
					SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables
					WHERE relname IN ('polar_usage_event', 'polar_usage_unit', 'polar_usage_balance')""")
				.query(Long.class)
				.single();
		});
		assertThat(rows).isNotNull();
		return rows;
	}

}
