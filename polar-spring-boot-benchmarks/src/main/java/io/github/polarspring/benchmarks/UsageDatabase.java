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

package io.github.polarspring.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.UsageEvent;
import io.github.polarspring.usage.UsageMeter;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * PostgreSQL with the tables of usage.
 */
final class UsageDatabase implements AutoCloseable {

	static final String PLAIN = "submission";

	static final String METERED = "chat";

	static final String METER = "tokens";

	private final EmbeddedPostgres postgres;

	private final HikariDataSource dataSource;

	private final JdbcClient jdbc;

	private final JdbcTransactionManager transactionManager;

	UsageDatabase() {
		try {
			this.postgres = EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.dataSource = InboxInstance.pool(this.postgres.getJdbcUrl("postgres", "postgres"));
		this.jdbc = JdbcClient.create(this.dataSource);
		this.transactionManager = new JdbcTransactionManager(this.dataSource);
		new ResourceDatabasePopulator(new ClassPathResource("io/github/polarspring/usage/schema-postgresql.sql"))
			.execute(this.dataSource);
	}

	JdbcClient jdbc() {
		return this.jdbc;
	}

	TransactionTemplate transactions() {
		return new TransactionTemplate(this.transactionManager);
	}

	/**
	 * Return an instance of an application.
	 */
	PolarUsageTemplate usage(String polar, int requestsPerMinute) {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_benchmark0123456789")
			.baseUrl(URI.create(polar))
			.build();
		return PolarUsageTemplate.builder(client)
			.database(this.dataSource, this.transactionManager, JdbcWebhookInbox.transactions(this.transactionManager))
			.meters(new PolarMeters(
					List.of(new UsageMeter(METER, UUID.randomUUID(), METERED, METER, null, WhenUnknown.REJECT))))
			.balances(Duration.ofDays(1), Duration.ofDays(2), Duration.ofSeconds(1))
			.requestsPerMinute(requestsPerMinute)
			.build();
	}

	static UsageEvent event(String name, String customer) {
		return UsageEvent.builder(name)
			.externalCustomerId(customer)
			.metadata("form", "contact")
			.metadata(METER, 1)
			.metadata("draft", false)
			.build();
	}

	/**
	 * Fill the tables with older copies of a recorded event, of 1,000 customers.
	 * @return a time in milliseconds after that of the copies
	 */
	long fill(PolarUsageTemplate usage, String name, int events, int balances) {
		this.jdbc.sql("TRUNCATE polar_usage_event, polar_usage_turn, polar_usage_unit, polar_usage_balance").update();
		usage.record(event(name, "customer-0"));
		long recordedAt = this.jdbc.sql("SELECT changed_at FROM polar_usage_event").query(Long.class).single();
		this.jdbc.sql("""
				INSERT INTO polar_usage_event (id, event_name, status, changed_at, occurred_at, body)
				SELECT 'event-' || n, event_name, status, changed_at - 1 - n, occurred_at, body
				FROM polar_usage_event, generate_series(1, ?) n""").param(events).update();
		this.jdbc.sql("""
				INSERT INTO polar_usage_unit (event_id, meter, customer_id, units, reserved)
				SELECT 'event-' || n, meter, 'customer-' || n % 1000, units, reserved
				FROM polar_usage_unit, generate_series(1, ?) n""").param(events).update();
		this.jdbc.sql("""
				INSERT INTO polar_usage_balance (customer_id, meter, balance, credited, taken, counted_at, read_at)
				SELECT 'customer-' || n, ?, 1000000000, 1000000000, 0, ?, ? FROM generate_series(1, ?) n""")
			.params(METER, System.currentTimeMillis(), System.currentTimeMillis(), balances)
			.update();
		this.jdbc.sql("DELETE FROM polar_usage_event WHERE changed_at = ?").param(recordedAt).update();
		this.jdbc.sql("VACUUM ANALYZE polar_usage_event, polar_usage_unit, polar_usage_balance").update();
		return recordedAt - 1;
	}

	long events() {
		return this.jdbc.sql("SELECT COUNT(*) FROM polar_usage_event").query(Long.class).single();
	}

	@Override
	public void close() {
		this.dataSource.close();
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
