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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for quotas with events in a database, for each database.
 */
abstract class AbstractJdbcQuotaTests extends AbstractQuotaTests {

	private final DataSource dataSource = dataSource();

	private final JdbcTransactionManager transactionManager = new JdbcTransactionManager(this.dataSource);

	private final TransactionTemplate transactions = new TransactionTemplate(this.transactionManager);

	/**
	 * Return an existing database.
	 */
	abstract DataSource dataSource();

	abstract String platform();

	@BeforeEach
	void createTables() {
		JdbcClient jdbc = JdbcClient.create(this.dataSource);
		for (String table : List.of("event", "turn", "unit", "balance")) {
			jdbc.sql("DROP TABLE IF EXISTS polar_usage_" + table).update();
		}
		new ResourceDatabasePopulator(
				new ClassPathResource("io/github/polarspring/usage/schema-" + platform() + ".sql"))
			.execute(this.dataSource);
	}

	@Override
	void configure(PolarUsageTemplate.Builder builder) {
		builder.database(this.dataSource, this.transactionManager,
				JdbcWebhookInbox.transactions(this.transactionManager));
	}

	private long rows() {
		return JdbcClient.create(this.dataSource)
			.sql("SELECT COUNT(*) FROM polar_usage_event")
			.query(Long.class)
			.single();
	}

	@Test
	void rollbackReturnsTheUnits() {
		credit("100");
		PolarUsageTemplate usage = usage();
		this.transactions.executeWithoutResult((status) -> {
			assertThat(usage.tryRecord(chat(60))).isTrue();
			assertThat(usage.tryRecord(chat(60))).as("not enough is left").isFalse();
			assertThat(remaining(usage)).isEqualTo("40");
			status.setRollbackOnly();
		});
		assertThat(remaining(usage)).isEqualTo("100");
		assertThat(rows()).isZero();
	}

	@Test
	void transactionThatBeganBeforeTheBalanceWasReadIsNotDenied() {
		credit("100");
		PolarUsageTemplate usage = usage();
		int consumed = 0;
		for (int level : new int[] { TransactionDefinition.ISOLATION_READ_COMMITTED,
				TransactionDefinition.ISOLATION_REPEATABLE_READ }) {
			usage.erase("alice");
			TransactionTemplate isolated = new TransactionTemplate(this.transactionManager);
			isolated.setIsolationLevel(level);
			try {
				isolated.executeWithoutResult((status) -> {
					assertThat(rows()).as("the transaction has begun").isNotNegative();
					assertThat(usage.tryRecord(chat(10))).isTrue();
				});
				consumed++;
			}
			catch (PolarEntitlementsUnavailableException ex) {
				assertThat(level).isEqualTo(TransactionDefinition.ISOLATION_REPEATABLE_READ);
			}
			consumed += Boolean.TRUE.equals(isolated.execute((status) -> usage.tryRecord(chat(10)))) ? 1 : 0;
		}
		assertThat(consumed).isGreaterThanOrEqualTo(3);
		assertThat(remaining(usage)).isEqualTo(String.valueOf(100 - 10 * consumed));
	}

	@Test
	void recordingDoesNotWaitForTransactionsOfTheCustomer() {
		credit("100");
		PolarUsageTemplate usage = usage();
		TransactionTemplate other = new TransactionTemplate(this.transactionManager);
		other.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		other.setTimeout(5);
		this.transactions.executeWithoutResult((status) -> {
			assertThat(usage.tryRecord(chat(10))).isTrue();
			usage.record(chat(10));
			other.executeWithoutResult((inner) -> usage.record(chat(10)));
		});
		assertThat(remaining(usage)).isEqualTo("70");
	}

	@Test
	void countDoesNotWaitForTransactionsOfTheCustomer() throws Exception {
		credit("100");
		PolarUsageTemplate usage = usage();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			this.transactions.executeWithoutResult((status) -> {
				assertThat(usage.tryRecord(chat(10))).isTrue();
				this.clock.advance(Duration.ofSeconds(20));
				credit("90");
				Future<?> received = thread.submit(() -> receiveState(usage));
				assertThatCode(() -> received.get(5, TimeUnit.SECONDS)).doesNotThrowAnyException();
			});
		}
		finally {
			thread.shutdownNow();
		}
		assertThat(remaining(usage)).as("the event is not sent, so the count does not contain it").isEqualTo("90");
		receiveState(usage);
		assertThat(remaining(usage)).isEqualTo("80");
	}

	@Test
	void firstCountDoesNotMissWhatIsNotCommitted() throws Exception {
		credit("100");
		PolarUsageTemplate usage = usage();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			this.transactions.executeWithoutResult((status) -> {
				usage.record(chat(70));
				Future<BigDecimal> read = thread.submit(() -> remaining(usage));
				assertThatCode(() -> assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo("100"))
					.doesNotThrowAnyException();
			});
		}
		finally {
			thread.shutdownNow();
		}
		assertThat(remaining(usage)).isEqualTo("30");
		assertThat(usage.tryRecord(chat(40))).isFalse();
		assertThat(usage.tryRecord(chat(30))).isTrue();
	}

	@Test
	void instancesNeverUseTheSameUnits() throws Exception {
		credit("100");
		List<PolarUsageTemplate> instances = List.of(usage(), usage(), usage());
		ExecutorService threads = Executors.newFixedThreadPool(6);
		int consumed = 0;
		try {
			List<Future<Boolean>> results = new ArrayList<>();
			for (int i = 0; i < 120; i++) {
				PolarUsageTemplate usage = instances.get(i % 3);
				results.add(threads.submit(() -> this.transactions.execute((status) -> usage.tryRecord(chat(1)))));
			}
			for (Future<Boolean> result : results) {
				consumed += result.get(60, TimeUnit.SECONDS) ? 1 : 0;
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(consumed).isEqualTo(100);
		assertThat(rows()).isEqualTo(100);
		assertThat(remaining(instances.get(0))).isEqualTo("0");
	}

	@Test
	void unitsAreDeletedAfterADay() {
		credit("100");
		PolarUsageTemplate usage = usage();
		usage.record(chat(10));
		usage.record(UsageEvent.builder("export").externalCustomerId("alice").build());
		usage.start(usage::check);
		await(() -> usage.sent() == 2);
		assertThat(rows()).isZero();
		assertThat(units()).isEqualTo(2);
		this.clock.advance(Duration.ofHours(25));
		await(() -> units() == 0);
		usage.stop();
	}

	private long units() {
		return JdbcClient.create(this.dataSource)
			.sql("SELECT COUNT(*) FROM polar_usage_unit")
			.query(Long.class)
			.single();
	}

}
