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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import io.github.polarspring.usage.PolarUsageTemplate.Backlog;
import io.github.polarspring.usage.PolarUsageTemplate.Settings;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a long outage of Polar, in simulated time.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class UsageOutageTests {

	private static final Duration BETWEEN_EVENTS = Duration.ofMinutes(30);

	private static final int EVENTS = 48;

	private final UsageAtPolar polar = new UsageAtPolar();

	private final SimulatedTime time = new SimulatedTime();

	private final PolarClient client = PolarClient.builder()
		.accessToken("polar_oat_test")
		.baseUrl(this.polar.url())
		.build();

	private final DataSource dataSource = JdbcConnectionPool.create("jdbc:h2:mem:outage;DB_CLOSE_DELAY=-1", "", "");

	private final JdbcTransactionManager transactionManager = new JdbcTransactionManager(this.dataSource);

	private final PolarUsageTemplate usage = PolarUsageTemplate.builder(this.client)
		.clock(this.time)
		.database(this.dataSource, this.transactionManager, JdbcWebhookInbox.transactions(this.transactionManager))
		.build();

	private final UsageSender sender = new UsageSender(
			new JdbcUsageStore(this.dataSource, this.transactionManager,
					JdbcWebhookInbox.transactions(this.transactionManager), this.time),
			this.client, this.time,
			new Settings(Duration.ofSeconds(1), Duration.ofMillis(240), Duration.ofSeconds(10), Duration.ofSeconds(5)),
			this.time::pause);

	@BeforeEach
	void createTables() {
		new ResourceDatabasePopulator(new ClassPathResource("io/github/polarspring/usage/schema-h2.sql"))
			.execute(this.dataSource);
	}

	@AfterEach
	void close() {
		this.sender.stop();
		this.polar.close();
	}

	@Test
	void dayWithoutPolarOnlyGrowsTheTable(CapturedOutput output) throws InterruptedException {
		this.polar.behave(Behavior.UNAVAILABLE);
		Instant begin = this.time.instant();
		this.sender.start(this.usage::check);
		for (int i = 0; i < EVENTS; i++) {
			// returns although the sender waits for the time to pass
			this.usage.record(UsageEvent.builder("submission").externalCustomerId("alice").metadata("n", i).build());
			this.time.pass(BETWEEN_EVENTS);
		}
		assertThat(Duration.between(begin, this.time.instant())).isEqualTo(Duration.ofDays(1));
		assertThat(this.usage.backlog()).isEqualTo(new Backlog(EVENTS, Duration.ofDays(1), 0));
		assertThat(this.polar.batches()).as("attempts at least every minute, and at most every 30 seconds")
			.hasSizeBetween(24 * 60, 24 * 120 + 10);
		this.polar.behave(Behavior.WORK);
		this.time.pass(Duration.ofMinutes(1));
		assertThat(this.usage.backlog()).isEqualTo(new Backlog(0, Duration.ZERO, 0));
		assertThat(this.polar.events()).hasSize(EVENTS);
		assertThat(this.polar.received()).as("each was sent once").isEqualTo(EVENTS);
		assertThat(this.polar.events().values()).as("events have the time at which they happened")
			.anySatisfy((event) -> assertThat(event.path("timestamp").asString()).isEqualTo(begin.toString()));
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN") || line.contains("ERROR")))
			.singleElement()
			.asString()
			.contains("Usage events cannot be sent to Polar", "in the database", "503");
	}

	/**
	 * Time that passes while the sender waits for it.
	 */
	private static final class SimulatedTime extends MutableClock {

		/**
		 * When the sender continues, {@code null} while it works.
		 */
		private @Nullable Instant end;

		synchronized boolean pause(CountDownLatch stopping, Duration duration) throws InterruptedException {
			if (duration.isZero()) {
				return stopping.getCount() == 0;
			}
			Instant end = instant().plus(duration);
			this.end = end;
			notifyAll();
			while (stopping.getCount() > 0 && instant().isBefore(end)) {
				TimeUnit.MILLISECONDS.timedWait(this, 10);
			}
			return stopping.getCount() == 0;
		}

		synchronized void pass(Duration duration) throws InterruptedException {
			Instant until = instant().plus(duration);
			for (Instant end = pauseEnd(); !end.isAfter(until); end = pauseEnd()) {
				advance(Duration.between(instant(), end));
				this.end = null;
				notifyAll();
			}
			advance(Duration.between(instant(), until));
		}

		private Instant pauseEnd() throws InterruptedException {
			while (this.end == null) {
				wait();
			}
			return this.end;
		}

	}

}
