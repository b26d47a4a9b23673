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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import io.github.polarspring.usage.PolarUsageDeadLetters.DeadLetter;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarUsageTemplate} with events in a database, for each database.
 */
abstract class AbstractJdbcUsageTests {

	private final UsageAtPolar polar = new UsageAtPolar();

	private final DataSource dataSource = dataSource();

	private final JdbcClient jdbc = JdbcClient.create(this.dataSource);

	private final JdbcTransactionManager transactionManager = new JdbcTransactionManager(this.dataSource);

	private final TransactionTemplate transactions = new TransactionTemplate(this.transactionManager);

	private final List<PolarUsageTemplate> started = new ArrayList<>();

	/**
	 * Return an existing database.
	 */
	abstract DataSource dataSource();

	abstract String platform();

	@BeforeEach
	void createTables() {
		this.jdbc.sql("DROP TABLE IF EXISTS polar_usage_event").update();
		this.jdbc.sql("DROP TABLE IF EXISTS polar_usage_turn").update();
		this.jdbc.sql("DROP TABLE IF EXISTS polar_usage_unit").update();
		this.jdbc.sql("DROP TABLE IF EXISTS polar_usage_balance").update();
		this.jdbc.sql("DROP TABLE IF EXISTS form").update();
		this.jdbc.sql("CREATE TABLE form (id INTEGER NOT NULL PRIMARY KEY)").update();
		assertThatExceptionOfType(BadSqlGrammarException.class).isThrownBy(builder().build()::check);
		new ResourceDatabasePopulator(
				new ClassPathResource("io/github/polarspring/usage/schema-" + platform() + ".sql"))
			.execute(this.dataSource);
		builder().build().check();
	}

	@AfterEach
	void close() {
		this.polar.close();
		this.started.forEach(PolarUsageTemplate::stop);
	}

	private PolarUsageTemplate.Builder builder() {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(this.polar.url())
			.timeouts(Duration.ofSeconds(2), Duration.ofMillis(500))
			.build();
		return PolarUsageTemplate.builder(client)
			.currentPayer(() -> () -> PolarIdentity.of("alice"))
			.database(this.dataSource, this.transactionManager, JdbcWebhookInbox.transactions(this.transactionManager))
			.requestsPerMinute(60_000)
			.requestTimeout(Duration.ofSeconds(1))
			.pollInterval(Duration.ofMillis(10));
	}

	private PolarUsageTemplate start() {
		PolarUsageTemplate usage = builder().build();
		usage.start(usage::check);
		this.started.add(usage);
		return usage;
	}

	private static UsageEvent event(String name, String key) {
		return UsageEvent.builder(name).key(key).build();
	}

	private long rows() {
		return this.jdbc.sql("SELECT COUNT(*) FROM polar_usage_event").query(Long.class).single();
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	@Test
	void eventIsStoredAndSentAndDeleted() {
		PolarUsageTemplate usage = builder().build();
		UsageEvent event = UsageEvent.builder("Über ☕")
			.metadata("pages", 12)
			.metadata("share", 0.1)
			.metadata("note", "\uD83D\uDE00")
			.timestamp(Instant.parse("2024-02-29T12:00:00.123456Z"))
			.build();
		usage.record(event);
		assertThat(rows()).isEqualTo(1);
		assertThat(usage.backlog().pending()).isEqualTo(1);
		assertThat(usage.backlog().oldest()).isLessThan(Duration.ofMinutes(1));
		start();
		await(() -> rows() == 0);
		assertThat(this.polar.events().values()).singleElement()
			.satisfies((sent) -> assertThat(sent.toString()).contains("\"name\":\"Über ☕\"",
					"\"external_customer_id\":\"alice\"", "\"timestamp\":\"2024-02-29T12:00:00.123Z\"", "\"pages\":12",
					"\"share\":0.1", "\"note\":\"\uD83D\uDE00\""));
	}

	@Test
	void eventIsCommittedWithTheTransactionOfTheCaller() {
		PolarUsageTemplate usage = start();
		this.transactions.executeWithoutResult((status) -> {
			this.jdbc.sql("INSERT INTO form (id) VALUES (1)").update();
			usage.record("submission", Map.of());
		});
		await(() -> this.polar.events().size() == 1);
		assertThat(this.jdbc.sql("SELECT COUNT(*) FROM form").query(Long.class).single()).isEqualTo(1);
	}

	@Test
	void eventOfATransactionThatIsRolledBackIsNotRecorded() {
		PolarUsageTemplate usage = start();
		assertThatIllegalStateException().isThrownBy(() -> this.transactions.executeWithoutResult((status) -> {
			usage.record("submission", Map.of());
			assertThat(rows()).isEqualTo(1);
			throw new IllegalStateException("A bug");
		}));
		assertThat(rows()).isZero();
		usage.record("export", Map.of());
		await(() -> !this.polar.events().isEmpty() && rows() == 0);
		assertThat(this.polar.events().values())
			.allSatisfy((event) -> assertThat(event.path("name").asString()).isEqualTo("export"));
	}

	@Test
	void duplicateKeyDoesNotBreakTheTransactionOfTheCaller() {
		PolarUsageTemplate usage = builder().build();
		usage.record(event("submission", "request-1"));
		this.transactions.executeWithoutResult((status) -> {
			usage.record(event("submission", "request-1"));
			usage.record(event("submission", "request-2"));
			usage.record(event("submission", "request-2"));
			this.jdbc.sql("INSERT INTO form (id) VALUES (1)").update();
			assertThat(status.isRollbackOnly()).isFalse();
		});
		assertThat(this.jdbc.sql("SELECT COUNT(*) FROM form").query(Long.class).single()).isEqualTo(1);
		assertThat(rows()).isEqualTo(2);
	}

	@Test
	void sameKeyIsRecordedOnceByConcurrentTransactions() throws Exception {
		PolarUsageTemplate usage = builder().build();
		ExecutorService threads = Executors.newFixedThreadPool(6);
		try {
			for (int round = 0; round < 5; round++) {
				UsageEvent event = event("submission", "request-" + round);
				CountDownLatch ready = new CountDownLatch(6);
				List<Future<?>> recorded = new ArrayList<>();
				for (int i = 0; i < 6; i++) {
					int form = 10 * round + i;
					recorded.add(threads.submit(() -> this.transactions.executeWithoutResult((status) -> {
						ready.countDown();
						awaitUninterruptibly(ready);
						usage.record(event);
						this.jdbc.sql("INSERT INTO form (id) VALUES (?)").param(form).update();
					})));
				}
				for (Future<?> future : recorded) {
					future.get(30, TimeUnit.SECONDS);
				}
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(rows()).isEqualTo(5);
		assertThat(this.jdbc.sql("SELECT COUNT(*) FROM form").query(Long.class).single()).isEqualTo(30);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void eventIsRecordedWithOtherIsolationLevels() {
		PolarUsageTemplate usage = builder().build();
		for (int level : new int[] { TransactionDefinition.ISOLATION_READ_COMMITTED,
				TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE }) {
			TransactionTemplate isolated = new TransactionTemplate(this.transactionManager);
			isolated.setIsolationLevel(level);
			isolated.executeWithoutResult((status) -> usage.record(event("submission", "request-" + level)));
		}
		assertThat(rows()).isEqualTo(3);
	}

	@Test
	void severalInstancesShareTheTable() {
		PolarUsageTemplate first = builder().build();
		int events = 3000;
		this.transactions.executeWithoutResult((status) -> {
			for (int i = 0; i < events; i++) {
				first.record("submission", Map.of("n", i));
			}
		});
		List<PolarUsageTemplate> instances = List.of(start(), start(), start());
		await(() -> rows() == 0);
		assertThat(this.polar.events()).hasSize(events);
		assertThat(this.polar.received()).as("each was sent once").isEqualTo(events);
		await(() -> instances.stream().mapToLong(PolarUsageTemplate::sent).sum() == events);
	}

	@Test
	void instancesShareTheRateLimit() {
		PolarUsageTemplate recorder = builder().build();
		this.transactions.executeWithoutResult((status) -> {
			for (int i = 0; i < 2001; i++) {
				recorder.record("submission", Map.of("n", i));
			}
		});
		long begin = System.nanoTime();
		for (int i = 0; i < 3; i++) {
			PolarUsageTemplate usage = builder().requestsPerMinute(240).build();
			usage.start(usage::check);
			this.started.add(usage);
		}
		await(() -> rows() == 0);
		assertThat(this.polar.batches()).hasSize(5);
		assertThat(Duration.ofNanos(System.nanoTime() - begin))
			.as("four pauses of 250 ms, with the precision of the clock")
			.isGreaterThan(Duration.ofMillis(950));
	}

	@Test
	void lostResponseCountsOnce() {
		this.polar.behave(Behavior.LOSE_RESPONSE);
		PolarUsageTemplate usage = start();
		usage.record("submission", Map.of());
		await(() -> this.polar.received() >= 2);
		assertThat(rows()).isEqualTo(1);
		this.polar.behave(Behavior.WORK);
		await(() -> rows() == 0);
		assertThat(this.polar.events()).hasSize(1);
		assertThat(this.polar.received()).isGreaterThan(2);
	}

	@Test
	void turnOfAnInstanceThatCrashedEnds() {
		this.jdbc.sql("INSERT INTO polar_usage_turn (id, ends_at) VALUES (1, ?)")
			.param(System.currentTimeMillis() + 700)
			.update();
		PolarUsageTemplate usage = start();
		long begin = System.nanoTime();
		usage.record("submission", Map.of());
		await(() -> rows() == 0);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(400));
	}

	@Test
	void invalidEventBecomesADeadLetterAndIsRequeued() {
		PolarUsageTemplate recorder = builder().build();
		for (int i = 0; i < 20; i++) {
			recorder.record(event((i == 7) ? UsageAtPolar.INVALID : UsageAtPolar.INVALID_UNNAMED, "k" + i));
			recorder.record(event("export", "k" + i));
		}
		PolarUsageTemplate usage = start();
		await(() -> usage.backlog().equals(new PolarUsageTemplate.Backlog(0, Duration.ZERO, 20)));
		await(() -> usage.sent() == 20);
		List<DeadLetter> letters = usage.deadLetters().list(5);
		assertThat(letters).hasSize(5).allSatisfy((letter) -> assertThat(letter.failure()).contains("422"));
		assertThat(this.jdbc.sql("SELECT COUNT(*) FROM polar_usage_event WHERE status = 'DEAD'")
			.query(Long.class)
			.single()).isEqualTo(20);
		usage.record(event(UsageAtPolar.INVALID, "k7"));
		assertThat(usage.backlog().pending()).as("it is a dead letter already").isZero();
		assertThat(usage.deadLetters().discard(letters.get(0).id())).isTrue();
		assertThat(usage.deadLetters().discard("unknown")).isFalse();
		this.polar.acceptInvalid();
		assertThat(usage.deadLetters().requeue(letters.get(1).id())).isTrue();
		assertThat(usage.deadLetters().requeue(letters.get(0).id())).isFalse();
		assertThat(usage.deadLetters().requeueAll()).isEqualTo(18);
		await(() -> rows() == 0);
		assertThat(this.polar.events()).hasSize(39);
	}

	@Test
	void databaseThatIsDownAtTheStartIsAwaited() {
		this.jdbc.sql("DROP TABLE polar_usage_turn").update();
		PolarUsageTemplate usage = start();
		usage.record("submission", Map.of());
		new ResourceDatabasePopulator(true, false, "UTF-8",
				new ClassPathResource("io/github/polarspring/usage/schema-" + platform() + ".sql"))
			.execute(this.dataSource);
		await(() -> rows() == 0);
		assertThat(this.polar.events()).hasSize(1);
	}

	@Test
	void stopLeavesEventsForTheNextInstance() {
		this.polar.behave(Behavior.HANG);
		PolarUsageTemplate usage = start();
		usage.record("submission", Map.of());
		await(() -> !this.polar.batches().isEmpty());
		this.polar.behave(Behavior.WORK);
		usage.stop();
		assertThat(rows()).isEqualTo(1);
		start();
		await(() -> rows() == 0);
		assertThat(this.polar.events()).hasSize(1);
	}

}
