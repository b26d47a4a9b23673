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

package io.github.polarspring.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.sql.DataSource;

import io.github.polarspring.order.RefundLedger.Attempt;
import io.github.polarspring.testsupport.MutableClock;
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

/**
 * Tests for {@link JdbcRefundLedger}, for each database.
 */
abstract class AbstractJdbcRefundLedgerTests {

	private static final UUID ORDER = UUID.fromString("1e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID OWNER = UUID.fromString("2e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID OTHER = UUID.fromString("3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private final MutableClock clock = new MutableClock();

	private final DataSource dataSource = dataSource();

	private final TransactionTemplate transactions = transactions(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

	private final JdbcRefundLedger ledger = new JdbcRefundLedger(this.dataSource, this.transactions, this.clock);

	/**
	 * Return an existing database.
	 */
	abstract DataSource dataSource();

	abstract String platform();

	private TransactionTemplate transactions(int propagation) {
		TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		transactions.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		transactions.setPropagationBehavior(propagation);
		return transactions;
	}

	@BeforeEach
	void createTable() {
		JdbcClient.create(this.dataSource).sql("DROP TABLE IF EXISTS polar_refund_turn").update();
		JdbcClient.create(this.dataSource).sql("DROP TABLE IF EXISTS polar_refund_attempt").update();
		assertThatExceptionOfType(BadSqlGrammarException.class).isThrownBy(this.ledger::check);
		new ResourceDatabasePopulator(
				new ClassPathResource("io/github/polarspring/order/schema-" + platform() + ".sql"))
			.execute(this.dataSource);
		this.ledger.check();
	}

	@Test
	void turnIsTakenOnce() {
		assertThat(this.ledger.take(ORDER, OWNER)).isTrue();
		assertThat(this.ledger.take(ORDER, OWNER)).isFalse();
		assertThat(this.ledger.take(UUID.randomUUID(), OWNER)).as("another order").isTrue();
		this.ledger.giveBack(ORDER, OWNER);
		assertThat(this.ledger.take(ORDER, OWNER)).isTrue();
	}

	@Test
	void turnThatIsNotGivenBackEnds() {
		assertThat(this.ledger.take(ORDER, OWNER)).isTrue();
		this.clock.advance(RefundLedger.TURN.minus(Duration.ofMillis(1)));
		assertThat(this.ledger.take(ORDER, OWNER)).isFalse();
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.ledger.take(ORDER, OWNER)).isTrue();
		assertThat(this.ledger.take(ORDER, OWNER)).isFalse();
	}

	@Test
	void turnIsExtendedAndGivenBackByItsOwnerOnly() {
		assertThat(this.ledger.take(ORDER, OWNER)).isTrue();
		this.clock.advance(RefundLedger.TURN.dividedBy(2));
		assertThat(this.ledger.extend(ORDER, OTHER)).isFalse();
		assertThat(this.ledger.extend(ORDER, OWNER)).isTrue();
		this.clock.advance(RefundLedger.TURN.dividedBy(2));
		this.ledger.giveBack(ORDER, OTHER);
		assertThat(this.ledger.take(ORDER, OTHER)).as("extended").isFalse();
		this.clock.advance(RefundLedger.TURN.dividedBy(2));
		assertThat(this.ledger.take(ORDER, OTHER)).isTrue();
		assertThat(this.ledger.extend(ORDER, OWNER)).as("lost").isFalse();
		this.ledger.giveBack(ORDER, OWNER);
		assertThat(this.ledger.take(ORDER, OWNER)).isFalse();
	}

	@Test
	void attemptsAreRecorded() {
		Attempt attempt = new Attempt(500, Instant.parse("2026-11-29T10:00:00.123456Z"), null);
		assertThat(this.ledger.find(ORDER, "key")).isNull();
		this.ledger.record(ORDER, "key", attempt);
		this.ledger.record(ORDER, "KEY ", new Attempt(1, Instant.EPOCH, OTHER));
		assertThat(this.ledger.find(ORDER, "key")).isEqualTo(attempt);
		assertThat(this.ledger.refundIds(ORDER)).containsExactly(OTHER);
		this.ledger.record(ORDER, "key", new Attempt(600, Instant.EPOCH, OWNER));
		assertThat(this.ledger.find(ORDER, "key")).isEqualTo(new Attempt(600, Instant.EPOCH, OWNER));
		assertThat(this.ledger.refundIds(ORDER)).containsExactlyInAnyOrder(OTHER, OWNER);
		String longest = "\u20ac".repeat(500);
		this.ledger.record(ORDER, longest, attempt);
		assertThat(this.ledger.find(ORDER, longest)).isEqualTo(attempt);
		assertThat(this.ledger.find(OTHER, "key")).isNull();
	}

	@Test
	void turnIsTakenWithinATransactionOfTheCaller() {
		transactions(TransactionDefinition.PROPAGATION_REQUIRED).executeWithoutResult((status) -> {
			assertThat(this.ledger.take(ORDER, OWNER)).isTrue();
			status.setRollbackOnly();
		});
		assertThat(this.ledger.take(ORDER, OWNER)).as("committed at once").isFalse();
	}

	@Test
	void oneOfSeveralInstancesTakesTheTurn() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(6);
		try {
			for (int round = 0; round < 10; round++) {
				List<Future<Boolean>> taken = threads.invokeAll(Collections.nCopies(6,
						() -> new JdbcRefundLedger(this.dataSource, this.transactions, this.clock).take(ORDER, OWNER)));
				int count = 0;
				for (Future<Boolean> future : taken) {
					count += future.get() ? 1 : 0;
				}
				assertThat(count).isEqualTo(1);
				this.clock.advance(RefundLedger.TURN);
			}
		}
		finally {
			threads.shutdown();
		}
	}

}
